"""What docs/RULES.md shows is what happens: its files are written, its Python and its commands run."""

from __future__ import annotations

import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest

from arner.cli import main

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "RULES.md"
TEXT = PAGE.read_text("utf-8")
BLOCK = re.compile(r"(?:`([\w/]+\.\w+)`:\n\n)?```(\w+)\n(.*?)^```", re.M | re.S)


def words(text: str) -> list[str]:
    return re.sub(r"[─━]+", " ", text).split()


def holds(output: str, line: str) -> bool:
    """Whether the words of a line stand in the output in this order; ``…`` stands for others between them."""
    rest = " ".join(words(output))
    for part in line.split("…"):
        wanted = " ".join(words(part))
        if wanted not in rest:
            return False
        rest = rest[rest.index(wanted) + len(wanted) :]
    return True


def run(command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    program, *arguments = shlex.split(command)
    if program == "python":
        monkeypatch.setattr(sys, "argv", [str(ROOT / arguments[0]), *arguments[1:]])
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        assert program == "arner"
        # In a pipe, list and explain write JSON; the page shows a terminal.
        table = ["--table"] if arguments[1] in ("list", "explain") else []
        with pytest.raises(SystemExit) as caught:
            main([*arguments, *table])
        assert caught.value.code in ((0, None) if "broken" not in command else (3,))
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_files_python_and_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    names: dict[str, object] = {}
    printed = ""
    for file, language, content in BLOCK.findall(TEXT):
        if file:
            Path(file).parent.mkdir(exist_ok=True)
            Path(file).write_text(content, "utf-8")
        elif language == "python":
            exec(content, names)
            printed = capsys.readouterr().out
        elif language == "text":
            assert printed == content
        else:
            assert language == "console", f"an unnamed block of {language}"
            command, *shown = content.splitlines()
            output = run(command.removeprefix("$ "), capsys, monkeypatch)
            for line in shown:
                assert holds(output, line), output


def test_a_shown_line_that_is_not_printed_is_noticed() -> None:
    assert holds("a  b ── c\n", "a … c")
    assert not holds("a b c", "a c")
    assert not holds("a b c", "c … a")


def test_links_lead_to_files_and_the_report_has_its_place() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (PAGE.parent / target).exists(), target
    assert "<!-- calibration: begin -->" in TEXT.partition("<!-- calibration: end -->")[0]
