"""Promises held on any input: every name is a mention, offsets fit, spellings agree, the cost grows linearly."""

from __future__ import annotations

import random
import time
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from arner.knowledge import load_knowledge
from arner.linking import link
from arner.linking.spelling import is_variant, one_edit, representatives
from arner.schema import Document, MentionKind
from arner.text.words import split_words

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
PARTS = [
    "محمد",
    "بن",
    "عبد",
    "الله",
    "الخالدي",
    "أبو",
    "الروسي",
    "لصين",
    "لل",
    "NATO",
    "#",
    "_",
    "«",
    "(",
    "مَجلس",
    "\r\n",
    "😀",
]


class Span(NamedTuple):
    start: int
    end: int
    type: str
    score: float


@st.composite
def texts_with_spans(draw):
    parts = draw(st.lists(st.sampled_from(PARTS) | st.text(LETTERS + "ًَّـ ", min_size=1, max_size=6), max_size=25))
    text, spans = "", []
    for part in parts:
        text += draw(st.sampled_from(["", " ", " ل", "و"]))
        if draw(st.booleans()):
            spans.append(Span(len(text), len(text) + len(part), draw(st.sampled_from(["PER", "LOC", "ORG", "X"])), 0.5))
        text += part
    return text, spans


@settings(max_examples=150, deadline=None)
@given(texts_with_spans())
def test_every_name_becomes_a_mention_of_a_consistent_document(case):
    text, spans = case
    result = link(text, split_words(text), spans, load_knowledge())
    Document(text=text, mentions=result.mentions, entities=result.entities)
    named = [m for m in result.mentions if m.kind is MentionKind.NAME]
    assert sorted((m.start, m.end, m.type) for m in named) == sorted(span[:3] for span in spans)
    assert all(entity.mentions for entity in result.entities)
    assert set(result.known) <= {entity.id for entity in result.entities}
    seen = list(dict.fromkeys(mention.entity for mention in result.mentions))
    assert seen == [entity.id for entity in result.entities]


@given(st.text(LETTERS, max_size=9), st.text(LETTERS, max_size=9))
def test_variants_are_symmetric(a, b):
    assert is_variant(a, b) == is_variant(b, a)
    assert one_edit(a, b) == one_edit(b, a)
    assert is_variant(a, a)


@given(st.lists(st.text(LETTERS[:6], min_size=4, max_size=7), unique=True, max_size=30))
def test_a_representative_stands_for_itself(words):
    chosen = representatives([(word, 1) for word in words], lambda word: word.startswith("ا"))
    assert set(chosen) == set(words)
    assert all(chosen[other] == other for other in chosen.values())
    assert all(chosen[word] == word for word in words if word.startswith("ا"))


def _long_text(mentions: int) -> tuple[str, list[Span]]:
    """Many people who share first names and surnames: the case where pairs would be compared."""
    chance = random.Random(7)
    word = ["".join(chance.choices(LETTERS, k=chance.randint(3, 8))) for _ in range(2000)]
    pieces, spans, at = [], [], 0
    for number in range(mentions):
        kind = number % 5
        first = chance.choice(["محمد", "علي", "أحمد"])
        name, type_ = {
            0: (f"{first} {chance.choice(word)} {chance.choice(word[:20])}", "PER"),
            1: (chance.choice(word[:20]), "PER"),
            2: (first, "PER"),
            3: (chance.choice(word), "LOC"),
            4: (f"مجلس {chance.choice(word)} {chance.choice(word)}", "ORG"),
        }[kind]
        pieces.append(f"قال {name} ")
        spans.append(Span(at + 4, at + 4 + len(name), type_, 0.9))
        at += len(pieces[-1])
    return "".join(pieces), spans


def _seconds(mentions: int) -> float:
    text, spans = _long_text(mentions)
    words = split_words(text)
    begin = time.process_time()
    link(text, words, spans, load_knowledge())
    return time.process_time() - begin


def test_twenty_thousand_mentions_link_in_seconds_and_the_cost_is_linear():
    _seconds(500)
    short, long = _seconds(5_000), _seconds(20_000)
    assert long < 10
    assert long < 4 * 3 * short + 0.2
