"""How much a name says by itself: whether two documents that use it must mean one thing."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from arner.knowledge import Knowledge, KnownEntity
from arner.linking.forms import is_head, names_latin
from arner.linking.people import name_units
from arner.text.name_words import load_name_words

__all__ = ["Strength", "Strengths", "personal_name"]

_COMMON: Final = 150
"""Weight in the list of words that open names from which on a given name is one that very many bear."""
_SHORTEST: Final = {"latin": 5, "arabic": 4}
"""Letters of the shortest word that is a name by itself: shorter ones are mostly acronyms, which many bodies share."""
_SPELLED: Final = re.compile(
    "(?:(?:ايه|ايتش|اتش|اي|بي|سي|دي|اف|جي|جيه|كيه|كي|ال|ام|ان|او|كيو|ار|اس|تي|يو|في|دبليو|اكس|واي|زد) ?)+"
)
"""An acronym spelled by the names of its Latin letters: سي إن إن."""
_ABROAD: Final = frozenset(("السفاره", "سفاره", "القنصليه", "قنصليه", "البعثه", "بعثه", "الوفد", "وفد"))
"""Bodies of which a state has many: the demonym behind them does not say which."""


class Strength(StrEnum):
    """What two documents must share, besides type and name, to mean one thing by it."""

    ALONE = "alone"
    """Nothing more: the name says whom or what it means."""
    COUNTRY = "country"
    """The country: the one that the text relates it to, else the one that the text is about."""
    STATED = "stated"
    """The country that the text relates it to."""
    NEVER = "never"
    """No name like this merges."""


def personal_name(key: str, knowledge: Knowledge) -> str:
    """The key without a title in front of it.

    >>> from arner.knowledge import load_knowledge
    >>> personal_name("الشيخ خالد الراشد", load_knowledge())
    'خالد الراشد'
    """
    words = key.split()
    title = knowledge.title(words, 0) if len(words) > 1 else None
    return " ".join(words[title[1] :]) if title is not None and title[1] < len(words) else key


class Strengths:
    """Tells the strength of names.

    Args:
        knowledge: what is known of names beforehand.

    >>> from arner.knowledge import load_knowledge
    >>> strengths = Strengths(load_knowledge())
    >>> for type, key in [("PER", "ناصر القدوه"), ("PER", "القدوه"), ("PER", "محمد علي"), ("ORG", "وزاره الداخليه")]:
    ...     print(strengths.of(type, key).value)
    alone
    never
    country
    country
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self.of = lru_cache(maxsize=65536)(self._of)

    def _of(self, type: str, key: str) -> Strength:
        if type == "PER":
            return self._person(key)
        readings = self._knowledge.lookup(key)
        if type == "LOC":
            return self._place([reading for reading in readings if reading.type == "LOC"], key)
        return self._thing(list(readings), type, key)

    def _person(self, key: str) -> Strength:
        if self._is_ambiguous([reading for reading in self._knowledge.lookup(key) if reading.type == "PER"], key):
            return Strength.NEVER
        units = name_units(key)
        if len(units) < 2:
            return Strength.NEVER
        weight = load_name_words().weight
        common = all(weight(word) >= _COMMON for unit in units for word in unit.split())
        return Strength.COUNTRY if common else Strength.ALONE

    def _place(self, readings: list[KnownEntity], key: str) -> Strength:
        if self._is_ambiguous(readings, key):
            return Strength.NEVER
        return Strength.ALONE if readings else Strength.COUNTRY

    def _thing(self, readings: list[KnownEntity], type: str, key: str) -> Strength:
        if self._is_ambiguous(readings, key):
            return Strength.COUNTRY if all(one.kind == "state body" for one in readings) else Strength.STATED
        if readings:
            return Strength.ALONE
        words = key.split()
        if names_latin(key):
            return Strength.ALONE if len(words) > 1 or len(key) >= _SHORTEST["latin"] else Strength.NEVER
        if len(key) < _SHORTEST["arabic"] or _SPELLED.fullmatch(key):
            return Strength.NEVER
        # What begins or goes on with an article, or with a noun such as مجلس, is described rather than named: every
        # country has its own. What has neither is a proper name, mostly a foreign one: أرامكو, هيومن رايتس ووتش.
        described = any(word.startswith(("ال", "لل")) for word in words)
        headed = is_head(words[0]) and not (len(words) > 1 and self._knowledge.is_name(words[-1]))
        if words[0] in _ABROAD or (type != "ORG" and len(words) == 1):
            return Strength.COUNTRY
        return Strength.ALONE if self._says_where(words) or not (described or headed) else Strength.COUNTRY

    def _says_where(self, words: list[str]) -> bool:
        """Whether the name holds the name of a place, or a demonym that makes it the name of one body."""
        for start in range(1, len(words)):
            demonym = self._knowledge.demonym_at(words, start)
            if demonym is not None and demonym[0].definite and not demonym[0].ambiguous:
                # A state has one الحكومة and one الجيش, but الشركة الصينية is any Chinese company.
                return len(words) > 1 + demonym[1] or self._knowledge.body_at(words, 0) == len(words)
            for end in range(start + 1, min(len(words), start + 3) + 1):
                name = " ".join(words[start:end])
                places = [reading for reading in self._knowledge.lookup(name) if reading.type == "LOC"]
                if places and not self._is_ambiguous(places, name):
                    return True
        return False

    def _is_ambiguous(self, readings: list[KnownEntity], key: str) -> bool:
        return len(readings) > 1 or any(self._knowledge.is_ambiguous(reading, key) for reading in readings)
