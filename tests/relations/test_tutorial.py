"""docs/RULES.md has a place for the report of scripts/calibrate_rules.py; tests/docs runs the page."""

from __future__ import annotations

from scripts.calibrate_rules import MARKS
from tests.docs.blocks import ROOT


def test_the_report_has_its_place() -> None:
    begin, end = ((ROOT / "docs" / "RULES.md").read_text("utf-8").index(mark) for mark in MARKS)
    assert begin < end
