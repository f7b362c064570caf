"""Whatever a name or a text holds comes back out of every format that can be read."""

from __future__ import annotations

import csv
import io
import re

import networkx
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from arner.export import to_csv, to_cypher, to_gexf, to_graphml, to_rdf
from arner.export.rdf import RDF_FORMATS
from arner.schema import Document, Entity, Mention, Relation, Span

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
pytestmark = pytest.mark.filterwarnings("ignore:(ConjunctiveGraph|Dataset):DeprecationWarning")


def document(text: str, name: str) -> Document:
    span = {"start": 0, "end": len(text), "text": text}
    return Document(
        id=name,
        text=text,
        mentions=[Mention(**span, type="PER", entity="e", score=1)],
        entities=[Entity(id="e", type="PER", name=name, mentions=(0,))],
        relations=[Relation(subject="e", type="supports", object="e", evidence=Span(**span), score=1, rule=name)],
    )


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_csv(text, name):
    (row,) = csv.DictReader(io.StringIO(to_csv(document(text, name)), newline=""), strict=True)
    assert (row["evidence"], row["subject"], row["document"], row["rule"]) == (text, name, name, name)


@given(TEXTS, TEXTS, st.sampled_from([name for name in RDF_FORMATS if name != "nquads"]))
@settings(max_examples=100, deadline=None)
def test_rdf(text, name, format):
    graph = rdflib.Graph().parse(data=to_rdf(document(text, name), format), format=RDF_FORMATS[format])
    literals = {str(o) for o in graph.objects() if isinstance(o, rdflib.Literal)}
    assert {text, name} <= literals


@given(TEXTS, TEXTS)
@settings(max_examples=60, deadline=None)
def test_xml(text, name):
    def as_xml_reads_it(value: str) -> str:
        value = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", value)
        return value.replace("\r\n", "\n").replace("\r", "\n")

    doc = document(text, name)
    graph = networkx.read_graphml(io.BytesIO(to_graphml(doc).encode()), force_multigraph=True)
    assert graph.nodes["e"]["label"] == as_xml_reads_it(name)
    (edge,) = graph.edges(data=True)
    assert edge[2]["evidence"] == as_xml_reads_it(text)
    networkx.read_gexf(io.BytesIO(to_gexf(doc).encode()))


@given(TEXTS, TEXTS)
@settings(max_examples=60, deadline=None)
def test_cypher_and_html_end(text, name):
    assert len(to_cypher(document(text, name)).split("\n")) == 4
    html = document(text, name).to_html()
    assert html.count("<section") == html.count("</section") == 4
