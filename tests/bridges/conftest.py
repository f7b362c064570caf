"""Rows that a table may hold: some to read, some that nobody can."""

from __future__ import annotations

import datetime

import pytest

VISIT = "زار فلاديمير بوتين كازاخستان أمس."
MARCH = datetime.date(2024, 3, 1)
MEETING = "التقى توكاييف بوتين في القاهرة."


@pytest.fixture
def rows() -> dict[str, list[object]]:
    """Columns text, id and date; every second row cannot be read."""
    return {
        "text": [VISIT, None, MEETING, "", VISIT, 7, VISIT, "\u200f \n", VISIT, VISIT],
        "id": ["a", "b", 3, None, None, "f", 7.0, "h", "i", [1]],
        "date": [
            "2024-11-28",
            None,
            None,
            None,
            datetime.date(2024, 3, 1),
            None,
            "2024-11-28T10:00:00",
            "",
            "soon",
            None,
        ],
    }


@pytest.fixture
def reasons() -> list[str | None]:
    """Why each of `rows` cannot be read, as far as it matters."""
    return [None, "missing", None, "empty", None, "not int", None, "empty", "date", "id must"]


@pytest.fixture(autouse=True)
def _fresh_extractors(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets the extractor of another."""
    monkeypatch.setattr("arner.bridges.settings._kept", None)
