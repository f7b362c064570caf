"""Examples in rule files: a sentence with its names marked, and the triples that the rule must read in it.

``التقى [خالد نعمان PER] [سمير عوض PER] => خالد نعمان > سمير عوض``: each name stands in brackets with its type; a
demonym is marked ``DEM`` and stands for its country; after ``=>`` come the pairs ``subject > object``, parted by ``;``,
or ``nothing``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from arner.relations.engine import find_relations
from arner.relations.explaining import explain_relations
from arner.relations.labels import LABELS
from arner.relations.reasons import Reason
from arner.relations.rule import Rule, RuleSet
from arner.schema import ENTITY_TYPES
from arner.text.sentences import split_sentences
from arner.text.words import split_words

if TYPE_CHECKING:
    from arner.knowledge import Knowledge
    from arner.linking import LinkedText
    from arner.text.words import Word

__all__ = ["Example", "MarkedName", "check_example", "parse_example", "why_not"]

_NAME: Final = re.compile(r"\[([^\[\]]+) ([A-Z]+)\]")
_TYPES: Final = frozenset({*ENTITY_TYPES, *LABELS, "DEM"})


@dataclass(frozen=True, slots=True)
class MarkedName:
    """A name marked in an example: half-open offsets in the plain sentence."""

    start: int
    end: int
    type: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Example:
    """An example taken apart."""

    text: str
    names: tuple[MarkedName, ...]
    pairs: frozenset[tuple[str, str]]


def parse_example(line: str) -> Example:
    """The sentence, its names, and the pairs expected.

    Raises:
        ValueError: a name or pair is not written as it must be.

    >>> example = parse_example("زار [سمير عوض PER] [تونس LOC] => سمير عوض > تونس")
    >>> example.text, [example.text[name.start : name.end] for name in example.names]
    ('زار سمير عوض تونس', ['سمير عوض', 'تونس'])
    >>> example.pairs
    frozenset({('سمير عوض', 'تونس')})
    """
    marked, _, expected = line.partition("=>")
    text, names, position = "", [], 0
    marked = marked.strip()
    for match in _NAME.finditer(marked):
        text += marked[position : match.start()]
        if match[2] not in _TYPES:
            raise ValueError(f"unknown type {match[2]!r} in {match[0]}: use {', '.join(ENTITY_TYPES)} or DEM")
        if match[1] != match[1].strip() or not any(map(str.isalpha, match[1])):
            raise ValueError(f"{match[0]} marks no name")
        if match[2] != "DEM":
            names.append(MarkedName(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        position = match.end()
    text += marked[position:]
    pairs: set[tuple[str, str]] = set()
    if expected.strip() not in ("", "nothing"):
        for pair in expected.split(";"):
            subject, arrow, object = pair.partition(">")
            if not (arrow and subject.strip() and object.strip()):
                raise ValueError(f'{pair.strip()!r} is not a pair: write "subject > object", or nothing')
            pairs.add((subject.strip(), object.strip()))
    return Example(text, tuple(names), frozenset(pairs))


def check_example(rule: Rule, line: str, rules: RuleSet, knowledge: Knowledge) -> list[str]:
    """What the example shows to be wrong with the rule: one line per pair missed or found too many.

    Args:
        rule: the rule whose example it is.
        line: the example as the file writes it.
        rules: the rule set in which the rule runs.
        knowledge: for countries and demonyms.
    """
    example = parse_example(line)
    words, linked = _linked(example, knowledge)
    linked, relations = find_relations(
        example.text, words, split_sentences(words, example.text), linked, knowledge, rules
    )
    name = {entity.id: entity.name for entity in linked.entities}
    found = {(name[r.subject], name[r.object]) for r in relations if r.rule == rule.id}
    if not example.pairs <= found and _repeats(rule, example, rules, knowledge):
        # Another rule reads the same triple with a better score, and stands for both.
        found |= example.pairs & {(name[r.subject], name[r.object]) for r in relations if r.type in rule.types}
    if rule.types and rule.types[0].symmetric:
        found |= {(b, a) for a, b in found if (b, a) in example.pairs}
        found -= {(a, b) for a, b in found if (b, a) in example.pairs and (a, b) not in example.pairs}
    problems = [f"{rule.id}: does not read {s} > {o} in: {example.text}" for s, o in sorted(example.pairs - found)]
    problems += [f"{rule.id}: reads {s} > {o} as well in: {example.text}" for s, o in sorted(found - example.pairs)]
    return problems


def _repeats(rule: Rule, example: Example, rules: RuleSet, knowledge: Knowledge) -> bool:
    """Whether the rule claims what another rule has."""
    words, linked = _linked(example, knowledge)
    sentences = split_sentences(words, example.text)
    explanation = explain_relations(example.text, words, sentences, linked, knowledge, rules, least_share=0.0)
    return any(miss.rule == rule.id and miss.reason is Reason.REPEATED for miss in explanation.near_misses)


def why_not(rule: Rule, line: str, rules: RuleSet, knowledge: Knowledge) -> str:
    """Why the rule does not read its example, in words; the arguments are those of `check_example`."""
    example = parse_example(line)
    words, linked = _linked(example, knowledge)
    sentences = split_sentences(words, example.text)
    explanation = explain_relations(example.text, words, sentences, linked, knowledge, rules, least_share=0.0)
    for miss in explanation.near_misses:
        if miss.rule == rule.id:
            return f"at «{miss.trigger.text}», {miss.message}" + (f" ({miss.instead})" if miss.instead else "")
    return "no word or name on which its patterns hang is free in the sentence"


def _linked(example: Example, knowledge: Knowledge) -> tuple[list[Word], LinkedText]:
    from arner.linking import link

    words = split_words(example.text)
    return words, link(example.text, words, example.names, knowledge)
