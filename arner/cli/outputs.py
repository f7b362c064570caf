"""Documents written out: JSON lines, a JSON list, or tables; a file appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from arner.cli.tables import document_tables
from arner.schema import Document

__all__ = ["JsonLinesWriter", "JsonListWriter", "TableWriter", "Writer", "atomic_file"]


class Writer(Protocol):
    """Takes documents one by one."""

    def write(self, document: Document) -> None:
        """Write one document."""

    def close(self) -> None:
        """Write what must follow the last document."""


class JsonLinesWriter:
    """One document per line; each is flushed, so that the next program in a pipe sees it at once."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, document: Document) -> None:
        """Write one document."""
        self._file.write(document.to_json() + "\n")
        self._file.flush()

    def close(self) -> None:
        """Nothing follows the last line."""


class JsonListWriter:
    """One JSON list of documents, indented; a list for a single document too, so that readers see one shape."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._count = 0

    def write(self, document: Document) -> None:
        """Write one document."""
        self._file.write(("[\n" if self._count == 0 else ",\n") + document.to_json(indent=2))
        self._count += 1

    def close(self) -> None:
        """Close the list."""
        self._file.write("[]\n" if self._count == 0 else "\n]\n")


class TableWriter:
    """Tables of entities and relations for a person to read."""

    def __init__(self, file: TextIO) -> None:
        from rich.console import Console

        self._console = Console(file=file, highlight=False)
        if not self._console.is_terminal and "COLUMNS" not in os.environ:
            self._console.width = 120  # there is no terminal to ask, and the usual 80 break every row

    def write(self, document: Document) -> None:
        """Write one document."""
        for part in document_tables(document):
            self._console.print(part)

    def close(self) -> None:
        """Nothing follows the last table."""


@contextmanager
def atomic_file(path: Path) -> Iterator[TextIO]:
    """A text file that takes its name only when the block ends well, so that no half-written file is left.

    A pipe or device, such as ``/dev/stdout``, is written to directly.

    Raises:
        OSError: the file cannot be written.
    """
    path = path.resolve()  # a link stays a link: the file behind it is replaced
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
