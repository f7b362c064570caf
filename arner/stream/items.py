"""The members of a stream: a text with its id and options, checked before anything reads it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from arner.errors import EmptyTextError, EncodingError, InputError

__all__ = ["CheckedItems", "TextItem", "as_date", "as_item", "as_paths", "check_text"]

_VISIBLE: Final = re.compile(r"[^\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class TextItem(NamedTuple):
    """A text with options of its own, for `Extractor.extract_batch`; None leaves the extractor's own in force."""

    text: str
    id: str | None = None
    date: datetime.date | None = None
    min_score: float | None = None


class CheckedItems(Iterator[tuple[str, str | None]]):
    """The members of a stream as (text, id), up to the first that cannot be read.

    Args:
        texts: strings, or pairs (text, id).

    Attributes:
        failure: why the stream ended before its source did; None as long as all could be read.
    """

    def __init__(self, texts: Iterable[str | tuple[str, str | None]]) -> None:
        self._texts = iter(texts)
        self._number = 0
        self.failure: InputError | None = None

    def __next__(self) -> tuple[str, str | None]:
        if self.failure is not None:
            raise StopIteration
        item = next(self._texts)
        self._number += 1
        try:
            return as_item(item)
        except InputError as error:
            self.failure = type(error)(f"text {self._number}: {error}")
            raise StopIteration from None


def check_text(text: object) -> str:
    """The text itself, where it is one that can be read; what `Extractor.extract` and `pipe` ask of every text.

    Raises:
        EmptyTextError: the text has no visible character.
        EncodingError: the text holds half a surrogate pair.
        InputError: the text is not a string.

    >>> check_text("زار الوزير القاهرة.")
    'زار الوزير القاهرة.'
    """
    if isinstance(text, (bytes, bytearray, memoryview)):
        raise InputError("the text is bytes; decode it first, for example data.decode('utf-8')")
    if not isinstance(text, str):
        raise InputError(f"the text must be a str, not {type(text).__name__}")
    if _VISIBLE.search(text) is None:
        raise EmptyTextError("the text is empty: it has no visible character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise EncodingError(
            f"the text holds half a surrogate pair at position {error.start}, which cannot be written as UTF-8; "
            "repair it with text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')"
        ) from None
    return str(text)


def as_item(item: object) -> tuple[str, str | None]:
    """A member of a stream as (text, id).

    Raises:
        InputError: the text cannot be read, as `check_text` says; the id is no string; the tuple is no pair.

    >>> as_item("زار الوزير القاهرة.")
    ('زار الوزير القاهرة.', None)
    """
    if not isinstance(item, tuple):
        return check_text(item), None
    if len(item) != 2:
        raise InputError(f"a pair must be (text, id); this one has {len(item)} members")
    text, id = item
    if not isinstance(id, str | None):
        raise InputError(f"the id must be a str or None, not {type(id).__name__}")
    # A file name that is not UTF-8 comes with half surrogate pairs, which JSON cannot hold.
    return check_text(text), None if id is None else id.encode("utf-8", "replace").decode("utf-8")


def as_date(date: object) -> datetime.date | None:
    """A day, however it is given; None stays None.

    Raises:
        InputError: it is no date.

    >>> as_date("2024-11-27")
    datetime.date(2024, 11, 27)
    """
    if isinstance(date, datetime.datetime):
        return date.date()
    if date is None or isinstance(date, datetime.date):
        return date
    if isinstance(date, str):
        try:
            return datetime.date.fromisoformat(date)
        except ValueError:
            pass
    raise InputError(f"the date must be a datetime.date or a string such as '2024-11-27', not {date!r}")


def as_paths(paths: str | Path | Iterable[str | Path]) -> tuple[Path, ...]:
    """Paths as a tuple: one path alone is meant as a list of one, not as its letters."""
    return (Path(paths),) if isinstance(paths, (str, Path)) else tuple(Path(path) for path in paths)
