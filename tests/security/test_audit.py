"""The audit says "none known" only where it was answered about every package."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "audit.py"
SOUND = {"name": "a", "version": "1.0", "vulns": []}
WEAK = {"name": "b", "version": "2.0", "vulns": [{"id": "CVE-2024-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI"}


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([SOUND], 0, "1 packages, no known weakness"),
        ([SOUND, WEAK], 1, "b 2.0: CVE-2024-1, mended in 2.1"),
        ([SOUND, SKIPPED], 3, "nothing could be learnt of 1 of 2 packages"),
        ([SKIPPED, WEAK], 1, "CVE-2024-1"),
        ([], 3, "none is pinned"),
    ],
)
def test_what_each_answer_means(
    audit: ModuleType, packages: list[object], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.verdict(packages) == code
    assert said in "".join(capsys.readouterr())


@pytest.mark.parametrize("answer", [None, [], [SKIPPED]])
def test_no_answer_is_no_pass(audit: ModuleType, answer: list[object] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "asked", lambda pins: answer)
    with pytest.raises(SystemExit) as caught:
        audit.main()
    assert caught.value.code == 3
