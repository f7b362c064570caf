"""Targets: the readers of labelled text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from arner.errors import LabelledDataError
from arner.training.data.annotations import read_annotations
from arner.training.data.conll import read_conll
from arner.training.data.labelled import LabelledText, Repair
from fuzz.given import file_of

__all__ = ["conll", "json_lines", "json_list"]


def conll(data: bytes) -> None:
    """Tokens with tags, a token a line."""
    _labelled(data, "mine.conll", read_conll)


def json_lines(data: bytes) -> None:
    """JSON lines of doccano, Label Studio, Prodigy, tagged tokens and arner."""
    _labelled(data, "mine.jsonl", read_annotations)


def json_list(data: bytes) -> None:
    """The same as one JSON value."""
    _labelled(data, "mine.json", read_annotations)


def _labelled(data: bytes, name: str, read: Callable[[Path], tuple[list[LabelledText], str, list[Repair]]]) -> None:
    with suppress(LabelledDataError):
        texts, _, repairs = read(file_of(data, name))
        assert texts
        for one in texts:
            assert all(0 <= span.start < span.end <= len(one.text) and span.type for span in one.spans)
            one.text.encode("utf-8")
        assert all(repair.message for repair in repairs)
