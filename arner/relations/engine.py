"""The rule layer's one entry: linked mentions in, typed and evidenced relations out."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice, product
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.relations.asides import split_asides
from arner.relations.attributes import Attributes, ended, evidence_span, role_words, scope, when_of
from arner.relations.ends import accepts, antecedent_of, governing, has_own_subject, relative_before
from arner.relations.entities import heads_of, names_by_word, with_nominals
from arner.relations.home import Home
from arner.relations.items import Head, Item, WordLike, build_items
from arner.relations.matcher import Match, find_matches
from arner.relations.merge import merge
from arner.relations.phrases import choose, collapse, coordinate
from arner.relations.reasons import Reason
from arner.relations.reference import Offices, Organisations, Referents
from arner.relations.rule import Claim, RuleSet, Stage
from arner.relations.scores import BY_PRONOUN, weigh
from arner.schema import Relation, RelationType, Span
from arner.text.dates import find_dates

if TYPE_CHECKING:
    from arner.knowledge import Knowledge
    from arner.linking import LinkedText

__all__ = ["Found", "Reading", "find_relations"]

_ROUNDS: Final[dict[Stage, int]] = {"name": 4, "noun": 1, "title": 1, "apposition": 2}
_MOST_PAIRS: Final = 60
"""Triples that one match may claim, however many names are coordinated in it."""

_LONGEST: Final = 300
"""Words of a sentence that are read as one."""

_PRONOUNS: Final = frozenset("mfdp")
"""How a slot is filled that a suffix pronoun fills: ه، ها، هما، هم."""

_KIN: Final = RelationType.SPOUSE_OF.signature.object
_OFFICES: Final = frozenset(
    {RelationType.HEAD_OF_STATE_OF, RelationType.HEAD_OF_GOVERNMENT_OF, RelationType.MINISTER_OF}
)


class Found(NamedTuple):
    """A match with its place, before its slots are looked up."""

    match: Match
    items: list[Item]
    sentence: int


def find_relations(
    text: str,
    words: Sequence[WordLike],
    sentences: Sequence[tuple[int, int]],
    linked: LinkedText,
    knowledge: Knowledge,
    rules: RuleSet,
    date: datetime.date | None = None,
) -> tuple[LinkedText, tuple[Relation, ...]]:
    """The relations that the text states between linked entities.

    Args:
        text: the text as given.
        words: its words, from `arner.text.words.split_words`.
        sentences: half-open word ranges, from `arner.text.sentences.split_sentences`.
        linked: mentions and entities, from `arner.linking.link`.
        knowledge: what is known of places and organisations.
        rules: from `load_rules`.
        date: the day on which the text appeared; dates the weekdays in it.

    Returns:
        The linked text, with a mention of kind ``nominal`` for each title or pronoun-like noun that was read as an
        entity and bears a relation, and the relations: one per polarity, in the order of the text.
    """
    return Reading(text, words, sentences, linked, rules, knowledge, date).run()


class Reading:
    """One text being read. Subclasses that explain it override the methods before `run`."""

    def __init__(
        self,
        text: str,
        words: Sequence[WordLike],
        sentences: Sequence[tuple[int, int]],
        linked: LinkedText,
        rules: RuleSet,
        knowledge: Knowledge,
        date: datetime.date | None,
    ) -> None:
        self.text = text
        self.linked = linked
        self.rules = rules
        self.heads = heads_of(linked, rules.kinds)
        starts = [word.start for word in words]
        names = names_by_word(linked, self.heads, starts)
        dates: dict[int, int] = {}
        self.isos: dict[int, str | None] = {}
        for found in find_dates(text, words, date):  # type: ignore[arg-type]
            first = bisect_right(starts, found.start) - 1
            dates[first] = bisect_left(starts, found.end)
            self.isos[starts[first]] = found.iso
        self.sentences = [
            part
            for first, last in _pieces(sentences)
            for part in split_asides(text, build_items(text, words, first, last, names, dates, rules))
        ]
        self.offices = Offices()
        self.organisations = Organisations()
        self.titled_items: list[Item] | None = None
        self.titles: dict[int, str | None] = {}
        self.home = Home(linked, self.heads, knowledge)

    def matches(self, items: list[Item], stage: Stage) -> Iterable[Match]:
        """The matches of a stage in a sentence."""
        return find_matches(items, self.rules, stage)

    def choose(self, items: list[Item], matches: Iterable[Match], *, rightmost: bool) -> list[Match]:  # noqa: ARG002
        """Of phrases in a sentence that overlap, those that are read as one name."""
        return choose(list(matches), rightmost=rightmost)

    def join(self, relations: list[Relation]) -> tuple[Relation, ...]:
        """The claims without repeats and without those that others rule out."""
        return merge(weigh(relations, self.linked))

    def lost(self, found: Found, claim: Claim | None, reason: Reason, *ends: Head) -> None:
        """Called where a match claims nothing after all."""

    def named(self, found: Found, heads: tuple[Head, ...]) -> None:
        """Called where a phrase is read as one name that stands for `heads`."""

    def run(self) -> tuple[LinkedText, tuple[Relation, ...]]:
        """The linked text, with nominals, and its relations."""
        phrases: list[Found] = []
        for number, items in enumerate(self.sentences):
            for item in items:
                if item.kind == "name":
                    self.organisations.note(self.text[item.start : item.end], item.heads, number)
            phrases.extend(self.phrases(number))
        referents = Referents(self.sentences, self.offices, self.heads)
        relations: list[Relation] = []
        counterparts: list[Found] = []
        for found in phrases:
            relations.extend(self.claims(found, referents))
            if any(claim.type is None for claim in found.match.rule.claims):
                counterparts.append(found)
        for found in counterparts:
            relations.extend(self.counterpart(found))
        for number in range(len(self.sentences)):
            self.nominal(number, referents)
            items = coordinate(self.sentences[number])
            self.sentences[number] = items
            for match in self.matches(items, "clause"):
                relations.extend(self.claims(Found(match, items, number), referents))
        merged = self.join(relations)
        return with_nominals(self.text, self.linked, self.sentences, merged), merged

    def phrases(self, number: int) -> Iterator[Found]:
        """Read titles and the like as names, stage by stage; yields what was matched."""
        for stage, rounds in _ROUNDS.items():
            for _ in range(rounds):
                items = self.sentences[number]
                chosen = self.choose(items, self.matches(items, stage), rightmost=stage == "name")
                if not chosen:
                    break
                heads: list[tuple[Match, tuple[Head, ...]]] = []
                for match in chosen:
                    if stage == "noun":
                        noun = self.organisations.find(items[match.first].key, number)
                        if noun is not None:
                            heads.append((match, (noun,)))
                            self.named(Found(match, items, number), (noun,))
                        continue
                    heads.append((match, _head_of(match)))
                    self.named(Found(match, items, number), heads[-1][1])
                    yield Found(match, items, number)
                    self.note_offices(match, items)
                    if stage == "name" and not match.rule.claims:
                        self.organisations.note(items[match.first].key, heads[-1][1], number)
                self.sentences[number] = collapse(items, heads)

    def note_offices(self, match: Match, items: list[Item]) -> None:
        """Remember who holds which high office by this match."""
        for claim in match.rule.claims:
            if claim.type in _OFFICES:
                former = scope(items, match).status == "former"
                role = role_words(self.text, items, match)
                if claim.object not in match.slots:
                    continue
                for person in match.slots[claim.subject].heads:
                    for country in match.slots[claim.object].heads:
                        self.offices.add(person.entity, claim.type, country.entity, role, former=former)

    def nominal(self, number: int, referents: Referents) -> None:
        """Read titles without a name, بلاده and the like as the names for which they stand."""
        items = self.sentences[number]
        chosen: list[tuple[Match, tuple[Head, ...]]] = []
        for match in self.choose(items, self.matches(items, "nominal"), rightmost=False):
            heads = referents.nominal(match, items, number)
            if heads:
                chosen.append((match, heads))
                self.named(Found(match, items, number), heads)
            else:
                self.lost(Found(match, items, number), None, Reason.UNRESOLVED)
        if chosen:
            self.sentences[number] = collapse(items, chosen)

    def claims(self, found: Found, referents: Referents) -> Iterator[Relation]:
        """The relations that a match states."""
        match, items, _ = found
        attributes = scope(items, match)
        if attributes.dropped:
            self.lost(found, None, Reason.NOT_CLAIMED)
            return
        for claim in match.rule.claims:
            if claim.type is None:
                continue
            pairs: Iterator[tuple[Head, Head]]
            if "both" in match.slots and claim.subject not in match.slots:
                pairs = combinations(match.slots["both"].heads, 2)
            else:
                signature = claim.type.signature
                subjects = self.ends(found, claim.subject, signature.subject, referents)
                objects = self.ends(found, claim.object, signature.object, referents)
                how = match.slots[claim.object].how if claim.object in match.slots else ""
                if subjects and how in ("home", "own"):
                    look = self.home.of if how == "home" else self.home.own
                    objects = look(subjects[0].entity)
                if not subjects or not objects:
                    self.lost(found, claim, Reason.UNRESOLVED)
                    continue
                pairs = product(subjects, objects)
            for subject, object in islice(pairs, _MOST_PAIRS):
                relation = self.relation(found, claim, claim.type, attributes, subject, object)
                if relation is not None:
                    yield relation

    def ends(self, found: Found, slot: str, types: frozenset[str], referents: Referents) -> tuple[Head, ...]:
        """The entities at one end of a claim; of ``object.country`` the country of the body that the slot took."""
        match, items, number = found
        name, _, part = slot.partition(".")
        heads = referents.resolve(match.slots[name], items, number, types)
        if part == "country":
            return tuple(country for head in heads for country in self.home.country_of(head.entity))
        if match.slots[name].how == "topic" and items[match.anchor].key.endswith(("وا", "ون")):
            return ()
        if match.slots[name].how == "topic" and has_own_subject(items, match):
            return ()
        if match.slots[name].how == "topic":
            relative = relative_before(items, match.first)
            if relative is not None:
                return antecedent_of(items, relative, match.slots[name].slot.types or types)
        if len(heads) == 2 and any(claim.type is RelationType.CHILD_OF for claim in match.rule.claims):
            return heads
        if len(heads) > 1 and types == _KIN and match.slots[name].how == "name":
            # Of coordinated names only the one beside the word is kin: سارة زوجة سامر وعادل.
            return heads[:1] if match.slots[name].at > match.anchor else heads[-1:]
        return governing(match, items, name, heads)

    def counterpart(self, found: Found) -> Iterator[Relation]:
        """A counterpart (نظيره الفرنسي فلان) holds the office of the person named before or after him."""
        match = found.match
        for claim in match.rule.claims:
            if claim.type is not None:
                continue
            office = self.office_beside(found)
            if office is None:
                self.lost(found, claim, Reason.UNRESOLVED)
                continue
            for subject in match.slots[claim.subject].heads:
                for object in match.slots[claim.object].heads:
                    self.offices.add(subject.entity, office[0], object.entity, office[1], former=False)
                    type = RelationType(office[0])
                    relation = self.relation(found, claim, type, scope(found.items, match), subject, object)
                    if relation is not None:
                        yield relation.model_copy(update={"role": office[1] or relation.role})

    def office_beside(self, found: Found) -> tuple[str, str | None] | None:
        """The office that a person or an unnamed title before (failing that, after) the match holds."""
        match, items, _ = found
        if items is not self.titled_items:
            self.titled_items = items
            found_titles = find_matches(items, self.rules, "nominal")
            self.titles = {title.first: title.rule.refer for title in found_titles if title.rule.refer in _OFFICES}
        titles = {n: refer for n, refer in self.titles.items() if not match.first <= n <= match.last}
        for n in [*range(match.first - 1, -1, -1), *range(match.last + 1, len(items))]:
            if n in titles:
                return str(titles[n]), None
            for head in items[n].heads if items[n].kind == "name" else ():
                office = self.offices.office(head.entity)
                if office is not None:
                    return office
                if n < match.first and "PER" in head.types:
                    return None
        return None

    def relation(
        self, found: Found, claim: Claim, type: RelationType, attributes: Attributes, subject: Head, object: Head
    ) -> Relation | None:
        """The relation between two entities, unless they are one or of the wrong types."""
        match, items, _ = found
        if subject.entity == object.entity:
            self.lost(found, claim, Reason.SAME_ENTITY, subject, object)
            return None
        if not accepts(type, subject, object):
            self.lost(found, claim, Reason.WRONG_TYPE, subject, object)
            return None
        anchor = items[match.anchor]
        when = when_of(self.text, items, match, self.isos)
        referred = any(filled.how != "name" for filled in match.slots.values())
        return Relation(
            subject=subject.entity,
            type=type,
            object=object.entity,
            polarity=attributes.polarity,
            status=ended(attributes.status, type, when),
            role=role_words(self.text, items, match),
            when=when,
            evidence=evidence_span(self.text, items, match, whole=referred),
            trigger=Span(start=anchor.start, end=anchor.end, text=self.text[anchor.start : anchor.end]),
            score=round(match.rule.score * BY_PRONOUN, 4) if _by_pronoun(match, claim) else match.rule.score,
            rule=match.rule.id,
        )


def _by_pronoun(match: Match, claim: Claim) -> bool:
    """Whether an end of the claim is a suffix pronoun."""
    ends = (match.slots.get(end.partition(".")[0]) for end in (claim.subject, claim.object))
    return any(filled is not None and filled.how in _PRONOUNS for filled in ends)


def _pieces(sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The sentences, those without an end in sight cut up, so that looking back in one costs a fixed time at most."""
    for first, last in sentences:
        for start in range(first, last, _LONGEST):
            yield start, min(last, start + _LONGEST)


def _head_of(match: Match) -> tuple[Head, ...]:
    """The entities for which the matched phrase stands; a counterpart is marked, since somebody is meant beside him."""
    heads = match.slots[match.rule.heads[0]].heads
    for name in match.rule.heads[1:]:
        heads = tuple(dict.fromkeys((*heads, *match.slots[name].heads)))
    if any(claim.type is None for claim in match.rule.claims):
        heads = tuple(Head(head.entity, head.types | {"counterpart"}) for head in heads)
    return heads
