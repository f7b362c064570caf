"""docs/CLI.md says what the commands say of themselves."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from arner.cli import main

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "CLI.md").read_text(encoding="utf-8")


def reference() -> str:
    spec = importlib.util.spec_from_file_location("build_cli_reference", ROOT / "scripts" / "build_cli_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.reference()


def test_the_reference_is_that_of_the_commands():
    assert PAGE.endswith(reference()), "run python scripts/build_cli_reference.py"


@pytest.mark.parametrize("command", re.findall(r"^### `arner (.*)`", PAGE, re.M))
def test_the_reference_is_what_the_help_shows(command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    with pytest.raises(SystemExit) as caught:
        main([*command.split(), "--help"])
    assert not caught.value.code
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    assert f"Usage: arner {command}" in shown
    assert "Exit codes:" in shown
    section = PAGE.split(f"### `arner {command}`\n")[1].split("\n### ")[0]
    named = set(re.findall(r"(?<![\w-])--[a-z-]+", " ".join(re.findall(r"^\| `([^`]*)`", section, re.M))))
    offered = set(re.findall(r"^│ (?:\* +)?(--[a-z-]+)", shown, re.M))
    assert offered - {"--help"} <= named
    assert all(name in shown for name in named)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("arner extract --model ", "default"),
        ("arner extract --format ", "turtle"),
        ("arner extract --errors s", "stop"),
        ("arner extract --encoding win", "windows-1256"),
        ("arner rules list --type vis", "visited"),
        ("arner rules list --stage ", "clause"),
        ("arner rul", "rules"),
    ],
)
def test_completion(typed, completed, capsys, monkeypatch):
    monkeypatch.setenv("_ARNER_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split(" ")) - 1))
    monkeypatch.setattr(sys, "argv", ["arner"])
    with pytest.raises(SystemExit):
        main([])
    assert completed in capsys.readouterr().out.split()
