"""Runs that are killed, by an exception at any step or write and by kill -9, end at the weights of a run left alone."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import arner
from arner.errors import InputError
from arner.training.tuning import checkpoint

from .conftest import conll, split_visits

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("matplotlib")

OPTIONS = {
    "epochs": 3,
    "batch_tokens": 96,
    "learning_rate": 5e-3,
    "onnx": "none",
    "precision": "fp32",
    "save_seconds": 0,
    "tensorboard": False,
}


class Killed(BaseException):
    """Stands for a kill within the process."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory, small_model):
    """The arguments of a run, and the folder and report of it left alone."""
    folder = tmp_path_factory.mktemp("whole")
    paths = [folder / "train.conll", folder / "dev.conll"]
    for path, sentences in zip(paths, split_visits(), strict=True):
        path.write_text(conll(sentences), encoding="utf-8")
    options = {"base": small_model, "eval": paths[1], **OPTIONS}
    return paths[0], options, folder / "model", arner.finetune(paths[0], folder / "model", **options)


def same_model(first: Path, second: Path) -> bool:
    from safetensors.torch import load_file

    ours, theirs = (load_file(folder / "model.safetensors") for folder in (first, second))
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def steps(folder: Path) -> list[tuple[str, str]]:
    with (folder / "logs" / "steps.csv").open(encoding="utf-8", newline="") as file:
        return [(row["step"], row["loss"]) for row in csv.DictReader(file)]


def killing(left: int):
    """A function that dies when it is called for that time."""

    def count(*_, **__):
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    return count


@pytest.mark.parametrize("save_seconds", [0, 1000])
def test_kills_at_random_steps(whole, tmp_path, save_seconds):
    train, options, alone, report = whole
    options = {**options, "save_seconds": save_seconds}
    chance = random.Random(save_seconds)
    for _ in range(4):
        with pytest.raises(Killed):
            arner.finetune(train, tmp_path / "m", on_progress=killing(chance.randint(1, 3)), **options)
    with pytest.raises(InputError, match=r"other data or options \(other seed\)"):
        arner.finetune(train, tmp_path / "m", **options | {"seed": 2})
    resumed = arner.finetune(train, tmp_path / "m", **options)
    assert resumed.epochs == report.epochs
    assert steps(tmp_path / "m") == steps(alone)
    assert same_model(alone, tmp_path / "m")


def test_kills_at_every_kind_of_write(whole, tmp_path, monkeypatch):
    """The process dies after a new file is written and before it takes its name, at the writes 1, 3, 6, 10, …."""
    train, options, alone, report = whole
    onto_disk = checkpoint._onto_disk
    for number in range(1, 40):
        kill = killing(number)

        def dying(path, kill=kill):
            onto_disk(path)
            kill()

        monkeypatch.setattr(checkpoint, "_onto_disk", dying)
        try:
            resumed = arner.finetune(train, tmp_path / "m", **options)
        except Killed:
            continue
        break
    assert number > 5
    assert resumed.epochs == report.epochs
    assert same_model(alone, tmp_path / "m")


def test_a_kill_after_training_costs_no_training(whole, tmp_path, monkeypatch):
    train, options, alone, _ = whole
    for place in ("arner.training.finetuning.write_model", "arner.training.output.finishing.model_card"):
        with monkeypatch.context() as patch:
            patch.setattr(place, killing(1))
            with pytest.raises(Killed):
                arner.finetune(train, tmp_path / "m", **options)
    taken = []
    arner.finetune(train, tmp_path / "m", on_progress=taken.append, **options)
    assert not taken
    assert same_model(alone, tmp_path / "m")


def test_kill_9(whole, tmp_path):
    train, options, alone, report = whole
    output = tmp_path / "m"
    program = "import sys, json, arner; arner.finetune(sys.argv[1], sys.argv[2], **json.loads(sys.argv[3]))"
    import json

    arguments = json.dumps({**options, "base": str(options["base"]), "eval": str(options["eval"])})
    for wanted in (2, len(steps(alone)) - 1):
        child = subprocess.Popen(
            [sys.executable, "-c", program, str(train), str(output), arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while child.poll() is None and not ((output / "logs" / "steps.csv").exists() and len(steps(output)) >= wanted):
            time.sleep(0.01)
        assert child.poll() is None, "the run has ended before it could be killed"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert (output / "checkpoints").is_dir()
    resumed = arner.finetune(train, output, **options)
    assert resumed.epochs == report.epochs
    assert same_model(alone, output)
