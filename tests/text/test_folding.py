"""Folding: what is dropped, what is respelled, and that the map back holds for any text."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.text import fold, fold_plain, name_key
from tests.text.text_strategies import TASHKEEL, any_text, arabic_text, vocalised


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("مُحَمَّدٌ", "محمد"),
        ("العـــراق", "العراق"),
        ("ٱلرَّحۡمَٰنِ", "الرحمن"),
        ("ﷲ", "الله"),
        ("ﻻﺟﺊ", "لاجئ"),
        ("ﺑﻐﺪاد", "بغداد"),
        ("٢٠٢٤ ۲۰۲۴", "2024 2024"),
        ("٧٬٥٠٠ ٣٫٥٪", "7,500 3.5%"),
        ("ایران کرکوک", "ايران كركوك"),
        ("\u200fبوتين\u200e", "بوتين"),
        ("می\u200cخواهم", "ميخواهم"),
        ("سطر\r\nسطر\u00a0ثان", "سطر \nسطر ثان"),
        ("أإآؤئة ى", "أإآؤئة ى"),
        ("ا\u0654حمد وا\u0653ل ا\u0655لى", "أحمد وآل إلى"),
        ("ＮＡＴＯ ﬁn", "NATO fin"),
        ("«قال؟»", "«قال؟»"),
        ("ﷺ", "ﷺ"),
        ("", ""),
    ],
)
def test_plain_spelling(text: str, folded: str) -> None:
    assert fold(text).text == folded
    assert fold_plain(text) == folded


def test_span_takes_in_the_marks_behind_its_last_letter() -> None:
    folded = fold("زَارَ بُوتِينَ")
    start = folded.text.index("بوتين")
    assert folded.span(start, start + 5) == (6, 14)
    assert "زَارَ بُوتِينَ"[6:14] == "بُوتِينَ"


def test_span_leaves_out_the_marks_before_its_first_letter() -> None:
    text = "\u200f\u202bبوتين\u202c"
    start, end = fold(text).span(0, 5)
    assert text[start:end] == "بوتين"


def test_letters_of_a_ligature_share_its_offsets() -> None:
    folded = fold("ﻻ\u064e")
    assert folded.text == "لا"
    assert (folded.starts, folded.ends) == ((0, 0), (2, 2))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 2), (0, 6)])
def test_span_outside_of_the_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no stretch"):
        fold("بوتين").span(start, end)


@given(any_text)
def test_the_map_is_monotone_and_inside_the_text(text: str) -> None:
    folded = fold(text)
    assert folded.original == text
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    spans = list(dict.fromkeys(zip(folded.starts, folded.ends, strict=True)))
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))


@given(any_text)
def test_folded_characters_are_the_fold_of_their_span(text: str) -> None:
    folded = fold(text)
    spans: dict[tuple[int, int], str] = {}
    for letter, start, end in zip(folded.text, folded.starts, folded.ends, strict=True):
        spans[start, end] = spans.get((start, end), "") + letter
    for (start, end), letters in spans.items():
        if unicodedata.normalize("NFC", text[start:end]) == text[start:end]:
            assert fold(text[start:end]).text == letters


@given(any_text)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(any_text)
def test_without_the_map_it_is_the_same(text: str) -> None:
    assert fold_plain(text) == fold(text).text


def test_every_character_folds_alike_with_and_without_the_map() -> None:
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        assert fold(letter).text == fold_plain(letter), hex(code)


@given(arabic_text, st.data())
def test_vocalised_text_folds_to_the_bare_text(text: str, data: st.DataObject) -> None:
    assert fold(vocalised(text, data)).text == fold(text).text


@pytest.mark.parametrize(
    "text",
    [
        "\u064e" * 300_000,
        "\u200f\u064e" * 150_000,
        "ا" + "\u0654" * 300_000,
        ("ب" + TASHKEEL[0]) * 150_000,
        "ﻻ" * 300_000,
    ],
    ids=["marks", "bidi and marks", "hamzas", "vocalised", "ligatures"],
)
def test_a_long_run_of_marks_takes_linear_time(text: str) -> None:
    begin = time.perf_counter()
    fold(text)
    assert time.perf_counter() - begin < 5.0  # a quadratic fold would take minutes


@pytest.mark.parametrize(
    ("variants", "key"),
    [
        (("أوكرانيا", "اوكرانيا", "أُوكرانيا"), "اوكرانيا"),
        (("موسكو", "مـوسكو", "«موسكو»"), "موسكو"),
        (("أ.ف.ب", "ا ف ب".replace(" ", "")), "افب"),
        (("گوگل", "غوغل"), "غوغل"),
        (("ڤلاديمير", "فلاديمير"), "فلاديمير"),
        (("مصطفى", "مصطفي"), "مصطفي"),
        (("غزة", "غزه"), "غزه"),
        (("مؤتمر", "موتمر"), "موتمر"),
        (("كيم جونغ-أون", "كيم جونغ أون", " كيم  جونغ أون "), "كيم جونغ اون"),
        (("NATO", "nato"), "nato"),
        (("Erdoğan", "ERDOGAN", "Erdog\u0306an"), "erdogan"),
    ],
)
def test_name_key_is_one_for_the_variants_of_a_name(variants: tuple[str, ...], key: str) -> None:
    assert {name_key(variant) for variant in variants} == {key}


@given(any_text)
def test_name_key_of_a_key_is_the_key(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key
