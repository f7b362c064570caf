"""Files that take their name only when they are whole, and are on the disk when they do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

__all__ = ["place", "whole_file"]


@contextmanager
def whole_file(path: Path, *, binary: bool) -> Iterator[IO[Any]]:
    """A new file that takes its name when the block ends well.

    Unlike `arner.export.atomic_file`, it is waited for until the disk has it, and a killed process leaves at most one
    file, which the next one writes over.

    Raises:
        OSError: the file cannot be written.
    """
    new = path.with_name(f".{path.name}.unfinished")
    try:
        with new.open("wb") if binary else new.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        place(new, path)
    finally:
        new.unlink(missing_ok=True)


def place(whole: Path, path: Path) -> None:
    """Give a file its name, and have the disk know it where the system can tell it to."""
    os.replace(whole, path)
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
