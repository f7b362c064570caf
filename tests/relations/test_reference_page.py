"""docs/RELATIONS.md is what the inventory and the rules make of it, and docs/ERRORS.md what they do not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from arner.export.wikidata import WIKIDATA_PROPERTIES
from arner.knowledge import Knowledge
from arner.relations import RuleSet, load_rules
from arner.schema import RelationType
from arner.training.evaluation.relation_matching import GoldName, relate_names
from scripts.build_relation_reference import FAMILIES, PAGE, main, page

TEXT = PAGE.read_text("utf-8")


@pytest.fixture(scope="module")
def built() -> str:
    return page()


def section(type: RelationType, text: str) -> str:
    return text.partition(f"\n### {type.value}\n")[2].partition("\n### ")[0]


def test_the_page_is_up_to_date(built: str) -> None:
    assert built == TEXT, "run python scripts/build_relation_reference.py"


def test_every_type_has_a_section_with_an_example(built: str) -> None:
    assert [type for meanings in FAMILIES.values() for type in meanings] == list(RelationType)
    for type in RelationType:
        assert "| [`" in section(type, built), type
        assert (type in WIKIDATA_PROPERTIES) == ("Wikidata: " in section(type, built))
        assert ("Symmetric" in section(type, built)) == type.symmetric


def test_every_rule_that_claims_something_is_shown(built: str) -> None:
    shown = set(re.findall(r"^\| \[`([\w.]+)`\]", built, re.M))
    assert {rule.id for rule in load_rules().rules if rule.claims} - shown == set()


def test_arabic_stands_apart_from_what_is_left_to_right(built: str) -> None:
    for line in built.splitlines():
        if line.startswith("| [`"):
            assert not re.search("[\u0621-\u064a]", re.sub(r'<span dir="rtl">.*?</span>', "", line)), line


def test_links_lead_to_files(built: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", built):
        assert (PAGE.parent / target).exists(), target


def test_check_fails_where_the_page_is_out_of_date(tmp_path: Path) -> None:
    copy = tmp_path / "page.md"
    main([str(copy)])
    main(["--check", str(copy)])
    copy.write_text("old", "utf-8")
    with pytest.raises(SystemExit, match="out of date"):
        main(["--check", str(copy)])


ERRORS = (PAGE.parent / "ERRORS.md").read_text("utf-8")
MISSED, WRONG = ERRORS.partition("\n## Wrong\n")[::2]


def sentences(part: str) -> list[tuple[str, str]]:
    return re.findall(r'<span dir="rtl">(.*?)</span> \| `(\w+)` \|$', part, re.M)


def types_read(marked: str, knowledge: Knowledge, rules: RuleSet) -> set[str]:
    names, text = [], ""
    for piece in re.split(r"(<b title=\"\w+\">.*?</b>)", marked):
        if match := re.fullmatch(r'<b title="(\w+)">(.*)</b>', piece):
            names.append(GoldName(len(text), len(text) + len(match[2]), match[1], ""))
            text += match[2]
        else:
            text += piece
    return {relation.type.value for relation in relate_names(text, names, knowledge, rules).relations}


@pytest.mark.parametrize(("marked", "type"), sentences(MISSED))
def test_what_the_page_says_is_missed_is(marked: str, type: str, knowledge: Knowledge, rules: RuleSet) -> None:
    assert type not in types_read(marked, knowledge, rules), "it is read: take its row out of docs/ERRORS.md"


@pytest.mark.parametrize(("marked", "type"), sentences(WRONG))
def test_what_the_page_says_is_wrong_is(marked: str, type: str, knowledge: Knowledge, rules: RuleSet) -> None:
    assert type in types_read(marked, knowledge, rules), "it is not read any more: take its row out of docs/ERRORS.md"


def test_links_of_the_page_of_errors_lead_to_files() -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#\w+)?\)", ERRORS):
        assert (PAGE.parent / target).exists(), target
