"""docs/EVALUATION.md names files that are there; tests/docs runs the page."""

from __future__ import annotations

import re

from tests.docs.blocks import ROOT


def test_files_that_are_named_exist() -> None:
    text = (ROOT / "docs" / "EVALUATION.md").read_text("utf-8")
    named = re.findall(r"`((?:tests|docs|arner)/[\w/.]+)`", text)
    assert named
    for name in named:
        assert (ROOT / name).exists(), name
