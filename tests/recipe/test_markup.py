"""Inline marks: what the reader takes out, and the shipped paragraphs themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.recipe.corpora import PROFILES, paragraph_rows
from models.recipe.labels import OUTSIDE, mask_of
from models.recipe.markup import parse_markup, read_articles

NEWS = Path(__file__).parents[2] / "models" / "data" / "news"


def test_marks_become_offsets() -> None:
    marked = parse_markup("وصلت إلى ل[لصين|LOC] و«[نون|ORG]»")
    assert marked.text == "وصلت إلى للصين و«نون»"
    assert [(marked.text[start:end], kind) for start, end, kind in marked.names] == [("لصين", "LOC"), ("نون", "ORG")]


@pytest.mark.parametrize("line", ["وصل [ليلى|PER", "وصل ليلى|PER]", "[ليلى|XYZ] هنا", "[[ليلى|PER]] هنا", "[|PER]"])
def test_a_bad_mark_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="here:3"):
        parse_markup(line, "here:3")


def test_rows_have_a_label_for_every_word(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("زار [علي حسن|PER] ب[القاهرة|LOC]\n\nعاد.\n", encoding="utf-8")
    first, second = paragraph_rows("paragraphs", tmp_path, PROFILES["paragraphs"])
    begin, inside, place = mask_of(["B-PER"]), mask_of(["I-PER"]), mask_of(["B-LOC"])
    assert first["words"] == ["زار", "علي", "حسن", "بالقاهرة"]
    assert first["allowed"] == [OUTSIDE, begin, inside, place]
    assert second["allowed"] == [OUTSIDE, OUTSIDE]


def test_the_shipped_paragraphs_are_well_marked() -> None:
    """No title or descriptor begins a name of a person or a place, no quote is inside its ends, nothing is empty."""
    titles = re.compile(r"(الرئيس|الوزير|وزير|السيد|الدكتور|العاصمة) ")
    for path in sorted(NEWS.glob("*.txt")):
        for article in read_articles(path):
            for marked in article:
                for start, end, kind in marked.names:
                    name = marked.text[start:end]
                    assert name == name.strip(" «»،:") and name[0] != ".", f"{path.name}: {name}"
                    assert kind not in ("PER", "LOC") or not titles.match(name), f"{path.name}: {name}"
