"""A file of labelled data as text, with errors that name file, line and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from arner.errors import LabelledDataError

__all__ = ["BYTE_ORDER_MARK", "one_line", "read_utf8", "shown"]

_MAGIC: Final = (
    (b"\x1f\x8b", "a gzip archive; unpack it with: gunzip FILE"),
    (b"PK\x03\x04", "a ZIP archive (or an Excel or Word file); unpack it, or save it as text with tabs"),
    (b"BZh", "a bzip2 archive; unpack it with: bunzip2 FILE"),
    (b"\xfd7zXZ\x00", "an xz archive; unpack it with: unxz FILE"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive; unpack it with: unzstd FILE"),
    (b"PAR1", "a Parquet file; give it a name that ends in .parquet"),
    (b"ARROW1", "an Arrow file; give it a name that ends in .arrow"),
    (b"%PDF", "a PDF file; labelled text is CoNLL or JSON"),
    (b"\x80\x04\x95", "a pickle, which arner never opens; save the data as JSON or CoNLL"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file; save it as text with tabs"),
    (b"SQLite format 3", "an SQLite database; export the data as JSON lines"),
)
"""How files begin that are no text, and what to do."""

BYTE_ORDER_MARK: Final = "a byte order mark at the beginning is left out"


def read_utf8(path: Path) -> tuple[str, list[str]]:
    """The text of a UTF-8 file, without a byte order mark, and notes of what was left out.

    Raises:
        LabelledDataError: no such file, not a file, not UTF-8, or empty.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise LabelledDataError("no such file; check the name", path=path) from None
    except IsADirectoryError:
        raise LabelledDataError("is a folder; name the files in it", path=path) from None
    except (OSError, ValueError) as error:  # ValueError: a path that no system takes
        reason = getattr(error, "strerror", None) or error
        raise LabelledDataError(
            f"cannot be read: {reason}; name a file that may be read", path=one_line(str(path))
        ) from error
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise LabelledDataError(f"is {what.replace('FILE', path.name)}", path=path, line=1)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise LabelledDataError("is in UTF-16; save it as UTF-8", path=path, line=1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LabelledDataError(
            f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8 "
            "(of Arabic files in another encoding, most are in windows-1256)",
            path=path,
            line=line,
        ) from None
    notes = [BYTE_ORDER_MARK] if text.startswith("\ufeff") else []
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise LabelledDataError(
            "holds a NUL character, so it is no text file; save it as UTF-8 text", path=path, line=line
        )
    if not text.strip():
        raise LabelledDataError("the file is empty; nothing can be learnt or measured with it", path=path)
    return text, notes


def shown(value: object, limit: int = 60) -> str:
    """A value as an error quotes it: in one line, not long, and never half a surrogate pair.

    >>> shown("a" * 100, 5)
    "'aaa…"
    """
    # A long text is cut first: quoting it whole would take its length twice over.
    quoted = one_line(repr(value[: 2 * limit] if isinstance(value, str) else value))
    return quoted if len(quoted) <= limit else quoted[: limit - 1] + "…"


def one_line(message: str) -> str:
    """A message of another package in one line that any stream can write."""
    return " ".join(message.encode("utf-8", "backslashreplace").decode("utf-8").split())
