"""docs/KNOWLEDGE_GRAPH.md lists the questions that there are; tests/docs runs its commands."""

from __future__ import annotations

import re
from pathlib import Path

from arner.kg import ready_questions

TEXT = (Path(__file__).parents[2] / "docs" / "KNOWLEDGE_GRAPH.md").read_text(encoding="utf-8")


def test_the_table_of_questions():
    table = TEXT[TEXT.index("| question | asks") :].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    shown = {name.strip("`"): re.findall(r"`(\w+)`( \(required\))?", parameters) for name, _, parameters in rows}
    expected = {
        question.name: [(one.name, " (required)" if one.required else "") for one in question.parameters]
        for question in ready_questions().values()
    }
    assert shown == expected
