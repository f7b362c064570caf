"""The list of names to swap in: every type, the same for the same seed, in the form that train reads."""

from __future__ import annotations

from pathlib import Path

from models.recipe.names import run
from models.recipe.train import read_names


def test_names_of_every_type_and_the_same_for_a_seed(tmp_path: Path) -> None:
    run(tmp_path / "first.jsonl", people=50, seed=3)
    run(tmp_path / "second.jsonl", people=50, seed=3)
    assert (tmp_path / "first.jsonl").read_bytes() == (tmp_path / "second.jsonl").read_bytes()
    names = read_names([tmp_path / "first.jsonl"])
    assert {"PER", "LOC", "ORG"} <= names.keys()
    assert ("كازاخستان",) in names["LOC"]
    assert all(name and name[0] for kind in names.values() for name in kind)
