"""Sentences: where they end, and that they cover every word."""

from __future__ import annotations

import pytest
from hypothesis import given

from arner.text import split_sentences, split_words
from tests.text.text_strategies import any_text


def sentences(text: str) -> list[str]:
    words = split_words(text)
    return [text[words[first].start : words[last - 1].end] for first, last in split_sentences(words, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصل الوفد. غادر الوفد.", ["وصل الوفد.", "غادر الوفد."]),
        ("من وصل؟ الوفد! نعم… لا", ["من وصل؟", "الوفد!", "نعم…", "لا"]),
        ("ماذا؟! لا أعرف...نعم", ["ماذا؟!", "لا أعرف...", "نعم"]),
        ("قال «وصلنا.» ثم غادر", ["قال «وصلنا.»", "ثم غادر"]),
        ("سطر أول\nسطر ثان\r\n\r\nسطر ثالث", ["سطر أول", "سطر ثان", "سطر ثالث"]),
        ("نقلت أ.ف.ب عن د. سامي قوله؛ إن 3.5 منها، كافية", ["نقلت أ.ف.ب عن د. سامي قوله؛ إن 3.5 منها، كافية"]),
        ("ولد عام 1944 م. ثم هاجر", ["ولد عام 1944 م.", "ثم هاجر"]),
        ("وقع ذلك عام 2011. ثم انتهى", ["وقع ذلك عام 2011.", "ثم انتهى"]),
        ("1. البند الأول\n2. البند الثاني", ["1. البند الأول", "2. البند الثاني"]),
        ("", []),
        ("\n\n", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(any_text)
def test_sentences_cover_all_words_once(text: str) -> None:
    words = split_words(text)
    ranges = split_sentences(words, text)
    assert [index for first, last in ranges for index in range(first, last)] == list(range(len(words)))
    assert all(first < last for first, last in ranges)
