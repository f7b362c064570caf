"""Writers: each takes documents one by one and puts them into an open file in one format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol, TextIO

from arner.schema import Document

__all__ = ["ListWriter", "PieceWriter", "Writer", "atomic_file"]


class Writer(Protocol):
    """Takes documents one by one."""

    def write(self, document: Document) -> None:
        """Write one document."""

    def close(self) -> None:
        """Write what must follow the last document. It is called once, and not after a failure."""


class PieceWriter:
    """One piece of text a document, flushed at once, so that the next program in a pipe sees it.

    Args:
        file: where to write.
        render: makes the piece, its line ends included.
        head: what stands before the first piece.
    """

    def __init__(self, file: TextIO, render: Callable[[Document], str], *, head: str = "") -> None:
        self._file = file
        self._render = render
        self._file.write(head)

    def write(self, document: Document) -> None:
        """Write one document."""
        self._file.write(self._render(document))
        self._file.flush()

    def close(self) -> None:
        """Nothing follows the last piece."""


class ListWriter:
    """One JSON list; a list for a single document too, so that readers see one shape.

    Args:
        file: where to write.
        render: makes the JSON text of one member.
    """

    def __init__(self, file: TextIO, render: Callable[[Document], str]) -> None:
        self._file = file
        self._render = render
        self._count = 0

    def write(self, document: Document) -> None:
        """Write one document."""
        self._file.write(("[\n" if self._count == 0 else ",\n") + self._render(document).rstrip("\n"))
        self._count += 1

    def close(self) -> None:
        """Close the list."""
        self._file.write("[]\n" if self._count == 0 else "\n]\n")


@contextmanager
def atomic_file(path: Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """A file that takes its name only when the block ends well, so that no half-written file is left.

    A pipe or device, such as ``/dev/stdout``, is written to directly. Line ends are written as they come.

    Args:
        path: where to write.
        binary: whether the block writes bytes, not text.

    Raises:
        OSError: the file cannot be written.
    """
    path = path.resolve()  # a link stays a link: the file behind it is replaced
    if path.exists() and not path.is_file():
        with _opened(path, binary) as file:
            yield file
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with _opened(partial, binary) as file:
            yield file
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _opened(path: Path, binary: bool) -> IO[Any]:
    return path.open("wb") if binary else path.open("w", encoding="utf-8", newline="")
