"""Countries that a text leaves unsaid: the one that it is about, and the one to which a body or person belongs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from arner.relations.items import Head

if TYPE_CHECKING:
    from arner.knowledge import Knowledge
    from arner.linking import LinkedText

__all__ = ["Home"]

_LEAST: Final = 3
"""Times that a country must be mentioned before the text can be about it."""


class Home:
    """Looks up unsaid countries among the entities of a text; never brings one in that the text does not mention."""

    def __init__(self, linked: LinkedText, heads: dict[str, Head], knowledge: Knowledge) -> None:
        self.linked = linked
        self.heads = heads
        self.knowledge = knowledge
        self.names = {entity.id: entity.name for entity in linked.entities}
        counts = Counter(
            mention.entity for mention in linked.mentions if "country" in heads[mention.entity].types
        ).most_common(2)
        self.countries = {
            known.id: entity
            for entity, known in linked.known.items()
            if entity in heads and "country" in heads[entity].types
        }
        self.main: Head | None = None
        if counts and counts[0][1] >= _LEAST and (len(counts) == 1 or counts[0][1] >= 2 * counts[1][1]):
            self.main = heads[counts[0][0]]

    def own(self, person: str) -> tuple[Head, ...]:
        """The country from which a known person comes, if the text mentions it."""
        known = self.linked.known.get(person)
        entity = self.countries.get(known.country) if known is not None and known.country is not None else None
        return (self.heads[entity],) if entity is not None else ()

    def of(self, person: str) -> tuple[Head, ...]:
        """The country in which a person holds an office that is named without one.

        A known person's own country, if the text mentions it; otherwise the country that the text is about.
        """
        known = self.linked.known.get(person)
        if known is not None and known.country is not None:
            entity = self.countries.get(known.country)
            return (self.heads[entity],) if entity is not None else ()
        return (self.main,) if self.main is not None else ()

    def named(self, body: str) -> tuple[Head, ...]:
        """The country whose demonym is part of the body's name, if the text mentions it."""
        for word in reversed(self.names[body].split()[1:]):
            demonym = self.knowledge.demonym(word)
            if demonym is not None and not demonym.ambiguous:
                entity = self.countries.get(demonym.country)
                return (self.heads[entity],) if entity is not None else ()
        return ()

    def country_of(self, body: str) -> tuple[Head, ...]:
        """The country whose demonym a body's name carries (الحكومة اللبنانية), or that is known to be its own."""
        known = self.linked.known.get(body)
        country = known.country if known is not None else None
        if country is None:
            return self.named(body)
        entity = self.countries.get(country)
        return (self.heads[entity],) if entity is not None else ()
