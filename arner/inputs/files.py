"""Files, patterns and standard input, read into texts one by one, from any place on."""

from __future__ import annotations

import glob
import json
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from arner.errors import InputError
from arner.inputs.decoding import decode

__all__ = [
    "STDIN",
    "Failure",
    "Input",
    "Position",
    "Source",
    "expand",
    "read_inputs",
    "read_names",
    "read_sources",
    "sources_of",
]

STDIN: Final = "-"


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two inputs, from which reading can go on.

    Attributes:
        file: how many sources are read to their end.
        bytes: how much of the next one is read.
        parts: how many of its lines or list members that is.
    """

    file: int = 0
    bytes: int = 0
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read texts from.

    Attributes:
        path: the file, or `STDIN`.
        id: the id of the text, where the file is one.
        parts: the only lines (`.jsonl`) or list members (`.json`) to read, counted from 1; None for all.
    """

    path: str
    id: str | None = None
    parts: frozenset[int] | None = None

    @property
    def shown(self) -> str:
        """What messages call it."""
        return "standard input" if self.path == STDIN else self.path


@dataclass(frozen=True, slots=True)
class Input:
    """A text to read, and where it came from."""

    text: str
    id: str | None
    source: Source
    after: Position
    part: int | None = None
    """Its line or place in the list, from 1."""
    document: dict[str, object] | None = None
    """The whole object, where it is a document that arner wrote."""

    @property
    def shown(self) -> str:
        """What messages call it."""
        return _shown(self.source, self.part)


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read, and why."""

    error: Exception
    source: Source
    after: Position
    part: int | None = None

    @property
    def shown(self) -> str:
        """What messages call it."""
        return _shown(self.source, self.part)

    @property
    def reason(self) -> str:
        """Why it could not be read, without its name."""
        if isinstance(self.error, OSError):
            return self.error.strerror or str(self.error)
        return str(self.error)


def _shown(source: Source, part: int | None) -> str:
    if part is None:
        return source.shown
    return f"{source.shown}:{part}" if source.path.endswith(".jsonl") else f"{source.shown} item {part}"


def expand(arguments: Sequence[str]) -> list[str]:
    """Paths in the order given; a pattern that the shell left alone becomes the files it matches, sorted."""
    paths: list[str] = []
    for argument in arguments:
        if argument != STDIN and not os.path.exists(argument) and glob.has_magic(argument):
            paths += sorted(glob.glob(argument, recursive=True)) or [argument]
        else:
            paths.append(argument)
    return paths


def read_names(path: str) -> list[str]:
    """The names of files that a file lists, or standard input where it is `STDIN`: one a line, or each before a NUL.

    Names are kept as the system has them, in whatever encoding.

    Raises:
        OSError: the list cannot be read.
    """
    data = _read_bytes(path)
    names = data.split(b"\0") if b"\0" in data else [line.rstrip(b"\r") for line in data.split(b"\n")]
    return [os.fsdecode(name) for name in names if name]


def sources_of(paths: Sequence[str]) -> list[Source]:
    """Paths as sources: a file's text takes the file's stem as its id, or its path where two files share a stem.

    >>> [source.id for source in sources_of(["a.txt", "x/b.txt", "y/b.txt"])]
    ['a', 'x/b.txt', 'y/b.txt']
    """
    stems = Counter(Path(path).stem for path in set(paths))
    return [
        Source(path, None if path == STDIN else path if stems[Path(path).stem] > 1 else Path(path).stem)
        for path in paths
    ]


def read_inputs(paths: Sequence[str], encoding: str = "utf-8") -> Iterator[Input | Failure]:
    """The texts of all files, lazily; what cannot be read comes as a `Failure` in its place.

    Files that end in `.jsonl` hold one object with "text" and perhaps "id" per line; files that end in `.json` hold one
    such object or a list.
    """
    return read_sources(sources_of(paths), encoding)


def read_sources(
    sources: Sequence[Source], encoding: str = "utf-8", start: Position | None = None
) -> Iterator[Input | Failure]:
    """As `read_inputs`, from a place on; what stands before it is skipped without being read, but for `.json` lists."""
    start = start or Position()
    for index in range(start.file, len(sources)):
        source, begin = sources[index], start if index == start.file else Position(index)
        try:
            if source.path.endswith(".jsonl"):
                yield from _read_json_lines(source, encoding, begin)
            elif source.path.endswith(".json"):
                yield from _read_json(source, encoding, begin)
            else:
                yield Input(decode(_read_bytes(source.path), encoding), source.id, source, Position(index + 1))
        except (OSError, InputError) as error:
            yield Failure(error, source, Position(index + 1))


def _read_bytes(path: str) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read()
    with _opened(path) as file:
        return file.read()


def _opened(path: str) -> IO[bytes]:
    if glob.has_magic(path) and not os.path.exists(path):
        raise InputError("no file matches this pattern")
    if os.path.isdir(path):
        raise InputError(f"is a folder; name its files, for example '{path.rstrip('/')}/*.txt'")
    try:
        return open(path, "rb")
    except ValueError as error:  # a NUL in the name
        raise InputError(f"is no name of a file: {error}") from None


def _read_json_lines(source: Source, encoding: str, begin: Position) -> Iterator[Input | Failure]:
    if "\n".encode(encoding) != b"\n":
        raise InputError(
            "JSON lines are read line by line, so they must be in UTF-8 or another encoding that extends ASCII"
        )
    with _opened(source.path) as file:
        status = os.fstat(file.fileno())
        # What is appended while we read is left for another time: a file that grows all the while would never end.
        most = status.st_size if stat.S_ISREG(status.st_mode) else None
        offset, number = begin.bytes, begin.parts
        if offset:
            file.seek(offset)
        while (most is None or offset < most) and (line := file.readline()):
            offset += len(line)
            number += 1
            if (source.parts is not None and number not in source.parts) or not line.strip():
                continue
            after = Position(begin.file, offset, number)
            try:
                yield _from_object(_parse(decode(line, encoding)), source, after, number)
            except InputError as error:
                yield Failure(error, source, after, number)


def _read_json(source: Source, encoding: str, begin: Position) -> Iterator[Input | Failure]:
    data = _read_bytes(source.path)
    value = _parse(decode(data, encoding))
    values = value if isinstance(value, list) else [value]
    for number, item in enumerate(values, 1):
        if number <= begin.parts or (source.parts is not None and number not in source.parts):
            continue
        part = number if isinstance(value, list) and len(values) > 1 else None
        after = Position(begin.file, len(data) * number // len(values), number)
        try:
            yield _from_object(item, source, after, part)
        except InputError as error:
            yield Failure(error, source, after, part)


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}") from None


def _from_object(value: object, source: Source, after: Position, part: int | None) -> Input:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise InputError('expected an object with a "text" that is a string')
    id = value.get("id")
    document = value if {"schema_version", "mentions", "entities", "relations"} <= value.keys() else None
    return Input(value["text"], None if id is None else str(id), source, after, part, document)
