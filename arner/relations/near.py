"""How far patterns came that did not match: for explanations only, never on the normal path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from arner.relations.items import Item
from arner.relations.matcher import Env, Event, Match, Runner, Then
from arner.relations.nodes import Choice, Edge, Gap, Look, Mark, Maybe, Node, Not, Sequence, Slot, Topic, Word
from arner.relations.pattern import Pattern
from arner.relations.reasons import Reason
from arner.relations.rule import Rule, RuleSet

__all__ = ["Near", "NearRunner", "wording"]


class Near(NamedTuple):
    """A pattern whose trigger is there and which stopped at `at` (an item, or one beyond the sentence)."""

    rule: Rule
    pattern: Pattern
    items: list[Item]
    anchor: int
    at: int
    reason: Reason
    wanted: str
    filled: tuple[tuple[str, int], ...]
    share: float
    """How much of the pattern was there, 0 to 1."""


class _Stop(NamedTuple):
    rank: tuple[int, int, int]
    at: int
    reason: Reason
    wanted: str
    env: Env


class NearRunner(Runner):
    """Runs patterns as `Runner` does and gathers in `found` those that came part of the way."""

    prunes = False

    def __init__(self, items: list[Item], rules: RuleSet, *, phrase: bool) -> None:
        super().__init__(items, rules, phrase=phrase)
        self.found: list[Near] = []
        self.stop: _Stop | None = None
        self.muted = 0

    def run(self, rule: Rule, pattern: Pattern, index: int) -> Match | None:
        """The match, or none and a note of where the pattern stopped."""
        self.stop, self.muted = None, 0
        match = super().run(rule, pattern, index)
        stop = self.furthest()
        if match is None and stop is not None:
            needed = 1 + _least(pattern.left) + _least(pattern.right)
            taken = sum(1 for event in _events(stop.env) if not event.role or event.filled or event.end > event.begin)
            filled = tuple((e.filled.slot.name, e.begin) for e in _events(stop.env) if e.filled is not None)
            share = min(1.0, taken / needed)
            self.found.append(Near(rule, pattern, self.items, index, stop.at, stop.reason, stop.wanted, filled, share))
        return match

    def furthest(self) -> _Stop | None:
        """Where the pattern stopped that came furthest."""
        return self.stop

    def walk(self, nodes: Sequence, n: int, i: int, step: int, env: Env, then: Then) -> Env | bool:
        """As `Runner.walk`; a part that is not there is noted."""
        node = nodes[n] if n < len(nodes) else None
        if isinstance(node, Not | Look) and not self.muted:
            self.steps += 1
            self.muted += 1
            seen = super().walk(node.body, 0, i, step, env, lambda *_: True) is not False
            self.muted -= 1
            if seen == isinstance(node, Not):
                reason = Reason.FORBIDDEN if seen else Reason.MISSING
                self.note(env, i, reason, wording(node.body, step), 3)
                return False
            return self.walk(nodes, n + 1, i, step, env, then)
        done = super().walk(nodes, n, i, step, env, then)
        if done is False and node is not None and not self.muted:
            self.explain(nodes, n, node, i, step, env)
        return done

    def accept(self, env: Env) -> Env | bool:
        """As `Runner.accept`; what speaks against a match that is complete is noted."""
        done = super().accept(env)
        if done is False and not self.muted:
            first = min(event.begin for event in _events(env))
            for event in _events(env):
                if event.conjunction and event.begin != first:
                    self.note(env, event.begin, Reason.PARTICLE, event.conjunction, 4)
                elif event.particle and (event.begin != first or not self.phrase):
                    self.note(env, event.begin, Reason.PARTICLE, event.particle, 4)
                elif event.begin == first and not self.phrase and self.governed(event):
                    self.note(env, event.begin, Reason.OTHER_PHRASE, self.items[event.begin - 1].key, 4)
        return done

    def note(self, env: Env, at: int, reason: Reason, wanted: str, weight: int) -> None:
        """Remember the stop if no other came further."""
        events = list(_events(env))
        rank = (sum(event.filled is not None for event in events), len(events), weight)
        if self.stop is None or rank >= self.stop.rank:
            self.stop = _Stop(rank, at, reason, wanted, env)

    def explain(self, nodes: Sequence, n: int, node: Node, i: int, step: int, env: Env) -> None:
        """Note why the part of the pattern does not match here."""
        if isinstance(node, Maybe | Topic):
            return
        if isinstance(node, Gap):
            self.explain_gap(nodes, n, node, i, step, env)
            return
        at = self.reached(i, step)
        reason = Reason.MISSING
        if isinstance(node, Slot) and self.unfit(node, at):
            reason = Reason.WRONG_TYPE
        elif isinstance(node, Slot) and 0 <= at < len(self.items) and self.items[at].heads and node.clitic:
            reason = Reason.PARTICLE
        self.note(env, at, reason, wording((node,), step), 1 if isinstance(node, Choice | Edge) else 0)

    def explain_gap(self, nodes: Sequence, n: int, node: Gap, i: int, step: int, env: Env) -> None:
        """Note why the part of the pattern behind a gap is not reached."""
        wanted = nodes[n + 1 :]
        slot = next((part for part in wanted if isinstance(part, Slot)), None) if wanted else None
        for _ in range(node.limit + 1):
            if not 0 <= i < len(self.items):
                self.note(env, i, Reason.MISSING, wording(wanted[:1], step), 2)
                return
            item = self.items[i]
            if slot is not None and wanted[0] is slot and self.unfit(slot, i):
                self.note(env, i, Reason.WRONG_TYPE, wording((slot,), step), 2)
                return
            if item.barrier and not item.transparent and not (node.commas and item.mark == ","):
                self.note(env, i, Reason.BARRIER, wording(wanted[:1], step), 2)
                return
            if item.kind in ("name", "demonym") and not node.names:
                self.note(env, i, Reason.NAME_BETWEEN, wording(wanted[:1], step), 2)
                return
            i += step
        self.note(env, i - step, Reason.TOO_FAR, wording(wanted[:1], step), 2)

    def reached(self, i: int, step: int) -> int:
        """The item that stands where one was looked for, past what may be passed over."""
        while 0 <= i < len(self.items) and self.items[i].transparent:
            i += step
        return i

    def unfit(self, slot: Slot, i: int) -> bool:
        """Whether a name stands there, but none that the slot takes."""
        return 0 <= i < len(self.items) and bool(self.items[i].heads) and not self.fitting(slot, self.items[i])


def _events(env: Env) -> Iterator[Event]:
    while env is not None:
        yield env
        env = env.before


def _least(sequence: Sequence) -> int:
    """How many words, names and marks the sequence needs at least."""
    total = 0
    for node in sequence:
        if isinstance(node, Slot | Word | Mark):
            total += 1
        elif isinstance(node, Choice):
            total += min(map(_least, node.options))
    return total


def wording(sequence: Sequence, step: int = 1) -> str:
    """A sequence as a rule file writes it.

    Args:
        sequence: parts of a pattern, as they are matched.
        step: -1 for what stands to the left of the trigger, which is matched backwards.

    >>> wording((Word("@visit_verb"),)), wording((Choice(((Word("=الي"),), (Mark(","),))),))
    ('@visit_verb', '(الي | ,)')
    >>> wording((Slot("object", frozenset({"LOC"}), "ل"), Mark(",")), step=-1)
    ', ل+{object:LOC}'
    """
    return " ".join(filter(None, (_written(node, step) for node in sequence[::step])))


def _written(node: Node, step: int) -> str:
    if isinstance(node, Slot):
        types = ":" + "|".join(sorted(node.types)) if node.types else ""
        return f"{node.clitic}+{{{node.name}{types}}}" if node.clitic else f"{{{node.name}{types}}}"
    if isinstance(node, Word):
        front = node.particle or ("و" if node.conjunction else "")
        word = node.tag.removeprefix("=") + ("/v" if node.verb else "")
        return (f"{front}+" if front else "") + word + ("+" + _written(node.pronoun, step) if node.pronoun else "")
    if isinstance(node, Choice):
        return "(" + " | ".join(wording(option, step) or "nothing" for option in node.options) + ")"
    if isinstance(node, Maybe | Not | Look):
        body = wording(node.body, step)
        if isinstance(node, Maybe):
            return f"({body})" + ("?" if node.times == 1 else "*")
        return ("!" if isinstance(node, Not) else "&") + body
    if isinstance(node, Topic):
        return f"{{{node.slot.name} {node.how}}}"
    if isinstance(node, Gap):
        return "." * (2 + node.names + node.commas) + str(node.limit)
    return node.kind if isinstance(node, Mark) else "^" if node.start else "$"
