"""Files of a run: whole or not there, and logs that a kill does not spoil."""

from __future__ import annotations

import csv

import pytest

from arner.training.tuning.checkpoint import read_state, read_tensors, write_atomic, write_tensors
from arner.training.tuning.logs import Epoch, RunLog, Step

torch = pytest.importorskip("torch")


def steps(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_tensors_and_state_come_back_as_they_were(tmp_path):
    path = tmp_path / "a" / "state.safetensors"
    state = {"step": 3, "sums": [0.1 + 0.2, 7], "epochs": []}
    write_tensors(path, {"x": torch.tensor([0.1]), "n": torch.tensor(3.0)}, state)
    assert read_state(path) == state
    assert torch.equal(read_tensors(path)["x"], torch.tensor([0.1]))


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "state.safetensors"
    write_tensors(path, {"x": torch.zeros(1)}, {"step": 1})

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("arner.training.tuning.checkpoint.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_tensors(path, {"x": torch.ones(1)}, {"step": 2})
    with pytest.raises(OSError, match="no space"):
        write_atomic(path, "text")
    assert read_state(path) == {"step": 1}


def test_lines_of_steps_that_are_taken_again_are_dropped(tmp_path):
    log = RunLog(tmp_path, 0, tensorboard=False)
    for number in (1, 2, 3):
        log.step(Step(number, 1, 0.5 / number, 1e-4, 100, 0.1))
    with (tmp_path / "steps.csv").open("a") as file:
        file.write("4,1,0.1")  # a kill within a line
    again = RunLog(tmp_path, 2, tensorboard=False)
    again.step(Step(3, 1, 0.125, 1e-4, 100, 0.1))
    rows = steps(tmp_path / "steps.csv")
    assert [row["step"] for row in rows] == ["1", "2", "3"]
    assert float(rows[2]["loss"]) == 0.125
    again.epochs([Epoch(1, 0.25, 0.5, 1.0, 2 / 3)], 3)
    assert float(steps(tmp_path / "epochs.csv")[0]["f1"]) == 2 / 3


def test_tensorboard_files_are_written_where_it_is_installed(tmp_path):
    pytest.importorskip("tensorboard")
    log = RunLog(tmp_path, 0, tensorboard=True)
    log.step(Step(1, 1, 0.5, 1e-4, 100, 0.1))
    log.close()
    assert list(tmp_path.glob("events.out.tfevents.*"))
