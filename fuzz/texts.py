"""Targets: folding, words, sentences, clitics and dates of any text."""

from __future__ import annotations

import datetime
import re
from typing import Final

from arner.text import find_dates, fold, fold_plain, name_key, proclitic_length, proclitics_of, split_sentences
from arner.text.words import Word, split_words
from fuzz.given import text_of

__all__ = ["dates", "text"]

_DAYS: Final = (
    None,
    datetime.date(2024, 11, 28),
    datetime.date(2024, 2, 29),
    datetime.date.min,
    datetime.date.max,
)
_ISO: Final = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)(/\d{4}(-\d\d(-\d\d)?)?)?")


def text(data: bytes) -> None:
    """Folding, words, sentences and clitics of any text."""
    given = text_of(data)
    folded = fold(given)
    assert folded.text == fold_plain(given)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert all(a <= b for a, b in zip(folded.starts, folded.starts[1:], strict=False))
    assert all(a <= b for a, b in zip(folded.ends, folded.ends[1:], strict=False))
    assert all(0 <= a < b <= len(given) for a, b in zip(folded.starts, folded.ends, strict=True))
    assert fold(folded.text).text == folded.text
    key = name_key(given)
    assert name_key(key) == key
    words = split_words(given)
    _check_words(given, words)
    sentences = split_sentences(words, given)
    assert [word for a, b in sentences for word in words[a:b]] == words
    assert all(a < b for a, b in sentences)
    for word in words:
        assert 0 <= proclitic_length(word.text) < len(word.text)
        for prefix, rest in proclitics_of(word.folded):
            assert len(rest) >= 2 or not prefix


def _check_words(given: str, words: list[Word]) -> None:
    at = 0
    for word in words:
        assert at <= word.start < word.end and given[word.start : word.end] == word.text and word.folded
        at = word.end
    assert at <= len(given)


def dates(data: bytes) -> None:
    """Dates; the first byte chooses the day of writing."""
    day = _DAYS[data[0] % len(_DAYS)] if data else None
    given = text_of(data[1:])
    at = 0
    for date in find_dates(given, split_words(given), day):
        assert at <= date.start < date.end and given[date.start : date.end] == date.text
        at = date.end
        if date.iso is not None:
            parts = _ISO.fullmatch(date.iso)
            assert parts is not None, date.iso
            for part in date.iso.split("/"):
                datetime.date.fromisoformat(part + "-01-01"[len(part) - 4 :])
