"""The performance guard fails where a part has become slow, and not where it is as slow as usual."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "performance_guard.py"


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.setenv(name, "1")  # the script sets them; what they were comes back
    monkeypatch.setattr(sys, "argv", [str(SCRIPT)])
    spec = importlib.util.spec_from_file_location("performance_guard", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_fails_where_a_part_has_become_slow(
    guard: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = json.loads(guard.BOUNDS.read_text("utf-8"))
    monkeypatch.setattr(guard, "measure", lambda: usual)
    guard.main()
    assert len(capsys.readouterr().out.splitlines()) == len(usual) == 3
    slow = {**usual, "the model": usual["the model"] * guard.SLACK * 1.1}
    monkeypatch.setattr(guard, "measure", lambda: slow)
    with pytest.raises(SystemExit, match="more than 3 times the usual: the model"):
        guard.main()


def test_more_work_costs_more(guard: ModuleType) -> None:
    def loop() -> None:
        sum(range(20_000))

    def longer() -> None:
        for _ in range(50):
            loop()

    assert guard.cost(longer, loop) > 10
