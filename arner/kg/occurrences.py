"""Occurrences: what one document tells of each of its entities, as far as it helps to find them in other documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from arner.kg.naming import personal_name
from arner.knowledge import Knowledge, KnownEntity
from arner.linking.people import name_units
from arner.schema import Document, Entity, RelationType
from arner.text.folding import name_key

__all__ = ["Occurrence", "Reader"]

_R = RelationType
_HOME: Final = {
    "PER": frozenset((_R.CITIZEN_OF, _R.HEAD_OF_STATE_OF, _R.HEAD_OF_GOVERNMENT_OF, _R.MINISTER_OF)),
    "LOC": frozenset((_R.LOCATED_IN, _R.CAPITAL_OF)),
    "ORG": frozenset((_R.BASED_IN, _R.PART_OF)),
}
"""The relations whose object tells the country of their subject, by the type of the subject."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An entity as one document has it.

    Attributes:
        node: its own IRI, within the document.
        type: entity type.
        key: its name, as `arner.text.folding.name_key` spells it, without a title in front; empty where the document
            has another entity of that type and name, so that the name cannot tell them apart.
        item: the Wikidata id that the document knows; or the id of arner's knowledge, where that has no Wikidata id.
        others: keys of its other names in the document.
        countries: ids of the countries that the document relates it to: citizenship and offices of people, seats.
        about: id of the country that most of the document is about, where there is one.
    """

    node: str
    type: str
    key: str
    item: str | None = None
    others: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    about: str | None = None


class Reader:
    """Reads occurrences out of documents.

    Args:
        knowledge: titles in front of names, the countries of places.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._known = {entity.wikidata or entity.id: entity for entity in knowledge}

    def country(self, item: str | None) -> str | None:
        """The id of the country that a known thing is, lies in or comes from.

        Args:
            item: its Wikidata id, or the id of arner's knowledge where that has none.
        """
        known = None if item is None else self._known.get(item)
        return None if known is None else _country(known)

    def read(self, document: Document, name: str) -> list[Occurrence]:
        """The occurrences of a document, in the order of its entities.

        Args:
            document: where they occur.
            name: IRI of the document.
        """
        countries = self._countries(document)
        about = self._about(document)
        keys = Counter((entity.type, self._key(entity.type, entity.name)) for entity in document.entities)
        found = []
        for entity in document.entities:
            key = self._key(entity.type, entity.name)
            item = self._item(entity)
            unique = keys[entity.type, key] == 1 or item is not None
            found.append(
                Occurrence(
                    node=f"{name}#{quote(entity.id, safe='')}",
                    type=entity.type,
                    key=key if unique else "",
                    item=item,
                    others=self._other_keys(entity, key),
                    countries=frozenset(countries.get(entity.id, ())),
                    about=about,
                )
            )
        return found

    def _key(self, type: str, name: str) -> str:
        key = name_key(name)
        return personal_name(key, self._knowledge) if type == "PER" else key

    def _item(self, entity: Entity) -> str | None:
        """What the entity was found to be when the document was read.

        That is told by its Wikidata id; or, where arner's knowledge has none, by its English name, if knowledge has one
        thing of that type and English name, and of a name that the document uses.
        """
        if entity.wikidata is not None or entity.name_en is None:
            return entity.wikidata
        known = [
            thing
            for thing in self._knowledge.lookup(entity.name_en)
            if thing.type == entity.type and thing.name_en == entity.name_en
        ]
        if len(known) != 1:
            return None
        names = set(map(name_key, known[0].names))
        used = names.intersection(map(name_key, (entity.name, *entity.aliases)))
        return (known[0].wikidata or known[0].id) if used else None

    def _other_keys(self, entity: Entity, key: str) -> frozenset[str]:
        """Keys of the other names that may be sought elsewhere: of people only full names."""
        names = (*entity.aliases, *(() if entity.name_en is None else (entity.name_en,)))
        keys = {self._key(entity.type, name) for name in names} - {key, ""}
        if entity.type == "PER":
            keys = {other for other in keys if len(name_units(other)) > 1}
        return frozenset(keys)

    def _countries(self, document: Document) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for relation in document.relations:
            subject, object = document[relation.subject], document[relation.object]
            if relation.polarity == "affirmed" and relation.type in _HOME.get(subject.type, ()):
                country = self.country(self._item(object)) if object.type == "LOC" else None
                if country is not None:
                    found.setdefault(subject.id, set()).add(country)
        return found

    def _about(self, document: Document) -> str | None:
        """The country of more than half of the mentions of places and nationalities."""
        counted: Counter[str] = Counter()
        for entity in document.entities:
            country = self.country(self._item(entity)) if entity.type == "LOC" else None
            if country is not None:
                counted[country] += len(entity.mentions)
        if not counted:
            return None
        country, count = counted.most_common(1)[0]
        return country if 2 * count > counted.total() else None


def _country(known: KnownEntity) -> str | None:
    if known.kind in ("country", "territory", "historic"):
        return known.country or known.id
    return known.country
