"""Whatever a rule file holds, loading it gives rules or problems; whatever a text holds, its cost grows linearly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from arner.knowledge import Knowledge
from arner.linking import link
from arner.relations import RuleSet, engine, find_relations
from arner.relations.examples import parse_example
from arner.relations.loading import try_rules
from arner.relations.matcher import Runner
from arner.relations.rule_reading import read_rule_file
from arner.relations.toml_lines import toml_lines
from arner.text.sentences import split_sentences
from arner.text.words import split_words

FUZZ = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

WORDS = ["زار", "التقى", "َُ", "من", " ", "", "@visit_verb", "NATO", "[x PER]", "a/b", "/", "٣", "\u200f", "ـ"]
ELEMENTS = [
    *"()|?*!&<>^$:,{}+@%.",
    "{subject:PER}",
    "{object:LOC|ORG}",
    "{both:LOC}",
    "ل+",
    "..",
    "...9",
    "@word",
    "زار",
]
texts = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))
patterns = st.lists(st.sampled_from([*ELEMENTS, *WORDS]), max_size=14).map(" ".join)
values = st.recursive(
    st.one_of(texts, patterns, st.integers(), st.floats(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
rule_tables = st.dictionaries(
    st.sampled_from(
        ["id", "type", "pattern", "patterns", "stage", "head", "claims", "refer", "score", "examples", "off"]
    ),
    st.one_of(
        values,
        patterns,
        st.lists(patterns, max_size=3),
        st.sampled_from(
            ["a.b", "visited.verb", "visited", "title", "nominal", "subject", "pair", "subject visited object"]
        ),
    ),
    max_size=7,
)
rule_files = st.fixed_dictionaries(
    {},
    optional={
        "rule": st.one_of(st.lists(rule_tables, max_size=4), values),
        "lexicon": st.one_of(st.dictionaries(texts, values, max_size=3), values),
        "macros": st.one_of(st.dictionaries(texts, values, max_size=3), values),
        "kinds": st.one_of(st.dictionaries(texts, values, max_size=3), values),
        "other": values,
    },
)


def toml(value: object) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        letters = (
            f"\\u{ord(c):04X}" if c < " " or c in '"\\\x7f' else c for c in value if not "\ud800" <= c <= "\udfff"
        )
        return '"' + "".join(letters) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items()) + "}"
    return str(value)


def load(path: Path) -> RuleSet | None:
    """The rules of a file, or None where it has problems that are told."""
    rules, problems = try_rules([read_rule_file(path)])
    assert (rules is None) == bool(problems)
    assert all(problem.path == path and problem.message for problem in problems)
    return rules


@FUZZ
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
@example(data=b"\xef\xbb\xbf[[rule]]")
@example(data=b"a = " + b"[" * 3000)
@example(data=b"a = " + b"{a=" * 3000)
@example(data=b"[" + b"a." * 5000 + b"a]")
@example(data=b"x = " + b"9" * 5000)
@example(data=b"[macros]\na = '" + b"%a" * 900 + b"'\n[[rule]]\nid='a'\ntype='visited'\npattern='%a'")
def test_any_bytes_are_a_rule_file_or_a_rule_error(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(data)
    load(path)


@FUZZ
@given(tables=rule_files)
def test_any_tables_are_a_rule_file_or_a_rule_error(tables: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("".join(f"{key} = {toml(value)}\n" for key, value in tables.items()), "utf-8")
    load(path)


@FUZZ
@given(pieces=st.lists(st.sampled_from([*ELEMENTS, *WORDS]), min_size=1, max_size=25))
def test_any_pattern_that_loads_can_run(
    pieces: list[str], tmp_path: Path, knowledge: Knowledge, rules: RuleSet
) -> None:
    path = tmp_path / "mine.toml"
    pattern = " ".join([*pieces, "{subject:PER} {object:LOC}"])
    path.write_text(f"[[rule]]\nid = 'a.b'\ntype = 'visited'\npattern = {toml(pattern)}\n", "utf-8")
    loaded = load(path)
    if loaded is not None:
        marked = (
            "زار من [سمير عوض PER] ل[تونس LOC] ، ( زار ) [كينيا LOC] و[مصر LOC] زار من [خالد PER] [تونس LOC] . " * 3
        )
        relate(marked, knowledge, loaded)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4))
@settings(max_examples=60, deadline=None)
def test_every_value_of_a_toml_file_has_a_line(tables: dict[str, object]) -> None:
    lines = toml_lines("".join(f"\n{toml(key)} = {toml(value)}\n" for key, value in tables.items()))
    assert sorted(line for place, line in lines.items() if len(place) == 1) == [
        2 * n + 2 for n in range(len(dict.fromkeys(toml(key) for key in tables)))
    ]


def relate(marked: str, knowledge: Knowledge, rules: RuleSet) -> None:
    parsed = parse_example(marked)
    words = split_words(parsed.text)
    linked = link(parsed.text, words, parsed.names, knowledge)
    find_relations(parsed.text, words, split_sentences(words, parsed.text), linked, knowledge, rules)


UNITS = {
    "words": "كلمة ",
    "triggers": "التقى زار وقع فرض بين مع إلى ",
    "triggers and names": "التقى [خالد نعمان PER] مع بين [كينيا LOC] ",
    "names and commas": "[خالد نعمان PER]، [سمير عوض PER]، ",
    "coordinated names": "بين و[كينيا LOC] و[تونس LOC] و[مصر LOC] ",
    "pronouns": "لقائه [خالد نعمان PER] وزيارته إلى [كينيا LOC] ",
    "unsaid subjects": "ثم زار [كينيا LOC] ",
    "bare nouns": "[حزب الوفاء ORG] قال الحزب إن المنظمة ",
    "titles": "الرئيس الكيني [خالد نعمان PER] نظيره التونسي [سمير عوض PER] ",
    "open brackets": "( [كينيا LOC] ",
    "brackets": "( ( [كينيا LOC] ) ) ",
    "adverbs": "زار أمس أيضا اليوم ",
    "dates": "3 مايو 2023 ، ",
    "marks": "« - ، بحسب - ",
}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Counts the steps that patterns take, which is what the time goes into."""
    taken = 0
    run, matches = Runner.run, engine.find_matches

    def counted_run(self: Runner, *args: Any) -> Any:
        nonlocal taken
        match = run(self, *args)
        taken += self.steps
        return match

    def counted_matches(items: list[Any], *args: Any) -> Any:
        nonlocal taken
        taken += len(items)
        return matches(items, *args)

    monkeypatch.setattr(Runner, "run", counted_run)
    monkeypatch.setattr(engine, "find_matches", counted_matches)
    return lambda: taken


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
def test_steps_grow_with_the_text(unit: str, steps: Callable[[], int], knowledge: Knowledge, rules: RuleSet) -> None:
    """Sentences without an end: twice the text, twice the steps, however many triggers and names stand in it."""
    counts = []
    for words in (1200, 2400):
        before = steps()
        relate(unit * (words // len(unit.split())), knowledge, rules)
        counts.append(steps() - before)
    assert counts[1] <= 2.4 * counts[0] + 200
    assert counts[1] <= 1000 * 2400


@pytest.mark.parametrize(
    "text", ["ك" * 300_000, "ـ" * 300_000, "(" * 100_000, "٣" * 300_000, "،" * 100_000, "َ" * 200_000]
)
def test_one_huge_word_or_run_of_marks(text: str, knowledge: Knowledge, rules: RuleSet) -> None:
    relate(f"زار [خالد نعمان PER] {text} [تونس LOC]", knowledge, rules)
