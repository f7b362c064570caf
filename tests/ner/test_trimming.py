"""Marks around a name go, brackets that belong to it stay; whatever stands there, letters are never lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.ner.trimming import trim_marks
from arner.text import split_words
from arner.training.data.labelled import LabelledSpan, iob2


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("«بوتين»", "بوتين"),
        ("«بوتين»، ", "بوتين"),
        ("(«بوتين»)", "بوتين"),
        ("عام (1976)", "عام (1976)"),
        ("عام (1976).", "عام (1976)"),
        ("عام 1976)", "عام 1976"),
        ("(بوتين", "بوتين"),
        ("«الجزيرة» مباشر", "«الجزيرة» مباشر"),
        ("(أ) و(ب)", "(أ) و(ب)"),
        ('"بوتين"', "بوتين"),
        ('حزب "النور"', 'حزب "النور"'),
        ("...", ""),
    ],
)
def test_ends(text, left):
    words = split_words(text)
    first, last = trim_marks(words, 0, len(words))
    assert (text[words[first].start : words[last - 1].end] if first < last else "") == left


@given(st.text(alphabet='ab ()[]«»".,', max_size=20))
def test_only_marks_are_cut(text):
    words = split_words(text)
    first, last = trim_marks(words, 0, len(words))
    assert all(word.kind in ("punctuation", "symbol") for word in (*words[:first], *words[last:]))


def test_labels_of_training_keep_the_same_brackets():
    text = "في عام (1976)."
    words = split_words(text)
    labels = iob2([(word.start, word.end) for word in words], [LabelledSpan(3, len(text), "DATE")], words)
    assert labels == ["O", "B-DATE", "I-DATE", "I-DATE", "I-DATE", "O"]
