"""The HTML of a notebook's output cell."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from arner.export import document_html
from arner.schema import Document, Entity, Mention, Relation, Span

TEXT = "الرئيس الروسي بوتين <script>alert(1)</script> & 'زار' أستانا"


def mention(text: str, type: str, entity: str, kind: str = "name") -> Mention:
    start = TEXT.index(text)
    return Mention(start=start, end=start + len(text), text=text, type=type, kind=kind, entity=entity, score=0.9)


@pytest.fixture
def document() -> Document:
    return Document(
        text=TEXT,
        mentions=(
            mention("الرئيس الروسي", "PER", "e1", "nominal"),
            mention("الروسي", "LOC", "e2", "demonym"),
            mention("بوتين", "PER", "e1"),
            mention("أستانا", "X' onclick='x", "e3"),
        ),
        entities=(
            Entity(id="e1", type="PER", name="بوتين", name_en="<i>Putin</i>'", mentions=(0, 2)),
            Entity(id="e2", type="LOC", name="روسيا", mentions=(1,)),
            Entity(id="e3", type="X", name="أستانا", mentions=(3,)),
        ),
        relations=(
            Relation(
                subject="e1",
                type="visited",
                object="e3",
                polarity="negated",
                evidence=Span(start=0, end=len(TEXT), text=TEXT),
                score=1.0,
                rule="r",
            ),
        ),
    )


class Reader(HTMLParser):
    """Collects the text of the text block, the tags, and whether they close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.open.append((tag, dict(attrs)))
        self.tags.append(self.open[-1])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if any(attrs.get("class") == "arner-text" for _, attrs in self.open):
            self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


def test_text_is_whole_escaped_and_right_to_left(document):
    reader = read(document._repr_html_())
    assert reader.text == TEXT
    assert "script" not in {tag for tag, _ in reader.tags}
    assert not any("onclick" in attrs for _, attrs in reader.tags)
    block = next(attrs for _, attrs in reader.tags if attrs.get("class") == "arner-text")
    assert block["dir"] == "rtl"


def test_mentions_are_nested(document):
    html = document._repr_html_()
    marks = [attrs["class"] for tag, attrs in read(html).tags if tag == "mark" and "title" in attrs]
    assert marks == ["PER nominal", "LOC demonym", "PER name", " name"]
    assert "الروسي</mark></mark>" in html


def test_relations_are_rows(document):
    reader = read(document._repr_html_())
    assert [attrs.get("class") for tag, attrs in reader.tags if tag == "tr"] == [None, "negated"]


def test_a_long_text_is_cut_and_says_so(document):
    html = document_html(document, limit=16)
    assert read(html).text == TEXT[:16]
    assert "more characters not shown" in html


def test_nothing_is_loaded_from_elsewhere(document):
    html = document._repr_html_()
    assert "http" not in html
    assert "url(" not in html
