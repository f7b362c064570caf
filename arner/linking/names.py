"""Names: the mentions of a text with their proper forms, keys and nodes; the start of linking."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from arner.knowledge import Knowledge
from arner.linking.forms import proper_form
from arner.linking.result import NameLike
from arner.text.folding import fold_plain, name_key

__all__ = ["Name", "coarse_type", "read_names"]

_WORD_BEFORE: Final = re.compile(r"(\w+)[\s«\"“]*$")
_COARSE: Final = {"PERS": "PER", "PERSON": "PER", "GPE": "LOC", "LOCATION": "LOC", "FAC": "LOC", "ORGANIZATION": "ORG"}


@dataclass(frozen=True, slots=True)
class Name:
    """One mention by name.

    Attributes:
        form: the proper form of the name, in plain spelling.
        key: its key; equal keys are one name.
        type: PER, LOC, ORG, MISC, or a label of the model's own.
        node: what stands for all mentions with this key: people apart from the rest.
        before: the word right before the name, in plain spelling; empty where there is none.
    """

    start: int
    end: int
    form: str
    key: str
    type: str
    node: str
    before: str = ""


def coarse_type(label: str) -> str:
    """The entity type of a label: PER, LOC, ORG, MISC, or the label itself where it is none of them.

    >>> coarse_type("GPE"), coarse_type("ORG"), coarse_type("EVENT")
    ('LOC', 'ORG', 'EVENT')
    """
    return _COARSE.get(label.upper(), label)


def read_names(text: str, spans: Sequence[NameLike], knowledge: Knowledge) -> list[Name]:
    """The mentions in the order of the text; of equal spans the first stays."""
    ordered = sorted({(span.start, -span.end): span for span in reversed(spans)}.items())
    in_text = {
        name_key(text[span.start : span.end])
        for _, span in ordered
        if not fold_plain(text[max(0, span.start - 4) : span.start]).endswith("ل")
    }

    names: list[Name] = []
    for _, span in ordered:
        type_ = coarse_type(span.type)
        form = proper_form(text, span.start, span.end, type_, knowledge.is_name, in_text)
        key = name_key(form)
        if not key:
            form = text[span.start : span.end]
            key = form
        before = _WORD_BEFORE.search(text, max(0, span.start - 24), span.start)
        names.append(
            Name(
                span.start,
                span.end,
                form,
                key,
                type_,
                ("PER " if type_ == "PER" else "- ") + key,
                "" if before is None else fold_plain(before[1]),
            )
        )
    return names


def majority_type(types: Counter[str]) -> str:
    """The most frequent type, the alphabetically first of equals."""
    return min(types, key=lambda label: (-types[label], label))
