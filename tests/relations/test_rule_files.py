"""Rule files: what they may hold, what a user's file changes, and what errors say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arner.errors import RuleError
from arner.relations import load_rules

Write = Callable[[str], Path]

RULE = """
[lexicon.my_verb]
verbs = ["كرم/يكرم"]

[[rule]]
id = "supports.honoured"
type = "supports"
pattern = "@my_verb {subject:PER} {object:PER}"
score = 0.7
examples = ["كرم [خالد نعمان PER] [سمير عوض PER] => خالد نعمان > سمير عوض"]
"""


def test_a_file_adds_a_rule(rule_file: Write, read: Any) -> None:
    rules = load_rules([rule_file(RULE)])
    reading = read("يكرم [خالد نعمان PER] [سمير عوض PER]", rules=rules)
    assert ("خالد نعمان", "supports", "سمير عوض", "affirmed") in reading.triples
    assert reading.only("supports").rule == "supports.honoured"
    assert reading.only("supports").score == 0.7


def test_a_rule_with_a_known_id_takes_its_place(rule_file: Write, read: Any) -> None:
    path = rule_file('[[rule]]\nid = "visited.verb"\ntype = "visited"\npattern = "تفقد {subject:PER} {object:LOC}"\n')
    rules = load_rules([path])
    assert len(rules) == len(load_rules())
    assert read("زار [خالد نعمان PER] [تونس LOC]", rules=rules).triples == set()
    assert read("تفقد [خالد نعمان PER] [تونس LOC]", rules=rules).triples == {
        ("خالد نعمان", "visited", "تونس", "affirmed")
    }


def test_a_rule_can_be_switched_off(rule_file: Write, read: Any) -> None:
    rules = load_rules([rule_file('[[rule]]\nid = "visited.verb"\noff = true\n')])
    assert len(rules) == len(load_rules()) - 1
    assert read("زار [خالد نعمان PER] [تونس LOC]", rules=rules).triples == set()


def test_words_can_be_added_to_a_class(rule_file: Write, read: Any) -> None:
    marked = "تفقد [خالد نعمان PER] [تونس LOC]"
    assert read(marked).triples == set()
    rules = load_rules([rule_file('[lexicon.visit_verb]\nverbs = ["تفقد/يتفقد"]\n')])
    assert read(marked, rules=rules).triples == {("خالد نعمان", "visited", "تونس", "affirmed")}


def test_the_built_in_set_is_compiled_once() -> None:
    assert load_rules() is load_rules()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[[rule]\n", 1, "not TOML"),
        ('\n[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "زار {subject:PER}"\n', 2, "has no slot {object}"),
        ('[[rule]]\nid = "a.b"\ntype = "visits"\npattern = "زار"\n', 1, "unknown relation type 'visits'"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\n', 1, "needs either pattern"),
        ('[[rule]]\nid = "A b"\n', 1, "needs an id"),
        ('[[rule]]\nid = "a.b"\npattern = "زار {subject}"\n', 1, "claims nothing"),
        ('[[rule]]\nid = "a.b"\nkind = 1\n', 1, "unknown key 'kind'"),
        ('[[rule]]\nid = "a.b"\noff = true\n', 1, "nothing to switch off"),
        ('\n\n[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "@nowhere {subject} {object}"\n', 3, "@nowhere"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "زار ( {subject} {object}"\n', 1, "missing ')'"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "زار {subject:TOWN} {object}"\n', 1, "unknown type 'TOWN'"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "زار {subject:castle} {object}"\n', 1, "kind 'castle'"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "%gone {subject} {object}"\n', 1, "%gone"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "زار {subject} {object}"\nscore = 2\n', 1, "score"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "زار {subject} {object}"\nstatus = "new"\n', 1, "status"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "زار {subject} {object}"\nstage = "x"\n', 1, "stage"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "زار {subject} {object}"\nexamples = ["x"]\n', 1, "=>"),
        ('[[rule]]\nid = "a.b"\nstage = "nominal"\npattern = "الرئيس"\n', 1, "needs refer"),
        ('[lexicon.x]\nverbs = ["زار"]\n', 1, "past/present"),
        ('\n[lexicon.x]\nverb = ["زار/يزور"]\n', 2, "unknown key 'verb'"),
        ("[rules]\n", None, "unknown table 'rules'"),
        ('rule = "x"\n', None, "list of tables"),
    ],
)
def test_errors_say_file_and_line(rule_file: Write, text: str, line: int | None, message: str) -> None:
    path = rule_file(text)
    with pytest.raises(RuleError) as caught:
        load_rules([path])
    where = f"{path}:{line}: " if line is not None else f"{path}: "
    assert str(caught.value).startswith(where), caught.value
    assert message in str(caught.value)


def test_the_same_id_twice(rule_file: Write) -> None:
    with pytest.raises(RuleError, match=r"mine\.toml:11: .*used twice"):
        load_rules([rule_file(RULE + RULE[RULE.index("[[rule]]") :])])


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot read the rule file"):
        load_rules([tmp_path / "none.toml"])


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleError, match="not UTF-8"):
        load_rules([path])
