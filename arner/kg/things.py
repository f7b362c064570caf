"""Things that are being merged, and the links between those that bear different names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from arner.knowledge import Knowledge
from arner.linking.people import name_units, plain_unit
from arner.linking.spelling import consonants

__all__ = ["Thing", "linked"]


@dataclass(slots=True, eq=False)
class Thing:
    """Occurrences that are one: those of an item, or of a name (in a country).

    Attributes:
        iri: how it is called.
        type: entity type.
        item: whether it has an id, of Wikidata or of arner's knowledge.
        marks: what its occurrences are found by: types with names, or the IRI of the item.
        names: its keys; only those that say by themselves what they mean.
        others: the other keys that documents have for it, of the same kind.
        countries: ids of those that documents relate it to.
        same: type and IRI of the one item that bears its name, if there is one.
    """

    iri: str
    type: str
    item: bool = False
    marks: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    same: str | None = None

    def agrees(self, other: Thing) -> bool:
        """Whether the countries of both let them be one."""
        return not self.countries or not other.countries or bool(self.countries & other.countries)


def linked(
    things: Sequence[Thing], knowledge: Knowledge, documents: Callable[[str], Iterable[str]]
) -> list[list[Thing]]:
    """The groups of two and more things that are one under different names.

    Args:
        things: sorted, so that equal sets of things give equal groups.
        knowledge: which parts of names are known, so that their spelling is settled.
        documents: gives the documents that hold a mark. Things that one document tells apart stay apart.
    """
    owner = {thing: [thing] for thing in things}
    for one, other in (
        *_of_one_name(things),
        *_used_for_one(things),
        *_shortened(things),
        *_spelled(things, knowledge),
    ):
        first, second = owner[one], owner[other]
        if first is not second and _may_join(first, second, documents):
            first += second
            for thing in second:
                owner[thing] = first
    groups = {id(group): group for group in owner.values() if len(group) > 1}
    return list(groups.values())


def _may_join(first: list[Thing], second: list[Thing], documents: Callable[[str], Iterable[str]]) -> bool:
    if sum(thing.item for thing in (*first, *second)) > 1:
        return False
    if not all(one.agrees(other) for one in first for other in second):
        return False
    held = {document for thing in first for mark in thing.marks for document in documents(mark)}
    return not any(document in held for thing in second for mark in thing.marks for document in documents(mark))


def _of_one_name(things: Sequence[Thing]) -> Iterator[tuple[Thing, Thing]]:
    """A name without id, and the item that bears it."""
    items = {f"{thing.type} {thing.iri}": thing for thing in things if thing.item}
    for thing in things:
        if thing.same is not None:
            yield items[thing.same], thing


def _used_for_one(things: Sequence[Thing]) -> Iterator[tuple[Thing, Thing]]:
    """A document calls one thing both ways, and nothing else is called the second way."""
    bearers: dict[tuple[str, str], list[Thing]] = {}
    for thing in things:
        for name in thing.names | thing.others:
            bearers.setdefault((thing.type, name), []).append(thing)
    for (_, name), found in sorted(bearers.items()):
        if len(found) == 2 and (name in found[0].names) != (name in found[1].names):
            yield found[0], found[1]


def _parts(name: str) -> tuple[str, ...]:
    return tuple(map(plain_unit, name_units(name)))


def _shortened(things: Sequence[Thing]) -> Iterator[tuple[Thing, Thing]]:
    """The one person who bears a name in a longer form: both ends of it, or its beginning; related to the same country
    as the one who bears it in the shorter form.
    """
    longer: dict[tuple[str, ...], list[Thing]] = {}
    people = [(thing, _parts(name)) for thing in things if thing.type == "PER" for name in sorted(thing.names)]
    for thing, parts in people:
        shorter = {parts[:size] for size in range(2, len(parts))} | (
            {(parts[0], parts[-1])} if len(parts) > 2 else set()
        )
        for short in shorter:
            longer.setdefault(short, []).append(thing)
    for thing, parts in people:
        found = {other: None for other in longer.get(parts, ()) if other is not thing and other.agrees(thing)}
        if len(found) == 1:
            (other,) = found
            if thing.countries & other.countries:
                yield other, thing


def _spelled(things: Sequence[Thing], knowledge: Knowledge) -> Iterator[tuple[Thing, Thing]]:
    """People whose names differ in one part only, and there in vowels or in letters for one foreign sound; at most one
    of the spellings is a known name.
    """
    alike: dict[tuple[int, tuple[str, ...], str], dict[str, list[Thing]]] = {}
    for thing in things:
        if thing.type != "PER":
            continue
        for name in sorted(thing.names):
            parts = _parts(name)
            for index, part in enumerate(parts):
                skeleton = consonants(part)
                if len(skeleton) > 2:
                    rest = (*parts[:index], *parts[index + 1 :])
                    alike.setdefault((index, rest, skeleton), {}).setdefault(part, []).append(thing)
    for _, spellings in sorted(alike.items()):
        settled = [part for part in spellings if knowledge.is_name(part) or knowledge.is_name("ال" + part)]
        if len(spellings) < 2 or len(settled) > 1:
            continue
        found = list({thing: None for bearers in spellings.values() for thing in bearers})
        if all(one.agrees(other) for one, other in combinations(found, 2)) and sum(thing.item for thing in found) < 2:
            yield from ((found[0], other) for other in found[1:])
