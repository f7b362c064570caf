"""Unlabelled texts: strings, text files, JSON with a "text", and folders of those; each with where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from arner.errors import InputError, LabelledDataError
from arner.training.data.files import read_utf8
from arner.training.data.json_values import json_values
from arner.training.data.labelled import Source

__all__ = ["Unlabelled", "read_unlabelled"]

_JSON: Final = (".json", ".jsonl", ".ndjson")
_ENDINGS: Final = (".txt", *_JSON)
_LONGEST_NAME: Final = 1000
"""Characters of a file name, at most: a longer string is certainly a text."""


class Unlabelled(NamedTuple):
    """A text, and where it begins."""

    text: str
    source: Source


def read_unlabelled(texts: str | Path | Iterable[str | Path]) -> Iterator[Unlabelled]:
    """The texts, one by one.

    Args:
        texts: strings are texts, paths are files or folders. A file that ends in `.json` or `.jsonl` holds objects with
            a "text" (or tasks of Label Studio), every other file is one text. Of a folder, the files that end in
            `.txt`, `.json` or `.jsonl` are read, in order.

    Raises:
        LabelledDataError: a file cannot be read; with file and line.
        InputError: something else than a string or a path.
    """
    items = [texts] if isinstance(texts, (str, Path)) else texts
    try:
        numbered = enumerate(items, 1)
    except TypeError:
        raise InputError(f"texts must be strings or paths, not {type(texts).__name__}") from None
    for number, item in numbered:
        if isinstance(item, Path):
            for path in _files(item):
                yield from _read(path)
        elif isinstance(item, str):
            _check(item, number)
            yield Unlabelled(item, Source("text", number))
        else:
            raise InputError(f"texts must be strings or paths, not {type(item).__name__} (number {number})")


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.suffix.lower() in _ENDINGS and file.is_file())
    if not found:
        raise LabelledDataError(
            f"the folder holds no file that ends in {', '.join(_ENDINGS)}; name the files", path=path
        )
    return found


def _read(path: Path) -> Iterator[Unlabelled]:
    content, _ = read_utf8(path)
    if path.suffix.lower() not in _JSON:
        yield Unlabelled(content, Source(str(path), 1))
        return
    for line, value in json_values(content, path):
        text = _text_of(value)
        if text is None:
            raise LabelledDataError('expected an object with a "text" that is a string', path=path, line=line)
        yield Unlabelled(text, Source(str(path), line))


def _text_of(value: Any) -> str | None:
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        value = value["data"]
    text = value.get("text") if isinstance(value, dict) else None
    return text if isinstance(text, str) else None


def _check(text: str, number: int) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"text {number} holds half a surrogate pair at position {error.start}; leave it out") from None
    if len(text) <= _LONGEST_NAME and text.lower().endswith(_ENDINGS) and Path(text).is_file():
        raise InputError(f"{text!r} is taken for a text, yet a file has that name; pass pathlib.Path({text!r})")
