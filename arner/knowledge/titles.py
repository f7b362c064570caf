"""Titles: the longest title or modifier that begins at a word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Generic, TypeVar

from arner.text.folding import name_key

__all__ = ["PhraseIndex", "without_proclitics"]

T = TypeVar("T")
_PROCLITICS: Final = ("و", "ف", "ب", "ك", "ل")


def without_proclitics(key: str) -> list[str]:
    """The spellings of a word that are left when proclitics are taken off, the whole word first.

    >>> without_proclitics("وللرييس")
    ['وللرييس', 'للرييس', 'الرييس', 'لرييس']
    """
    found = [key]
    rest = key
    if len(rest) > 3 and rest[0] in "وف":
        rest = rest[1:]
        found.append(rest)
    if len(rest) > 4 and rest.startswith("لل"):
        found += ["ا" + rest[1:], rest[1:]]
    elif len(rest) > 3 and rest[0] in "بكل":
        found.append(rest[1:])
    return found


class PhraseIndex(Generic[T]):
    """Phrases of one or more words, each with a value; finds the longest that begins at a given word."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        seen: set[tuple[str, ...]] = set()
        for phrase, value in phrases:
            keys = tuple(name_key(phrase).split())
            if keys and keys not in seen:
                seen.add(keys)
                self._by_first.setdefault(keys[0], []).append((keys, value))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, words: Sequence[str], start: int) -> tuple[T, int] | None:
        """The value of the longest phrase at ``words[start]``, with its length in words."""
        best: tuple[T, int] | None = None
        for first in without_proclitics(name_key(words[start])):
            for keys, value in self._by_first.get(first, ()):
                size = len(keys)
                if best is not None and size <= best[1]:
                    break
                if size == 1 or (
                    start + size <= len(words) and all(name_key(words[start + n]) == keys[n] for n in range(1, size))
                ):
                    best = value, size
                    break
        return best
