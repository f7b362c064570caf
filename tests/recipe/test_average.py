"""Averaging: the mean of the weights, and models that do not fit together are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from models.recipe.average import run


def model(folder: Path, **weights: torch.Tensor) -> Path:
    folder.mkdir()
    save_file(weights, folder / "model.safetensors")
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_text(f"{{}} {folder.name}")
    return folder


def test_weights_are_averaged_and_the_first_model_lends_the_rest(tmp_path: Path) -> None:
    first = model(tmp_path / "a", w=torch.tensor([1.0, 3.0]))
    second = model(tmp_path / "b", w=torch.tensor([3.0, 5.0]))
    run([first, second], tmp_path / "mean")
    assert load_file(tmp_path / "mean" / "model.safetensors")["w"].tolist() == [2.0, 4.0]
    assert (tmp_path / "mean" / "config.json").read_text() == "{} a"


def test_models_of_other_shapes_have_no_average(tmp_path: Path) -> None:
    first = model(tmp_path / "a", w=torch.zeros(2))
    second = model(tmp_path / "b", w=torch.zeros(3))
    with pytest.raises(ValueError, match="shapes"):
        run([first, second], tmp_path / "mean")
