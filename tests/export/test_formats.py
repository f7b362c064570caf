"""The registry, `save`, and what happens without an extra."""

from __future__ import annotations

import json
import sys

import pytest

from arner.cli.extract import Format
from arner.errors import InputError, MissingExtraError
from arner.export import FORMATS, format_of, plot, save, to_graph, to_rdf
from arner.schema import Document


def test_the_command_line_knows_every_format():
    assert {format.value for format in Format} == {"auto", "table", *FORMATS}


def test_endings_are_not_shared():
    endings = [suffix for format in FORMATS.values() for suffix in format.suffixes]
    assert len(endings) == len(set(endings))
    assert format_of("a/b.NQ") is FORMATS["nquads"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_one_none_and_many(plain, hostile, tmp_path, name):
    for number, documents in enumerate((plain, [], [hostile, plain, Document(text="لا شيء")])):
        path = tmp_path / str(number)
        save(documents, path, format=name)
        assert path.exists()
    assert (tmp_path / "2").stat().st_size > (tmp_path / "0").stat().st_size
    assert len(list(tmp_path.iterdir())) == 3


def test_json_comes_back(plain, hostile, tmp_path):
    save([plain, hostile], tmp_path / "a.jsonl")
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [Document.from_json(line) for line in lines] == [plain, hostile]
    save([plain, hostile], tmp_path / "a.json")
    items = json.loads((tmp_path / "a.json").read_bytes())
    assert [Document.model_validate(item) for item in items] == [plain, hostile]


def test_a_format_that_is_not_there(plain, tmp_path):
    with pytest.raises(InputError, match=r"no known ending.*jsonl, json, conll"):
        save(plain, tmp_path / "a.docx")
    with pytest.raises(InputError, match="unknown format 'xml'"):
        save(plain, tmp_path / "a.csv", format="xml")


def test_a_failure_leaves_the_file_as_it_was(plain, tmp_path):
    def documents():
        yield plain
        raise RuntimeError

    for name in FORMATS:
        path = tmp_path / "out"
        path.write_text("before", encoding="utf-8")
        with pytest.raises(RuntimeError):
            save(documents(), path, format=name)
        assert path.read_text(encoding="utf-8") == "before"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("package", "extra", "call"),
    [
        ("rdflib", "rdf", to_rdf),
        ("networkx", "graph", to_graph),
        ("matplotlib.figure", "graph", plot),
        ("pyarrow", "parquet", lambda document: save(document, "unwritten.parquet")),
        ("rdflib", "rdf", lambda document: save(document, "unwritten.ttl")),
        ("networkx", "graph", lambda document: save(document, "unwritten.gexf")),
    ],
)
def test_a_missing_extra_is_named(plain, monkeypatch, tmp_path, package, extra, call):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'arner\[{extra}\]'"):
        call(plain)
    assert not list(tmp_path.iterdir())
