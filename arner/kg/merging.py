"""Merging: which occurrences in many documents are one thing. The outcome depends on what the documents hold and not on
their order.

1. Occurrences with one Wikidata id are one thing; with two different ones they never are. Where arner's knowledge has
   no Wikidata id for what a document found in it, its own id counts as one.
2. Occurrences of one type and name are one thing as far as the name says by itself (`arner.kg.naming`). People whom
   documents relate to different countries are apart; then those who are related to none belong to neither.
3. A name without id belongs to the thing of that type and name that has one, if there is exactly one.
4. Names that differ are brought together where a document uses both for one thing, and full names of people also where
   one is the other shortened and both are related to one country, or both are spellings of one foreign name: each only
   if there is exactly one such match.

Of the last two, each only if the countries agree and no document tells the two apart (`arner.kg.things`).

Whatever is not merged so stays a thing of its document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from arner.export.statements import full_iri
from arner.kg.naming import Strength, Strengths
from arner.kg.occurrences import Occurrence, Reader
from arner.kg.things import Thing, linked
from arner.knowledge import Knowledge

__all__ = ["Merger", "item_iri", "mark"]

_QID: Final = re.compile(r"Q[1-9][0-9]*")
_ENTITY: Final = full_iri("arner:entity:")


def mark(type: str, key: str) -> str:
    """Type and name as one text, by which occurrences are found again.

    >>> mark("PER", "ناصر القدوه")
    'PER ناصر القدوه'
    """
    return f"{type} {key}"


def item_iri(item: str) -> str:
    """The IRI of a Wikidata item, or of what only arner's knowledge has an id for.

    >>> item_iri("Q7747"), item_iri("james-mattis")
    ('http://www.wikidata.org/entity/Q7747', 'urn:arner:known:james-mattis')
    """
    if _QID.fullmatch(item):
        return full_iri(f"wd:{item}")
    return full_iri("arner:known:") + quote(item, safe="")


def _name_iri(type: str, key: str, country: str = "") -> str:
    """The IRI of what is known by a name only; letters and digits stand in it as they are.

    >>> _name_iri("ORG", "وزاره الداخليه", "EG")
    'urn:arner:entity:ORG:وزاره_الداخليه:EG'
    """
    parts = (type, key, country) if country else (type, key)
    return _ENTITY + ":".join(
        "".join(c if c.isalnum() else "_" if c == " " else quote(c, safe="") for c in part) for part in parts
    )


@dataclass(slots=True)
class _Bearers:
    """All who bear one name of one type.

    Attributes:
        type: entity type.
        key: the name.
        items: ids of those who have one, each with the countries that documents relate it to.
        homes: what documents tell of the countries of those without id, each set of countries once.
        others: other keys that documents have for one of those without id.
    """

    type: str
    key: str
    items: dict[str, set[str]] = field(default_factory=dict)
    homes: set[frozenset[str]] = field(default_factory=set)
    others: set[str] = field(default_factory=set)


class Merger:
    """Takes occurrences, then tells what each stands for.

    Its memory grows with the number of different names, not with that of documents.

    Args:
        knowledge: what is known of names and countries beforehand.

    >>> from arner.knowledge import load_knowledge
    >>> merger = Merger(load_knowledge())
    >>> one, other = (Occurrence(f"urn:doc:{n}#e1", "PER", "ناصر القدوه") for n in (1, 2))
    >>> merger.entity(one) == merger.entity(other)
    True
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._strength = Strengths(knowledge).of
        self._country = Reader(knowledge).country
        self._bearers: dict[str, _Bearers] = {}
        self._items: dict[str, Thing] = {}
        self._settled: dict[tuple[str, frozenset[str]], str | None] = {}

    def add(self, occurrence: Occurrence) -> None:
        """Take note of an occurrence."""
        if not occurrence.key:
            return
        name = mark(occurrence.type, occurrence.key)
        bearers = self._bearers.setdefault(name, _Bearers(occurrence.type, occurrence.key))
        if occurrence.item is not None:
            bearers.items.setdefault(occurrence.item, set()).update(occurrence.countries)
            self._add_item(occurrence, occurrence.item)
            return
        home = self._home(occurrence)
        if home is not None:
            bearers.homes.add(home)
            bearers.others.update(occurrence.others)

    def _add_item(self, occurrence: Occurrence, item: str) -> None:
        iri = item_iri(item)
        country = self._country(item)
        thing = self._items.setdefault(f"{occurrence.type} {iri}", Thing(iri, occurrence.type, item=True, marks={iri}))
        thing.names.update(self._telling(occurrence.type, (occurrence.key,)))
        thing.others.update(self._telling(occurrence.type, occurrence.others))
        thing.countries.update(occurrence.countries, () if country is None else (country,))

    def _telling(self, type: str, keys: Iterable[str]) -> list[str]:
        """The keys that say by themselves what they mean."""
        return [key for key in keys if self._strength(type, key) is Strength.ALONE]

    def _home(self, occurrence: Occurrence) -> frozenset[str] | None:
        """The countries by which bearers of the name are told apart; None where the name is not to be merged."""
        strength = self._strength(occurrence.type, occurrence.key)
        if strength is Strength.ALONE:
            return occurrence.countries if occurrence.type == "PER" else frozenset()
        if strength is Strength.NEVER or len(occurrence.countries) > 1:
            return None
        if occurrence.countries:
            return occurrence.countries
        about = occurrence.about if strength is Strength.COUNTRY else None
        return None if about is None else frozenset((about,))

    def entity(self, occurrence: Occurrence) -> str:
        """The IRI of what an occurrence stands for; before `settle`, what its name tells of it."""
        if occurrence.item is not None:
            return item_iri(occurrence.item)
        home = self._home(occurrence) if occurrence.key else None
        if home is None:
            return occurrence.node
        slot = mark(occurrence.type, occurrence.key), home
        if slot in self._settled:
            return self._settled[slot] or occurrence.node
        return self._usual_iri(occurrence.type, occurrence.key, home)

    def _usual_iri(self, type: str, key: str, home: frozenset[str]) -> str:
        alone = self._strength(type, key) is Strength.ALONE
        return _name_iri(type, key, "" if alone else min(home))

    def settle(self, documents: Callable[[str], Iterable[str]]) -> None:
        """Decide, once every occurrence is there.

        Args:
            documents: gives the documents that hold a mark: a type and name without id, as `mark` writes them, or the
                IRI of an item, as `item_iri` does.
        """
        self._settled.clear()
        things: dict[str, Thing] = dict(self._items)
        for name in sorted(self._bearers):
            for iri, homes, item in self._divided(self._bearers[name]):
                for home in homes:
                    self._settled[name, home] = iri
                if iri is not None:
                    self._describe(things, iri, self._bearers[name], homes, item)
        chiefs: dict[str, str] = {}
        kept = lru_cache(maxsize=1024)(lambda sign: frozenset(documents(sign)))
        for group in linked([things[key] for key in sorted(things)], self._knowledge, kept):
            chief = min(group, key=lambda one: (not one.item, -max(map(len, one.names), default=0), one.iri))
            chiefs.update((thing.iri, chief.iri) for thing in group)
        for slot, iri in self._settled.items():
            if iri in chiefs:
                self._settled[slot] = chiefs[iri]

    def _describe(
        self,
        things: dict[str, Thing],
        iri: str,
        bearers: _Bearers,
        homes: Iterable[frozenset[str]],
        item: str | None,
    ) -> None:
        """Put what is known of some bearers of a name down as a thing."""
        thing = Thing(iri, bearers.type, marks={mark(bearers.type, bearers.key)})
        thing.names.update(self._telling(bearers.type, (bearers.key,)))
        others = self._telling(bearers.type, bearers.others)
        # A single word beside the longer name of an organisation is often an acronym, which others share.
        thing.others.update(other for other in others if bearers.type == "PER" or " " in other)
        thing.countries.update(*homes)
        thing.same = None if item is None else f"{bearers.type} {item_iri(item)}"
        things[f"{bearers.type} {iri}"] = thing

    def _divided(self, bearers: _Bearers) -> list[tuple[str | None, list[frozenset[str]], str | None]]:
        """Those who bear a name without having an id, as the things that they are.

        Returns:
            for each, its IRI (None where each occurrence is a thing by itself), its countries as documents have them,
            and the id of the one item of that name that it may be.
        """
        if not bearers.homes:
            return []
        groups = _connected(bearers.homes)
        parts: dict[str, tuple[set[str], list[frozenset[str]], str | None]] = {}
        for countries, homes in groups:
            item = self._item(bearers, countries)
            part = parts.setdefault(item or " ".join(sorted(countries)), (set(), [], item))
            part[0].update(countries)
            part[1].extend(homes)
        nowhere = frozenset[str]()
        found: list[tuple[str | None, list[frozenset[str]], str | None]] = []
        if nowhere in bearers.homes:
            # Who is related to no country is the one who bears the name, if no more than one does.
            targets = parts.keys() | bearers.items.keys()
            if len(targets) > 1:
                found.append((None, [nowhere], None))
            else:
                item = next(iter(bearers.items), None)
                parts.setdefault(next(iter(targets), ""), (set(), [], item))[1].append(nowhere)
        alone = self._strength(bearers.type, bearers.key) is Strength.ALONE
        for related, homes, item in parts.values():
            iri = self._usual_iri(bearers.type, bearers.key, frozenset(related))
            if alone and len(groups) > 1 and related:
                iri += ":" + "+".join(sorted(related))
            found.append((iri, homes, item))
        return found

    def _item(self, bearers: _Bearers, countries: frozenset[str]) -> str | None:
        """The one item of that name that may be related to one of the countries."""
        strict = self._strength(bearers.type, bearers.key) is not Strength.ALONE
        found = []
        for item, stated in bearers.items.items():
            known = self._country(item)
            related = stated | ({known} if known is not None else set())
            if countries & related or not (related or strict):
                found.append(item)
        return found[0] if len(found) == 1 else None


def _connected(homes: Iterable[frozenset[str]]) -> list[tuple[frozenset[str], list[frozenset[str]]]]:
    """Sets that share a country, directly or through others, together; the empty set left out."""
    groups: list[tuple[frozenset[str], list[frozenset[str]]]] = []
    for home in sorted(filter(None, homes), key=sorted):
        touching = [group for group in groups if group[0] & home]
        groups = [group for group in groups if not group[0] & home]
        joined = frozenset(home.union(*(countries for countries, _ in touching)))
        groups.append((joined, [home, *(other for _, members in touching for other in members)]))
    return sorted(groups, key=lambda group: sorted(group[0]))
