"""Search for names from a list in the places of a text that no name covers yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from arner.text import Word, name_key, proclitic_length

__all__ = ["CoveredText", "FoundName", "find_names"]

_LONGEST: Final = 8
"""Words of the longest name that is looked for."""
_word_key = lru_cache(maxsize=65536)(name_key)


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name in the text: half-open offsets, type, score from 0 to 1."""

    start: int
    end: int
    type: str
    score: float


class CoveredText:
    """What names cover, asked for at offsets that only rise.

    Args:
        names: in order, none overlapping.
    """

    def __init__(self, names: Sequence[FoundName]) -> None:
        self._names = names
        self._at = 0

    def next_start(self, offset: int) -> int | None:
        """Where the first name that ends after `offset` begins; None if there is none."""
        while self._at < len(self._names) and self._names[self._at].end <= offset:
            self._at += 1
        return self._names[self._at].start if self._at < len(self._names) else None

    def overlapping(self, start: int, end: int) -> list[FoundName]:
        """The names that share a character with the span."""
        self.next_start(start)
        found: list[FoundName] = []
        at = self._at
        while at < len(self._names) and self._names[at].start < end:
            found.append(self._names[at])
            at += 1
        return found


def find_names(
    words: Sequence[Word],
    names: Sequence[FoundName],
    *,
    longest: int,
    may_open: Callable[[str], bool],
    type_of: Callable[[str], tuple[str, float] | None],
    is_name: Callable[[str], bool],
) -> Iterator[FoundName]:
    """The longest listed name at each free place, from left to right, proclitics cut off.

    Args:
        words: the words of the text.
        names: those that are there already, in order.
        longest: words of the longest name in the list.
        may_open: whether a name of the list begins with that word (its `name_key`); spares most places a look-up.
        type_of: type and score of the listed name with that key, None if there is none.
        is_name: helps to cut proclitics.
    """
    covered = CoveredText(names)
    limit = min(longest, _LONGEST)
    at = 0
    while at < len(words):
        word = words[at]
        barrier = covered.next_start(word.start)
        after = at + 1
        if word.kind in ("word", "latin") and (barrier is None or barrier >= word.end):
            heads = [(cut, key) for cut, key in _heads(word, is_name) if may_open(key)]
            if heads:
                free = _free_words(words, at, limit, barrier)
                found = _longest(words, at, free, heads, type_of)
                if found is not None:
                    name, after = found
                    yield name
        at = after


def _heads(word: Word, is_name: Callable[[str], bool]) -> list[tuple[int, str]]:
    """Readings of a name's first word: characters cut off, and the key of what is left."""
    heads = [(0, _word_key(word.folded))]
    cut = proclitic_length(word.text, is_name) if word.kind == "word" else 0
    if cut:
        rest = word.text[cut:]
        heads.append((cut, _word_key(rest)))
        if rest.startswith("ل"):  # of لل the second ل is the article's
            heads.append((cut, _word_key("ا" + rest)))
    return heads


def _free_words(words: Sequence[Word], at: int, limit: int, barrier: int | None) -> int:
    """One past the last word that a name which begins at `at` may take."""
    end = at
    while end < len(words) and end - at < limit and words[end].kind in ("word", "latin"):
        if barrier is not None and words[end].end > barrier:
            break
        end += 1
    return end


def _longest(
    words: Sequence[Word],
    at: int,
    free: int,
    heads: Sequence[tuple[int, str]],
    type_of: Callable[[str], tuple[str, float] | None],
) -> tuple[FoundName, int] | None:
    rest = [_word_key(word.folded) for word in words[at + 1 : free]]
    for size in range(len(rest), -1, -1):
        for cut, head in heads:
            found = type_of(" ".join([head, *rest[:size]]))
            if found is not None:
                last = at + size
                return FoundName(words[at].start + cut, words[last].end, *found), last + 1
    return None
