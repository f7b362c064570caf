"""A batch of every kind of input, with what fails among it, and a model that needs no time."""

from __future__ import annotations

import json
import os

import pytest

from arner import Extractor
from arner.batch import journal


@pytest.fixture
def extractor(list_model) -> Extractor:
    return Extractor()


@pytest.fixture
def news(tmp_path, monkeypatch):
    """Names of files in the current folder: 12 documents and 6 failures; two share an id, two a stem."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(journal, "_INTERVAL", 0.0)  # a checkpoint behind each document
    monkeypatch.setattr(journal, "_SHARE", 1e9)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # a disk may take a tenth of a second for each
    lines = [
        json.dumps({"id": str(n % 4), "text": f"زار بوتين القاهرة {n} مرة."}, ensure_ascii=False) for n in range(8)
    ]
    lines[2:2] = ["", "{", '{"text": " "}', "[]"]
    (tmp_path / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")  # the last line has no end
    members = [{"text": "زار بوتين أستانا."}, {"text": 1}, {"text": "وصل توكاييف.", "id": "m"}]
    (tmp_path / "list.json").write_text(json.dumps(members), encoding="utf-8")
    (tmp_path / "a.txt").write_text("وصل بوتين إلى كازاخستان.\r\n", encoding="utf-8")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.txt").write_text("لم يزر بوتين القاهرة.", encoding="utf-8")
    (tmp_path / "png.txt").write_bytes(b"\x89PNG\0")
    return ["a.txt", "missing.txt", "lines.jsonl", "png.txt", "list.json", "x/a.txt"]
