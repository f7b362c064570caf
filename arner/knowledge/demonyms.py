"""Demonyms: the inflected forms of a nisba adjective, by rule, and their look-up by spelling key."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Final

from arner.knowledge.models import Demonym, Gender, Number
from arner.knowledge.records import DemonymStem
from arner.text.folding import fold_plain, name_key

__all__ = ["DemonymIndex", "inflect"]

# Endings in key spelling (ة is ه), after a stem that ends in ي.
_ENDINGS: Final[tuple[tuple[str, Gender, Number], ...]] = (
    ("", "masculine", "singular"),
    ("ه", "feminine", "singular"),
    ("ون", "masculine", "plural"),
    ("ين", "masculine", "plural"),
    ("ان", "masculine", "dual"),
    ("ات", "feminine", "plural"),
    ("تان", "feminine", "dual"),
    ("تين", "feminine", "dual"),
)
_INDEFINITE_ENDINGS: Final[tuple[tuple[str, Gender, Number], ...]] = (
    ("ا", "masculine", "singular"),  # accusative: روسيا written for روسياً
    ("و", "masculine", "plural"),  # construct state: فلسطينيو الداخل
    ("ي", "masculine", "plural"),
)


def inflect(stem: str) -> Iterator[tuple[str, Gender, Number, bool]]:
    """Every form of a masculine singular nisba as (key, gender, number, definite), without proclitics.

    Of several words those that end in ي are inflected together (الكوري الشمالي), and the rest stands as it is
    (الجنوب أفريقي).

    >>> [key for key, gender, number, definite in inflect("روسي") if gender == "feminine" and not definite]
    ['روسيه', 'روسيات', 'روسيتان', 'روسيتين']
    """
    words = name_key(stem).split()
    for ending, gender, number in _ENDINGS:
        inflected = [word + ending if word.endswith("ي") else word for word in words]
        yield " ".join(inflected), gender, number, False
        definite = ["ال" + word if n == 0 or words[n].endswith("ي") else word for n, word in enumerate(inflected)]
        yield " ".join(definite), gender, number, True
        if len(words) > 1 and not words[0].endswith("ي"):
            yield " ".join(["ال" + inflected[0], *inflected[1:]]), gender, number, True
    for ending, gender, number in _INDEFINITE_ENDINGS:
        yield " ".join(word + ending if word.endswith("ي") else word for word in words), gender, number, False


class DemonymIndex:
    """All forms of the stems by key.

    Args:
        stems: the demonyms; of two that share a form the earlier wins.
        names: keys of names that no inflected form may take: ليبيا is the country and no accusative.
    """

    def __init__(self, stems: Iterable[DemonymStem], names: Container[str]) -> None:
        self._forms: dict[str, tuple[DemonymStem, Gender, Number, bool, bool]] = {}
        self._longest = 1
        self._by_opener: dict[str, int] = {}
        for stem in stems:
            everywhere = stem.ambiguous is True
            unsure = stem.ambiguous if isinstance(stem.ambiguous, frozenset) else frozenset[str]()
            for key, gender, number, definite in inflect(stem.stem):
                if key.endswith("ا") and key in names:
                    continue
                self._add(key, stem, gender, number, definite, everywhere)
            for plural in stem.plurals:
                key = name_key(plural)
                doubtful = everywhere or plural in unsure
                self._add(key, stem, "masculine", "plural", False, doubtful)
                self._add("ال" + key, stem, "masculine", "plural", True, doubtful)

    def _add(self, key: str, stem: DemonymStem, gender: Gender, number: Number, definite: bool, unsure: bool) -> None:
        self._forms.setdefault(key, (stem, gender, number, definite, unsure))
        length = key.count(" ") + 1
        opener = key.split(" ", 1)[0]
        self._longest = max(self._longest, length)
        self._by_opener[opener] = max(self._by_opener.get(opener, 0), length)

    def longest_from(self, word: str) -> int:
        """The number of words of the longest form that may begin with the word, 0 where none does."""
        key = name_key(word)
        return self._by_opener.get(key.split(" ", 1)[0], 0) if key else self._longest

    def find(self, phrase: str) -> Demonym | None:
        """The demonym that the word or phrase is, if it is one."""
        found = self._forms.get(name_key(phrase))
        if found is None:
            return None
        stem, gender, number, definite, ambiguous = found
        if stem.excluded and fold_plain(phrase) in stem.excluded:
            return None
        return Demonym(phrase, stem.country, gender, number, definite, ambiguous)
