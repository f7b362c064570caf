"""Between the rule layer and linking: entities as rules see them, and nominals written back as mentions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from arner.relations.forms import word_key
from arner.relations.items import Head, Item, NameAt
from arner.relations.labels import rule_type
from arner.schema import Entity, Mention, MentionKind, Relation

if TYPE_CHECKING:
    from arner.knowledge import KnownEntity
    from arner.linking import LinkedText

__all__ = ["heads_of", "names_by_word", "with_nominals"]

_COUNTRY_KINDS: Final = frozenset({"country", "territory", "historic"})
_CITY_KINDS: Final = frozenset({"capital", "city"})
_ABROAD: Final = frozenset({"international", "armed_group", "force", "media", "club"})
"""Kinds of organisations whose place in a sentence (الناتو بأفغانستان) is not their seat."""

_SOURCE_KINDS: Final = frozenset({"media"})


def heads_of(linked: LinkedText, kinds: Mapping[str, frozenset[str]]) -> dict[str, Head]:
    """Each entity with the slot types that it satisfies, by entity id.

    Args:
        linked: from `arner.linking`.
        kinds: kinds by the first word of a name, from the rule files.
    """
    countries = {mention.entity for mention in linked.mentions if mention.kind == MentionKind.DEMONYM}
    heads: dict[str, Head] = {}
    for entity in linked.entities:
        known = linked.known.get(entity.id)
        heads[entity.id] = Head(entity.id, _slot_types(entity, known, demonym=entity.id in countries, kinds=kinds))
    return heads


def _slot_types(
    entity: Entity, known: KnownEntity | None, *, demonym: bool, kinds: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    name = rule_type(entity.type)
    types = {name}
    kind = known.kind if known is not None else None
    if name == "LOC":
        if kind in _COUNTRY_KINDS or (kind is None and demonym):
            types.add("country")
        else:
            types |= {"place", "city" if kind in _CITY_KINDS else "site"}
    if kind in _SOURCE_KINDS:
        types.add("source")
    if kind is not None:
        types.add(kind.replace(" ", "_"))
    first = word_key(entity.name.split()[0]) if entity.name.split() else ""
    for form in (first, first.removeprefix("ال")):
        if form in kinds and name in ("ORG", "LOC"):
            types |= kinds[form]
    if name == "ORG" and not types & _ABROAD:
        types.add("national")
    return frozenset(types)


def names_by_word(linked: LinkedText, heads: Mapping[str, Head], starts: Sequence[int]) -> dict[int, NameAt]:
    """Each mention by the index of the word in which it begins.

    Args:
        linked: from `arner.linking`.
        heads: from `heads_of`.
        starts: where each word of the text begins.
    """
    names: dict[int, NameAt] = {}
    for mention in linked.mentions:
        if mention.kind == MentionKind.NOMINAL:
            continue
        index = bisect_right(starts, mention.start) - 1
        names[index] = NameAt(
            mention.start, mention.end, heads[mention.entity], mention.kind == MentionKind.DEMONYM, None
        )
    return names


def with_nominals(
    text: str, linked: LinkedText, sentences: Sequence[Sequence[Item]], relations: Sequence[Relation]
) -> LinkedText:
    """The linked text with a mention for each nominal of an entity that bears a relation."""
    bearing = {end for relation in relations for end in (relation.subject, relation.object)}
    entities = {entity.id: entity for entity in linked.entities}
    added: dict[tuple[int, int], Mention] = {}
    for items in sentences:
        for item in _nominals(items):
            if len(item.heads) == 1 and item.heads[0].entity in bearing:
                entity = entities[item.heads[0].entity]
                added[item.start, item.end] = Mention(
                    start=item.start,
                    end=item.end,
                    text=text[item.start : item.end],
                    type=entity.type,
                    kind=MentionKind.NOMINAL,
                    entity=entity.id,
                    score=1.0,
                )
    if not added:
        return linked
    mentions = sorted([*linked.mentions, *added.values()], key=lambda m: (m.start, m.end))
    places: dict[str, list[int]] = {}
    for n, mention in enumerate(mentions):
        places.setdefault(mention.entity, []).append(n)
    counted = tuple(
        entity.model_copy(update={"mentions": tuple(places[entity.id])}) if entity.id in places else entity
        for entity in linked.entities
    )
    return type(linked)(mentions=tuple(mentions), entities=counted, known=linked.known)


def _nominals(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        if item.nominal:
            yield item
        elif item.inner:
            yield from _nominals(item.inner)
