"""Every built-in rule reads its own examples, and every rule that claims something has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import arner.relations
from arner.knowledge import Knowledge
from arner.relations import Rule, RuleSet, load_rules
from arner.relations.examples import check_example
from arner.schema import RelationType

RULES = load_rules().rules
EXAMPLES = [pytest.param(rule, line, id=f"{rule.id}-{n}") for rule in RULES for n, line in enumerate(rule.examples)]


@pytest.mark.parametrize(("rule", "line"), EXAMPLES)
def test_the_rule_reads_its_example(rule: Rule, line: str, rules: RuleSet, knowledge: Knowledge) -> None:
    assert check_example(rule, line, rules, knowledge) == []


def test_every_rule_that_claims_something_has_an_example() -> None:
    assert [rule.id for rule in RULES if rule.claims and not rule.examples] == []


def test_every_relation_type_has_a_rule() -> None:
    assert {type for rule in RULES for type in rule.types} == set(RelationType)


def test_a_rule_is_named_for_its_family() -> None:
    families = {type.value for type in RelationType} | {"office", "minister", "head_of_state", "head_of_government"}
    families |= {"nominal", "name", "place", "organisation"}
    assert [rule.id for rule in RULES if rule.id.partition(".")[0] not in families] == []


def test_every_class_of_words_is_used() -> None:
    folder = Path(arner.relations.__file__).parent
    text = "".join(path.read_text("utf-8") for path in [*folder.glob("*.py"), *folder.glob("rules/*.toml")])
    named = set(re.findall(r"@([a-z_0-9]+)", text))
    # masdar: nouns that keep their look-alikes among the verbs from being taken for clear verb forms.
    assert sorted(load_rules().lexicons.keys() - named - {"masdar"}) == []
