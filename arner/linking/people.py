"""People: full names, shortened names and surnames of one person brought together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from arner.knowledge import Knowledge
from arner.linking.clusters import Clusters
from arner.linking.names import Name
from arner.linking.spelling import one_edit, representatives

__all__ = ["PersonNames", "assign_people", "name_units", "plain_unit"]

_BINDERS: Final = frozenset("عبد ابو ابي ابا ابن بن بنت ام ال ولد دي دو دا دل فان فون بو ذو".split())
_ENCLITICS: Final = frozenset(("الدين", "الله"))
_PARTICLES: Final = frozenset("دي دو دا دل فان فون".split())
_SUFFIXES: Final = frozenset("ابن اب جونيور اول ثاني ثالث رابع خامس سادس سابع ثامن عاشر جد".split())  # without article


def name_units(key: str) -> tuple[str, ...]:
    """The parts of a personal name that can stand alone: عبد, بن, أبو, آل, دي bind the word after them, الدين and الله
    the word before.

    >>> name_units("محمد بن سلمان"), name_units("عبد الفتاح السيسي")
    (('محمد', 'بن سلمان'), ('عبد الفتاح', 'السيسي'))
    """
    units: list[str] = []
    binding = ""
    for word in key.split():
        if word in _ENCLITICS and units and not binding:
            units[-1] += " " + word
            continue
        if word in _BINDERS:
            binding += word + " "
            continue
        units.append(binding + word)
        binding = ""
    if binding:
        units.append(binding.strip())
    return tuple(units)


def plain_unit(unit: str) -> str:
    """A part of a name without the article, and with عبد in one word with what it binds.

    >>> plain_unit("السيسي"), plain_unit("عبد الله")
    ('سيسي', 'عبدالله')
    """
    if unit.startswith("عبد "):
        return unit.replace(" ", "")
    return unit[2:] if unit.startswith("ال") and len(unit) > 4 and " " not in unit else unit


def _nearly(a: str, b: str) -> bool:
    """Whether two middle names may be one: مرقس and مرقص, where the names around them are the same."""
    return a == b or (len(a) > 3 and one_edit(a, b))


def person(key: str) -> str:
    """The node of the people who bear a name."""
    return "PER " + key


class PersonNames:
    """The names of the people in a text, part by part, in one spelling.

    Args:
        keys: the distinct keys of all mentions of people, with their numbers of mentions.
        is_name: whether a key is a known part of names, whose spelling is then settled.
    """

    def __init__(self, keys: Iterable[tuple[str, int]], is_name: Callable[[str], bool]) -> None:
        counts: dict[str, int] = {}
        units: dict[str, tuple[str, ...]] = {}
        for key, count in keys:
            units[key] = tuple(map(plain_unit, name_units(key)))
            for unit in units[key]:
                counts[unit] = counts.get(unit, 0) + count
        spelling = representatives(counts.items(), lambda unit: is_name(unit) or is_name("ال" + unit))
        self._units = {key: tuple(spelling[unit] for unit in parts) for key, parts in units.items()}

    def units(self, key: str) -> tuple[str, ...]:
        """The parts of the name, in the spelling that stands for them, without articles."""
        return self._units[key]

    def is_full(self, key: str) -> bool:
        """Whether the name has more than one part."""
        return len(self._units[key]) > 1

    def join_full_names(self, keys: Sequence[str], clusters: Clusters) -> None:
        """Bring together the full names that are one: equal parts, or one a shortening of exactly one other."""
        by_parts: dict[tuple[str, ...], str] = {}
        longer: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        full = sorted((key for key in keys if self.is_full(key)), key=lambda key: (-len(self._units[key]), key))
        for key in full:
            parts = self._units[key]
            if parts in by_parts:
                clusters.join(person(by_parts[parts]), person(key))
                continue
            by_parts[parts] = key
            owners = {
                clusters.find(person(other))
                for sign in self._signs(parts, whole=True)
                for other in longer.get(sign, ())
                if sign[0] != "alike" or all(map(_nearly, parts, self._units[other]))
            }
            if len(owners) == 1:
                clusters.join(owners.pop(), person(key))
            for sign in self._signs(parts, whole=False):
                bucket = longer.setdefault(sign, [])
                if len(bucket) < 16:
                    bucket.append(key)

    @staticmethod
    def _signs(parts: tuple[str, ...], *, whole: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What a shortening and the longer name share: both ends, or all parts at the beginning or at the end."""
        if whole:
            yield "beginning", parts
            yield "end", parts
            if len(parts) == 2:
                yield "ends", parts
            else:
                yield "alike", (parts[0], parts[-1], str(len(parts)))
            return
        if len(parts) > 2:
            yield "ends", (parts[0], parts[-1])
            yield "alike", (parts[0], parts[-1], str(len(parts)))
        for size in range(2, len(parts)):
            yield "beginning", parts[:size]
            yield "end", parts[-size:]


def _owner_signs(parts: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """What a short name may consist of, each with whether it is the surname."""
    surname = len(parts) - 1
    if surname and parts[surname] in _SUFFIXES:
        surname -= 1
    for number, part in enumerate(parts):
        yield number == surname, part
        head, _, rest = part.partition(" ")
        if rest and head in _PARTICLES:
            yield number == surname, rest


class _Owners:
    """Whom a short name means, while the text is read from its beginning."""

    def __init__(
        self, people: PersonNames, countries: Mapping[str, int], clusters: Clusters, knowledge: Knowledge
    ) -> None:
        self._people, self._countries, self._clusters, self._knowledge = people, countries, clusters, knowledge
        self._last: dict[tuple[bool, str], str] = {}
        self._ahead: dict[tuple[bool, str], str] = {}
        self._known: dict[str, str] = {}

    def announce(self, name: Name) -> None:
        """Take note of a full name before reading, so that a short name in a headline finds it."""
        for sign in _owner_signs(self._people.units(name.key)):
            self._ahead.setdefault(sign, name.node)

    def bind(self, name: Name) -> None:
        """Bind a full name to the person whom it means; one that many bear, only if the text speaks of that country."""
        found = [
            entity
            for entity in self._knowledge.lookup(name.key)
            if entity.type == "PER"
            and (not self._knowledge.is_ambiguous(entity, name.key) or self._countries.get(entity.country or "", 0))
        ]
        if len(found) == 1:
            self._clusters.bind(name.node, found[0].id)
            known = self._clusters.known(name.node)
            if known == found[0].id:
                self._clusters.join(self._known.setdefault(known, name.node), name.node)

    def meet(self, name: Name) -> str:
        """The node of the next mention of a person."""
        if not self._people.is_full(name.key):
            return self._owner(name)
        for sign in _owner_signs(self._people.units(name.key)):
            self._last[sign] = name.node
        return name.node

    def _owner(self, name: Name) -> str:
        (unit,) = self._people.units(name.key) or (name.key,)
        before = self._last.get((True, unit)) or self._last.get((False, unit))
        after = self._ahead.get((True, unit)) or self._ahead.get((False, unit))
        candidates = [entity for entity in self._knowledge.lookup(name.key) if entity.type == "PER"]
        present = [entity for entity in candidates if entity.id in self._known]
        plain = [entity for entity in candidates if not self._knowledge.is_ambiguous(entity, name.key)]
        if len(present) == 1 and (plain == present or before is None):
            return self._known[present[0].id]
        if len(plain) == 1:
            other = before is not None and self._clusters.known(before) is None
            if not other:
                node = self._known.setdefault(plain[0].id, "PER " + unit)
                self._clusters.bind(node, plain[0].id)
                return node
        return before or after or "PER " + unit


def assign_people(
    names: Sequence[Name], countries: Mapping[str, int], clusters: Clusters, knowledge: Knowledge
) -> list[str]:
    """The node of each mention, in the order given; that of a short personal name is the node of its owner.

    A short name goes to the person of that surname, or else of that first name, who was mentioned last; before any
    such person, to the one who comes first afterwards. A famous surname (بوتين) means its famous bearer, unless the
    text has introduced another.
    """
    counted = Counter(name.key for name in names if name.type == "PER")
    people = PersonNames(counted.items(), knowledge.is_name)
    people.join_full_names(list(counted), clusters)
    owners = _Owners(people, countries, clusters, knowledge)
    for name in names:
        if name.type == "PER" and people.is_full(name.key):
            owners.announce(name)
            owners.bind(name)
    return [owners.meet(name) if name.type == "PER" else name.node for name in names]
