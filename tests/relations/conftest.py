"""Marked sentences (``[سمير عوض PER]``) read by the built-in rules or by rules of a test's own."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from arner.knowledge import Knowledge, load_knowledge
from arner.linking import LinkedText, link
from arner.relations import RuleSet, find_relations, load_rules
from arner.relations.examples import parse_example
from arner.schema import Relation
from arner.text.sentences import split_sentences
from arner.text.words import split_words


class Reading(NamedTuple):
    """A text as read, with its relations also as (subject name, type, object name, polarity)."""

    text: str
    linked: LinkedText
    relations: tuple[Relation, ...]
    triples: set[tuple[str, str, str, str]]

    def only(self, type: str) -> Relation:
        """The one relation of that type."""
        found = [relation for relation in self.relations if relation.type == type]
        assert len(found) == 1, self.triples
        return found[0]


Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture
def read(knowledge: Knowledge, rules: RuleSet) -> Read:
    def read_marked(marked: str, *, rules: RuleSet = rules, date: datetime.date | None = None) -> Reading:
        example = parse_example(marked)
        words = split_words(example.text)
        linked = link(example.text, words, example.names, knowledge)
        linked, relations = find_relations(
            example.text, words, split_sentences(words, example.text), linked, knowledge, rules, date
        )
        name = {entity.id: entity.name for entity in linked.entities}
        triples: set[tuple[str, str, str, str]] = {
            (name[r.subject], r.type.value, name[r.object], r.polarity) for r in relations
        }
        return Reading(example.text, linked, relations, triples)

    return read_marked


@pytest.fixture
def rule_file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "mine.toml"
        path.write_text(text, "utf-8")
        return path

    return write
