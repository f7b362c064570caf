"""Documents to export: one plain, one hostile."""

from __future__ import annotations

import pytest

from arner.schema import Document, Entity, Mention, Relation, Span, When

PLAIN = "زارَ فلاديمير بوتين أستانا 😀 في 27 نوفمبر 2024.\r\nولم يزر بوتينُ القاهرة، وسيلتقي توكاييف بالقاهرة."
HOSTILE_NAME = "ب'\"\\u0027}) \\' <script>alert(1)</script> & \u202e=1+1 $x_1$ ]]> {{ \x07\x1b[2J"
HOSTILE_LABEL = "X' onmouseover='alert(1)\t<b>"
HOSTILE = f"زار {HOSTILE_NAME} \t\n أستانا."


def mention(text: str, words: str, type: str, entity: str, *, at: int = 0, kind: str = "name") -> Mention:
    start = text.index(words, at)
    return Mention(start=start, end=start + len(words), text=words, type=type, kind=kind, entity=entity, score=0.9)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start=start, end=start + len(words), text=words)


@pytest.fixture(scope="session")
def plain() -> Document:
    """Two sentences: an affirmed visit with a date, a denied one, a planned meeting."""
    second = PLAIN.index("ولم")
    return Document(
        id="news/1 أ",
        text=PLAIN,
        mentions=(
            mention(PLAIN, "فلاديمير بوتين", "PER", "e1"),
            mention(PLAIN, "أستانا", "LOC", "e2"),
            mention(PLAIN, "بوتينُ", "PER", "e1", at=second),
            mention(PLAIN, "القاهرة", "LOC", "e3", at=second),
            mention(PLAIN, "توكاييف", "PER", "e4"),
            mention(PLAIN, "القاهرة", "LOC", "e3", at=PLAIN.index("بالقاهرة")),
        ),
        entities=(
            Entity(
                id="e1",
                type="PER",
                name="فلاديمير بوتين",
                name_en="Vladimir Putin",
                wikidata="Q7747",
                aliases=("فلاديمير بوتين", "بوتينُ"),
                mentions=(0, 2),
            ),
            Entity(id="e2", type="LOC", name="أستانا", name_en="Astana", wikidata="Q1520", mentions=(1,)),
            Entity(id="e3", type="LOC", name="القاهرة", mentions=(3, 5)),
            Entity(id="e4", type="PER", name="قاسم جومارت توكاييف", mentions=(4,)),
        ),
        relations=(
            Relation(
                subject="e1",
                type="visited",
                object="e2",
                when=When(text="27 نوفمبر 2024", iso="2024-11-27"),
                evidence=span(PLAIN, "زارَ فلاديمير بوتين أستانا"),
                trigger=span(PLAIN, "زارَ"),
                score=0.85,
                rule="visited.verb",
            ),
            Relation(
                subject="e1",
                type="visited",
                object="e3",
                polarity="negated",
                evidence=span(PLAIN, "لم يزر بوتينُ القاهرة"),
                score=0.8,
                rule="visited.verb",
            ),
            Relation(
                subject="e1",
                type="met_with",
                object="e4",
                status="planned",
                role="الرئيس",
                when=When(text="قريباً"),
                evidence=span(PLAIN, "وسيلتقي توكاييف"),
                score=0.7,
                rule="met_with.verb",
            ),
            Relation(
                subject="e1",
                type="born_in",
                object="e2",
                evidence=span(PLAIN, "فلاديمير بوتين أستانا"),
                score=1.0,
                rule="born_in.made_up",
            ),
        ),
        model="list 1.0",
    )


@pytest.fixture(scope="session")
def hostile() -> Document:
    """Every field that takes free text holds markup, quotes, escapes, controls and signs that steer."""
    person = mention(HOSTILE, HOSTILE_NAME, "PER", "e1'><i>")
    place = mention(HOSTILE, "أستانا", HOSTILE_LABEL, "e2")
    return Document(
        id="=cmd|' /C calc'!A0 </title><script>alert(2)</script> ../..",
        text=HOSTILE,
        mentions=(person, place),
        entities=(
            Entity(id="e1'><i>", type="PER", name=HOSTILE_NAME, name_en="</style><script>", mentions=(0,)),
            Entity(id="e2", type=HOSTILE_LABEL, name="أستانا", aliases=(HOSTILE_NAME, "a'b"), mentions=(1,)),
        ),
        relations=(
            Relation(
                subject="e1'><i>",
                type="visited",
                object="e2",
                polarity="negated",
                role="'); MATCH (n) DETACH DELETE n; //",
                when=When(text="<img src=x onerror=alert(3)>", iso="' onload='alert(4)"),
                evidence=Span(start=0, end=len(HOSTILE), text=HOSTILE),
                score=0.5,
                rule="r</small><script>alert(5)</script>",
            ),
        ),
        model="<script>alert(6)</script>",
    )
