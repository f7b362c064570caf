"""Rule files: what they may hold, what a user's file changes, and what errors say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arner.errors import RuleError
from arner.relations import load_rules
from arner.relations.loading import try_rules
from arner.relations.rule import STAGES
from arner.relations.rule_file import rules_schema
from arner.relations.rule_reading import read_rule_file

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


HEAD = '[[rule]]\nid = "a.b"\ntype = "visited"\n'


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[[rule]\n", 1, "not TOML"),
        ("\n[macros]\na = 'x'\nb = \n", 4, "not TOML"),
        ('\n[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "زار {subject:PER}"\n', 5, "has no slot {object}"),
        ('[[rule]]\nid = "a.b"\ntype = "visits"\npattern = "زار"\n', 3, "unknown relation type 'visits'"),
        ('[[rule]]\nid = "a.b"\nclaims = ["a visits b"]\npattern = "زار"\n', 3, "unknown relation type 'visits'"),
        ('[[rule]]\nid = "a.b"\nclaims = ["subject visited"]\npattern = "زار"\n', 3, "slot TYPE slot"),
        ('[[rule]]\nid = "a.b"\ntype = "visited"\n', 1, "needs either pattern"),
        (HEAD + "patterns = []\n", 4, "at least one pattern"),
        ('[[rule]]\nid = "A b"\n', 2, "small letters, digits and points"),
        ('[[rule]]\ntype = "visited"\n', 1, "needs an id"),
        ('[[rule]]\nid = "a.b"\npattern = "زار {subject}"\n', 1, "claims nothing"),
        ('[[rule]]\nid = "a.b"\nkind = 1\n', 3, "unknown key 'kind'"),
        ('[[rule]]\nid = "a.b"\noff = true\n', 2, "nothing to switch off"),
        ('[[rule]]\nid = "a.b"\noff = "yes"\n', 3, "true or false"),
        ('\n\n[[rule]]\nid = "a.b"\ntype = "visited"\npattern = "@nowhere {subject} {object}"\n', 3, "@nowhere"),
        (HEAD + 'patterns = [\n"زار {subject} {object}",\n"زار ( {subject} {object}"]\n', 6, "missing ')'"),
        (HEAD + 'pattern = "زار {subject:TOWN} {object}"\n', 4, "unknown type 'TOWN'"),
        (HEAD + 'pattern = "زار {subject:castle} {object}"\n', 1, "kind 'castle'"),
        (HEAD + 'pattern = "زيارة+{subject:castle} {object}"\n', 1, "kind 'castle'"),
        (HEAD + 'pattern = "%gone {subject} {object}"\n', 4, "%gone"),
        (
            HEAD + 'pattern = "زار {subject:LOC} {object}"\n',
            4,
            "the subject of visited is PER, but {subject} takes LOC",
        ),
        (HEAD + 'pattern = "زار {subject} {object:DATE}"\n', 4, "{object} takes no name"),
        (HEAD + 'pattern = "زار {subject} ( {object} | هنا )"\n', 4, "does not fill {object} in each"),
        (HEAD + 'pattern = "زار {subject} {object}?"\n', 4, "does not fill {object} in each"),
        (HEAD + 'pattern = "زار {subject} ..99 {object}"\n', 4, "a gap passes over 20 words at most"),
        (HEAD + f'pattern = "زار {"(" * 50} {{subject}} {{object}} {")" * 50}"\n', 4, "nested more than"),
        (HEAD + f'pattern = "زار {{subject}} {{object}} {"من " * 900}"\n', 4, "longer than 2000 characters"),
        (HEAD + 'pattern = "زار {subject} {object} ((((من ثم)* من)* من)* من)*"\n', 4, "split it"),
        (HEAD + 'pattern = "زار {subject} {object}"\nscore = 2\n', 5, "score 2 is not a number above 0"),
        (HEAD + 'pattern = "زار {subject} {object}"\nscore = nan\n', 5, "score nan"),
        (HEAD + 'pattern = "زار {subject} {object}"\nstatus = "new"\n', 5, "status 'new' is not one of actual"),
        (HEAD + 'pattern = "زار {subject} {object}"\nstage = "x"\n', 5, "stage 'x' is not one of name"),
        (HEAD + 'pattern = "زار {subject} {object}"\nexamples = ["x"]\n', 5, "=>"),
        (HEAD + 'pattern = "زار {subject} {object}"\nrefer = "pair"\n', 5, "'refer' belongs to"),
        ('[[rule]]\nid = "a.b"\nstage = "nominal"\npattern = "الرئيس"\n', 3, "needs refer"),
        (
            '[[rule]]\nid = "a.b"\nstage = "nominal"\nrefer = "him"\npattern = "الرئيس"\n',
            4,
            "refer 'him' is not one of",
        ),
        ('[[rule]]\nid = "a.b"\nstage = "name"\npattern = "شركة {x:ORG}"\n', 4, "for which the phrase stands"),
        ('[lexicon.x]\nverbs = ["زار"]\n', 2, "past/present"),
        ('[lexicon.x]\nnouns = ["بيت",\n" "]\n', 3, "nouns ' ' is not"),
        ('[lexicon.x]\nwords = ["من", "َُ"]\n', 2, "is not a text"),
        ('\n[lexicon.x]\nverb = ["زار/يزور"]\n', 3, "unknown key 'verb'"),
        ("[lexicon]\nx = 1\n", 2, "write [lexicon.x]"),
        ("[macros]\na = 1\n", 2, "must be a text"),
        ("[macros]\nA = 'x'\n", 2, "is not the name of a macro"),
        ("[rules]\n", 1, "unknown table 'rules'"),
        ('rule = "x"\n', 1, "list of tables"),
        ("rule = [1]\n", 1, "list of tables"),
        ("x = " + "[" * 5000 + "]" * 5000, None, "nested too deeply"),
        ("[macros]\na = '%b'\nb = '%a'\n" + HEAD + 'pattern = "%a {subject} {object}"\n', 7, "without end"),
        ("x = 1" + "0" * 5000, None, "not TOML"),
    ],
)
def test_errors_say_file_and_line(rule_file: Write, text: str, line: int | None, message: str) -> None:
    path = rule_file(text)
    with pytest.raises(RuleError) as caught:
        load_rules([path])
    where = f"{path}:{line}: " if line is not None else f"{path}: "
    assert str(caught.value).startswith(where), caught.value
    assert message in str(caught.value)


def test_every_problem_is_found_in_the_order_of_the_file(rule_file: Write) -> None:
    text = """
[lexicon.x]
verb = ["زار/يزور"]

[[rule]]
id = "a.b"
type = "visits"
score = 3
pattern = "زار {subject} {object}"

[[rule]]
id = "a.c"
type = "visited"
patterns = ["زار {subject} {object}", "زار ( {subject} {object}"]
"""
    path = rule_file(text)
    rules, problems = try_rules([read_rule_file(path)])
    assert rules is None
    assert [problem.line for problem in problems] == [3, 7, 8, 14]
    with pytest.raises(RuleError, match=r"mine\.toml:3: .*and 3 more: `arner rules check .*mine\.toml` lists them"):
        load_rules([path])


def test_tables_may_be_written_inline(rule_file: Write) -> None:
    path = rule_file('# a comment\nrule = [\n  {id = "a.b", type = "visited", score = 2, pattern = "زار"},\n]\n')
    with pytest.raises(RuleError, match=r"mine\.toml:3: "):
        load_rules([path])


def test_a_macro_of_ones_own_leaves_other_files_alone(rule_file: Write, read: Any) -> None:
    path = rule_file('[macros]\nperson = "السيد {subject:PER}"\n' + HEAD + 'pattern = "تفقد %person {object:LOC}"\n')
    rules = load_rules([path])
    assert {rule.id: rule.patterns for rule in rules.rules if rule.id != "a.b"} == {
        rule.id: rule.patterns for rule in load_rules().rules
    }
    assert any(len(rule.patterns) == 1 for rule in rules.rules if rule.id == "a.b")


def test_a_macro_may_begin_like_another(rule_file: Write) -> None:
    text = '[macros]\na = "من"\nab = "زار"\n' + HEAD + 'pattern = "%ab {subject} %a {object}"\n'
    rule = next(rule for rule in load_rules([rule_file(text)]).rules if rule.id == "a.b")
    assert rule.patterns[0].text == "زار {subject} من {object}"


def test_a_later_file_overrides_an_earlier(tmp_path: Path) -> None:
    first, second = tmp_path / "1.toml", tmp_path / "2.toml"
    first.write_text(HEAD + 'pattern = "تفقد {subject} {object}"\n', "utf-8")
    second.write_text(HEAD + 'pattern = "عاين {subject} {object}"\n', "utf-8")
    rules = load_rules([first, second])
    assert [rule.file for rule in rules.rules if rule.id == "a.b"] == [str(second)]


def test_vowel_marks_in_a_rule_do_not_count(rule_file: Write, read: Any) -> None:
    text = (
        '[lexicon.x]\nverbs = ["تَفَقَّدَ / يَتَفَقَّدُ"]\n'
        + HEAD
        + 'patterns = ["@x {subject:PER} {object:LOC}", "عايَنَ {subject:PER} {object:LOC}"]\n'
    )
    rules = load_rules([rule_file(text)])
    for verb in ("تفقد", "يتفقد", "عاين"):
        assert read(f"{verb} [خالد نعمان PER] [تونس LOC]", rules=rules).only("visited").rule == "a.b"


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + RULE.encode())
    assert len(load_rules([path])) == len(load_rules()) + 1


def test_the_published_schema_is_that_of_loading() -> None:
    published = json.loads((Path(__file__).parents[2] / "docs/rules.schema.json").read_text("utf-8"))
    assert published == rules_schema()


def test_the_schema_names_every_stage() -> None:
    assert tuple(rules_schema()["$defs"]["RuleTable"]["properties"]["stage"]["enum"]) == STAGES


def test_the_same_id_twice(rule_file: Write) -> None:
    with pytest.raises(RuleError, match=r"mine\.toml:11: .*used twice: first in mine\.toml:5"):
        load_rules([rule_file(RULE + RULE[RULE.index("[[rule]]") :])])


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot read the rule file"):
        load_rules([tmp_path / "none.toml"])


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleError, match="not UTF-8"):
        load_rules([path])
