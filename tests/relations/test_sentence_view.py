"""What rules see of a sentence: asides taken out, brackets and quotes passed over, names joined."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("marked", "triple"),
    [
        ("زار [خالد نعمان PER] -وهو في طريق العودة- [تونس LOC]", ("خالد نعمان", "visited", "تونس", "affirmed")),
        ("وصل [خالد نعمان PER]، بحسب ما قيل، إلى [تونس LOC]", ("خالد نعمان", "visited", "تونس", "affirmed")),
        (
            "قال [خالد نعمان PER] -وهو الباحث في [معهد الشرق ORG]- ذلك",
            ("خالد نعمان", "works_for", "معهد الشرق", "affirmed"),
        ),
        ("زار «[خالد نعمان PER]» (44 عاما) [تونس LOC]", ("خالد نعمان", "visited", "تونس", "affirmed")),
        ("الرئيس (التونسي) [خالد نعمان PER]", ("خالد نعمان", "head_of_state_of", "تونس", "affirmed")),
        ("ولد في [مرسيليا LOC] ([فرنسا LOC])", ("مرسيليا", "located_in", "فرنسا", "affirmed")),
        ("رئيس شركة ([بحر الشمال ORG]) [خالد نعمان PER]", ("خالد نعمان", "leads", "بحر الشمال", "affirmed")),
        ("التقى كل من [خالد نعمان PER] و[سمير عوض PER]", ("خالد نعمان", "met_with", "سمير عوض", "affirmed")),
    ],
)
def test_read_through(marked: str, triple: tuple[str, str, str, str], read: Any) -> None:
    assert triple in read(marked).triples


@pytest.mark.parametrize(
    "marked",
    [
        "زار [خالد نعمان PER] بيته. [تونس LOC] بعيدة",
        "[واشنطن LOC] (رويترز) اتهم [خالد نعمان PER] بالتقصير",
        "في [تونس LOC] اعتقل مجهولون [خالد نعمان PER]",
        "تحدث [خالد نعمان PER] عن الذين زاروا [تونس LOC]",
    ],
)
def test_not_read(marked: str, read: Any) -> None:
    assert read(marked).triples == set()


def test_a_text_without_stops_is_read_in_pieces(read: Any) -> None:
    marked = "كلمة " * 700 + "زار [خالد نعمان PER] [تونس LOC] " + "كلمة " * 700
    assert ("خالد نعمان", "visited", "تونس", "affirmed") in read(marked).triples
