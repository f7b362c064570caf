"""Documents: frozen, consistent, and the same after a round trip through JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from arner.errors import ArnerError, DocumentError
from arner.schema import Document, Entity, Mention, Relation, Span, Triple, When

TEXT = "زار بوتين أستانا.\r\n"


def document(**changes: object) -> Document:
    fields: dict[str, object] = {
        "id": "a",
        "text": TEXT,
        "mentions": (
            Mention(start=4, end=9, text="بوتين", type="PER", entity="e1", score=0.9),
            Mention(start=10, end=16, text="أستانا", type="LOC", entity="e2", score=0.8),
        ),
        "entities": (
            Entity(
                id="e1", type="PER", name="فلاديمير بوتين", name_en="Vladimir Putin", wikidata="Q7747", mentions=(0,)
            ),
            Entity(id="e2", type="LOC", name="أستانا", aliases=("نور سلطان",), mentions=(1,)),
        ),
        "relations": (
            Relation(
                subject="e1",
                type="visited",
                object="e2",
                when=When(text="اليوم"),
                evidence=Span(start=0, end=16, text=TEXT[:16]),
                trigger=Span(start=0, end=3, text="زار"),
                score=0.7,
                rule="visited.verb",
            ),
        ),
        "model": "list 1.0",
    }
    return Document(**{**fields, **changes})


def test_reading_a_document():
    doc = document()
    assert doc["e1"].name_en == "Vladimir Putin"
    assert list(doc.triples()) == [Triple("فلاديمير بوتين", "visited", "أستانا", "affirmed")]
    assert repr(doc) == "Document('زار بوتين أستانا.', 2 mentions, 2 entities, 1 relations)"
    with pytest.raises(KeyError):
        doc["e3"]


def test_a_long_text_is_cut_in_the_repr():
    assert len(repr(Document(text="كلمة " * 1000))) < 120


def test_documents_are_frozen():
    doc = document()
    with pytest.raises(ValidationError, match="frozen"):
        doc.text = ""  # type: ignore[misc]
    assert document() == document()


def test_round_trip():
    doc = document()
    list(doc.triples())  # what is cached inside must not count
    line = doc.to_json()
    assert "\n" not in line
    assert "بوتين" in line
    assert Document.from_json(line) == doc
    assert Document.from_json(doc.to_json(indent=2).encode()) == doc
    assert Document.model_validate_json(line) == doc


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_a_round_trip(text):
    assert Document.from_json(Document(text=text).to_json()).text == text


@pytest.mark.parametrize(
    ("json_text", "message"),
    [
        ("", "not an arner document"),
        ("{}", "text: Field required"),
        ('{"text": "a", "texts": 1}', "texts: Extra inputs"),
        ('{"text": "a", "schema_version": "9"}', "schema_version"),
    ],
)
def test_other_json_is_refused_in_words(json_text, message):
    with pytest.raises(DocumentError, match=message) as caught:
        Document.from_json(json_text)
    assert isinstance(caught.value, ArnerError)


MENTION = {"type": "PER", "entity": "e1", "score": 1.0}
EVIDENCE = Span(start=0, end=3, text="زار")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": "other"}, "does not hold"),
        ({"entities": ()}, "points at entity"),
        ({"mentions": (), "relations": ()}, "lists mention 0"),
        ({"mentions": (Mention(start=4, end=9, text="بوتن؟", **MENTION),)}, "does not hold"),
        ({"mentions": (Mention(start=90, end=95, text="", **MENTION),)}, "does not hold"),
        (
            {"relations": (Relation(subject="e1", type="visited", object="e9", evidence=EVIDENCE, score=1, rule="r"),)},
            "'e9'",
        ),
    ],
)
def test_an_inconsistent_document_is_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        document(**changes)


def test_the_published_json_schema_is_up_to_date():
    published = Path(__file__).parents[2] / "docs" / "document.schema.json"
    # If this fails after a change that is meant: arner schema > docs/document.schema.json
    assert json.loads(published.read_text(encoding="utf-8")) == Document.model_json_schema()
