"""A claim ends where its clause ends: coordination, subjects of other clauses, passives, negation that affirms."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("marked", "triples"),
    [
        (
            "زار [خالد نعمان PER] [كينيا LOC]، و[تونس LOC] ليست عضوا في [رابطة الأطباء ORG].",
            {("خالد نعمان", "visited", "كينيا", "affirmed"), ("تونس", "member_of", "رابطة الأطباء", "negated")},
        ),
        (
            "زار [خالد نعمان PER] [كينيا LOC] و[تونس LOC].",
            {("خالد نعمان", "visited", "كينيا", "affirmed"), ("خالد نعمان", "visited", "تونس", "affirmed")},
        ),
        ("لا تزال الأزمة متواصلة بين [كينيا LOC] و[تونس LOC]", {("كينيا", "in_conflict_with", "تونس", "affirmed")}),
        ("قال [خالد نعمان PER] إن وفدا توجه إلى [تونس LOC]", set()),
        ("يخشى [خالد نعمان PER] عناصر تنتمي إلى [حركة الفجر ORG]", set()),
        ("قتلت [ليلى عوض PER] برصاص [الجيش الكيني ORG]", set()),
        ("رفع دعوى ضد حكومة [كينيا LOC]، يتهم فيها [تونس LOC] بذلك", set()),
        ("اعتقلت فتاة كينية في [تونس LOC]", set()),
        ("كانت [كينيا LOC] قد فرضت عقوبات على [تونس LOC]", {("كينيا", "sanctioned", "تونس", "affirmed")}),
        ("فرضت [كينيا LOC] حزمة من عقوباتها على [تونس LOC]", {("كينيا", "sanctioned", "تونس", "affirmed")}),
        ("قد يزور [خالد نعمان PER] [تونس LOC]", set()),
        (
            "وصل [خالد نعمان PER] أمس. واتهم [تونس LOC] بالتدخل",
            {("خالد نعمان", "criticized", "تونس", "affirmed")},
        ),
        (
            "بعد فشل المفاوضات بين [كينيا LOC] و[تونس LOC]",
            {("كينيا", "met_with", "تونس", "affirmed")},
        ),
        (
            "إن [كينيا LOC] استهدفت مراسلة الصحيفة [ليلى عوض PER] في [نيروبي LOC]",
            {("كينيا", "attacked", "ليلى عوض", "affirmed")},
        ),
        ("اعتقلت [ليلى عوض PER] الأحد في [تونس LOC]", set()),
        ("سيطروا على [نيروبي LOC] بدعم من [تونس LOC]", set()),
        (
            "استقبل الرئيس التونسي، [خالد نعمان PER]، نظيره الكيني، [جون أوتينو PER]، في [صفاقس LOC]",
            {
                ("خالد نعمان", "head_of_state_of", "تونس", "affirmed"),
                ("جون أوتينو", "head_of_state_of", "كينيا", "affirmed"),
                ("خالد نعمان", "met_with", "جون أوتينو", "affirmed"),
            },
        ),
        ("التقى [خالد نعمان PER] نجل [سمير عوض PER]", set()),
        ("قتل [خالد نعمان PER] على يد [حركة الفجر ORG]", {("حركة الفجر", "attacked", "خالد نعمان", "affirmed")}),
        ("بحث [خالد نعمان PER] الأمر مع الرئيس التنفيذي [سمير عوض PER]", None),
    ],
)
def test_claims_keep_to_their_clause(marked: str, triples: set[tuple[str, str, str, str]] | None, read: Any) -> None:
    found = read(marked).triples
    if triples is None:
        assert not any(type.startswith("head_of") for _, type, _, _ in found)
    else:
        assert found == triples


def test_a_date_of_another_clause_does_not_date_an_office(read: Any) -> None:
    relation = read("تولى [خالد نعمان PER] رئاسة [حزب الوفاء ORG] وهو حزب صغير أسسه شبان في عام 2012").only("leads")
    assert relation.when is None


def test_evidence_leaves_the_dateline_out(read: Any) -> None:
    relation = read("[القاهرة LOC] - زار [خالد نعمان PER] [تونس LOC]").only("visited")
    assert relation.evidence.text.startswith("زار")
