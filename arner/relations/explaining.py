"""Explanations gathered: the reading of the engine once more, with a note of what each rule made of the text."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from arner.relations.engine import Found, Reading
from arner.relations.explanation import Explanation, FiredRule, NearMiss, Phrase, SlotReading
from arner.relations.items import Head, Item, WordLike
from arner.relations.matcher import Match, find_matches
from arner.relations.merge import merge
from arner.relations.near import Near, NearRunner
from arner.relations.reasons import Reason
from arner.relations.reference import Referents
from arner.relations.rule import Claim, Rule, RuleSet, Stage
from arner.relations.scores import weigh
from arner.schema import Document, Relation, Span

if TYPE_CHECKING:
    from arner.knowledge import Knowledge
    from arner.linking import LinkedText

__all__ = ["LEAST_SHARE", "explain_relations"]

LEAST_SHARE: Final = 0.5
"""How much of a pattern must be there for the rule to have come near."""

_TURNS: Final = frozenset({"@possibility", "@rejection"})
"""Words that turn a claim into a wish, a condition, a possibility or somebody else's refusal."""

_SHOWN: Final = 80
"""Characters of a pattern that a message shows."""

_PER_TRIGGER: Final = 3
"""Rules that are told of one trigger as near misses: those that came furthest."""


def explain_relations(
    text: str,
    words: Sequence[WordLike],
    sentences: Sequence[tuple[int, int]],
    linked: LinkedText,
    knowledge: Knowledge,
    rules: RuleSet,
    date: datetime.date | None = None,
    *,
    min_score: float = 0.0,
    least_share: float = LEAST_SHARE,
    id: str | None = None,
    model: str = "",
) -> Explanation:
    """What `find_relations` reads, and why; several times as slow. The arguments are those of `find_relations`.

    Args:
        min_score: relations that score below are near misses.
        least_share: how much of a pattern must be there for the rule to have come near; 0 tells of every rule whose
            trigger is there.
        id: id of the document.
        model: name and version of the model that found the names.
    """
    reading = _ExplainedReading(text, words, sentences, linked, rules, knowledge, date)
    found, relations = reading.run()
    fired = reading.fired(relations, min_score)
    return Explanation(
        document=Document(
            id=id,
            text=text,
            mentions=found.mentions,
            entities=found.entities,
            relations=tuple(entry.relation for entry in fired),
            model=model,
        ),
        fired=tuple(fired),
        near_misses=tuple(reading.near_misses(fired, least_share)),
        phrases=tuple(reading.phrases_read),
    )


class _ExplainedReading(Reading):
    """A reading that remembers."""

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
        super().__init__(text, words, sentences, linked, rules, knowledge, date)
        self.names = {entity.id: entity.name for entity in linked.entities}
        self.sources: list[Found] = []
        self.kept: dict[int, Found] = {}
        self.near: list[Near] = []
        self.misses: list[NearMiss] = []
        self.phrases_read: list[Phrase] = []

    def matches(self, items: list[Item], stage: Stage) -> Iterable[Match]:
        runner = NearRunner(items, self.rules, phrase=stage != "clause")
        found = list(find_matches(items, self.rules, stage, runner))
        self.near.extend(runner.found)
        return found

    def choose(self, items: list[Item], matches: Iterable[Match], *, rightmost: bool) -> list[Match]:
        found = list(matches)
        chosen = super().choose(items, found, rightmost=rightmost)
        kept = {id(match) for match in chosen}
        for match in found:
            if id(match) not in kept and match.rule.claims:
                winner = next(m for m in chosen if match.first <= m.last and m.first <= match.last)
                words = self.span(items, winner.first, winner.last).text
                self.miss(Found(match, items, 0), Reason.OTHER_PHRASE, f"its words are read as «{words}»", winner.rule)
        return chosen

    def named(self, found: Found, heads: tuple[Head, ...]) -> None:
        match, items, _ = found
        self.phrases_read.append(
            Phrase(
                **self.of_rule(found),
                stage=match.rule.stage,
                words=self.span(items, match.first, match.last),
                entities=tuple(head.entity for head in heads),
            )
        )

    def lost(self, found: Found, claim: Claim | None, reason: Reason, *ends: Head) -> None:
        match = found.match
        if reason is Reason.NOT_CLAIMED:
            word = next((item for item in found.items[match.anchor :: -1] if item.tags.keys() & _TURNS), None)
            turned = f" («{self.text[word.start : word.end]}»)" if word is not None else ""
            message = f"what stands before{turned} makes it a wish, a condition, a possibility or another's refusal"
        elif reason is Reason.SAME_ENTITY:
            message = f"subject and object are both {self.names[ends[0].entity]}"
        elif reason is Reason.WRONG_TYPE and claim is not None and claim.type is not None:
            types = [" or ".join(sorted(side)) for side in claim.type.signature]
            message = f"{claim.type.value} holds between {types[0]} and {types[1]}, not between "
            message += " and ".join(f"{self.names[end.entity]} ({_types(end)})" for end in ends)
        else:
            open_slots = [slot for slot, filled in match.slots.items() if not filled.heads]
            which = ", ".join("{" + slot + "}" for slot in open_slots) or "the phrase"
            message = f"no single entity is plain for {which}"
        self.miss(found, reason, message, None, None if claim is None or claim.type is None else claim)

    def claims(self, found: Found, referents: Referents) -> Iterator[Relation]:
        for relation in super().claims(found, referents):
            self.sources.append(found)
            yield relation

    def counterpart(self, found: Found) -> Iterator[Relation]:
        for relation in super().counterpart(found):
            self.sources.append(found)
            yield relation

    def join(self, relations: list[Relation]) -> tuple[Relation, ...]:
        weighed = list(weigh(relations, self.linked))
        sources = {id(relation): found for relation, found in zip(weighed, self.sources, strict=True)}

        def lost(relation: Relation, reason: Reason, other: Relation) -> None:
            self.miss(
                sources[id(relation)], reason, self.outdone(reason, relation, other), self.rule_of(other), relation
            )

        merged = merge(weighed, lost)
        self.kept = {id(relation): sources[id(relation)] for relation in merged}
        return merged

    def outdone(self, reason: Reason, relation: Relation, other: Relation) -> str:
        """Why another relation stands in the place of this one."""
        claim = self.claim(relation)
        if reason is Reason.SUPPRESSED:
            return f"{claim} is already said by {other.type.value} («{other.evidence.text}»)"
        if reason is Reason.OFFICE_TAKEN:
            return f"{self.names[other.subject]} holds the office with a better score ({other.score:g})"
        return f"{claim} is read from «{other.evidence.text}» as well, with score {other.score:g}"

    def claim(self, relation: Relation) -> str:
        """The relation in words."""
        return f"{self.names[relation.subject]} {relation.type.value} {self.names[relation.object]}"

    def rule_of(self, relation: Relation) -> Rule | None:
        """The rule from which a relation comes."""
        return next((rule for rule in self.rules.rules if rule.id == relation.rule), None)

    def miss(
        self,
        found: Found,
        reason: Reason,
        message: str,
        winner: Rule | None = None,
        claim: Claim | Relation | None = None,
    ) -> None:
        """Remember a match that comes to nothing."""
        match, items, _ = found
        types = match.rule.types if claim is None or claim.type is None else (claim.type,)
        self.misses.append(
            NearMiss(
                **self.of_rule(found),
                types=types,
                reason=reason,
                message=message,
                at=self.span(items, match.first, match.last),
                share=1.0,
                instead=winner.id if winner is not None else None,
            )
        )

    def of_rule(self, found: Found) -> dict[str, Any]:
        """The fields that say which rule it is and what its slots took."""
        match, items, _ = found
        slots = [
            self.slot(items, name, filled.at, filled.how, filled.heads)
            for name, filled in sorted(match.slots.items(), key=lambda entry: entry[1].at)
        ]
        return self.fields(match.rule, match.pattern.text, self.span(items, match.anchor, match.anchor), slots)

    def fields(self, rule: Rule, pattern: str, trigger: Span, slots: Sequence[SlotReading]) -> dict[str, Any]:
        """The fields of every model that tells of a rule."""
        return {
            "rule": rule.id,
            "pattern": pattern,
            "file": rule.file,
            "line": rule.line,
            "trigger": trigger,
            "slots": tuple(slots),
        }

    def slot(self, items: list[Item], name: str, at: int, how: str, heads: Sequence[Head]) -> SlotReading:
        """What a slot took."""
        kind: Literal["name", "date", "pronoun", "unsaid"] = "pronoun" if how in ("m", "f", "d", "p") else "unsaid"
        if how in ("name", "date"):
            kind = "name" if how == "name" else "date"
        words = self.span(items, at, at) if kind != "unsaid" else None
        return SlotReading(slot=name, how=kind, words=words, entities=tuple(head.entity for head in heads))

    def span(self, items: list[Item], first: int, last: int) -> Span:
        """The words from one item to another; of a single name without its clitics."""
        start, end = items[first].start if first == last else items[first].outer, items[last].end
        return Span(start=start, end=end, text=self.text[start:end])

    def fired(self, relations: Sequence[Relation], min_score: float) -> list[FiredRule]:
        """The rules from which the relations come; what scores too low is remembered as a miss."""
        fired: list[FiredRule] = []
        for relation in relations:
            found = self.kept[id(relation)]
            if relation.score < min_score:
                message = f"{self.claim(relation)} has score {relation.score:g}, which is below {min_score:g}"
                self.miss(found, Reason.LOW_SCORE, message, None, relation)
            else:
                words = self.span(found.items, found.match.first, found.match.last)
                fired.append(FiredRule(**self.of_rule(found), words=words, relation=relation))
        return fired

    def near_misses(self, fired: Sequence[FiredRule], least_share: float) -> Iterator[NearMiss]:
        """The misses that tell something, in the order of the text."""
        done = {(entry.rule, entry.trigger.start) for entry in [*fired, *self.phrases_read]}
        claimed = {(entry.relation.type, entry.trigger.start) for entry in fired}
        misses: dict[tuple[str, int, object], NearMiss] = {}
        for miss in self.misses:
            if miss.reason is not Reason.OTHER_PHRASE or (miss.rule, miss.trigger.start) not in done:
                misses.setdefault((miss.rule, miss.trigger.start, (miss.reason, miss.message)), miss)
        done |= {(miss.rule, miss.trigger.start) for miss in misses.values()}
        told: dict[int, dict[str, NearMiss]] = {}
        for near in sorted((near for near in self.near if _tells(near, least_share)), key=lambda near: -near.share):
            start = near.items[near.anchor].start
            others = told.setdefault(start, {})
            if near.rule.id in others or (least_share and len(others) == _PER_TRIGGER) or (near.rule.id, start) in done:
                continue
            if not any((type, start) in claimed for type in near.rule.types):
                others[near.rule.id] = self.stopped(near)
        found = [*misses.values(), *(miss for others in told.values() for miss in others.values())]
        yield from sorted(found, key=lambda miss: (miss.trigger.start, -miss.share, miss.rule))

    def stopped(self, near: Near) -> NearMiss:
        """A pattern that came part of the way, as a near miss."""
        items, at = near.items, near.at
        here = items[at] if 0 <= at < len(items) else None
        word = self.text[here.start : here.end] if here is not None else ""
        slots = [
            self.slot(items, name, n, "name" if items[n].heads else "date", items[n].heads) for name, n in near.filled
        ]
        return NearMiss(
            **self.fields(near.rule, near.pattern.text, self.span(items, near.anchor, near.anchor), slots),
            types=near.rule.types,
            reason=near.reason,
            message=_stopped(near, here, word),
            at=self.span(items, at, at) if here is not None else None,
            share=round(near.share, 2),
        )


def _tells(near: Near, least_share: float) -> bool:
    """Whether enough of the rule was there: its trigger word, a name, and that share of the pattern."""
    if not near.rule.claims or not least_share:
        return bool(near.rule.claims)
    words = near.items[near.anchor].kind == "word" or len(near.filled) > 1
    named = any(near.items[n].heads for _, n in near.filled)
    return words and named and near.share >= least_share


def _stopped(near: Near, here: Item | None, word: str) -> str:
    wanted = near.wanted or "the end"
    if len(wanted) > _SHOWN:
        wanted = wanted[: _SHOWN - 1] + "…"
    if near.reason is Reason.FORBIDDEN:
        return f"«{word}» may not stand there (!{wanted})"
    if near.reason is Reason.PARTICLE:
        return f"«{near.wanted}» is written onto «{word}»" if len(near.wanted) == 1 else f"{wanted} is not «{word}»"
    if near.reason is Reason.OTHER_PHRASE:
        return f"«{word}» belongs to «{near.wanted}»"
    if here is None:
        return f"the sentence {'ends' if near.at >= len(near.items) else 'begins'} before {wanted}"
    if near.reason is Reason.WRONG_TYPE:
        return f"{wanted} does not take «{word}» ({_types(here.heads[0])})"
    if near.reason is Reason.BARRIER:
        return f"«{word}» stands before {wanted} and closes the clause"
    if near.reason is Reason.NAME_BETWEEN:
        return f"the name «{word}» stands before {wanted}"
    if near.reason is Reason.TOO_FAR:
        return f"{wanted} does not come within the gap, which ends at «{word}»"
    return f"{wanted} is wanted where «{word}» stands"


def _types(head: Head) -> str:
    """The types of an entity that rules know: its entity type first."""
    return ", ".join(sorted(head.types - {"counterpart"}, key=lambda name: (name.islower(), name)))
