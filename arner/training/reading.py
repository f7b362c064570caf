"""One entrance for labelled data of any form, and what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from arner.errors import InputError, LabelledDataError
from arner.training.annotations import read_annotations
from arner.training.conll import read_conll
from arner.training.labelled import LabelledSpan, LabelledText, Repair
from arner.training.tables import is_table, is_table_path, read_table, read_table_path

__all__ = ["LabelledData", "LabelledFile", "ReadData", "read_labelled"]

LabelledData = Any
"""A path, a `datasets.Dataset`, or a sequence of such."""

_JSON = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """One file that was read: its name, what form it has (such as "CoNLL IOB2"), and its texts."""

    name: str
    form: str
    texts: tuple[LabelledText, ...]


@dataclass(frozen=True, slots=True)
class ReadData:
    """All files that were read, and what was repaired in them."""

    files: tuple[LabelledFile, ...]
    repairs: tuple[Repair, ...]

    @property
    def texts(self) -> list[LabelledText]:
        """The texts of all files, in order."""
        return [text for file in self.files for text in file.texts]

    @property
    def types(self) -> tuple[str, ...]:
        """The types of the names, sorted."""
        return tuple(sorted({span.type for text in self.texts for span in text.spans}))


def read_labelled(data: LabelledData, *, types: Mapping[str, str] | None = None) -> ReadData:
    """Reads labelled text: CoNLL files, annotated JSON, `datasets`.

    Args:
        data: a path, a `datasets.Dataset`, or a sequence of such. The ending of a path says its form: `.json`, `.jsonl`
            (arner, doccano, Label Studio, Prodigy), `.arrow`, `.parquet` or a folder (`datasets`), else CoNLL.
        types: other names for types of the data, such as ``{"PERS": "PER"}``.

    Raises:
        LabelledDataError: a file is missing or malformed; with file and line.
        MissingExtraError: `datasets` is needed and is not installed.
        InputError: `data` is something else.
    """
    items = list(data) if isinstance(data, Sequence) and not isinstance(data, (str, bytes)) else [data]
    if not items:
        raise InputError("no labelled data: name at least one file")
    files: list[LabelledFile] = []
    repairs: list[Repair] = []
    for number, item in enumerate(items, 1):
        name = str(item) if isinstance(item, (str, Path)) else "dataset" if len(items) == 1 else f"dataset {number}"
        if any(name == file.name for file in files):
            raise InputError(f"{name} is named twice")
        texts, form, found = _read(item, name)
        files.append(LabelledFile(name, form, tuple(_renamed(text, types or {}) for text in texts)))
        repairs += found
    return ReadData(tuple(files), tuple(repairs))


def _read(item: object, name: str) -> tuple[list[LabelledText], str, list[Repair]]:
    if isinstance(item, (str, Path)):
        path = Path(item)
        if is_table_path(path):
            texts, scheme, repairs = read_table_path(path)
            return texts, f"datasets, {scheme}", repairs
        if path.suffix.lower() in _JSON:
            return read_annotations(path)
        if path.suffix.lower() == ".csv":
            raise LabelledDataError("comma-separated files are not read; save it with tabs, as .tsv", path=path)
        texts, scheme, repairs = read_conll(path)
        return texts, f"CoNLL, {scheme}", repairs
    if is_table(item):
        texts, scheme, repairs = read_table(item, name)
        return texts, f"datasets, {scheme}", repairs
    raise InputError(f"labelled data must be a path, a datasets.Dataset, or a list of such, not {type(item).__name__}")


def _renamed(text: LabelledText, types: Mapping[str, str]) -> LabelledText:
    if not any(span.type in types for span in text.spans):
        return text
    spans = tuple(LabelledSpan(span.start, span.end, types.get(span.type, span.type)) for span in text.spans)
    return replace(text, spans=spans)
