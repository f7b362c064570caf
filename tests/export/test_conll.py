"""CoNLL: words, tags and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.export import to_conll
from arner.schema import Document, Entity, Mention
from arner.text import split_words


def rows(conll: str) -> list[list[tuple[str, str]]]:
    """Sentences, as any reader of the form sees them."""
    assert conll.endswith("\n\n")
    return [
        [tuple(line.split("\t")) for line in block.split("\n")] for block in conll.removesuffix("\n\n").split("\n\n")
    ]


def test_words_and_tags(plain):
    first, second = rows(plain.to_conll())
    assert first[:5] == [("زارَ", "O"), ("فلاديمير", "B-PER"), ("بوتين", "I-PER"), ("أستانا", "B-LOC"), ("😀", "O")]
    assert ("بوتينُ", "B-PER") in second


def test_clitics(plain):
    assert ("بالقاهرة", "B-LOC") in rows(plain.to_conll())[1]
    cut = rows(plain.to_conll(clitics="separate"))[1]
    place = cut.index(("ب", "O"))
    assert cut[place + 1] == ("القاهرة", "B-LOC")


def named(text: str, *spans: tuple[int, int], type: str = "PER", kind: str = "name") -> Document:
    mentions = [Mention(start=s, end=e, text=text[s:e], type=type, kind=kind, entity="e1", score=1.0) for s, e in spans]
    entity = Entity(id="e1", type=type, name="x", mentions=tuple(range(len(spans))))
    return Document(text=text, mentions=mentions, entities=[entity])


def test_demonyms_and_descriptions_are_not_names():
    for kind in ("demonym", "nominal"):
        assert to_conll(named("الروسي", (0, 6), kind=kind)) == "الروسي\tO\n\n"


def test_neighbours_begin_anew():
    assert to_conll(named("بوتين بايدن", (0, 5), (6, 11))) == "بوتين\tB-PER\nبايدن\tB-PER\n\n"


def test_of_overlapping_names_the_longer_is_written():
    assert to_conll(named("خادم الحرمين", (0, 4), (0, 12))) == "خادم\tB-PER\nالحرمين\tI-PER\n\n"


def test_no_sentence_ends_within_a_name():
    assert to_conll(named("حركة.\nخمس نجوم", (0, 9))) == "حركة\tB-PER\n.\tI-PER\nخمس\tI-PER\nنجوم\tO\n\n"


def test_a_label_with_blanks_makes_no_column(hostile):
    for sentence in rows(hostile.to_conll()):
        assert all(len(row) == 2 and row[0] for row in sentence)


TEXTS = st.text(alphabet="ابتلوفسك ًُّـ.\n\r\t،«»A7😀\u200c\u200f\u2028\x85\x0b", max_size=40)


@given(TEXTS, st.data(), st.sampled_from(["attached", "separate"]))
def test_any_text_gives_two_columns_and_whole_words(text, data, clitics):
    spans = data.draw(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 41)), max_size=4))
    spans = [(s, min(e, len(text))) for s, e in spans if s < min(e, len(text))]
    conll = to_conll(named(text, *spans), clitics=clitics)
    lines = [line for line in conll.split("\n") if line]
    assert all(line.count("\t") == 1 and not set(line) & set("\r\x0b\x85\u2028 ") for line in lines)
    words, tags = zip(*(line.split("\t") for line in lines), strict=True) if lines else ((), ())
    assert "".join(words) == "".join(word.text for word in split_words(text))
    previous = "O"
    for tag, line in zip(tags, lines, strict=True):
        assert tag in ("O", "B-PER") or (tag == "I-PER" and previous != "O"), line
        previous = tag


@pytest.mark.parametrize("text", ["", " \n", "\u200f"])
def test_nothing_to_write(text):
    assert to_conll(Document(text=text)) == ""
