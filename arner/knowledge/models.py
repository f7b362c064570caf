"""The things that knowledge holds: known entities, demonyms, bodies, titles, and the words that modify a title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Body", "Demonym", "Gender", "KnownEntity", "Modifier", "Number", "Status", "Title"]

Gender = Literal["masculine", "feminine"]
Number = Literal["singular", "dual", "plural"]
Status = Literal["former", "acting", "planned", "actual"]


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """A country, place, organisation, person or other named thing, as a data file describes it.

    Attributes:
        id: unique over all files; the ISO 3166 alpha-2 code for a country, a short English phrase for the rest.
        type: entity type, one of PER, LOC, ORG, MISC.
        name: the usual Arabic name.
        name_en: the usual English name.
        wikidata: Wikidata id, given only where certain.
        aliases: other names and spellings.
        kind: country, territory, historic, capital, city, region, continent, water, site, international, state body,
            party, armed group, media, company, bank, club, person, other.
        country: ISO 3166 alpha-2 code of the country that it lies in, belongs to or comes from.
        ambiguous: those names that also mean something else, so that they need context.
    """

    id: str
    type: str
    name: str
    name_en: str | None = None
    wikidata: str | None = None
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    country: str | None = None
    ambiguous: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The usual name, then the aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Demonym:
    """One inflected form of the adjective or noun that points at a country, region or international organisation.

    Attributes:
        form: the form as it was asked for.
        country: id of the known entity that it points at.
        gender: masculine or feminine.
        number: singular, dual or plural.
        definite: whether the form carries the article.
        ambiguous: whether it is also an ordinary word or a name (مالي, غربي), so that it needs context.
    """

    form: str
    country: str
    gender: Gender
    number: Number
    definite: bool
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A head noun that a demonym makes the name of a state's body (الحكومة + اللبنانية, الخارجية + الروسية).

    Attributes:
        id: unique over all files.
        forms: the noun, definite, without proclitics.
        not_after: words after which it is no body (وزير الخارجية الروسي is a person's post).
    """

    id: str
    forms: tuple[str, ...]
    not_after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """An office, rank, profession or form of address that stands before or after a person's name.

    Attributes:
        id: unique over all files.
        title: the masculine singular.
        forms: every form that a text may show, one or more words each, without proclitics.
        role: the class of the title: head_of_state, head_of_government, minister, leader, representative, deputy,
            legislator, military, judge, media, religious, royal, employee, honorific.
        relation: the relation type between the holder and what the title is of, or None where it claims none.
        needs: what the title must be completed by to claim the relation: country, organisation, any, or None.
        status: planned (president-elect), former or acting where the title itself says so, else None.
        inverse: whether the holder is the object of the relation (founder, owner) and not its subject.
        name_en: English.
        note: how to read it, for people.
    """

    id: str
    title: str
    forms: tuple[str, ...]
    role: str
    relation: str | None
    needs: str | None = None
    status: Status | None = None
    inverse: bool = False
    name_en: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Modifier:
    """A word or phrase after a title that says when the office is held (السابق, بالوكالة, المنتخب)."""

    id: str
    status: Status
    forms: tuple[str, ...]
