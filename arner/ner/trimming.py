"""Marks at the ends of a name: quotes and brackets around it stay outside, those that are a part of it stay in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from arner.text import Word

__all__ = ["trim_marks"]

_PAIRS: Final = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "“": "”", "‘": "’", "﴾": "﴿", '"': '"'}
_OPENERS: Final = {closer: opener for opener, closer in _PAIRS.items()}


def trim_marks(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The words ``first`` to ``last`` (half-open) without the marks around them; an empty range where all are marks.

    A bracket or quote whose other half stands within the name belongs to it: of ``عام (1976)`` the last word stays.

    >>> from arner.text import split_words
    >>> def trimmed(text):
    ...     words = split_words(text)
    ...     first, last = trim_marks(words, 0, len(words))
    ...     return [word.text for word in words[first:last]]
    >>> trimmed("«بوتين»,"), trimmed("عام (1976)"), trimmed("(بوتين")
    (['بوتين'], ['عام', '(', '1976', ')'], ['بوتين'])
    """
    while first < last:
        opens = _is_mark(words[first])
        closes = _is_mark(words[last - 1])
        partner = _closing(words, first, last) if opens else None
        if partner == last - 1 > first:
            first, last = first + 1, last - 1
        elif opens and partner is None:
            first += 1
        elif closes and _opening(words, first, last) is None:
            last -= 1
        else:
            break
    return first, last


def _is_mark(word: Word) -> bool:
    return word.kind in ("punctuation", "symbol")


def _closing(words: Sequence[Word], first: int, last: int) -> int | None:
    """Where the bracket that opens at `first` is closed."""
    opener = words[first].text
    closer = _PAIRS.get(opener)
    depth = 0
    for at in range(first, last if closer else first):
        if words[at].text == closer and (opener != closer or at > first):
            depth -= 1
        elif words[at].text == opener:
            depth += 1
        if depth == 0:
            return at
    return None


def _opening(words: Sequence[Word], first: int, last: int) -> int | None:
    """Where the bracket that closes at the end was opened."""
    closer = words[last - 1].text
    opener = _OPENERS.get(closer)
    depth = 0
    for at in range(last - 1, first - 1 if opener else last - 1, -1):
        if words[at].text == opener and (opener != closer or at < last - 1):
            depth -= 1
        elif words[at].text == closer:
            depth += 1
        if depth == 0:
            return at
    return None
