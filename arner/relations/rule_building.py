"""A rule built from its table: macros put in, patterns parsed, slots and claims checked against each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from arner.relations.examples import parse_example
from arner.relations.kinds import entity_types
from arner.relations.nodes import Choice, Sequence, Slot, Topic, Word, walk_nodes
from arner.relations.pattern import LONGEST_PATTERN, Pattern, PatternError, parse_pattern
from arner.relations.rule import Claim, Rule, slots_of
from arner.relations.rule_file import RuleTable
from arner.relations.toml_lines import Path as TomlPath
from arner.schema import RelationType

__all__ = ["build_rule"]

_MACRO: Final = re.compile(r"%([a-z_]+)")
_MACRO_DEPTH: Final = 8
_TYPES: Final = frozenset(member.value for member in RelationType)

Note = Callable[[TomlPath, str], None]


def build_rule(table: RuleTable, macros: Mapping[str, str], file: Path, line: int | None, note: Note) -> Rule | None:
    """The rule that a table states; None, and each problem noted, where it cannot be one.

    Args:
        table: a well-formed table that does not switch a rule off.
        macros: pieces of patterns by name.
        file: the table's file.
        line: the table's line.
        note: takes the place of a problem within the table, such as ``("patterns", 2)``, and what is wrong.
    """
    return _Builder(table, macros, note).build(file, line)


class _Builder:
    def __init__(self, table: RuleTable, macros: Mapping[str, str], note: Note) -> None:
        self.table = table
        self.macros = macros
        self.note = note
        self.sound = True

    def problem(self, message: str, *where: str | int) -> None:
        self.sound = False
        self.note(where, f"rule {self.table.id!r}: {message}")

    def build(self, file: Path, line: int | None) -> Rule | None:
        table = self.table
        claims = self.claims()
        self.stage(claims)
        self.examples()
        patterns: list[Pattern] = []
        for text, where in self.texts():
            parsed = self.parse(text, where)
            if parsed:
                patterns.extend(parsed)
                self.slots(parsed, claims, where)
        if not self.sound:
            return None
        return Rule(
            id=table.id,
            stage=table.stage,
            patterns=tuple(patterns),
            claims=tuple(claims),
            heads=tuple(table.head.split()),
            refer=table.refer,
            status=table.status,
            polarity=table.polarity,
            score=float(table.score),
            examples=tuple(table.examples),
            file=str(file),
            line=line or 0,
        )

    def claims(self) -> list[Claim]:
        found: list[Claim] = []
        for number, text in enumerate(self.table.claims):
            subject, type, object = text.split()
            if type == "counterpart":
                found.append(Claim(subject, None, object))
            elif type in _TYPES:
                found.append(Claim(subject, RelationType(type), object))
            else:
                known = ", ".join(member.value for member in RelationType)
                self.problem(f"unknown relation type {type!r}: use one of {known}", "claims", number)
        if self.table.type is not None:
            found.append(Claim("subject", self.table.type, "object"))
        return found

    def stage(self, claims: list[Claim]) -> None:
        table = self.table
        if table.stage in ("noun", "nominal"):
            if table.refer is None:
                self.problem('a rule of this stage needs refer = "how"', "stage")
            elif (table.refer == "organisation") != (table.stage == "noun"):
                self.problem(f"refer {table.refer!r} does not go with stage {table.stage!r}", "refer")
            if claims:
                self.problem("a rule of this stage claims nothing; leave type and claims out", "stage")
        elif table.refer is not None:
            self.problem('\'refer\' belongs to rules of stage "noun" or "nominal"', "refer")
        elif table.stage == "clause" and not claims and self.sound:
            self.problem('it claims nothing: give it type = "visited" or claims = [...]')

    def examples(self) -> None:
        for number, text in enumerate(self.table.examples):
            try:
                parse_example(text)
            except ValueError as error:
                self.problem(f"example: {error}", "examples", number)

    def texts(self) -> list[tuple[str, tuple[str | int, ...]]]:
        table = self.table
        if (table.pattern is None) == (table.patterns is None):
            self.problem('it needs either pattern = "..." or patterns = [...]')
            return []
        if table.pattern is not None:
            return [(table.pattern, ("pattern",))]
        if not table.patterns:
            self.problem("patterns must hold at least one pattern", "patterns")
        return [(text, ("patterns", number)) for number, text in enumerate(table.patterns or ())]

    def parse(self, text: str, where: tuple[str | int, ...]) -> tuple[Pattern, ...]:
        try:
            return parse_pattern(self.expand(text))
        except PatternError as error:
            self.problem(str(error), *where)
            return ()

    def expand(self, text: str) -> str:
        """The pattern with what its macros stand for."""
        for _ in range(_MACRO_DEPTH):
            if len(text) > LONGEST_PATTERN or "%" not in text:
                return text  # the parser refuses what is too long
            text = _MACRO.sub(self.macro, text)
        raise PatternError("macros that use each other without end")

    def macro(self, found: re.Match[str]) -> str:
        value = self.macros.get(found[1])
        if value is None:
            known = ", ".join(f"%{name}" for name in sorted(self.macros)) or "there are none"
            raise PatternError(f"no [macros] table defines %{found[1]} ({known})")
        return value[: LONGEST_PATTERN + 1]

    def slots(self, parsed: tuple[Pattern, ...], claims: list[Claim], where: tuple[str | int, ...]) -> None:
        pattern = parsed[0]
        names = slots_of(pattern)
        filled = _always((*pattern.left, pattern.anchor, *pattern.right))
        shown = pattern.text
        for claim in claims:
            both = "both" in names and claim.subject not in names
            ends = (
                [("both", "subject"), ("both", "object")]
                if both
                else [(claim.subject, "subject"), (claim.object, "object")]
            )
            for end, side in ends:
                slot, _, part = end.partition(".")
                if part not in ("", "country"):
                    self.problem(f"claim end {end!r} is not a slot: write {slot} or {slot}.country", *where)
                elif slot not in names:
                    self.problem(f"pattern {shown!r} has no slot {{{slot}}}", *where)
                elif slot not in filled:
                    self.problem(f"pattern {shown!r} does not fill {{{slot}}} in each of its readings", *where)
                elif claim.type is not None:
                    self.signature(claim.type, side, slot, part, pattern, where)
        if self.table.stage in ("name", "title", "apposition"):
            for head in self.table.head.split():
                if head not in filled:
                    missing = "does not fill" if head in names else "has no slot"
                    self.problem(f"pattern {shown!r} {missing} {{{head}}}, for which the phrase stands", *where)

    def signature(
        self, type: RelationType, side: str, slot: str, part: str, pattern: Pattern, where: tuple[str | int, ...]
    ) -> None:
        wanted = type.signature.subject if side == "subject" else type.signature.object
        taken: frozenset[str] = frozenset()
        if part == "country":
            taken = frozenset({"LOC"})
        else:
            for types in _types_of((*pattern.left, pattern.anchor, *pattern.right), slot):
                taken |= entity_types(types)
        if not taken & wanted:
            self.problem(
                f"the {side} of {type.value} is {' or '.join(sorted(wanted))},"
                f" but {{{slot}}} takes {' or '.join(sorted(taken)) or 'no name'} in pattern {pattern.text!r}",
                *where,
            )


def _slot_of(node: object) -> Slot | None:
    if isinstance(node, Slot):
        return node
    if isinstance(node, Topic):
        return node.slot
    return node.pronoun if isinstance(node, Word) else None


def _always(sequence: Sequence) -> frozenset[str]:
    """The slots that every reading of the sequence fills."""
    found: frozenset[str] = frozenset()
    for node in sequence:
        slot = _slot_of(node)
        if slot is not None:
            found |= {slot.name}
        elif isinstance(node, Choice):
            found |= frozenset.intersection(*(_always(option) for option in node.options))
    return found


def _types_of(sequence: Sequence, name: str) -> list[frozenset[str]]:
    slots = (_slot_of(node) for node in walk_nodes(sequence))
    return [slot.types for slot in slots if slot is not None and slot.name == name]
