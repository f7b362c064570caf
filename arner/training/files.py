"""A file of labelled data as text, with errors that name file and line."""

from __future__ import annotations

from pathlib import Path

from arner.errors import LabelledDataError

__all__ = ["read_utf8"]


def read_utf8(path: Path) -> str:
    """The text of a UTF-8 file, without a byte order mark.

    Raises:
        LabelledDataError: no such file, not a file, not UTF-8, or empty.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise LabelledDataError("no such file", path=path) from None
    except OSError as error:
        raise LabelledDataError(f"cannot be read: {error.strerror}", path=path) from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise LabelledDataError("is in UTF-16; save it as UTF-8", path=path, line=1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LabelledDataError(
            f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8", path=path, line=line
        ) from None
    if "\0" in text:
        raise LabelledDataError(
            "holds a NUL character, so it is no text file", path=path, line=text.count("\n", 0, text.index("\0")) + 1
        )
    if not text.strip():
        raise LabelledDataError("the file is empty", path=path)
    return text
