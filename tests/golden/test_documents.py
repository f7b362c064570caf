"""JSON that an earlier arner wrote is read by this one, and says the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from arner.schema import SCHEMA_VERSION, Document

FOLDER = Path(__file__).parent / "documents"
FILES = sorted(FOLDER.glob("*/*.json"))


def holds(new: Any, old: Any) -> bool:
    """Whether what is new says all that is old; it may have more fields."""
    if isinstance(old, dict):
        return all(key in new and holds(new[key], value) for key, value in old.items())
    if isinstance(old, list):
        return len(new) == len(old) and all(map(holds, new, old))
    return bool(new == old)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_old_json_is_read_and_says_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    document = Document.from_json(text)
    assert holds(json.loads(document.to_json()), json.loads(text))
    assert Document.from_json(document.to_json()) == document


def test_this_version_has_files() -> None:
    assert (FOLDER / SCHEMA_VERSION / "every_field.json").is_file(), (
        f"write tests/golden/documents/{SCHEMA_VERSION}/: documents of this version; leave the older ones"
    )


def test_the_fullest_file_has_every_field() -> None:
    """What is not in a golden file can change unseen."""

    def fields(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(fields, value.values()))
        return set().union(*map(fields, value)) if isinstance(value, list) else set()

    schema = Document.model_json_schema()
    known = set(schema["properties"]).union(*(part.get("properties", {}) for part in schema["$defs"].values()))
    text = (FOLDER / SCHEMA_VERSION / "every_field.json").read_text("utf-8")
    assert fields(json.loads(text)) == known
