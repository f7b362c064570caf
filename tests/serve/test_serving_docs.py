"""The tables of docs/SERVING.md say what is there; tests/docs runs the page."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

from arner.serve import Settings
from arner.serve.problems import ProblemDetails

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TEXT = (DOCS / "SERVING.md").read_text(encoding="utf-8")
SOURCE = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "arner" / "serve").glob("*.py")))


def rows(heading: str) -> list[list[str]]:
    table = TEXT[TEXT.index(heading) :].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.M | re.S)


def test_the_table_of_limits():
    found = {option.strip("`"): default for option, default, _ in rows("| option |")}
    expected = {
        f"--{field.name.replace('_', '-')}": str(field.default)
        for field in fields(Settings)
        if field.name not in ("tokens", "hosts")
    }
    assert found == expected


def test_the_table_of_errors():
    found = {code for _, codes, _ in rows("| status |") for code in re.findall(r"`(\w+)`", codes)}
    given = set(re.findall(r"RefusalError\(\s*\d{3},\s*\"(\w+)\"", SOURCE))
    assert {"overloaded", "timeout", "unauthorized", "body_too_large"} <= given
    assert found == given | {"not_found", "method_not_allowed"}


def test_the_table_of_metrics(client):
    client.post("/v1/extract", json={"text": "نص"})
    page = client.get("/metrics").text
    kinds = dict(re.findall(r"^# TYPE (arner_\w+) (\w+)$", page, re.M))
    found = {}
    for names, kind, _ in rows("| metric |"):
        found |= dict.fromkeys(re.findall(r"`(arner_\w+)`", names), "gauge" if kind == "info" else kind)
    assert found == {name: kind for name, kind in kinds.items() if not name.endswith("_created")}


def test_the_table_of_paths(client):
    described = set(client.get("/openapi.json").json()["paths"]) | {"/openapi.json"}
    found = {path for cell, _ in rows("| request |") for path in re.findall(r"(/[\w./]+)", cell)}
    assert found == described


def test_the_error_that_is_shown(client):
    shown = json.loads(blocks("json")[0])
    assert client.post("/v1/extract", json={"text": "نص", "date": "yesterday"}).json() == shown
    assert ProblemDetails(**shown).code == "invalid_request"
