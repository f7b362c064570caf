"""What relations rule out: repeats, general types, rival holders of an office; and what stands side by side."""

from __future__ import annotations

from typing import Any

import pytest

from arner.relations.merge import merge
from arner.relations.reasons import Reason
from arner.schema import Relation, RelationType, Span, When

R = RelationType


def claim(subject: str, type: RelationType, object: str, score: float = 0.5, at: int = 0, **more: Any) -> Relation:
    span = Span(start=at, end=at + 1, text="x")
    return Relation(subject=subject, type=type, object=object, evidence=span, score=score, rule="a.b", **more)


def dated(iso: str | None) -> dict[str, Any]:
    return {"when": When(text="x", iso=iso)}


def keys(relations: tuple[Relation, ...]) -> list[tuple[str, str, str, str]]:
    return sorted((r.subject, r.type.value, r.object, r.polarity) for r in relations)


def test_of_repeats_the_best_score_stays_and_of_equal_scores_the_first() -> None:
    merged = merge([claim("a", R.LEADS, "b", 0.6), claim("a", R.LEADS, "b", 0.9, 3), claim("a", R.LEADS, "b", 0.9, 5)])
    assert [(r.score, r.evidence.start) for r in merged] == [(0.9, 3)]


@pytest.mark.parametrize("type", [type for type in R if type.symmetric])
def test_a_symmetric_relation_stays_once(type: RelationType) -> None:
    assert keys(merge([claim("a", type, "b"), claim("b", type, "a")])) == [("a", type.value, "b", "affirmed")]


@pytest.mark.parametrize("type", [R.VISITED, R.SUPPORTS, R.CRITICIZED, R.ATTACKED])
def test_what_has_a_direction_stays_both_ways(type: RelationType) -> None:
    assert len(merge([claim("a", type, "b"), claim("b", type, "a")])) == 2


def test_affirmed_and_negated_stay_each_with_its_evidence() -> None:
    merged = merge([claim("a", R.MEMBER_OF, "b", at=4), claim("a", R.MEMBER_OF, "b", at=9, polarity="negated")])
    assert [(r.polarity, r.evidence.start) for r in merged] == [("affirmed", 4), ("negated", 9)]


@pytest.mark.parametrize(
    ("special", "general"),
    [
        (R.HEAD_OF_STATE_OF, R.WORKS_FOR),
        (R.HEAD_OF_STATE_OF, R.CITIZEN_OF),
        (R.HEAD_OF_GOVERNMENT_OF, R.REPRESENTS),
        (R.MINISTER_OF, R.CITIZEN_OF),
        (R.LEADS, R.WORKS_FOR),
        (R.REPRESENTS, R.WORKS_FOR),
        (R.WORKS_FOR, R.CITIZEN_OF),
        (R.CAPITAL_OF, R.LOCATED_IN),
        (R.PART_OF, R.BASED_IN),
        (R.SPOKE_WITH, R.MET_WITH),
    ],
)
def test_the_more_specific_type_stays(special: RelationType, general: RelationType) -> None:
    assert keys(merge([claim("a", general, "b", 0.9), claim("a", special, "b")])) == [
        ("a", special.value, "b", "affirmed")
    ]
    assert len(merge([claim("a", general, "b"), claim("a", special, "c")])) == 2
    assert len(merge([claim("a", general, "b", polarity="negated"), claim("a", special, "b")])) == 2
    assert len(merge([claim("a", general, "b"), claim("a", special, "b", polarity="negated")])) == 2


def test_a_post_of_the_past_leaves_the_present_one() -> None:
    past = claim("a", R.MINISTER_OF, "b", status="former")
    assert len(merge([past, claim("a", R.WORKS_FOR, "b")])) == 2
    assert len(merge([past, claim("a", R.WORKS_FOR, "b", status="former")])) == 1


def test_a_call_elsewhere_leaves_a_meeting() -> None:
    assert len(merge([claim("a", R.SPOKE_WITH, "b", at=1), claim("b", R.MET_WITH, "a", at=7)])) == 2


@pytest.mark.parametrize("office", [R.HEAD_OF_STATE_OF, R.HEAD_OF_GOVERNMENT_OF])
@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({}, {}, False),
        ({"status": "former"}, {}, True),
        ({}, {"status": "planned"}, True),
        ({}, {"polarity": "negated"}, True),
        (dated("2016"), dated("2016-07-13"), False),
        (dated("2015"), dated("2016-07-13"), True),
        (dated("1997/2007"), dated("2003-05"), False),
        (dated("1997/2007"), dated("2016"), True),
        (dated("2016"), {}, False),
        (dated(None), dated("2016"), False),
    ],
)
def test_one_holder_of_an_office_at_a_time(
    office: RelationType, one: dict[str, Any], other: dict[str, Any], both: bool
) -> None:
    merged = merge([claim("a", office, "x", 0.9, **one), claim("b", office, "x", 0.6, **other)])
    assert [r.subject for r in merged] == (["a", "b"] if both else ["a"])


def test_close_scores_settle_no_office_and_other_states_have_their_own() -> None:
    office = R.HEAD_OF_STATE_OF
    assert len(merge([claim("a", office, "x", 0.9), claim("b", office, "x", 0.85)])) == 2
    assert len(merge([claim("a", office, "x", 0.9), claim("b", office, "y", 0.5)])) == 2
    assert len(merge([claim("a", R.MINISTER_OF, "x", 0.9), claim("b", R.MINISTER_OF, "x", 0.5)])) == 2


def test_whoever_asks_is_told_what_goes_and_why() -> None:
    told: list[tuple[str, str, str]] = []
    merge(
        [
            claim("a", R.HEAD_OF_STATE_OF, "x", 0.9),
            claim("a", R.HEAD_OF_STATE_OF, "x", 0.8),
            claim("a", R.CITIZEN_OF, "x"),
            claim("b", R.HEAD_OF_STATE_OF, "x", 0.5),
        ],
        lambda relation, reason, other: told.append((relation.subject, reason, other.type.value)),
    )
    assert sorted(told) == [
        ("a", Reason.REPEATED, "head_of_state_of"),
        ("a", Reason.SUPPRESSED, "head_of_state_of"),
        ("b", Reason.OFFICE_TAKEN, "head_of_state_of"),
    ]


@pytest.mark.parametrize(
    "marked",
    [
        "زار [تونس LOC] [كينيا LOC]",  # a country visits nobody
        "التقى [خالد نعمان PER] [خالد نعمان PER]",
        "زار [خالد نعمان PER] [سمير عوض PER]",
    ],
)
def test_signatures_hold_and_nobody_is_related_to_himself(marked: str, read: Any) -> None:
    assert read(marked).triples == set()
