"""networkx graphs, and GraphML and GEXF read back."""

from __future__ import annotations

import io

import networkx
import pytest

from arner.export import save, to_gexf, to_graphml
from arner.schema import Document


def test_nodes_and_edges(plain):
    graph = plain.graph()
    assert isinstance(graph, networkx.MultiDiGraph)
    assert list(graph) == [entity.id for entity in plain.entities]
    assert graph.nodes["e1"]["wikidata"] == "Q7747"
    assert "wikidata" not in graph.nodes["e3"]
    edges = list(graph.edges(data=True))
    assert sorted((s, o, d["relation"], d["polarity"]) for s, o, d in edges) == sorted(
        (r.subject, r.object, r.type.value, r.polarity) for r in plain.relations
    )
    assert {d["label"] for *_, d in edges} == {"visited", "not visited", "met with (planned)", "born in"}
    for *_, data in edges:
        assert plain.text[data["evidence_start"] : data["evidence_end"]] == data["evidence"]


def read_graphml(text: str) -> networkx.MultiDiGraph:
    return networkx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)


def read_gexf(text: str) -> networkx.MultiDiGraph:
    return networkx.read_gexf(io.BytesIO(text.encode()))


@pytest.mark.parametrize(("write", "read"), [(to_graphml, read_graphml), (to_gexf, read_gexf)])
def test_a_file_holds_the_graph(plain, write, read):
    graph = read(write(plain))
    assert set(graph) == set(plain.graph())
    assert graph.nodes["e1"]["label"] == "فلاديمير بوتين"
    assert graph.nodes["e1"]["mentions"] == 2
    seen = sorted((s, o, d["relation"], d["polarity"], d["evidence"], d["score"]) for s, o, d in graph.edges(data=True))
    assert seen == sorted(
        (r.subject, r.object, r.type.value, r.polarity, r.evidence.text, r.score) for r in plain.relations
    )
    assert "not visited" in {d["label"] for *_, d in graph.edges(data=True)}


@pytest.mark.parametrize(("write", "read"), [(to_graphml, read_graphml), (to_gexf, read_gexf)])
def test_hostile_names_stay_names(hostile, write, read):
    graph = read(write(hostile))
    label = graph.nodes["e1'><i>"]["label"]
    assert label == hostile.entities[0].name.replace("\x07", "\ufffd").replace("\x1b", "\ufffd")


@pytest.mark.parametrize(("ending", "read"), [("graphml", read_graphml), ("gexf", read_gexf)])
def test_many_documents_side_by_side(plain, hostile, tmp_path, ending, read):
    path = tmp_path / f"all.{ending}"
    save([plain, Document(text="فارغ"), plain, hostile], path)
    graph = read(path.read_text(encoding="utf-8"))
    assert len(graph) == 10
    assert graph.number_of_edges() == 9
    assert graph.nodes["d3.e1"]["document"] == plain.id
    save([], path)
    assert len(read(path.read_text(encoding="utf-8"))) == 0
