"""Bytes as what arner is given: a text, or a file that is in memory."""

from __future__ import annotations

import io
from pathlib import Path

__all__ = ["file_of", "text_of"]


def text_of(data: bytes) -> str:
    """Any bytes as a text; those that are no UTF-8 become halves of surrogate pairs."""
    return data.decode("utf-8", "surrogateescape")


class _Given(type(Path())):  # type: ignore[misc]  # the class of paths of this system
    """A path whose file is in memory: to write one for each input would take most of the time."""

    data: bytes

    def read_bytes(self) -> bytes:
        return self.data

    def read_text(self, encoding: str | None = None, errors: str | None = None, newline: str | None = None) -> str:
        with io.TextIOWrapper(io.BytesIO(self.data), encoding, errors, newline) as file:
            return file.read()


def file_of(data: bytes, name: str) -> Path:
    """A path of that name whose file holds the bytes."""
    path = _Given(name)
    path.data = data
    return path
