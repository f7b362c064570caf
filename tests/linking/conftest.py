"""Texts with their names marked: «[PER فلاديمير بوتين] في [LOC أستانا]»."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from arner.knowledge import load_knowledge
from arner.linking import LinkedText, link
from arner.schema import Document
from arner.text.words import split_words

_MARKED = re.compile(r"\[(?P<type>[A-Za-z]+) (?P<name>[^\]]+)\]")


class Span(NamedTuple):
    start: int
    end: int
    type: str
    score: float = 0.9


def read_marked(marked: str) -> tuple[str, list[Span]]:
    """The text without the marks, and the spans of its names."""
    text, spans, last = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[last : match.start()]
        spans.append(Span(len(text), len(text) + len(match["name"]), match["type"]))
        text += match["name"]
        last = match.end()
    return text + marked[last:], spans


@pytest.fixture(scope="session")
def linked() -> Callable[[str], LinkedText]:
    """Links a marked text with the built-in knowledge, and checks that the result is a consistent document."""
    knowledge = load_knowledge()

    def run(marked: str) -> LinkedText:
        text, spans = read_marked(marked)
        result = link(text, split_words(text), spans, knowledge)
        Document(text=text, mentions=result.mentions, entities=result.entities)
        return result

    return run


@pytest.fixture(scope="session")
def groups(linked) -> Callable[[str], list[list[str]]]:
    """The mentions of each entity, as the text writes them."""

    def run(marked: str) -> list[list[str]]:
        result = linked(marked)
        return [[result.mentions[index].text for index in entity.mentions] for entity in result.entities]

    return run
