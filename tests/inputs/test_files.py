"""Files become texts from any place on, and names of files are what the system has."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from arner.inputs import Failure, Input, Position, Source, expand, read_inputs, read_names, read_sources, sources_of


@pytest.fixture
def paths(tmp_path, monkeypatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_bytes("نص\r\n".encode())
    Path("b.jsonl").write_bytes(b'{"text": "1"}\n\n{\n{"text": "2", "id": 7}\n{"text": "3"}')
    Path("c.json").write_text(json.dumps([{"text": "4"}, 5, {"text": "6"}]), encoding="utf-8")
    return ["a.txt", "none.txt", "b.jsonl", "c.json"]


def shown(items) -> list[str]:
    return [item.text if isinstance(item, Input) else f"!{item.shown}" for item in items]


ALL = ["نص\r\n", "!none.txt", "1", "!b.jsonl:3", "2", "3", "4", "!c.json item 2", "6"]


def test_reading_goes_on_from_behind_any_input(paths):
    items = list(read_inputs(paths))
    assert shown(items) == ALL
    for number, item in enumerate(items, 1):
        assert shown(read_sources(sources_of(paths), start=item.after)) == ALL[number:]


def test_only_some_parts(paths):
    sources = [Source("b.jsonl", parts=frozenset({3, 5})), Source("c.json", parts=frozenset({3}))]
    assert shown(read_sources(sources)) == ["!b.jsonl:3", "3", "6"]
    assert shown(read_sources(sources, start=Position(0, 17, 3))) == ["3", "6"]


def test_where_a_failure_was(paths):
    failures = [item for item in read_inputs(paths) if isinstance(item, Failure)]
    assert [(item.part, item.reason.split(":")[0]) for item in failures] == [
        (None, "No such file or directory"),
        (3, "not JSON"),
        (2, 'expected an object with a "text" that is a string'),
    ]


def test_a_number_that_is_too_long_is_no_crash(paths):
    Path("long.json").write_text("9" * 10_000, encoding="utf-8")
    assert shown(read_inputs(["long.json"])) == ["!long.json"]
    assert shown(read_inputs(["nul\0.txt"])) == ["!nul\0.txt"]


def test_patterns_that_the_shell_left_alone(paths):
    assert expand(["*.txt", "q*", "b.jsonl", "-"]) == ["a.txt", "q*", "b.jsonl", "-"]


def test_lists_of_names(paths):
    Path("lines").write_bytes(b"a.txt\r\n\nb b.txt\n")
    assert read_names("lines") == ["a.txt", "b b.txt"]
    Path("nul").write_bytes(b"a\nb.txt\0\xff.txt\0")
    assert [os.fsencode(name) for name in read_names("nul")] == [b"a\nb.txt", b"\xff.txt"]
