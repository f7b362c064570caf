"""Patterns run over the items of a sentence, from the trigger outwards, within a fixed number of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import or_
from typing import Final, NamedTuple

from arner.relations.items import Head, Item
from arner.relations.nodes import Choice, Gap, Look, Mark, Maybe, Not, Sequence, Slot, Topic, Word
from arner.relations.pattern import Pattern
from arner.relations.rule import Entry, Rule, RuleSet, Stage

__all__ = ["Env", "Event", "Filled", "Match", "Runner", "Then", "find_matches"]

_STEPS: Final = 3000
"""Steps that one pattern may take at one trigger: what keeps an adversarial text linear."""

_DEMONYM: Final = frozenset({"DEM"})
_DATE: Final = frozenset({"DATE"})
_LEAVES: Final = (Slot, Word, Mark)
_LOOKS: Final = (Not, Look)
_ONE_WORD: Final = (1,)

_PASSED: Final = 6
"""Transparent items that may be passed over between two elements."""


class Filled(NamedTuple):
    """What a slot took: entities, or a pronoun or unsaid subject to be looked up."""

    heads: tuple[Head, ...]
    at: int
    how: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found: items ``first`` to ``last`` (inclusive), the trigger item, and what the slots took."""

    rule: Rule
    pattern: Pattern
    first: int
    last: int
    anchor: int
    slots: dict[str, Filled]
    role: tuple[int, int] | None
    conjunction: str
    particle: str


class Event(NamedTuple):
    """What one element of a pattern took: a list that grows at its head, so that going back costs nothing."""

    before: Event | None
    begin: int
    end: int
    conjunction: str
    particle: str
    role: bool
    filled: Filled | None


Env = Event | None
Then = Callable[[int, Env], "Env | bool"]


def find_matches(items: list[Item], rules: RuleSet, stage: Stage, runner: Runner | None = None) -> Iterator[Match]:
    """Every match of the stage's rules, by trigger from left to right; at most one per rule and trigger.

    Args:
        items: the sentence as it stands before the stage.
        rules: the rule set.
        stage: which rules to run.
        runner: what runs the patterns, where it is not to be a plain one.
    """
    by_word, by_type, anchors = rules.by_word[stage], rules.by_type[stage], rules.anchors[stage]
    if runner is None:
        runner = Runner(items, rules, phrase=stage != "clause")
    masks = [item.mask if item.mask >= 0 else _mask(item, rules) for item in items]
    before = [0, *accumulate(masks, or_)]
    if not before[-1] & anchors:
        return
    after = [*accumulate(reversed(masks), or_, initial=0)]
    prune, last = runner.prunes, len(items) - 1
    for index, item in enumerate(items):
        if not masks[index] & anchors:
            continue
        left, right = before[index], after[last - index]
        done: set[str] = set()
        for entry in _entries(item, by_word, by_type):
            if entry.rule.id in done or (prune and not (_holds(right, entry.right) and _holds(left, entry.left))):
                continue
            match = runner.run(entry.rule, entry.pattern, index)
            if match is not None:
                done.add(entry.rule.id)
                yield match


def _entries(
    item: Item, by_word: Mapping[str, tuple[Entry, ...]], by_type: Mapping[str, tuple[Entry, ...]]
) -> Iterator[Entry]:
    """The patterns that hang on the item."""
    for tag in item.tags:
        if tag in by_word:
            yield from by_word[tag]
    if item.heads and by_type:
        types = {name for head in item.heads for name in head.types}
        if item.kind == "demonym":
            types = {"DEM", "DEF"} & (types | {"DEM"})
        for name in sorted(types):
            yield from by_type.get(name, ())


def _mask(item: Item, rules: RuleSet) -> int:
    """The bits of all that patterns may find in the item, which keeps them for the next stage."""
    mask = item.tags.mask
    for head in item.heads:
        mask |= rules.type_mask(head.types)
    if item.kind == "demonym":
        mask |= rules.type_mask(_DEMONYM)
    elif item.kind == "date":
        mask |= rules.type_mask(_DATE)
    item.mask = mask
    return mask


def _holds(mask: int, wanted: tuple[int, ...]) -> bool:
    """Whether one bit of each need is there."""
    for need in wanted:  # noqa: SIM110 (a generator costs more than the loop)
        if not mask & need:
            return False
    return True


class Runner:
    """Runs patterns over one sentence. `near.py` has one that also notes how far each pattern came."""

    prunes = True
    """Whether patterns are passed over for which the sentence lacks something."""

    def __init__(self, items: list[Item], rules: RuleSet, *, phrase: bool) -> None:
        self.items = items
        self.rules = rules
        self.phrase = phrase
        self.steps = 0
        self.verb_at = -1

    def run(self, rule: Rule, pattern: Pattern, index: int) -> Match | None:
        """The match of a pattern that hangs on the item; None if there is none."""
        self.steps = 0
        self.verb_at = index if "@clear" in self.items[index].tags else -1
        anchor = pattern.anchor
        for after, env in self.leaf(anchor, index, 1, None):
            done = self.walk(pattern.right, 0, after, 1, env, lambda _, right: self.left(pattern, index, right))
            if done is not None and done is not False:
                return self.match(rule, pattern, index, done)
        return None

    def left(self, pattern: Pattern, index: int, env: Env) -> Env | bool:
        """Go on to the left of the trigger, once the right side is there."""
        return self.walk(pattern.left, 0, index - 1, -1, env, lambda _, done: self.accept(done))

    def accept(self, env: Env) -> Env | bool:
        """The match, unless a clitic or a preposition before it says that it is none."""
        first = _first(env)
        event = env
        while event is not None:
            if event.conjunction and event.begin != first:
                return False
            if event.particle and (event.begin != first or not self.phrase):
                return False
            if event.begin == first and not self.phrase and self.governed(event):
                return False
            event = event.before
        return env

    def governed(self, event: Event) -> bool:
        """Whether the name that opens a match before a verb belongs to a preposition: في بغداد اختطف مجهولون."""
        filled = event.filled
        if filled is None or filled.how != "name" or filled.slot.clitic or self.verb_at <= event.begin:
            return False
        if event.begin == 0 or "@preposition" not in self.items[event.begin - 1].tags:
            return False
        after = event.begin + (2 if self.items[event.begin + 1].mark == "," else 1)
        return self.items[after].key not in ("الذي", "التي")

    def match(self, rule: Rule, pattern: Pattern, index: int, env: Env | bool) -> Match:
        """What was taken, as a `Match`."""
        slots: dict[str, Filled] = {}
        first, last, conjunction, particle = index, index, "", ""
        role: tuple[int, int] | None = None
        event = env if isinstance(env, Event) else None
        while event is not None:
            if event.begin < first or (event.begin == first and event.begin == index):
                conjunction, particle = event.conjunction, event.particle
            first, last = min(first, event.begin), max(last, event.end)
            if event.filled is not None:
                slots[event.filled.slot.name] = event.filled
            if event.role:
                role = (
                    (event.begin, event.end) if role is None else (min(role[0], event.begin), max(role[1], event.end))
                )
            event = event.before
        reading = self.items[first]
        if reading.heads:
            conjunction, particle = reading.conjunction, reading.particle
        return Match(rule, pattern, first, last, index, slots, role, conjunction, particle)

    def walk(self, nodes: Sequence, n: int, i: int, step: int, env: Env, then: Then) -> Env | bool:
        """Match ``nodes[n:]`` from item `i` on in steps of 1 or -1, then `then`; False if that fails."""
        self.steps += 1
        if self.steps > _STEPS:
            return False
        if n == len(nodes):
            return then(i, env)
        node = nodes[n]
        items = self.items
        if isinstance(node, _LEAVES):
            if isinstance(node, Word) and (step > 0 or self.rules.lengths.get(node.tag) == _ONE_WORD):
                # Most words are none of the class: go on to where one may be, or give up.
                passed = 0
                while not (0 <= i < len(items) and node.tag in items[i].tags):
                    if not 0 <= i < len(items) or not items[i].transparent or passed == _PASSED:
                        return False
                    i += step
                    passed += 1
                budget = _PASSED - passed
            else:
                budget = _PASSED
            for passed in range(budget + 1):
                for after, grown in self.leaf(node, i, step, env):
                    done = self.walk(nodes, n + 1, after, step, grown, then)
                    if done is not False:
                        return done
                if not 0 <= i < len(items) or not items[i].transparent or passed == budget:
                    return False
                i += step
            return False
        if isinstance(node, Gap):
            bare = step > 0 and n + 1 < len(nodes) and isinstance(nodes[n + 1], Slot)
            for passed in range(node.limit + 1):
                # A bare name right after a preposition is that preposition's, not what the trigger asks for.
                if not (bare and passed and "@preposition" in items[i - 1].tags):
                    done = self.walk(nodes, n + 1, i, step, env, then)
                    if done is not False:
                        return done
                if not 0 <= i < len(items):
                    return False
                item = items[i]
                wide = node.commas and item.mark == ","
                if (item.barrier and not item.transparent and not wide) or (
                    item.kind in ("name", "demonym") and not node.names
                ):
                    return False
                if node.role:
                    env = Event(env, i, i, "", "", True, None)
                i += step
            return False
        if isinstance(node, Maybe):
            return self.maybe(node, node.times, nodes, n, i, step, env, then)
        if isinstance(node, Choice):
            for option in node.options:
                done = self.walk(
                    option, 0, i, step, env, lambda j, grown: self.walk(nodes, n + 1, j, step, grown, then)
                )
                if done is not False:
                    return done
            return False
        if isinstance(node, _LOOKS):
            seen = self.walk(node.body, 0, i, step, env, lambda *_: True) is not False
            if seen == isinstance(node, Not):
                return False
            return self.walk(nodes, n + 1, i, step, env, then)
        if isinstance(node, Topic):
            position = i - step
            filled = Filled((), position if step < 0 else i, node.how, node.slot)
            return self.walk(nodes, n + 1, i, step, Event(env, position, position, "", "", False, filled), then)
        if self.edge(i):
            return self.walk(nodes, n + 1, i, step, env, then)
        return False

    def maybe(
        self, node: Maybe, times: int, nodes: Sequence, n: int, i: int, step: int, env: Env, then: Then
    ) -> Env | bool:
        """Match the body of a node that may repeat up to `times` times, then the rest."""
        if times:
            done = self.walk(
                node.body,
                0,
                i,
                step,
                env,
                lambda j, grown: j != i and self.maybe(node, times - 1, nodes, n, j, step, grown, then),
            )
            if done is not False:
                return done
        return self.walk(nodes, n + 1, i, step, env, then)

    def edge(self, i: int) -> bool:
        """Whether a clause begins or ends there."""
        if not 0 <= i < len(self.items):
            return True
        item = self.items[i]
        return item.kind == "mark" and item.mark in (".", ",", ":", "-", "(", ")")

    def leaf(self, node: Slot | Word | Mark, i: int, step: int, env: Env) -> Iterator[tuple[int, Env]]:
        """The ways to match one word, name or mark at item `i`: where it ends, and what was taken."""
        if not 0 <= i < len(self.items):
            return
        item = self.items[i]
        if isinstance(node, Mark):
            if item.mark == node.kind:
                yield i + step, Event(env, i, i, "", "", False, None)
        elif isinstance(node, Slot) and "DATE" in node.types:
            if item.kind == "date":
                yield i + step, Event(env, i, i, "", "", False, Filled((), i, "date", node))
        elif isinstance(node, Slot):
            heads = self.fitting(node, item)
            if heads:
                conjunction, particle = item.conjunction, item.particle
                if node.clitic in ("و", "ف"):
                    if conjunction != node.clitic or particle:
                        return
                    conjunction = ""
                elif node.clitic:
                    if particle != node.clitic:
                        return
                    particle = ""
                if item.kind == "demonym" and not node.clitic:
                    particle = ""
                yield i + step, Event(env, i, i, conjunction, particle, node.role, Filled(heads, i, "name", node))
        else:
            yield from self.word(node, i, step, env)

    def fitting(self, node: Slot, item: Item) -> tuple[Head, ...]:
        """The entities of an item that a slot takes."""
        if item.kind == "demonym":
            if "DEM" in node.types or ("DEF" in node.types and "DEF" in item.heads[0].types):
                return item.heads
            return ()
        if (
            not item.heads
            or ("NAMED" in node.types and item.nominal)
            or ("GROUP" in node.types and len(item.heads) < 2)
        ):
            return ()
        types = node.types - {"GROUP", "NAMED"}
        heads = item.heads if not types else tuple(head for head in item.heads if head.types & types)
        if node.name == "both" and len(heads) < 2:
            return ()
        return heads

    def word(self, node: Word, i: int, step: int, env: Env) -> Iterator[tuple[int, Env]]:
        """The ways to match a word of a class."""
        if node.verb and "@clear" not in self.items[i].tags:
            return
        for length in self.rules.lengths.get(node.tag, ()):
            start = i if step > 0 else i - length + 1
            if start < 0 or start + length > len(self.items):
                continue
            for tag in self.items[start].tags.get(node.tag, ()):
                if len(tag.rest) != length - 1 or not self.follows(start, tag.rest):
                    continue
                if (tag.pronoun != "") != (node.pronoun is not None):
                    continue
                conjunction, particle = tag.conjunction, tag.particle
                if node.conjunction:
                    if not conjunction:
                        continue
                    conjunction = ""
                if node.particle is not None:
                    if particle != node.particle:
                        continue
                    particle = ""
                elif particle and node.tag[0] == "@":
                    # A class word may carry any particle; what it is matters only to the phrase that it opens.
                    if not self.phrase or particle == "س":
                        particle = ""
                filled = None
                if node.pronoun is not None:
                    filled = Filled((), start, tag.pronoun, node.pronoun)
                event = Event(env, start, start + length - 1, conjunction, particle, node.role, filled)
                yield (start + length if step > 0 else start - 1), event

    def follows(self, start: int, rest: tuple[str, ...]) -> bool:
        """Whether the further words of an entry of several words follow."""
        return all(
            self.items[start + 1 + n].key == key and self.items[start + 1 + n].kind == "word"
            for n, key in enumerate(rest)
        )


def _first(env: Env) -> int:
    first = 1 << 60
    while env is not None:
        first = min(first, env.begin)
        env = env.before
    return first
