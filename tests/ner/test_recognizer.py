"""The recogniser with the embedded model: offsets, clitics, vocalised text, long text, batches, threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arner.ner.models import load_recognizer
from arner.ner.recognizer import NameSpan, Recognizer

SENTENCES = [
    "التقى الرئيس المصري عبد الفتاح السيسي وزير الخارجية الأميركي أنتوني بلينكن في القاهرة.",
    "وقال لافروف إن روسيا ترحب بالحوار مع الأمم المتحدة.",
    "افتتحت شركة مايكروسوفت مكتبا جديدا في دبي.",
    "زار محمود عباس باريس ولندن.",
]
VOCALISED = ("زار محمود عباس باريس", "زَارَ مَحْمُودُ عَبَّاسُ بَارِيسَ")


@pytest.fixture(scope="module")
def recogniser() -> Recognizer:
    return load_recognizer("default")


def found(recogniser: Recognizer, text: str) -> list[tuple[str, str]]:
    return [(text[name.start : name.end], name.type) for name in recogniser.recognize(text)]


def test_names_of_every_type(recogniser: Recognizer) -> None:
    assert ("عبد الفتاح السيسي", "PER") in found(recogniser, SENTENCES[0])
    assert ("القاهرة", "LOC") in found(recogniser, SENTENCES[0])
    assert ("مايكروسوفت", "ORG") in found(recogniser, SENTENCES[2])


def test_proclitics_are_outside_the_name(recogniser: Recognizer) -> None:
    names = found(recogniser, "وصل الوفد إلى باريس ولندن ثم عاد لبيروت.")
    assert names == [("باريس", "LOC"), ("لندن", "LOC"), ("بيروت", "LOC")]


def test_vocalised_text_gives_the_same_names(recogniser: Recognizer) -> None:
    bare, vocalised = (recogniser.recognize(text) for text in VOCALISED)
    assert [(n.type, n.score) for n in bare] == [(n.type, n.score) for n in vocalised]
    assert [VOCALISED[1][n.start : n.end] for n in vocalised] == ["مَحْمُودُ عَبَّاسُ", "بَارِيسَ"]


def test_a_long_text_is_read_to_its_end(recogniser: Recognizer) -> None:
    text = " ".join(SENTENCES) * 60
    ends = [name.end for name in recogniser.recognize(text)]
    assert ends == sorted(ends)
    per_copy = len(recogniser.recognize(" ".join(SENTENCES)))
    assert len(ends) >= 0.95 * 60 * per_copy
    assert text[ends[-1] - 4 : ends[-1]] == "لندن"


def test_a_long_text_without_any_mark_is_read_to_its_end(recogniser: Recognizer) -> None:
    text = "كلمة " * 3000 + "ووصل الرئيس الفلسطيني محمود عباس إلى العاصمة الفرنسية باريس"
    assert "باريس" in [text[name.start : name.end] for name in recogniser.recognize(text)]


def spans(names: list[NameSpan]) -> list[tuple[int, int, str]]:
    return [(name.start, name.end, name.type) for name in names]


def test_many_texts_give_what_each_gives_alone(recogniser: Recognizer) -> None:
    together = recogniser.recognize_many(SENTENCES)
    alone = [recogniser.recognize(text) for text in SENTENCES]
    assert [spans(names) for names in together] == [spans(names) for names in alone]


def test_threads_may_share_a_recogniser(recogniser: Recognizer) -> None:
    alone = [recogniser.recognize(text) for text in SENTENCES]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(recogniser.recognize, SENTENCES * 5)) == alone * 5


LETTERS = st.one_of(st.characters(codec="utf-8"), st.sampled_from("بوتين زار لبنان\u064e\u0640\u200f«»\n. 😀ﷲ"))


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=LETTERS))
def test_any_text_is_read_without_error(recogniser: Recognizer, text: str) -> None:
    last = 0
    for name in recogniser.recognize(text):
        assert last <= name.start < name.end <= len(text)
        assert not text[name.start].isspace() and not text[name.end - 1].isspace()
        last = name.end


def test_min_score_leaves_names_out() -> None:
    everything = load_recognizer("default").recognize(SENTENCES[0])
    assert load_recognizer("default", min_score=1.0).recognize(SENTENCES[0]) == []
    assert everything


@pytest.mark.parametrize(
    ("text", "name"),
    [("التقى الوفد بفلاديمير بوتين.", "فلاديمير بوتين"), ("التقى الوفدُ بِفلاديمير بوتين.", "فلاديمير بوتين")],
)
def test_a_known_name_of_several_words_settles_the_cut(text: str, name: str) -> None:
    knowing = load_recognizer("default", is_name={"فلاديمير بوتين"}.__contains__)
    assert name in [text[n.start : n.end] for n in knowing.recognize(text)]
