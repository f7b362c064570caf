"""Reading through titles, pronouns and unsaid subjects; and leaving alone what has no single antecedent."""

from __future__ import annotations

from typing import Any

import pytest

from arner.schema import MentionKind


@pytest.mark.parametrize(
    ("marked", "triple"),
    [
        (
            "وصل الرئيس التونسي [خالد نعمان PER]. ثم زار الرئيس التونسي [كينيا LOC]",
            ("خالد نعمان", "visited", "كينيا", "affirmed"),
        ),
        ("بعد لقائه [سمير عوض PER]، قال [خالد نعمان PER] ذلك", ("خالد نعمان", "met_with", "سمير عوض", "affirmed")),
        ("قال [خالد نعمان PER] إنه زار [كينيا LOC]", ("خالد نعمان", "visited", "كينيا", "affirmed")),
        ("أعلنت [كينيا LOC] دعمها ل[تونس LOC]", ("كينيا", "supports", "تونس", "affirmed")),
        ("[كينيا LOC] جارة ل[تونس LOC] وتمتد الحدود بين البلدين", ("كينيا", "borders", "تونس", "affirmed")),
        (
            "رحبت [كينيا LOC] برفض الأخيرة الانضمام إلى [رابطة الأطباء ORG]",
            ("كينيا", "member_of", "رابطة الأطباء", "negated"),
        ),
        (
            "اجتمعت [منظمة الأمل ORG] أمس. وتقع المنظمة ومقرها [جنيف LOC] هنا",
            ("منظمة الأمل", "based_in", "جنيف", "affirmed"),
        ),
        (
            (
                "قال وزير الخارجية التونسي [خالد نعمان PER] ذلك. وصل وزير الخارجية الكيني [جون أوتينو PER]. "
                "وبحث [خالد نعمان PER] الأمر مع نظيره الكيني"
            ),
            ("خالد نعمان", "met_with", "جون أوتينو", "affirmed"),
        ),
        ("وصل [خالد نعمان PER] أمس. وأشاد بدور [كينيا LOC]", ("خالد نعمان", "supports", "كينيا", "affirmed")),
        ("قصفت القوات التونسية [كينيا LOC]", ("تونس", "attacked", "كينيا", "affirmed")),
    ],
)
def test_resolved(marked: str, triple: tuple[str, str, str, str], read: Any) -> None:
    assert triple in read(marked).triples


@pytest.mark.parametrize(
    "marked",
    [
        "زار الرئيس التونسي [كينيا LOC]",
        "تحدث [خالد نعمان PER] و[سمير عوض PER] عن زيارته إلى [كينيا LOC]",
        "قالت [كينيا LOC] و[تونس LOC] و[مصر LOC] إن الحدود بين البلدين مغلقة",
        "في السنوات الأخيرة الانضمام إلى [رابطة الأطباء ORG]",
    ],
)
def test_unresolved_means_no_triple(marked: str, read: Any) -> None:
    assert {triple for triple in read(marked).triples if triple[1] in ("visited", "borders", "member_of")} == set()


def test_a_title_is_not_of_somebody_named_much_later(read: Any) -> None:
    filler = "هطل المطر. " * 4
    late = "وفي عام 1986 وصل الرئيس التونسي [خالد نعمان PER]"
    reading = read(f"زار الرئيس التونسي [كينيا LOC]. {filler}{late}")
    assert not any(type == "visited" for _, type, _, _ in reading.triples)


def test_a_verb_keeps_to_the_gender_of_its_subject(read: Any) -> None:
    reading = read("ذكر [خالد نعمان PER] أنها وقعت اتفاقا مع [كينيا LOC]")
    assert not any(type == "agreed_with" for _, type, _, _ in reading.triples)


def test_a_nominal_becomes_a_mention(read: Any) -> None:
    reading = read("وصل الرئيس التونسي [خالد نعمان PER]. ثم زار الرئيس التونسي [كينيا LOC]")
    nominal = [mention for mention in reading.linked.mentions if mention.kind == MentionKind.NOMINAL]
    assert [mention.text for mention in nominal] == ["الرئيس التونسي"]
    entities = {entity.id: entity for entity in reading.linked.entities}
    owner = entities[nominal[0].entity]
    assert owner.name == "خالد نعمان"
    assert [reading.linked.mentions[n].text for n in owner.mentions] == ["خالد نعمان", "الرئيس التونسي"]
    for entity in entities.values():
        assert all(reading.linked.mentions[n].entity == entity.id for n in entity.mentions)


def test_a_counterpart_has_the_same_office(read: Any) -> None:
    reading = read("بحث وزير الدفاع الأردني [سعد حمدان PER] الأزمة مع نظيره الكندي [بول مارتن PER]")
    assert ("بول مارتن", "minister_of", "كندا", "affirmed") in reading.triples


def test_an_office_without_a_country(read: Any) -> None:
    reading = read("في [تونس LOC] أزمة. قال وزير المالية [خالد نعمان PER] إن [تونس LOC] بخير. عاشت [تونس LOC]")
    assert ("خالد نعمان", "minister_of", "تونس", "affirmed") in reading.triples
    reading = read("بين [تونس LOC] و[كينيا LOC]. قال وزير المالية [خالد نعمان PER] ذلك. [تونس LOC] و[كينيا LOC]")
    assert not any(triple[1] == "minister_of" for triple in reading.triples)
