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
from arner.relations.rule import Rule, RuleSet
from arner.text.sentences import split_sentences
from arner.text.words import split_words

if TYPE_CHECKING:
    from arner.knowledge import Knowledge

__all__ = ["Example", "MarkedName", "check_example", "parse_example"]

_NAME: Final = re.compile(r"\[([^\[\]]+) ([A-Z]+)\]")


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
        if match[2] != "DEM":
            names.append(MarkedName(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        position = match.end()
    text += marked[position:]
    pairs: set[tuple[str, str]] = set()
    if expected.strip() != "nothing":
        for pair in expected.split(";"):
            subject, _, object = pair.partition(">")
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
    from arner.linking import link

    example = parse_example(line)
    words = split_words(example.text)
    linked = link(example.text, words, example.names, knowledge)
    linked, relations = find_relations(
        example.text, words, split_sentences(words, example.text), linked, knowledge, rules
    )
    name = {entity.id: entity.name for entity in linked.entities}
    found = {(name[r.subject], name[r.object]) for r in relations if r.rule == rule.id}
    if rule.types and rule.types[0].symmetric:
        found |= {(b, a) for a, b in found if (b, a) in example.pairs}
        found -= {(a, b) for a, b in found if (b, a) in example.pairs and (a, b) not in example.pairs}
    problems = [f"{rule.id}: does not read {s} > {o} in: {example.text}" for s, o in sorted(example.pairs - found)]
    problems += [f"{rule.id}: reads {s} > {o} as well in: {example.text}" for s, o in sorted(found - example.pairs)]
    return problems
