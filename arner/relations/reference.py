"""Reading through words that are not names: titles without a name, suffix pronouns, unsaid subjects, البلدين, بلاده.

Precision first: what has no single antecedent stays unresolved, and then there is no triple.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from arner.relations.forms import analyses, word_key
from arner.relations.items import Head, Item
from arner.relations.matcher import Filled, Match
from arner.schema import RelationType

__all__ = ["Offices", "Organisations", "Referents"]

_OPENING = 3
"""Items into a sentence in which a text about one person may name another as its subject."""

_FORMER_HOLDERS = 20
"""Former holders of an office after which no more are looked at."""

_AHEAD = 2
"""Sentences after a title without a name in which its holder may first be named."""

_OFFICES = (RelationType.HEAD_OF_STATE_OF, RelationType.HEAD_OF_GOVERNMENT_OF, RelationType.MINISTER_OF)


@dataclass
class Offices:
    """Who holds which office, as far as the text says so."""

    holders: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)
    held: dict[str, dict[tuple[str, str], str | None]] = field(default_factory=dict)

    def add(self, person: str, type: str, country: str, role: str | None, *, former: bool) -> None:
        """Note that the person holds (or, `former`, held) the office."""
        holders = self.holders.setdefault((type, country), {})
        holders[person] = former and holders.get(person, True)
        self.held.setdefault(person, {}).setdefault((type, country), role)

    def holder(self, type: str, country: str, portfolio: tuple[str, ...] = ()) -> str | None:
        """The one person who holds the office (with that portfolio, if one is said); None if nobody or several do."""
        now: str | None = None
        past: list[str] = []
        for person, former in self.holders.get((type, country), {}).items():
            if portfolio and _portfolio((self.held[person][type, country] or "").split()) != portfolio:
                continue
            if former:
                past.append(person)
            elif now is not None:
                return None
            else:
                now = person
            if now is not None and len(past) > _FORMER_HOLDERS:
                break
        return now if now is not None else past[0] if len(past) == 1 else None

    def country(self, person: str) -> str | None:
        """The one country of which the person holds a high office."""
        countries = {country for type, country in self.held.get(person, {}) if type in _OFFICES}
        return countries.pop() if len(countries) == 1 else None

    def office(self, person: str) -> tuple[str, str | None] | None:
        """The type and role of the person's high office."""
        for (type, _), role in self.held.get(person, {}).items():
            if type in _OFFICES:
                return type, role
        return None


@dataclass
class Organisations:
    """Which organisations of the text a bare noun (المنظمة, الحزب) may stand for, by the noun that names them."""

    by_noun: dict[str, dict[str, tuple[Head, int]]] = field(default_factory=dict)

    def note(self, name: str, heads: Sequence[Head], sentence: int) -> None:
        """Note the first word of a name, or the word that describes it, for the organisations in `heads`."""
        words = name.split()
        if not words:
            return
        for head in heads:
            if "ORG" in head.types:
                for reading in analyses(word_key(words[0].strip('«»"“”#'))):
                    named = self.by_noun.setdefault(reading.stem.removeprefix("ال"), {})
                    named.pop(head.entity, None)  # kept in the order of their last mention
                    named[head.entity] = (head, sentence)

    def find(self, key: str, sentence: int) -> Head | None:
        """The one organisation that the noun may stand for, so far or at least in this sentence and the one before."""
        for reading in analyses(key):
            if reading.stem.startswith("ال"):
                named = self.by_noun.get(reading.stem[2:], {})
                near: list[Head] = []
                for head, last in reversed(named.values()):
                    if len(near) > 1 or (len(named) > 1 and last < sentence - 1):
                        break
                    near.append(head)
                return near[0] if len(near) == 1 else None
        return None


class Referents:
    """Looks antecedents up in the sentences read so far."""

    def __init__(self, sentences: Sequence[list[Item]], offices: Offices, heads: dict[str, Head]) -> None:
        self.sentences = sentences
        self.offices = offices
        self.heads = heads
        self.first: dict[str, int] = {}
        for number, items in enumerate(sentences):
            for item in items:
                for head in item.heads:
                    self.first.setdefault(head.entity, number)
        self.protagonist = self._protagonist()
        self.heroine = any(
            "@life_story" in word.tags and word.key.endswith("ت") for words in sentences for word in words
        )

    def _protagonist(self) -> Head | None:
        """The person whose life the text tells: named at its very beginning, and born, taught or buried in it."""
        for items in self.sentences[:2]:
            for n, item in enumerate(items[:4]):
                if item.kind == "name" and len(item.heads) == 1 and "PER" in item.heads[0].types:
                    after = [other.mark or other.kind for other in items[n + 1 : n + 3]]
                    dated = after in (["(", "date"], ["(", "number"])
                    told = dated or any("@life_story" in word.tags for words in self.sentences for word in words)
                    return item.heads[0] if told else None
        return None

    def nominal(self, match: Match, items: list[Item], sentence: int) -> tuple[Head, ...]:
        """The entities for which a nominal stands; empty if that is not plain."""
        how = match.rule.refer or ""
        if how == "country":
            filled = match.slots.get("country")
            return filled.heads if filled else ()
        if how == "pair":
            return self._pair(items, match.first, sentence)
        if how == "own_country":
            person = self._antecedent({"PER"}, "m", items, match.first, sentence)
            country = self.offices.country(person.entity) if person else None
            head = self.heads.get(country) if country else None
            return (head,) if head else ()
        if how == "counterpart":
            return self._counterparts(match, items)
        if how == "latter":
            return self._latter(items, match.first, feminine=items[match.last].key.endswith("ة"))
        filled = match.slots.get("country")
        if filled is None or not filled.heads:
            return ()
        words = [item.key for item in items[match.first : filled.at]] if how == RelationType.MINISTER_OF else []
        holder = self.offices.holder(how, filled.heads[0].entity, _portfolio(words))
        # A headline may speak of somebody who is named right after it, but not of one whom the text names much later.
        late = holder is not None and self.first.get(holder, 0) > sentence + _AHEAD
        head = self.heads.get(holder) if holder and not late else None
        return (head,) if head else ()

    def resolve(self, filled: Filled, items: list[Item], sentence: int, types: frozenset[str]) -> tuple[Head, ...]:
        """The entities that a slot took, or its pronoun or unsaid subject stands for."""
        if filled.how == "name":
            return filled.heads
        if filled.how == "hero":
            return (self.protagonist,) if self.protagonist is not None else ()
        if filled.how in ("home", "own"):
            return ()
        wanted = set(filled.slot.types or types)
        if filled.how == "d":
            return self._pair(items, filled.at, sentence)
        if filled.how == "p":
            return ()
        head = self._antecedent(wanted, filled.how, items, filled.at, sentence)
        if head is not None and filled.how == "topic" and not self._agrees(head, items, filled.at, sentence):
            return ()
        return (head,) if head else ()

    def _agrees(self, head: Head, items: list[Item], index: int, sentence: int) -> bool:
        """Whether the verb at `index` may have the person for its subject: as the verb before the name shows."""
        gender = _verb_gender(items[index])
        if gender is None or "ORG" in head.types:
            return True
        if "LOC" in head.types:
            return gender == "f"
        for before in (items[:index], self.sentences[sentence - 1] if sentence else []):
            for n in range(len(before) - 1, 0, -1):
                if before[n].kind == "name" and before[n].heads[:1] == (head,):
                    previous = _previous(before, n)
                    said = _verb_gender(before[previous]) if previous is not None else None
                    if said is not None:
                        return said == gender
        return True

    def _counterparts(self, match: Match, items: list[Item]) -> tuple[Head, ...]:
        """Who holds in the countries named the office of the person before: نظيريه التركي والإيراني."""
        office: tuple[str, str | None] | None = None
        for item in reversed(items[: match.first]):
            people = [head for head in item.heads if "PER" in head.types] if item.kind == "name" else []
            if people:
                office = self.offices.office(people[-1].entity)
                break
        if office is None:
            return ()
        found: list[Head] = []
        for slot in ("country", "second"):
            filled = match.slots.get(slot)
            for country in filled.heads if filled is not None else ():
                portfolio = _portfolio((office[1] or "").split()) if office[0] == RelationType.MINISTER_OF else ()
                holder = self.offices.holder(office[0], country.entity, portfolio)
                if holder is None or holder not in self.heads:
                    return ()
                found.append(self.heads[holder])
        return tuple(found)

    def _pair(self, items: list[Item], index: int, sentence: int) -> tuple[Head, ...]:
        before = _distinct(item for item in items[:index] if _countries(item))
        if not before and sentence:
            before = _distinct(item for item in self.sentences[sentence - 1] if _countries(item))
        return tuple(before) if len(before) == 2 else ()

    def _latter(self, items: list[Item], index: int, *, feminine: bool) -> tuple[Head, ...]:
        """The name last mentioned before, if its gender may agree: الأخيرة is no man's, الأخير hardly a country's."""
        for item in reversed(items[:index]):
            if item.kind == "name" and len(item.heads) == 1:
                return () if ("PER" in item.heads[0].types) == feminine else item.heads
        return ()

    def _antecedent(self, types: set[str], how: str, items: list[Item], index: int, sentence: int) -> Head | None:
        if how == "f" and types & {"LOC", "ORG", "country", "place"} and "PER" in types:
            types = types - {"PER"}
        if how == "m" and "PER" in types:
            types = {"PER"}
        before = [n for n, item in enumerate(items[:index]) if item.kind == "name" and _fits(item, types)]
        start = _clause_start(items, index)
        clause = _distinct(items[n] for n in before if n >= start and _subject_like(items, n))
        if len(clause) == 1:
            return clause[0]
        if self.protagonist is not None and "PER" in types and how in ("topic", "f" if self.heroine else "m"):
            opening = [n for n in before if n <= _OPENING and _subject_like(items, n)]
            heads = _distinct(items[n] for n in opening)
            return heads[0] if len(heads) == 1 else self.protagonist
        subjects = [items[n] for n in before if _subject_like(items, n)]
        named = [item for item in subjects if not item.nominal]
        heads = _distinct(named or subjects) or _distinct(items[n] for n in before)
        if len(heads) == 1:
            return heads[0]
        if heads:
            return None
        if how != "topic":
            after = self._announced(types, items, index)
            if after is not None:
                return after
        if sentence:
            earlier = self.sentences[sentence - 1]
            leading = _distinct(
                item
                for n, item in enumerate(earlier)
                if item.kind == "name" and _fits(item, types) and _subject_like(earlier, n)
            )
            everyone = _distinct(item for item in earlier if item.kind == "name" and _fits(item, types))
            if len(leading) == 1:
                return leading[0]
            if len(everyone) == 1:
                return everyone[0]
        return None

    def _announced(self, types: set[str], items: list[Item], index: int) -> Head | None:
        """A pronoun in an opening phrase may stand for the subject after the comma: بعد لقائه فلانا، قال علان."""
        comma = next((n for n in range(index, len(items)) if items[n].mark == ","), None)
        if comma is None:
            return None
        for n in range(comma + 1, min(comma + 4, len(items))):
            if items[n].kind == "name":
                return items[n].heads[0] if _fits(items[n], types) and len(items[n].heads) == 1 else None
        return None


def _verb_gender(item: Item) -> str | None:
    """``m`` or ``f`` of a verb in the third person singular, None of anything else."""
    if item.kind != "word" or not item.tags.keys() & {"@verb", "@speech"}:
        return None
    verb = item.key[1:] if item.key[:1] in ("و", "ف") else item.key
    verb = verb[1:] if verb[:2] in ("سي", "ست") else verb
    return "f" if verb.endswith("ت") or verb.startswith("ت") else "m"


def _portfolio(title: Sequence[str]) -> tuple[str, ...]:
    """The words of a minister's title after the first, without article: وزير الخارجية and وزيرة خارجية alike."""
    return tuple(word_key(word).removeprefix("ال") for word in title[1:])


def _clause_start(items: list[Item], index: int) -> int:
    """Where the clause begins in which the item stands: after the last comma, stop or word such as بينما."""
    for n in range(index - 1, -1, -1):
        if items[n].mark in (",", ".", ":", "-") or "@opener" in items[n].tags:
            return n + 1
    return 0


def _fits(item: Item, types: set[str]) -> bool:
    return bool(item.heads) and any(head.types & types for head in item.heads)


def _countries(item: Item) -> bool:
    return item.kind in ("name", "demonym") and any("country" in head.types for head in item.heads)


def _distinct(items: Iterable[Item]) -> list[Head]:
    found: dict[str, Head] = {}
    for item in items:
        for head in item.heads:
            found.setdefault(head.entity, head)
    return list(found.values())


def _subject_like(items: list[Item], index: int) -> bool:
    """Whether the name stands where a subject does: first in its clause, or right after the word that opens it."""
    if items[index].particle:
        return False
    before = _previous(items, index)
    if before is None or items[before].mark or "@opener" in items[before].tags:
        return True
    if items[before].kind != "word" or "@preposition" in items[before].tags:
        return False
    if "@verb" in items[before].tags or "@speech" in items[before].tags:
        return True
    opener = _previous(items, before)
    return opener is None or bool(items[opener].mark) or "@opener" in items[opener].tags


def _previous(items: list[Item], index: int) -> int | None:
    for n in range(index - 1, -1, -1):
        if not items[n].transparent:
            return n
    return None
