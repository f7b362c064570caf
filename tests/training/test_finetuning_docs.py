"""docs/FINETUNING.md says what is there."""

from __future__ import annotations

import re
import shlex
from functools import partial
from pathlib import Path

import pytest
import typer

import arner
from arner.cli.app import app

pytest.importorskip("torch")
pytest.importorskip("transformers")

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "FINETUNING.md").read_text(encoding="utf-8")


def test_python_runs(small_model, tmp_path, monkeypatch, capsys):
    """As it is shown, but with the small model, one epoch, and the training data to judge by, being so few."""
    monkeypatch.chdir(tmp_path)
    quick = partial(arner.finetune, base=small_model, eval="train.conll", epochs=1, onnx="none", tensorboard=False)
    monkeypatch.setattr(arner, "finetune", quick)
    (code,) = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
    exec(code, {})
    assert "DRUG" in capsys.readouterr().out
    shown = set(re.findall(r"^\| ((?:`[\w./]+`(?:, )?)+) \|", TEXT, re.M))
    files = {name for names in shown for name in re.findall(r"`([\w./]+)`", names)} - {"model.onnx", "model_int8.onnx"}
    assert len(files) > 9
    for name in files:
        assert (tmp_path / "my-model" / name).is_file(), name


def test_options_of_the_commands_exist():
    commands = typer.main.get_command(app).commands
    lines = [
        shlex.split(line[2:], comments=True)
        for block in re.findall(r"^```console\n(.*?)^```", TEXT, re.M | re.S)
        for line in block.splitlines()
    ]
    assert len(lines) > 8
    used = {(words[1], word) for words in lines for word in words if word.startswith("-")}
    used |= {("finetune", option) for option in re.findall(r"`(--[\w-]+)", TEXT)}
    for command, option in used:
        options = {name for p in commands[command].params for name in (*p.opts, *p.secondary_opts)}
        assert option in options, (command, option)


def test_figures_are_those_of_the_code():
    from arner.training.finetuning import _SHARES
    from arner.training.output.folder import FP32_TOLERANCE, INT8_AGREEMENT

    assert _SHARES[0] == 0.5
    assert f"at least {INT8_AGREEMENT:.0%}".replace("%", " %") in TEXT
    assert f"more than {FP32_TOLERANCE} from" in TEXT
    fields = arner.FinetuneConfig.model_fields
    for name in ("distil", "temperature", "weight_decay"):
        assert f"`--{name.replace('_', '-')} {fields[name].default}`" in TEXT
    assert f"`--layer-decay {arner.FinetuneConfig().layer_decay_for(unmarked=True)}`" in TEXT
