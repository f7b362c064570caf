"""Words: the cases that news text brings, and the promises that hold for any text."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.text import Word, fold, split_words
from arner.text.characters import INVISIBLE, MARKS
from tests.text.text_strategies import any_text, arabic_text, vocalised

_NOTHING_TO_SEE = re.compile(f"[\\s{MARKS}{INVISIBLE}]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("زار الرئيس القاهرة.", ["زار", "الرئيس", "القاهرة", "."]),
        ("زَارَ مُحَمَّدٌ الْقَاهِرَةَ", ["زَارَ", "مُحَمَّدٌ", "الْقَاهِرَةَ"]),
        ("قال «نعم»؟ لا، ثم؛ نعم…", ["قال", "«", "نعم", "»", "؟", "لا", "،", "ثم", "؛", "نعم", "…"]),
        ("(أ.ف.ب) ووكالة د.ب.أ.", ["(", "أ.ف.ب", ")", "ووكالة", "د.ب.أ", "."]),
        ("7,500 و3.5% و٧٬٥٠٠٪", ["7,500", "و", "3.5", "%", "و", "٧٬٥٠٠", "٪"]),
        ("عام1930م", ["عام", "1930", "م"]),
        ("#قمة_بريكس_2024", ["#", "قمة_بريكس_2024"]),
        ("حلف NATO و«G20» وF-16", ["حلف", "NATO", "و", "«", "G20", "»", "و", "F", "-", "16"]),
        ("كوفيد-19 وأبو ظبي–دبي", ["كوفيد", "-", "19", "وأبو", "ظبي", "–", "دبي"]),
        (
            "رفع 👨\u200d👩\u200d👧 و👍🏽 و🇸🇦🇪🇬 1\ufe0f\u20e3",
            ["رفع", "👨\u200d👩\u200d👧", "و", "👍🏽", "و", "🇸🇦", "🇪🇬", "1\ufe0f\u20e3"],
        ),
        ("سطر\r\nآخر", ["سطر", "آخر"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("\u200fبوتين\u200e،", ["بوتين", "،"]),
        ("العـــراق لـ«حماس»", ["العـــراق", "لـ", "«", "حماس", "»"]),
        ("ـــــ", ["ـــــ"]),
        ("https://example.org/a?b=1، www.example.com.", ["https://example.org/a?b=1", "،", "www.example.com", "."]),
        ("O'Brien AT&T naïve", ["O'Brien", "AT&T", "naïve"]),
        ("ﷲ ﻻ ﷺ", ["ﷲ", "ﻻ", "ﷺ"]),
        ("10:30 27/11/2024", ["10", ":", "30", "27", "/", "11", "/", "2024"]),
        ("$100 @user", ["$", "100", "@", "user"]),
        ("", []),
        (" \u200f\u064e\n", []),
    ],
)
def test_words_of_news_text(text: str, expected: list[str]) -> None:
    assert [word.text for word in split_words(text)] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("بوتين", "word"),
        ("أ.ف.ب", "word"),
        ("Москва", "word"),
        ("NATO", "latin"),
        ("G20", "latin"),
        ("2024", "number"),
        ("٢٠٢٤", "number"),
        ("½", "number"),
        ("«", "punctuation"),
        ("؟", "punctuation"),
        ("%", "punctuation"),
        ("#", "punctuation"),
        ("_", "punctuation"),
        ("$", "symbol"),
        ("😀", "symbol"),
        ("ﷺ", "symbol"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert [word.kind for word in split_words(text)] == [kind]


def test_a_word_with_marks_keeps_them_and_folds_without() -> None:
    assert split_words("\u202bوَالقَاهِرَةُ\u202c") == [Word(1, 14, "وَالقَاهِرَةُ", "والقاهرة", "word")]


@given(any_text)
def test_words_are_in_order_and_hold_their_text(text: str) -> None:
    words = split_words(text)
    assert all(text[word.start : word.end] == word.text for word in words)
    assert all(word.start < word.end for word in words)
    assert all(before.end <= after.start for before, after in zip(words, words[1:], strict=False))
    assert all(word.folded and not word.folded.isspace() for word in words)


@given(any_text)
def test_everything_visible_is_covered(text: str) -> None:
    covered = {index for word in split_words(text) for index in range(word.start, word.end)}
    for index, letter in enumerate(text):
        visible = unicodedata.category(letter)[0] in "LNPS" and _NOTHING_TO_SEE.match(letter) is None
        assert index in covered or not visible, (index, letter)


@given(any_text)
def test_no_word_begins_or_ends_with_a_bidirectional_mark(text: str) -> None:
    bidi = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u061c]")
    for word in split_words(text):
        assert bidi.match(word.text) is None
        assert bidi.match(word.text[-1]) is None


@given(any_text)
def test_folded_words_are_the_fold_of_their_text(text: str) -> None:
    for word in split_words(text):
        assert word.folded == (fold(word.text).text or word.text)


@given(arabic_text, st.data())
def test_vocalised_text_gives_the_same_folded_words(text: str, data: st.DataObject) -> None:
    bare = [word.folded for word in split_words(text)]
    assert [word.folded for word in split_words(vocalised(text, data))] == bare


@given(arabic_text)
def test_bidirectional_marks_between_words_change_no_word(text: str) -> None:
    marked = "\u202b" + text.replace(" ", " \u200f").replace("«", "\u200f«") + "\u202c"
    assert [word.folded for word in split_words(marked)] == [word.folded for word in split_words(text)]


@pytest.mark.parametrize(
    "pattern",
    [
        "\u064e",
        "\u200f\u064e",
        "ا.",
        "ا_",
        "www.",
        "1,",
        "a\u0301",
        "😀\u200d",
        "ـ",
        "ـ\u064e",
        "ا\u200f",
        "_",
        "a.",
        "https://",
        "1",
    ],
)
def test_a_long_run_of_anything_takes_linear_time(pattern: str) -> None:
    text = (pattern * (300_000 // len(pattern))) + "ااا"
    begin = time.perf_counter()
    split_words(text)
    assert time.perf_counter() - begin < 5.0
