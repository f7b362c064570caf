"""Targets: rule files, patterns and what they read, examples, and knowledge files."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from arner.errors import KnowledgeError
from arner.knowledge import load_knowledge
from arner.knowledge.records import parse_record, read_records
from arner.linking import LinkedText, link
from arner.relations import RuleSet, find_relations, load_rules
from arner.relations.examples import parse_example
from arner.relations.loading import try_rules
from arner.relations.pattern import PatternError, parse_pattern
from arner.relations.rule_building import build_rule
from arner.relations.rule_file import RuleTable
from arner.relations.rule_reading import read_rule_file
from arner.relations.toml_lines import toml_lines
from arner.schema import RelationType
from arner.text import split_sentences
from arner.text.words import Word, split_words
from fuzz.given import file_of, text_of

__all__ = ["knowledge_file", "marked_sentence", "pattern", "rule_file", "toml_places"]


def rule_file(data: bytes) -> None:
    """A rule file: rules, or problems with the lines on which they stand."""
    path = file_of(data, "mine.toml")
    read = read_rule_file(path)
    lines = len(re.findall(b"\r\n|\r|\n", data)) + 1
    assert all(problem.message and (problem.line is None or 1 <= problem.line <= lines) for problem in read.problems)
    if read.rules and not read.problems:
        rules, problems = try_rules([read])
        assert (rules is None) == bool(problems)


def toml_places(data: bytes) -> None:
    """Where the values of a TOML file stand: every place that the library reads has a line."""
    try:
        given = data.decode("utf-8")
        values = tomllib.loads(given)
    except (ValueError, RecursionError):
        return
    lines = toml_lines(given)
    last = given.count("\n") + 1
    assert all(1 <= line <= last for line in lines.values())
    assert len({place[0] for place in lines}) >= len(values)  # a key that is spelled in two ways counts twice


def pattern(data: bytes) -> None:
    """A pattern, and what it reads in a text."""
    given = data.decode("utf-8", "replace")
    try:
        parse_pattern.__wrapped__(given)
    except PatternError:
        return
    table = RuleTable(id="mine", type=RelationType.VISITED, pattern=given)
    rule = build_rule(table, {}, Path("mine.toml"), 1, lambda _where, _message: None)
    if rule is None:
        return
    built_in = load_rules()
    mine = RuleSet((rule,), {name: built_in.lexicons[name] for name in ("visit_verb",)}, built_in.kinds)
    given_text, words, linked, sentences = _marked()
    find_relations(given_text, words, sentences, linked, load_knowledge(), mine, None)


@lru_cache(maxsize=1)
def _marked() -> tuple[str, list[Word], LinkedText, list[tuple[int, int]]]:
    example = parse_example(
        "زار من [سمير عوض PER] ل[تونس LOC] ، ( زار ) [كينيا LOC] و[مصر LOC] زار من [خالد PER] [تونس LOC] في 3 مايو ."
    )
    words = split_words(example.text)
    linked = link(example.text, words, example.names, load_knowledge())
    return example.text, words, linked, split_sentences(words, example.text)


def marked_sentence(data: bytes) -> None:
    """An example of a rule: a sentence with its names marked."""
    with suppress(ValueError):
        example = parse_example(text_of(data))
        assert all(0 <= name.start < name.end <= len(example.text) for name in example.names)


def knowledge_file(data: bytes) -> None:
    """A knowledge file, record by record."""
    path = file_of(data, "mine.jsonl")
    with suppress(KnowledgeError):
        for line, fields in read_records(path):
            parse_record(fields, path, line)
