"""The pattern language: what each of its elements takes, and what it does not."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.relations import load_rules
from arner.relations.pattern import PatternError, parse_pattern

Write = Callable[[str], Path]
YES = {("خالد نعمان", "visited", "تونس", "affirmed")}


@pytest.mark.parametrize(
    ("pattern", "marked", "found"),
    [
        ("تفقد {subject:PER} {object:LOC}", "تفقد [خالد نعمان PER] [تونس LOC]", True),
        ("تفقّد {subject:PER} {object:LOC}", "تفقد [خالد نعمان PER] في [تونس LOC]", False),
        ("تفقد {subject:PER} ..2 {object:LOC}", "تفقد [خالد نعمان PER] مدينة [تونس LOC]", True),
        ("تفقد {subject:PER} ..2 {object:LOC}", "تفقد [خالد نعمان PER] سور ثم مدينة قرب وسط [تونس LOC]", False),
        ("تفقد {subject:PER} ..6 {object:LOC}", "تفقد [خالد نعمان PER] سورا، [تونس LOC]", False),
        ("تفقد {subject:PER} ....6 {object:LOC}", "تفقد [خالد نعمان PER] سورا، [تونس LOC]", True),
        ("تفقد {subject:PER} ... {object:LOC}", "تفقد [خالد نعمان PER] [سمير عوض PER] [تونس LOC]", True),
        ("تفقد {subject:PER} .. {object:LOC}", "تفقد [خالد نعمان PER] [سمير عوض PER] [تونس LOC]", False),
        ("تفقد {subject:PER} ل+{object:LOC}", "تفقد [خالد نعمان PER] ل[تونس LOC]", True),
        ("تفقد {subject:PER} {object:LOC}", "تفقد [خالد نعمان PER] ل[تونس LOC]", False),
        ("تفقد {subject:PER} ( إلى {object:LOC} | ل+{object:LOC} )", "تفقد [خالد نعمان PER] إلى [تونس LOC]", True),
        ("تفقد|عاين {subject:PER} {object:LOC}", "وعاين [خالد نعمان PER] [تونس LOC]", True),
        ("{subject:PER} تفقد {object:LOC}", "[خالد نعمان PER] وتفقد [تونس LOC]", False),
        ("{subject:PER} و+تفقد {object:LOC}", "[خالد نعمان PER] وتفقد [تونس LOC]", True),
        ("تفقد {subject:PER} !{x:ORG} {object:LOC}", "تفقد [خالد نعمان PER] [تونس LOC]", True),
        ("تفقد {subject:PER} {object:LOC} !سرا", "تفقد [خالد نعمان PER] [تونس LOC] سرا", False),
        ("تفقد {subject:PER} {object:LOC} &سرا", "تفقد [خالد نعمان PER] [تونس LOC] سرا", True),
        ("^ تفقد {subject:PER} {object:LOC} $", "تفقد [خالد نعمان PER] [تونس LOC].", True),
        ("تفقد {subject:PER} {object:country}", "تفقد [خالد نعمان PER] [تونس LOC]", True),
        ("تفقد {subject:PER} {object:place}", "تفقد [خالد نعمان PER] [تونس LOC]", False),
        ("تفقد {subject:PER} {object:DEM}", "تفقد [خالد نعمان PER] التونسي", True),
        ("{d:DATE} {subject:PER} {object:LOC}", "في 3 مايو 2023 [خالد نعمان PER] [تونس LOC]", True),
        ("{subject:PER} {object:NAMED|LOC}", "[خالد نعمان PER] [تونس LOC]", True),
        ("{object:NAMED} {subject:PER}", "[تونس LOC] [خالد نعمان PER]", True),
        ("تفقد {subject:PER} , {object:LOC}", "تفقد [خالد نعمان PER]، [تونس LOC]", True),
        ("تفقد {subject:PER} {object:LOC}", "تفقد «[خالد نعمان PER]» أمس [تونس LOC]", True),
    ],
)
def test_elements(pattern: str, marked: str, found: bool, rule_file: Write, read: Any) -> None:
    rules = load_rules([rule_file(f"[[rule]]\nid = 'a.b'\ntype = 'visited'\npattern = '{pattern}'\n")])
    found_triples = {triple for triple in read(marked, rules=rules).triples if triple[1] == "visited"}
    assert found_triples == (YES if found else set())


def test_a_slot_takes_coordinated_names(read: Any) -> None:
    reading = read("زار [خالد نعمان PER] كلا من [تونس LOC] و[كينيا LOC]")
    assert {triple[2] for triple in reading.triples} == {"تونس", "كينيا"}


def test_both_pairs_each_with_each(read: Any) -> None:
    reading = read("محادثات بين [تونس LOC] و[كينيا LOC] و[مصر LOC]")
    assert len(reading.relations) == 3
    assert {relation.type.value for relation in reading.relations} == {"met_with"}


@pytest.mark.parametrize("text", ["(", ")", "|", "{", "{subject", "..", "@", "ل+", "<زار", "!", "?", "زار/v", ""])
def test_what_is_no_pattern(text: str) -> None:
    with pytest.raises(PatternError):
        parse_pattern(text)


@given(st.text(alphabet="زار{}():|?*!&<>@_/v.+, subject:PERلو^$\\", max_size=40))
def test_any_text_is_a_pattern_or_a_pattern_error(text: str) -> None:
    with contextlib.suppress(PatternError):
        parse_pattern(text)
