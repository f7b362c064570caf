"""docs/EVALUATION.md says what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from arner.cli import main

pytest.importorskip("seqeval")

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "EVALUATION.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.M | re.S)


def test_python_and_commands_run_in_order_and_print_what_is_shown(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    (tmp_path / "news.jsonl").write_text('{"text": "وصلت البعثة إلى مدينة الضالع ومعها خالد النوبي."}\n', "utf-8")
    out = ""
    for kind, code in BLOCKS:
        if kind == "python":
            exec(code, names)
        elif kind == "text":
            assert out == code
        else:
            for line in code.splitlines():
                with pytest.raises(SystemExit) as caught:
                    main(shlex.split(line)[1:])
                assert not caught.value.code, line
        out = capsys.readouterr().out
    assert (tmp_path / "mistakes.html").is_file()
    assert names["relations"].relations.gold == 3
    assert names["relations"].relations.correct >= 1
    assert names["comparison"].names.p_value == 1.0


def test_links_lead_to_files():
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (DOCS / target).exists(), target
    for target in re.findall(r"`((?:tests|docs|arner)/[\w/.]+)`", TEXT):
        assert (DOCS.parent / target).exists(), target
