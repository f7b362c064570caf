"""One entrance for labelled data of any form, and what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from arner.errors import InputError, LabelledDataError
from arner.training.data.annotations import read_annotations
from arner.training.data.conll import read_conll
from arner.training.data.files import one_line
from arner.training.data.labelled import LabelledSpan, LabelledText, Repair
from arner.training.data.tables import is_hub_id, is_table, is_table_path, load_hub, load_table, read_table

__all__ = ["LabelledData", "LabelledFile", "ReadData", "Role", "read_labelled", "read_pair"]

LabelledData = Any
"""A path, a `datasets.Dataset` or `DatasetDict`, the name of a dataset on the hub, or a sequence of such."""

Role = Literal["train", "eval", "test"]
"""What data are for, which says which of their splits is read."""

_JSON: Final = (".json", ".jsonl", ".ndjson")
_SPLITS: Final[dict[Role, tuple[str, ...]]] = {
    "train": ("train", "training"),
    "eval": ("validation", "valid", "val", "dev", "eval", "test"),
    "test": ("test", "testing"),
}
_HELD: Final = ("validation", "valid", "val", "dev", "eval")
"""Splits that stand beside a training split to choose the best epoch by; a test split is kept for the end."""


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


def read_labelled(data: LabelledData, *, types: Mapping[str, str] | None = None, role: Role = "train") -> ReadData:
    """Reads labelled text: CoNLL files, annotated JSON, `datasets`.

    Args:
        data: a path, a `datasets.Dataset` or `DatasetDict`, or a sequence of such. The ending of a path says its form:
            `.json`, `.jsonl` (arner, doccano, Label Studio, Prodigy), `.arrow`, `.parquet` or a folder (`datasets`),
            else CoNLL. What is no file and has the form ``owner/name`` is looked for on the Hugging Face hub. One split
            is named behind a colon: ``my-folder:validation``.
        types: other names for types of the data, such as ``{"PERS": "PER"}``.
        role: which split is read where the data have several and none is named.

    Raises:
        LabelledDataError: a file is missing or malformed; with file and line.
        MissingExtraError: `datasets` is needed and is not installed.
        InputError: `data` is something else.
    """
    files: list[LabelledFile] = []
    repairs: list[Repair] = []
    for item, name in _named_items(data):
        loaded, name = _loaded(item, name)
        if isinstance(loaded, Mapping):
            split = _split(loaded, name, role)
            loaded, name = loaded[split], f"{name}:{split}"
        if any(name == file.name for file in files):
            raise InputError(f"{name} is named twice")
        texts, form, found = _read(loaded, name)
        files.append(LabelledFile(name, form, tuple(_renamed(text, types or {}) for text in texts)))
        repairs += found
    return ReadData(tuple(files), tuple(repairs))


def read_pair(
    train: LabelledData, eval: LabelledData | None, *, types: Mapping[str, str] | None = None
) -> tuple[ReadData, ReadData | None]:
    """Data to train on and data to choose the best epoch by.

    Where `eval` is None and `train` is one dataset with splits that has a validation split, that one is it.

    Raises:
        LabelledDataError, MissingExtraError, InputError: as `read_labelled`.
    """
    if eval is not None:
        return read_labelled(train, types=types), read_labelled(eval, types=types, role="eval")
    items = _named_items(train)
    if len(items) == 1:
        loaded, name = _loaded(*items[0])
        if isinstance(loaded, Mapping):
            held = next((split for split in _HELD if split in loaded), None)
            read = read_labelled({name: loaded}, types=types)
            return read, None if held is None else read_labelled({f"{name}:{held}": loaded[held]}, types=types)
    return read_labelled(train, types=types), None


def _named_items(data: LabelledData) -> list[tuple[object, str]]:
    """The parts of the data with what to call them."""
    if isinstance(data, Mapping) and not is_table(data) and data and all(map(is_table, data.values())):
        return [(item, str(name)) for name, item in data.items()]  # datasets under names of their own
    items = list(data) if isinstance(data, Sequence) and not isinstance(data, (str, bytes)) else [data]
    if not items:
        raise InputError("no labelled data: name at least one file")
    unnamed = sum(not isinstance(item, (str, Path)) for item in items)
    named: list[tuple[object, str]] = []
    for number, item in enumerate(items, 1):
        name = one_line(str(item)) if isinstance(item, (str, Path)) else f"dataset {number}"
        named.append((item, "dataset" if unnamed == len(items) == 1 else name))
    return named


def _loaded(item: object, name: str) -> tuple[object, str]:
    """What a name stands for: a path of a file of our own, a dataset, or a mapping of splits."""
    if is_table(item) or not isinstance(item, (str, Path)):
        return item, name
    path, split = Path(item), ""
    if not _exists(path) and ":" in name:
        name, _, split = name.rpartition(":")
        path = Path(name)
    if is_table_path(path):
        loaded = load_table(path)
    elif not _exists(path) and is_hub_id(name):
        loaded = load_hub(name)
    else:
        return Path(item), str(item)
    if not split:
        return loaded, name
    if not isinstance(loaded, Mapping) or split not in loaded:
        splits = ", ".join(map(str, loaded)) if isinstance(loaded, Mapping) else "none"
        raise LabelledDataError(f"has no split {split!r}; there are: {splits}", path=name)
    return loaded[split], f"{name}:{split}"


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _split(splits: Mapping[Any, Any], name: str, role: Role) -> str:
    if len(splits) == 1:
        return str(next(iter(splits)))
    for split in _SPLITS[role]:
        if split in splits:
            return split
    listed = ", ".join(map(str, splits))
    raise LabelledDataError(f"holds several splits; pass one of them: {listed}", path=name)


def _read(item: object, name: str) -> tuple[list[LabelledText], str, list[Repair]]:
    if isinstance(item, Path):
        if item.suffix.lower() in _JSON:
            return read_annotations(item)
        if item.suffix.lower() == ".csv":
            raise LabelledDataError("comma-separated files are not read; save it with tabs, as .tsv", path=item)
        texts, scheme, repairs = read_conll(item)
        return texts, f"CoNLL, {scheme}", repairs
    if is_table(item):
        texts, scheme, repairs = read_table(item, name)
        return texts, f"datasets, {scheme}", repairs
    raise InputError(
        f"labelled data must be a path, a datasets.Dataset or DatasetDict, or a list of such, not {type(item).__name__}"
    )


def _renamed(text: LabelledText, types: Mapping[str, str]) -> LabelledText:
    if not any(span.type in types for span in text.spans):
        return text
    spans = tuple(LabelledSpan(span.start, span.end, types.get(span.type, span.type)) for span in text.spans)
    return replace(text, spans=spans)
