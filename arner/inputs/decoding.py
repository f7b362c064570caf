"""Bytes of a file as text, with every character kept: offsets must be those of the file."""

from __future__ import annotations

import codecs

from arner.errors import EncodingError

__all__ = ["decode"]


def decode(data: bytes, encoding: str) -> str:
    """The text, carriage returns too, without a byte order mark.

    Raises:
        EncodingError: the bytes are not text in that encoding; the message says which may be meant.

    >>> decode(b"\\xef\\xbb\\xbf\\xd8\\xb2\\xd8\\xa7\\xd8\\xb1", "utf-8")
    'زار'
    """
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
