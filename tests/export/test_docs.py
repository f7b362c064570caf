"""The tables of docs/EXPORT.md say what is there; tests/docs runs the page."""

from __future__ import annotations

import re
from pathlib import Path

from arner.export import FORMATS
from arner.export.wikidata import WIKIDATA_PROPERTIES
from arner.schema import ENTITY_TYPES

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "EXPORT.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    table = TEXT[TEXT.index(heading) :].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_table_of_formats():
    found = {name.strip("`"): tuple(re.findall(r"`(\.\w+)`", endings)) for name, endings, *_ in rows("| format |")}
    assert found == {name: format.suffixes for name, format in FORMATS.items()}


def test_the_table_of_wikidata_properties():
    found = {name.strip("`"): (id, direction) for name, id, direction in rows("| relation |")}
    expected = {}
    for type, property in WIKIDATA_PROPERTIES.items():
        direction = "from object to subject" if property.inverse else "from subject to object"
        if property.subjects != ENTITY_TYPES:
            direction += ", of places and organisations only"
        expected[type.value] = (property.id, direction)
    assert found == expected
