"""`arner graph` as a user runs it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from arner.cli import main
from arner.kg import KnowledgeGraph, ready_questions
from tests.kg.documents import document

pytest.importorskip("pyoxigraph")

DOCUMENTS = [
    document("a", ("فلاديمير بوتين", "visited", "أستانا", {"when": "2024-11-27"})),
    document("b", ("فلاديمير بوتين", "visited", "مصر", {"polarity": "negated"}), ("مصر", "borders", "تونس")),
]


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(map(str, arguments)))
    code = left.value.code
    return 0 if code is None else int(code)


def lines(*documents) -> str:
    return "".join(one.to_json() + "\n" for one in documents)


@pytest.fixture
def graph(tmp_path, capfd) -> Path:
    source, path = tmp_path / "news.jsonl", tmp_path / "kg"
    source.write_text(lines(*DOCUMENTS), encoding="utf-8")
    assert run("graph", "build", source, "-o", path) == 0
    capfd.readouterr()
    return path


def test_build_tells_of_bad_lines_and_does_the_rest(tmp_path, capfd):
    (tmp_path / "one.jsonl").write_text(
        lines(DOCUMENTS[0]) + '{"text": "زار"}\n{"broken\n' + lines(DOCUMENTS[1]).replace('"e1"', '"e9"', 1), "utf-8"
    )
    (tmp_path / "two.json").write_text(json.dumps([json.loads(DOCUMENTS[1].to_json())]), "utf-8")
    path = tmp_path / "kg"
    arguments = ("graph", "build", tmp_path / "*.jsonl", tmp_path / "two.json", tmp_path / "none.jsonl", "-o", path)
    assert run(*arguments) == 1
    told = capfd.readouterr().err.splitlines()
    assert f"{tmp_path}/one.jsonl:2: is no document that arner extract wrote" in told[0]
    assert f"{tmp_path}/one.jsonl:3: not JSON" in told[1]
    assert f"{tmp_path}/one.jsonl:4: not an arner document" in told[2]
    assert f"{tmp_path}/none.jsonl: No such file" in told[3]
    assert told[4] == f"arner: {path}: documents: 2 new, 4 failed"
    assert KnowledgeGraph.open(path).stats().documents == 2
    assert run(*arguments) == 1
    assert capfd.readouterr().err.splitlines()[-1] == f"arner: {path}: documents: 2 unchanged, 4 failed"


def test_query_formats(graph, capfd, tmp_path):
    sparql = "SELECT ?p ?label { ?p arner:visited ?x ; skos:prefLabel ?label }"
    assert run("graph", "query", graph, sparql) == 0
    rows = json.loads(capfd.readouterr().out)["results"]["bindings"]
    assert rows[0]["label"]["value"] == "فلاديمير بوتين"
    assert run("graph", "query", graph, sparql, "--format", "csv") == 0
    read = list(csv.reader(io.StringIO(capfd.readouterr().out)))
    assert read == [["p", "label"], ["http://www.wikidata.org/entity/Q7747", "فلاديمير بوتين"]]
    (tmp_path / "q.rq").write_text(sparql, "utf-8")
    assert run("graph", "query", graph, "--file", tmp_path / "q.rq", "--format", "table") == 0
    table = capfd.readouterr().out
    assert "wd:Q7747" in table
    assert "فلاديمير بوتين" in table
    assert run("graph", "query", graph, "ASK { wd:Q7747 arner:visited wd:Q79 }") == 0
    assert json.loads(capfd.readouterr().out)["boolean"] is False
    assert run("graph", "query", graph, "CONSTRUCT WHERE { ?a arner:visited ?b }") == 0
    assert capfd.readouterr().out.splitlines()[-1] == "wd:Q7747 arner:visited wd:Q1520 ."


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("SELECT ?s {",), 1, "the query is wrong at line 1, column 12"),
        (("SELECT ?s { ?s ?p ?o }", "--format", "turtle"), 1, "the query finds no triples"),
        (("CONSTRUCT WHERE { ?a arner:visited ?b }", "--format", "csv"), 1, "written as turtle or ntriples, not csv"),
        ((), 2, "give a query"),
    ],
)
def test_wrong_queries(graph, capfd, arguments, code, message):
    assert run("graph", "query", graph, *arguments) == code
    assert message in " ".join(capfd.readouterr().err.split())


def test_ask(graph, capfd):
    assert run("graph", "ask", graph, "visited", "بوتين") == 0
    assert capfd.readouterr().out == "", "nobody visited him"
    assert run("graph", "ask", graph, "visited", "person=بوتين") == 0
    captured = capfd.readouterr()
    (answer,) = map(json.loads, captured.out.splitlines())
    assert (answer["who"], answer["document"], answer["when"]) == ("فلاديمير بوتين", "a", "2024-11-27")
    assert captured.err == "arner: person: فلاديمير بوتين (Q7747; 2 documents)\n"
    assert run("graph", "ask", graph, "about", "Q7747", "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert [row["claim"] for row in rows] == ["not visited", "visited"]
    assert run("graph", "ask", graph, "about", "مصر", "--format", "table", "--limit", "1") == 0
    table = capfd.readouterr().out
    assert "1 more" in table
    assert run("graph", "ask", graph, "about", "ليما") == 1
    assert "nothing in the graph is called 'ليما'" in capfd.readouterr().err


def test_without_a_question_all_are_listed(graph, capfd):
    assert run("graph", "ask", graph) == 0
    listed = capfd.readouterr().out
    assert all(name in listed for name in ready_questions())


def test_stats_and_export(graph, capfd, tmp_path):
    assert run("graph", "stats", graph) == 0
    assert json.loads(capfd.readouterr().out)["documents"] == 2
    assert run("graph", "export", graph, "-o", tmp_path / "all.nq") == 0
    assert "urn:arner:document:a" in (tmp_path / "all.nq").read_text("utf-8")
    assert run("graph", "export", graph, "-o", tmp_path / "all.txt") == 1


def test_no_graph(capfd, tmp_path):
    assert run("graph", "stats", tmp_path / "none") == 1
    assert "there is no graph; arner graph build FILES -o" in capfd.readouterr().err
