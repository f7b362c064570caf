"""The page: whole, escaped, reachable by keyboard, readable in either theme."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arner.export.html.markup import marked_text
from arner.export.html.style import script, style
from arner.schema import Document, Entity, Mention, Span

VOID = {"meta", "br", "img", "input", "link"}
SVG_EMPTY = {"path", "rect"}


class Reader(HTMLParser):
    """Collects elements and the text of the text block, and checks that elements close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag, attrs):
        assert tag in SVG_EMPTY
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if any(attrs.get("class") == "arner-text" for _, attrs in self.open):
            self.text += data

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]


def test_the_page_holds_all(plain):
    page = Reader(plain.to_html())
    assert page.text == plain.text
    assert page.of("html") == [{"lang": "ar", "dir": "rtl"}]
    assert [attrs["id"] for attrs in page.of("section")] == ["text", "claims", "graph", "timeline", "entities"]
    assert [attrs["data-label"] for attrs in page.of("mark") if "data-label" in attrs][:2] == ["شخص", "مكان"]
    assert len([attrs for attrs in page.of("li") if attrs.get("id", "").startswith("r")]) == len(plain.relations)
    assert [attrs["datetime"] for attrs in page.of("time")] == ["2024-11-27"] * 2
    assert plain.to_html() == plain.to_html(full_page=True)


def test_a_denied_relation_says_so_in_words(plain):
    html = plain.to_html()
    claim = re.search(r"<li id='r2'.*?</li>", html)[0]
    assert "منفي" in claim
    assert "negated" in claim
    line, words = re.findall(r"<g class='edge r2 negated'>.*?</g>", html)
    assert "<path" in line
    assert "زار (منفي)" in words
    assert "مخطط له" in re.findall(r"<g class='edge r3 unsure'>.*?</g>", html)[1]


def test_every_reference_has_its_target_and_ids_are_unique(plain):
    page = Reader(plain.to_html())
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"][1:] for attrs in page.of("a") if attrs["href"].startswith("#")]
    labels = [attrs["aria-labelledby"] for _, attrs in page.elements if "aria-labelledby" in attrs]
    assert set(links) | set(labels) <= set(ids)
    assert {f"p{number}" for number in range(1, 5)} <= set(links)


def test_evidence_is_found_again(plain):
    html = plain.to_html()
    for number, relation in enumerate(plain.relations, 1):
        pieces = re.findall(r"<span class='(v[^']*)'>(.*?)</span>(?=<span|[^<]|<mark|</div)", html)
        words = "".join(re.sub(r"<[^>]*>", "", piece) for ids, piece in pieces if f"v{number}" in ids.split())
        assert words == relation.evidence.text


def test_hostile_text_becomes_no_markup(hostile):
    for html, scripts in ((hostile.to_html(), 1), (hostile.to_html(full_page=False), 0)):
        page = Reader(html)
        tags = {tag for tag, _ in page.elements}
        assert not tags & {"img", "iframe", "link", "object", "i", "b", "base", "form"}
        assert len(page.of("style")) == 1
        assert page.of("script") == [{}] * scripts
        assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", html)
        for _, attrs in page.elements:
            assert not [name for name in attrs if name.startswith("on")]
        assert not set(html) & set("\x07\x1b\x00")
    assert page.text == hostile.text.replace("\x07", "\ufffd").replace("\x1b", "\ufffd")


def test_one_script_runs_and_nothing_is_loaded(plain, hostile):
    html = plain.to_html()
    policy = next(attrs["content"] for attrs in Reader(html).of("meta") if "http-equiv" in attrs)
    named = b64encode(sha256(script().encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{named}';" in policy
    assert "base-uri 'none'; form-action 'none'" in policy
    for page in (html, hostile.to_html()):
        assert re.findall(r"<script>(.*?)</script>", page, re.DOTALL) == [script()]
    assert not re.search(r"\bsrc=|url\((?!#)|@import|<link|\son\w+=", html)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(", script())
    addresses = re.findall(r"https?://[^'\"\s]+", html)
    assert all(address.startswith("https://www.wikidata.org/wiki/Q") for address in addresses)


def test_what_scrolls_can_be_reached_by_keyboard(plain):
    page = Reader(plain.to_html())
    scrolling = [attrs for _, attrs in page.elements if attrs.get("class") in ("wide", "arner-text")]
    assert len(scrolling) == 3
    assert all(attrs["tabindex"] == "0" and attrs["role"] == "group" for attrs in scrolling)
    assert all(attrs["aria-labelledby"] for attrs in scrolling)
    assert page.of("svg")[0]["role"] == "img"
    assert page.of("svg")[0]["aria-label"]


def test_empty_parts_are_left_out():
    page = Reader(Document(text="لا شيء").to_html())
    assert [attrs["id"] for attrs in page.of("section")] == ["text"]


def brightness(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag_aa():
    sheet = style("colours", "page")
    colours = {name: pair for name, *pair in re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", sheet)}
    pairs = [*product(["ink"], ["paper", "card", "per", "loc", "org", "misc", "other", "lit"])]
    pairs += product(["dim", "no", "strong"], ["paper", "card"])
    for (ink, ground), theme in product(pairs, (0, 1)):
        ratio = contrast(colours[ink][theme], colours[ground][theme])
        assert ratio >= 4.5, (ink, ground, theme, ratio)
    for theme in (0, 1):  # lines and marks that carry a meaning
        for ground in ("paper", "per", "loc", "org", "misc", "other"):
            assert contrast(colours["edge"][theme], colours[ground][theme]) >= 3


SPANS = st.tuples(st.integers(0, 11), st.integers(1, 12)).filter(lambda s: s[0] < s[1])


@given(
    st.lists(st.tuples(SPANS, st.sampled_from(["name", "demonym", "nominal"])), max_size=6), st.lists(SPANS, max_size=4)
)
@settings(max_examples=150)
def test_any_mentions_and_evidence_nest(mentions, evidence):
    text = "ab<&'\r\n\"دجه\u0651"
    found = [
        Mention(start=s, end=e, text=text[s:e], type="PER", kind=kind, entity="e", score=1) for (s, e), kind in mentions
    ]
    doc = Document(text=text, mentions=found, entities=[Entity(id="e", type="PER", name="x", mentions=())])
    spans = [Span(start=s, end=e, text=text[s:e]) for s, e in evidence]
    page = Reader(f"<div class='arner-text'>{marked_text(doc, evidence=spans)}</div>")
    assert page.text == text
    assert sorted(attrs["id"] for attrs in page.of("span") if "id" in attrs) == [f"p{n + 1}" for n in range(len(spans))]
    assert (not found) == (not page.of("mark"))


def test_deep_nesting_ends():
    text = "ا" * 4000
    mentions = [
        Mention(start=n, end=4000 - n, text=text[n : 4000 - n], type="PER", entity="e", score=1) for n in range(300)
    ]
    doc = Document(text=text, mentions=mentions, entities=[Entity(id="e", type="PER", name="x", mentions=())])
    assert len(Reader(doc.to_html()).of("mark")) == 8 + 4


@pytest.mark.parametrize("limit", [0, 3, 9, 100])
def test_a_limit_cuts_no_mention(limit):
    text = "زار بوتين أستانا"
    mention = Mention(start=4, end=9, text="بوتين", type="PER", entity="e", score=1)
    doc = Document(text=text, mentions=[mention], entities=[Entity(id="e", type="PER", name="x", mentions=(0,))])
    html = marked_text(doc, limit=limit)
    assert re.sub(r"<[^>]*>", "", html) == text[:limit]
    assert ("<mark" in html) == (limit >= 9)
