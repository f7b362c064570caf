"""Whole readings: constraints that every result keeps, and sentences that hold several relations."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arner.relations.merge import merge
from arner.schema import Document, Relation, RelationType, Span

PIECES = (
    "زار التقى استقبل في إلى بين مع الرئيس وزير الخارجية التونسي الكيني رئيس و ، . ( ) « » عضو الذي تقودها لقائه "
    "حرب عقوبات على فرضت دعم اتفاق نجل زوجته ولد لم رفض سيزور بلاده البلدين الأخيرة نظيره أمس 2023 من قبل كل من"
).split()
NAMES = ("[خالد نعمان PER]", "[سمير عوض PER]", "[تونس LOC]", "ل[كينيا LOC]", "و[مصر LOC]", "[حزب الوفاء ORG]")


def test_a_news_lead(read: Any) -> None:
    reading = read(
        "وصل الرئيس التونسي [خالد نعمان PER] الأربعاء إلى [نيروبي LOC]، حيث التقى نظيره الكيني [جون أوتينو PER]، "
        "بحسب صحيفة «[النهار الجديد ORG]» الكينية."
    )
    assert reading.triples == {
        ("خالد نعمان", "head_of_state_of", "تونس", "affirmed"),
        ("خالد نعمان", "visited", "نيروبي", "affirmed"),
        ("جون أوتينو", "head_of_state_of", "كينيا", "affirmed"),
        ("خالد نعمان", "met_with", "جون أوتينو", "affirmed"),
        ("النهار الجديد", "based_in", "كينيا", "affirmed"),
    }


def test_labels_of_another_model(read: Any) -> None:
    assert read("زار [خالد نعمان PERS] [تونس GPE]").triples == {("خالد نعمان", "visited", "تونس", "affirmed")}


def test_no_names_no_relations(read: Any) -> None:
    assert read("زار الرجل المدينة").relations == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from([*PIECES, *NAMES, *NAMES]), max_size=60))
def test_whatever_the_words_the_result_is_sound(pieces: list[str], read: Any) -> None:
    reading = read(" ".join(pieces))
    types = {entity.id: entity.type for entity in reading.linked.entities}
    seen = set()
    for relation in reading.relations:
        assert relation.subject != relation.object
        assert relation.type.accepts(types[relation.subject], types[relation.object])
        ends = (relation.subject, relation.object)
        key = (relation.type, frozenset(ends) if relation.type.symmetric else ends, relation.polarity)
        assert key not in seen
        seen.add(key)
    Document(
        text=reading.text,
        mentions=reading.linked.mentions,
        entities=reading.linked.entities,
        relations=reading.relations,
    )


@pytest.mark.parametrize(
    "unit", ["التقى زار وقع فرض بين مع إلى ", "التقى [خالد نعمان PER] مع بين ", "الرئيس وزير رئيس عضو "]
)
def test_a_long_line_of_triggers_costs_linear_time(unit: str, read: Any) -> None:
    def seconds(times: int) -> float:
        marked = unit * times
        start = time.perf_counter()
        read(marked)
        return time.perf_counter() - start

    seconds(50)
    few, many = seconds(300), seconds(1200)
    assert many < 10 * few + 0.5


def _relation(subject: str, type: RelationType, object: str, score: float = 0.5, **more: Any) -> Relation:
    span = Span(start=0, end=1, text="x")
    return Relation(subject=subject, type=type, object=object, evidence=span, score=score, rule="a.b", **more)


def test_merge_keeps_one_of_each_and_the_more_specific() -> None:
    leads, works = RelationType.HEAD_OF_STATE_OF, RelationType.WORKS_FOR
    met = RelationType.MET_WITH
    merged = merge(
        [
            _relation("a", works, "b"),
            _relation("a", leads, "b", 0.6),
            _relation("a", leads, "b", 0.9),
            _relation("c", met, "d"),
            _relation("d", met, "c"),
            _relation("c", met, "d", polarity="negated"),
        ]
    )
    assert sorted((r.subject, r.type.value, r.score, r.polarity) for r in merged) == [
        ("a", "head_of_state_of", 0.9, "affirmed"),
        ("c", "met_with", 0.5, "affirmed"),
        ("c", "met_with", 0.5, "negated"),
    ]
