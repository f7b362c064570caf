"""What users lean on is what the committed files say: names, signatures, options, relation types, paths."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "public_surface.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    pytest.importorskip("fastapi")
    spec = importlib.util.spec_from_file_location("public_surface", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["python.txt", "commands.txt", "relation_types.txt", "openapi.json"])
def test_the_public_surface_is_as_committed(name: str, script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    same = script.kept(name, script.surfaces()[name], write=False)
    assert same, (
        f"the public surface differs from tests/golden/{name}:\n{capsys.readouterr().out}\n"
        "Where that is meant: python scripts/public_surface.py --write, and say so in CHANGELOG.md"
    )


def test_a_change_is_seen(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert not script.kept("relation_types.txt", "visited: PER -> LOC\n", write=False)
    assert "-head_of_state_of: PER -> LOC" in capsys.readouterr().out
