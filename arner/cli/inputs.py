"""Files, globs and standard input, read into texts one by one."""

from __future__ import annotations

import codecs
import glob
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from arner.errors import EncodingError, InputError

__all__ = ["Failure", "Input", "expand", "read_inputs", "reason"]

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """A text to read, and where it came from."""

    text: object
    id: str | None
    source: str
    document: dict[str, object] | None = None
    """The whole object, where it is a document that arner wrote."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read, and why."""

    source: str
    error: Exception


def expand(arguments: Sequence[str]) -> list[str]:
    """Paths in the order given; a pattern that the shell left alone becomes the files it matches, sorted."""
    paths: list[str] = []
    for argument in arguments:
        if argument != STDIN and not os.path.exists(argument) and glob.has_magic(argument):
            paths += sorted(glob.glob(argument, recursive=True)) or [argument]
        else:
            paths.append(argument)
    return paths


def reason(error: Exception) -> str:
    """Why an input could not be read, without its name."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def read_inputs(paths: Sequence[str], encoding: str) -> Iterator[Input | Failure]:
    """The texts of all files, lazily; what cannot be read comes as a `Failure` in its place.

    A file's text takes the file's stem as its id, or its path where two files share a stem. Files that end in `.jsonl`
    hold one object with "text" and perhaps "id" per line; files that end in `.json` hold one such object or a list.
    """
    stems = Counter(Path(path).stem for path in set(paths))
    for path in paths:
        try:
            if path.endswith(".jsonl"):
                yield from _read_json_lines(path, encoding)
            elif path.endswith(".json"):
                yield from _read_json(path, encoding)
            else:
                text = _decode(_read_bytes(path), encoding)
                stem = Path(path).stem
                yield Input(text, None if path == STDIN else stem if stems[stem] == 1 else path, _shown(path))
        except (OSError, InputError) as error:
            yield Failure(_shown(path), error)


def _shown(path: str) -> str:
    return "standard input" if path == STDIN else path


def _read_bytes(path: str) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read()
    if glob.has_magic(path) and not os.path.exists(path):
        raise InputError("no file matches this pattern")
    if os.path.isdir(path):
        raise InputError(f"is a folder; name its files, for example '{path.rstrip('/')}/*.txt'")
    return Path(path).read_bytes()


def _decode(data: bytes, encoding: str) -> str:
    """Bytes as text with every character kept, carriage returns too: offsets must be those of the file."""
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-8-sig"  # a byte order mark is no part of the text
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise EncodingError(f"{_complaint(error, encoding)}; {_hint(data)}") from None
    if "\0" in text:
        raise EncodingError(f"holds NUL characters, so it is not a text in {encoding}; {_hint(data)}")
    return text


def _complaint(error: UnicodeError, encoding: str) -> str:
    """What a decoder complains of, in words."""
    if isinstance(error, UnicodeDecodeError):
        return f"not text in {encoding.removesuffix('-sig')}: byte 0x{error.object[error.start]:02x} at {error.start}"
    return f"not text in {encoding.removesuffix('-sig')}"


def _hint(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it begins like UTF-16: try --encoding utf-16"
    if b"\0" in data[:4096]:
        return "it looks like a binary file"
    return "name the encoding, for example --encoding windows-1256"


def _read_json_lines(path: str, encoding: str) -> Iterator[Input | Failure]:
    if "\n".encode(encoding) != b"\n":
        raise InputError(
            "JSON lines are read line by line, so they must be in UTF-8 or another encoding that extends ASCII"
        )
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            source = f"{path}:{number}"
            try:
                if line.strip():
                    yield _from_object(_parse(_decode(line, encoding)), source)
            except InputError as error:
                yield Failure(source, error)


def _read_json(path: str, encoding: str) -> Iterator[Input | Failure]:
    value = _parse(_decode(_read_bytes(path), encoding))
    values = value if isinstance(value, list) else [value]
    for number, item in enumerate(values, 1):
        source = path if len(values) == 1 else f"{path} item {number}"
        try:
            yield _from_object(item, source)
        except InputError as error:
            yield Failure(source, error)


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"not JSON: {error}") from None


def _from_object(value: object, source: str) -> Input:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise InputError('expected an object with a "text" that is a string')
    id = value.get("id")
    document = value if {"schema_version", "mentions", "entities", "relations"} <= value.keys() else None
    return Input(value["text"], None if id is None else str(id), source, document)
