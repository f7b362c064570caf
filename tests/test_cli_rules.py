"""`arner rules`: listing, checking, explaining, and the schema."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from arner.cli import main
from arner.relations import Explanation, RuleReport, load_rules, rules_schema

RULE = """
[[rule]]
id = "visited.inspected"
type = "visited"
pattern = "تفقد {subject:PER} ..2 {object:LOC}"
examples = [
  "تفقد [سمير عوض PER] مدينة [تونس LOC] => سمير عوض > تونس",
  "%s",
]
"""


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def call(list_model, capsys):
    """Runs the command; gives exit code, standard output and standard error."""

    def run(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main(["rules", *map(str, args)])
        captured = capsys.readouterr()
        return caught.value.code or 0, captured.out, captured.err

    return run


@pytest.fixture
def mine(tmp_path: Path):
    def write(example: str = "تفقد [سمير عوض PER] بيته => nothing") -> Path:
        path = tmp_path / "mine.toml"
        path.write_text(RULE % example, "utf-8")
        return path

    return write


def test_list_in_a_pipe_is_json_lines(call):
    code, out, _ = call("list")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [row["id"] for row in rows] == [rule.id for rule in load_rules().rules]
    assert {"id", "types", "stage", "score", "patterns", "examples", "file", "line"} == set(rows[0])


def test_list_of_one_type_with_a_file_of_ones_own(call, mine):
    _, out, _ = call("list", "--type", "visited", "--stage", "clause", "--rules", mine())
    rows = [json.loads(line) for line in out.splitlines()]
    assert all("visited" in row["types"] and row["stage"] == "clause" for row in rows)
    assert rows[-1]["id"] == "visited.inspected"
    assert rows[-1]["file"] == str(mine())


def test_list_on_a_terminal_is_a_table(call, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    assert call("list", "--type", "capital_of")[0] == 0
    shown = terminal.getvalue()
    assert "capital_of.demonym" in shown
    assert "places.toml:" in shown
    assert "rules" in shown.splitlines()[-1]


@pytest.mark.parametrize("option", [("--type", "visits"), ("--stage", "clauses")])
def test_unknown_names_are_wrong_usage(call, option):
    code, out, err = call("list", *option)
    assert (code, out) == (2, "")
    assert "unknown" in err


def test_check_of_a_good_file(call, mine):
    code, out, _ = call("check", mine())
    assert code == 0
    assert out.splitlines() == ["rules: 1 added; examples run: 2; problems: 0"]


def test_check_says_why_an_example_is_not_read(call, mine):
    path = mine("تفقد [سمير عوض PER] الذي عاد [تونس LOC] => سمير عوض > تونس")
    code, out, _ = call("check", path)
    assert code == 3
    assert out.startswith(f"{path}:8: visited.inspected: does not read سمير عوض > تونس")
    assert "«الذي» stands before {object:LOC} and closes the clause" in out


def test_check_says_what_is_read_too_much(call, mine):
    code, out, _ = call("check", mine("تفقد [سمير عوض PER] [تونس LOC] => nothing"))
    assert code == 3
    assert ":8: visited.inspected: reads سمير عوض > تونس as well" in out


def test_check_lists_every_problem(call, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[[rule]]\nid = "a.b"\ntype = "visits"\nscore = 3\npattern = "(زار"\nnew = 1\n', "utf-8")
    code, out, _ = call("check", path)
    assert code == 3
    assert [line.removeprefix(f"{path}:")[0] for line in out.splitlines()[:-1]] == ["3", "4", "6"]


def test_check_tells_what_a_file_changes(call, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[rule]]\nid = "visited.verb"\noff = true\n'
        '[[rule]]\nid = "visited.noun"\ntype = "visited"\npattern = "تفقد {subject:PER} {object:LOC}"\n',
        "utf-8",
    )
    code, out, _ = call("check", path)
    assert code == 0
    assert out.splitlines() == [
        "rules: 1 replaced, 1 switched off; examples run: 0; problems: 0",
        "without an example: visited.noun",
    ]
    report = RuleReport.model_validate_json(call("check", path, "--json")[1])
    assert (report.ok, report.replaced, report.switched_off) == (True, ("visited.noun",), ("visited.verb",))


def test_check_of_a_missing_file(call, tmp_path):
    code, out, _ = call("check", tmp_path / "none.toml")
    assert code == 3
    assert "cannot read the rule file" in out


def test_explain_in_a_pipe_is_json(call):
    code, out, _ = call("explain", "وصل الرئيس الروسي فلاديمير بوتين إلى كازاخستان.")
    explanation = Explanation.model_validate_json(out)
    assert code == 0
    assert explanation.document.text.startswith("وصل")
    assert len(explanation.fired) == len(explanation.document.relations)


def test_explain_reads_files_and_shows_tables(call, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("وصل الرئيس الروسي فلاديمير بوتين إلى كازاخستان.", "utf-8")
    code, out, _ = call("explain", path, "--table")
    assert code == 0
    assert "visited.verb_to" in out
    assert "phrases read as one name" in out


def test_explain_of_nothing(call):
    code, _, err = call("explain", "  ")
    assert code == 1
    assert "empty" in err


def test_schema(call):
    assert json.loads(call("schema")[1]) == rules_schema()
