"""A graph on disk: it changes as a whole or not at all, and many may read it meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from arner.errors import InputError
from arner.kg import KnowledgeGraph
from tests.kg.documents import document

pyoxigraph = pytest.importorskip("pyoxigraph")

FIRST = document("a", ("فلاديمير بوتين", "visited", "أستانا"))
SECOND = document("b", ("فلاديمير بوتين", "visited", "مصر"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_added_is_there_when_it_is_opened_again(tmp_path):
    path = tmp_path / "kg.oxigraph"
    graph = KnowledgeGraph.open(path)
    assert len(graph.ask("visited")) == 0
    assert not path.exists(), "looking makes nothing"
    assert graph.add([FIRST]).new == 1
    assert len(graph.ask("visited")) == 1
    assert KnowledgeGraph.open(path).add([FIRST, SECOND]).unchanged == 1
    assert len(KnowledgeGraph.open(path).ask("visited")) == 2
    assert names(tmp_path) == ["kg.oxigraph"]


def test_a_reader_sees_what_was_there_when_it_opened(tmp_path):
    path = tmp_path / "kg"
    KnowledgeGraph.open(path).add([FIRST])
    reader = KnowledgeGraph.open(path)
    KnowledgeGraph.open(path).add([SECOND])
    assert len(reader.ask("visited")) == 1
    assert len(KnowledgeGraph.open(path).ask("visited")) == 2


def test_a_source_that_fails_leaves_the_graph_as_it_was(tmp_path):
    def broken():
        yield SECOND
        raise OSError("no more")

    path = tmp_path / "kg"
    with pytest.raises(OSError, match="no more"):
        KnowledgeGraph.open(path).add(broken())
    assert names(tmp_path) == []
    KnowledgeGraph.open(path).add([FIRST])
    with pytest.raises(OSError, match="no more"):
        KnowledgeGraph.open(path).add(broken())
    assert len(KnowledgeGraph.open(path).ask("visited")) == 1
    assert names(tmp_path) == ["kg"]


BUILD = """
import sys, time
from arner.kg import KnowledgeGraph
from arner.schema import Document
from tests.kg.documents import document
def documents():
    for line in open(sys.argv[2], encoding="utf-8"):
        yield Document.from_json(line)
        print("one", flush=True)
    time.sleep(60)
KnowledgeGraph.open(sys.argv[1]).add(documents())
"""


def test_a_killed_build_leaves_the_graph_as_it_was_and_the_next_one_goes_well(tmp_path):
    path, source = tmp_path / "kg", tmp_path / "in.jsonl"
    source.write_text(SECOND.to_json() + "\n", encoding="utf-8")
    KnowledgeGraph.open(path).add([FIRST])
    process = subprocess.Popen([sys.executable, "-c", BUILD, path, source], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "one\n"
    with pytest.raises(InputError, match="another process is adding to this graph"):
        KnowledgeGraph.open(path).add([SECOND])
    assert len(KnowledgeGraph.open(path).ask("visited")) == 1, "it can be read meanwhile"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert len(KnowledgeGraph.open(path).ask("visited")) == 1
    KnowledgeGraph.open(path).add([SECOND])
    assert len(KnowledgeGraph.open(path).ask("visited")) == 2
    assert names(tmp_path) == ["in.jsonl", "kg"]


def test_a_process_that_was_killed_between_the_two_steps_of_the_exchange(tmp_path):
    path = tmp_path / "kg"
    KnowledgeGraph.open(path).add([FIRST])
    os.rename(path, tmp_path / ".kg.before")
    assert len(KnowledgeGraph.open(path).ask("visited")) == 1


def test_what_is_no_graph(tmp_path):
    file, folder, store = tmp_path / "file", tmp_path / "folder", tmp_path / "store"
    file.write_text("x")
    folder.mkdir()
    for path in (file, folder):
        with pytest.raises(InputError, match="is there, and is no knowledge graph"):
            KnowledgeGraph.open(path)
    foreign = pyoxigraph.Store(str(store))
    foreign.add(pyoxigraph.Quad(*[pyoxigraph.NamedNode("urn:x")] * 3))
    del foreign
    with pytest.raises(InputError, match="is a store, and no knowledge graph that arner wrote"):
        KnowledgeGraph.open(store)


def test_a_broken_graph(tmp_path):
    path = tmp_path / "kg"
    KnowledgeGraph.open(path).add([FIRST])
    for part in path.glob("MANIFEST-*"):
        part.write_bytes(b"broken")
    with pytest.raises(InputError, match="cannot be read as a knowledge graph"):
        KnowledgeGraph.open(path)


def test_a_graph_of_another_version(tmp_path):
    from arner.kg import terms

    path = tmp_path / "kg"
    KnowledgeGraph.open(path).add([FIRST])
    store = pyoxigraph.Store(str(path))
    node, version = pyoxigraph.NamedNode(terms.ENTITIES), pyoxigraph.NamedNode(terms.VERSION)
    store.remove(pyoxigraph.Quad(node, version, pyoxigraph.Literal(terms.VERSION_NOW), node))
    store.add(pyoxigraph.Quad(node, version, pyoxigraph.Literal("99"), node))
    store.flush()
    del store
    with pytest.raises(InputError, match="has version 99 of the graph"):
        KnowledgeGraph.open(path)


def test_a_folder_that_cannot_be_written(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        KnowledgeGraph.open(tmp_path / "no" / "kg").add([FIRST])
