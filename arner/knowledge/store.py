"""The knowledge store: look-ups of names, countries, capitals, demonyms, titles and parts of names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from arner.knowledge.demonyms import DemonymIndex
from arner.knowledge.models import Body, Demonym, KnownEntity, Modifier, Title
from arner.knowledge.records import DemonymStem, Record
from arner.knowledge.titles import PhraseIndex, without_proclitics
from arner.text.folding import name_key

__all__ = ["Knowledge"]


def _english_key(name: str) -> str:
    """`name_key`, with a short cut for plain English."""
    return name.lower() if name.replace(" ", "").isalnum() and name.isascii() else name_key(name)


class Knowledge:
    """Everything known before reading, looked up by `arner.text.folding.name_key`. Immutable; safe to share.

    Args:
        records: entities, demonym stems, bodies, titles and modifiers, each id once.
        name_parts: called once, when `is_name` first needs it; gives the keys of given and family names.

    >>> from arner.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> knowledge.country("KZ").name_en
    'Kazakhstan'
    >>> [entity.id for entity in knowledge.lookup("الناتو")]
    ['nato']
    >>> knowledge.demonym("الأميركية").country
    'US'
    """

    def __init__(self, records: Iterable[Record], name_parts: Callable[[], frozenset[str]] = frozenset) -> None:
        self._entities: dict[str, KnownEntity] = {}
        self._stems: list[DemonymStem] = []
        self._bodies: list[Body] = []
        self._titles: list[Title] = []
        self._modifiers: list[Modifier] = []
        self._load_name_parts = name_parts
        for record in records:
            if isinstance(record, KnownEntity):
                self._entities[record.id] = record
            elif isinstance(record, DemonymStem):
                self._stems.append(record)
            elif isinstance(record, Body):
                self._bodies.append(record)
            elif isinstance(record, Title):
                self._titles.append(record)
            else:
                self._modifiers.append(record)

    @property
    def entities(self) -> Mapping[str, KnownEntity]:
        """Every known entity by id."""
        return self._entities

    @property
    def titles(self) -> Sequence[Title]:
        """Every title, in the order of the files."""
        return self._titles

    @property
    def modifiers(self) -> Sequence[Modifier]:
        """Every modifier of titles."""
        return self._modifiers

    def __iter__(self) -> Iterator[KnownEntity]:
        return iter(self._entities.values())

    def __len__(self) -> int:
        return len(self._entities)

    def __repr__(self) -> str:
        return f"Knowledge({len(self)} entities, {len(self._stems)} demonyms, {len(self._titles)} titles)"

    @cached_property
    def _by_key(self) -> dict[str, tuple[KnownEntity, ...]]:
        found: dict[str, list[KnownEntity]] = {}
        for entity in self._entities.values():
            for key in dict.fromkeys((*map(name_key, entity.names), _english_key(entity.name_en or ""))):
                if key:
                    found.setdefault(key, []).append(entity)
        return {key: tuple(entities) for key, entities in found.items()}

    @cached_property
    def _ambiguous(self) -> frozenset[tuple[str, str]]:
        return frozenset((e.id, name_key(name)) for e in self._entities.values() for name in e.ambiguous)

    @cached_property
    def _demonyms(self) -> DemonymIndex:
        return DemonymIndex(self._stems, self._by_key)

    @cached_property
    def _body_index(self) -> PhraseIndex[Body]:
        return PhraseIndex((form, body) for body in self._bodies for form in body.forms)

    @cached_property
    def _title_index(self) -> PhraseIndex[Title]:
        return PhraseIndex((form, title) for title in self._titles for form in title.forms)

    @cached_property
    def _modifier_index(self) -> PhraseIndex[Modifier]:
        return PhraseIndex((form, modifier) for modifier in self._modifiers for form in modifier.forms)

    @cached_property
    def _names(self) -> frozenset[str]:
        ambiguous = self._ambiguous
        names = {key for key, entities in self._by_key.items() for e in entities if (e.id, key) not in ambiguous}
        for entity in self._entities.values():
            if entity.type == "PER":
                parts = {part for name in entity.names for part in name_key(name).split() if len(part) > 2}
                names.update(parts.difference(map(name_key, entity.ambiguous)))
        return frozenset(names | self._load_name_parts())

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first word of every known name, as `arner.text.folding.name_key` spells it."""
        return frozenset(key.split(" ", 1)[0] for key in self._by_key)

    def lookup(self, name: str) -> tuple[KnownEntity, ...]:
        """The entities that bear the Arabic or English name, ambiguous or not; none where it is unknown."""
        return self._by_key.get(name_key(name), ())

    def is_ambiguous(self, entity: KnownEntity, name: str) -> bool:
        """Whether the name is listed as one that means other things than this entity, too."""
        return bool(entity.ambiguous) and (entity.id, name_key(name)) in self._ambiguous

    def get(self, entity_id: str) -> KnownEntity | None:
        """The entity with that id."""
        return self._entities.get(entity_id)

    def country(self, code: str) -> KnownEntity | None:
        """The country or territory with that ISO 3166 alpha-2 code or id, in either case.

        >>> from arner.knowledge import load_knowledge
        >>> load_knowledge().country("fr").name
        'فرنسا'
        """
        entity = self._entities.get(code) or self._entities.get(code.upper())
        return entity if entity is not None and entity.kind in ("country", "territory", "historic") else None

    def capital_of(self, entity_id: str) -> KnownEntity | None:
        """The country whose capital that entity is.

        >>> from arner.knowledge import load_knowledge
        >>> load_knowledge().capital_of("astana").id
        'KZ'
        """
        entity = self._entities.get(entity_id)
        if entity is None or entity.kind != "capital" or entity.country is None:
            return None
        return self.country(entity.country)

    def capitals(self, country_id: str) -> tuple[KnownEntity, ...]:
        """The capitals of a country, none where the capital is contested."""
        return self._capitals.get(country_id, ())

    @cached_property
    def _capitals(self) -> dict[str, tuple[KnownEntity, ...]]:
        found: dict[str, tuple[KnownEntity, ...]] = {}
        for entity in self._entities.values():
            if entity.kind == "capital" and entity.country is not None:
                found[entity.country] = (*found.get(entity.country, ()), entity)
        return found

    def demonym(self, word: str) -> Demonym | None:
        """The demonym that a word (or phrase) without proclitics is: any gender, number, spelling, definite or not.

        >>> from arner.knowledge import load_knowledge
        >>> knowledge = load_knowledge()
        >>> found = knowledge.demonym("الروسيان")
        >>> found.country, found.number, found.definite
        ('RU', 'dual', True)
        >>> knowledge.demonym("البلدين") is None
        True
        """
        return self._demonyms.find(word)

    def demonym_at(self, words: Sequence[str], start: int) -> tuple[Demonym, int] | None:
        """The longest demonym that begins at ``words[start]``, with its length in words (الكوري الشمالي is two)."""
        for length in range(min(self._demonyms.longest_from(words[start]), len(words) - start), 0, -1):
            part = words[start : start + length]
            found = self._demonyms.find(" ".join(part))
            if found is not None and name_key(part[-1]):  # a mark behind the demonym has no key
                return found, length
        return None

    def body_at(self, words: Sequence[str], start: int) -> int:
        """The length in words of a state body's name made of a head noun at ``words[start]`` and a demonym, 0 if none.

        The first word may carry proclitics.

        >>> from arner.knowledge import load_knowledge
        >>> knowledge = load_knowledge()
        >>> knowledge.body_at("قالت الحكومة اللبنانية".split(), 1), knowledge.body_at(["الحكومة", "الجديدة"], 0)
        (2, 0)
        >>> knowledge.body_at("قال وزير الخارجية الروسي".split(), 2)
        0
        """
        found = self._body_index.find(words, start)
        if found is None:
            return 0
        body, length = found
        before = without_proclitics(name_key(words[start - 1])) if start else []
        if any(name_key(word) in before for word in body.not_after):
            return 0
        demonym = self.demonym_at(words, start + length) if start + length < len(words) else None
        return length + demonym[1] if demonym is not None and demonym[0].definite else 0

    def title(self, words: Sequence[str], start: int) -> tuple[Title, int] | None:
        """The longest title that begins at ``words[start]``, with its length in words.

        The first word may carry proclitics (والرئيس, للرئيس).

        >>> from arner.knowledge import load_knowledge
        >>> title, length = load_knowledge().title("قال وزير الخارجية الروسي".split(), 1)
        >>> title.relation, length
        ('minister_of', 2)
        """
        return self._title_index.find(words, start)

    def modifier(self, words: Sequence[str], start: int) -> tuple[Modifier, int] | None:
        """The longest modifier of a title (السابق, بالوكالة) at ``words[start]``, with its length in words."""
        return self._modifier_index.find(words, start)

    def is_name(self, key: str) -> bool:
        """Whether a key is a known name, or a given or family name. A set look-up.

        Args:
            key: a name as `arner.text.folding.name_key` spells it.

        >>> from arner.knowledge import load_knowledge
        >>> knowledge = load_knowledge()
        >>> knowledge.is_name("بوتين"), knowledge.is_name("لاوباما"), knowledge.is_name("اوباما")
        (True, False, True)
        """
        return key in self._names
