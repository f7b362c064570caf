"""brat standoff."""

from __future__ import annotations

import re

import pytest

from arner.errors import InputError
from arner.export import save_brat, to_brat
from arner.schema import Document


def annotations(document: Document) -> dict[str, list[str]]:
    """Identifier → columns after it; as brat reads a file: line by line, columns by tab."""
    return {
        columns[0]: columns[1:] for columns in (line.split("\t") for line in to_brat(document).annotations.splitlines())
    }


def test_offsets_point_into_the_text(plain):
    text, _ = to_brat(plain)
    assert text == plain.text
    for key, columns in annotations(plain).items():
        if key.startswith("T"):
            _, spans = columns[0].split(" ", 1)
            start, end = map(int, spans.split())
            assert text[start:end] == columns[1]


def test_relations(plain):
    found = annotations(plain)
    assert found["R1"] == ["visited Arg1:T1 Arg2:T2"]
    assert found["R2"] == ["not_visited Arg1:T3 Arg2:T4"]  # those in its evidence, not the first ones
    assert found["R3"] == ["met_with Arg1:T3 Arg2:T5"]
    assert any(columns[0] == "AnnotatorNotes R3" and "planned" in columns[1] for columns in found.values())
    assert found["N1"] == ["Reference T1 Wikidata:Q7747", "فلاديمير بوتين"]


def test_a_mention_over_a_line_break_is_in_fragments(hostile):
    text = "حركة\r\nخمس نجوم"
    doc = Document.model_validate(
        {
            "text": text,
            "mentions": [{"start": 0, "end": 9, "text": text[:9], "type": "ORG", "entity": "e", "score": 1}],
            "entities": [{"id": "e", "type": "ORG", "name": "x", "mentions": [0]}],
        }
    )
    assert annotations(doc)["T1"] == ["ORG 0 4;6 9", "حركة خمس"]


def test_no_text_breaks_a_line_or_a_name(hostile):
    for line in to_brat(hostile).annotations.splitlines():
        assert re.match(r"[TRN#]\d+\t[A-Za-z0-9_-]+ ", line), line


def test_a_relation_without_mentions_is_left_out():
    doc = Document.model_validate(
        {
            "text": "أ",
            "entities": [{"id": "e", "type": "ORG", "name": "x", "mentions": []}],
            "relations": [
                {
                    "subject": "e",
                    "type": "supports",
                    "object": "e",
                    "evidence": {"start": 0, "end": 1, "text": "أ"},
                    "score": 1,
                    "rule": "r",
                }
            ],
        }
    )
    assert to_brat(doc).annotations == ""


def test_a_folder(plain, hostile, tmp_path):
    folder = tmp_path / "brat"
    save_brat([plain, hostile], folder)
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 5
    assert all(path.parent == folder for path in folder.rglob("*"))
    assert (folder / "news_1_أ.txt").read_bytes() == plain.text.encode()
    configuration = (folder / "annotation.conf").read_text(encoding="utf-8")
    assert "not_visited\tArg1:<ENTITY>, Arg2:<ENTITY>\n" in configuration
    with pytest.raises(InputError, match="ids that differ"):
        save_brat([plain, plain], tmp_path / "twice")
