"""Polarity, status, role, date, trigger and evidence."""

from __future__ import annotations

import datetime
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("marked", "polarity"),
    [
        ("زار [خالد نعمان PER] [تونس LOC]", "affirmed"),
        ("لم يزر [خالد نعمان PER] [تونس LOC]", "negated"),
        ("لن يزور [خالد نعمان PER] [تونس LOC]", "negated"),
        ("رفض [خالد نعمان PER] زيارة [تونس LOC]", "negated"),
        ("ألغى [خالد نعمان PER] زيارته إلى [تونس LOC]", "negated"),
        ("بعد عدم زيارة [خالد نعمان PER] إلى [تونس LOC]", "negated"),
        ("كما زار [خالد نعمان PER] [تونس LOC]", "affirmed"),
        ("لم ينم سمير. زار [خالد نعمان PER] [تونس LOC]", "affirmed"),
    ],
)
def test_polarity(marked: str, polarity: str, read: Any) -> None:
    assert read(marked).only("visited").polarity == polarity


@pytest.mark.parametrize(
    "marked",
    [
        "طالب سمير [خالد نعمان PER] بزيارة إلى [تونس LOC]",
        "ربما يزور [خالد نعمان PER] [تونس LOC]",
        "إذا زار [خالد نعمان PER] [تونس LOC]",
    ],
)
def test_wishes_and_possibilities_claim_nothing(marked: str, read: Any) -> None:
    assert read(marked).triples == set()


@pytest.mark.parametrize(
    ("marked", "type", "status"),
    [
        ("زار [خالد نعمان PER] [تونس LOC]", "visited", "actual"),
        ("سيزور [خالد نعمان PER] [تونس LOC]", "visited", "planned"),
        ("يعتزم [خالد نعمان PER] زيارة [تونس LOC]", "visited", "planned"),
        ("من المقرر أن يزور [خالد نعمان PER] [تونس LOC]", "visited", "planned"),
        ("يزور [خالد نعمان PER] [تونس LOC] الأسبوع المقبل", "visited", "planned"),
        ("الرئيس التونسي السابق [خالد نعمان PER]", "head_of_state_of", "former"),
        ("الرئيس التونسي [خالد نعمان PER]", "head_of_state_of", "actual"),
        ("تأجيل زيارة [خالد نعمان PER] إلى [تونس LOC]", "visited", "planned"),
        ("قدمت [بحر الشمال ORG] عرض استحواذ على [مجموعة النور ORG]", "owned_by", "planned"),
        ("[حزب الوفاء ORG] التي كان يقودها [خالد نعمان PER]", "leads", "former"),
        ("كان [لوك يانسن PER] سفير [بلجيكا LOC] لدى [رابطة الدول ORG] قد حذر", "represents", "actual"),
        ("شغل [خالد نعمان PER] منصب رئيس [حزب الوفاء ORG]", "leads", "former"),
        ("تولى [خالد نعمان PER] رئاسة [حزب الوفاء ORG] بين 2014 و2016", "leads", "former"),
        ("علقت [كينيا LOC] عضويتها في [رابطة الأطباء ORG]", "member_of", "suspended"),
        ("كان [خالد نعمان PER] عضوا في [رابطة الأطباء ORG]", "member_of", "former"),
        ("كانت [كينيا LOC] عضوا في [رابطة الدول ORG]", "member_of", "former"),
        ("وكانت [كينيا LOC] قد انضمت إلى [رابطة الدول ORG]", "member_of", "actual"),
    ],
)
def test_status(marked: str, type: str, status: str, read: Any) -> None:
    assert read(marked).only(type).status == status


@pytest.mark.parametrize(
    ("marked", "type", "role"),
    [
        ("قال وزير الخارجية التونسي [خالد نعمان PER]", "minister_of", "وزير الخارجية"),
        ("اتصل بوزير الخارجية التونسي [خالد نعمان PER]", "minister_of", "وزير الخارجية"),
        ("للرئيس التونسي [خالد نعمان PER]", "head_of_state_of", "الرئيس"),
        ("والمتحدث باسم [حزب الوفاء ORG] [خالد نعمان PER]", "represents", "المتحدث باسم"),
        ("النائب السابق في [حزب الوفاء ORG] [خالد نعمان PER]", "member_of", "النائب"),
        ("زار [خالد نعمان PER] [تونس LOC]", "visited", None),
    ],
)
def test_role(marked: str, type: str, role: str | None, read: Any) -> None:
    assert read(marked).only(type).role == role


def test_when(read: Any) -> None:
    when = read("زار [خالد نعمان PER] [تونس LOC] في 3 مايو 2023، ثم عاد").only("visited").when
    assert when.iso == "2023-05-03"
    assert read("زار [خالد نعمان PER] [تونس LOC]. وفي 3 مايو عاد").only("visited").when is None


@pytest.mark.parametrize(
    ("marked", "type", "iso"),
    [
        ("تولى [خالد نعمان PER] رئاسة [حزب الوفاء ORG] بين 2014 و2016", "leads", "2014/2016"),
        ("رئيس الوزراء التونسي [خالد نعمان PER] في الفترة من 1997 إلى 2007", "head_of_government_of", "1997/2007"),
        ("زار [خالد نعمان PER] [تونس LOC] من 3 إلى 5 مايو 2023", "visited", "2023-05-03/2023-05-05"),
        ("زار [خالد نعمان PER] [تونس LOC] في 15 رمضان 1445 هـ", "visited", "2024-03-25"),
    ],
)
def test_a_period_is_an_interval(marked: str, type: str, iso: str, read: Any) -> None:
    assert read(marked).only(type).when.iso == iso


def test_kinship_and_place_have_no_date(read: Any) -> None:
    assert read("[خالد نعمان PER] نجل [سمير عوض PER] في 2010").only("child_of").when is None


def test_a_weekday_is_dated_by_the_day_of_the_text(read: Any) -> None:
    reading = read("زار [خالد نعمان PER] [تونس LOC] الأربعاء", date=datetime.date(2024, 11, 28))
    assert reading.only("visited").when.iso == "2024-11-27"


def test_trigger_and_evidence(read: Any) -> None:
    reading = read("هطل المطر. وقد زار [خالد نعمان PER] [تونس LOC] أمس، ثم عاد إلى بيته.")
    relation = reading.only("visited")
    assert relation.trigger.text == "زار"
    assert relation.evidence.text == "وقد زار خالد نعمان تونس أمس"
    for span in (relation.trigger, relation.evidence):
        assert reading.text[span.start : span.end] == span.text


def test_vocalised_words_are_read_too(read: Any) -> None:
    assert read("زَارَ [خالد نعمان PER] [تونس LOC]").triples == {("خالد نعمان", "visited", "تونس", "affirmed")}


@pytest.mark.parametrize(
    "marked",
    [
        "[خالد نعمان PER] لن يزور [كينيا LOC]",
        "قال [خالد نعمان PER] إنه لن يزور [كينيا LOC]",
        "أكد المكتب أن [خالد نعمان PER] لم يصل إلى [كينيا LOC]",
    ],
)
def test_a_denial_between_the_subject_and_its_verb(read: Any, marked: str) -> None:
    assert read(marked).triples == {("خالد نعمان", "visited", "كينيا", "negated")}


@pytest.mark.parametrize(
    "marked",
    [
        "نفت [وزارة الدفاع ORG] أن يكون الوزير [خالد نعمان PER] التقى [سمير عوض PER]",
        "نفى المكتب أن يكون [خالد نعمان PER] قد التقى [سمير عوض PER]",
    ],
)
def test_what_is_denied_is_not_claimed_as_well(read: Any, marked: str) -> None:
    assert {triple[3] for triple in read(marked).triples} == {"negated"}


def test_a_seat_said_in_passing_does_not_part_verb_and_object(read: Any) -> None:
    reading = read("انتقدت [منظمة النور ORG]، ومقرها [لندن LOC]، [تونس LOC]")
    assert reading.triples == {
        ("منظمة النور", "criticized", "تونس", "affirmed"),
        ("منظمة النور", "based_in", "لندن", "affirmed"),
    }
