"""RDF: read back by rdflib."""

from __future__ import annotations

import pytest
import rdflib

from arner.errors import InputError
from arner.export import FORMATS, save, to_rdf
from arner.export.rdf import RDF_FORMATS
from arner.export.wikidata import WIKIDATA_PROPERTIES
from arner.schema import Document, Entity, Relation, RelationType, Span

OWL, RDF, RDFS = rdflib.OWL, rdflib.RDF, rdflib.RDFS
OURS = rdflib.Namespace("urn:arner:")
NIF = rdflib.Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
WD = rdflib.Namespace("http://www.wikidata.org/entity/")
WDT = rdflib.Namespace("http://www.wikidata.org/prop/direct/")
# rdflib's own readers use what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:(ConjunctiveGraph|Dataset):DeprecationWarning")
NEWS = "urn:arner:document:news%2F1%20%D8%A3"


def triples(document: Document, format: str = "turtle") -> set[tuple[object, object, object]]:
    text = to_rdf(document, format)
    if format == "nquads":
        dataset = rdflib.Dataset()
        dataset.parse(data=text, format="nquads")
        return {quad[:3] for quad in dataset.quads()}
    return set(rdflib.Graph().parse(data=text, format=RDF_FORMATS[format]))


def test_what_the_text_affirms_is_stated(plain):
    found = triples(plain)
    assert (WD.Q7747, OURS.visited, WD.Q1520) in found
    assert (WD.Q7747, WDT.P19, WD.Q1520) in found
    assert (WD.Q7747, RDFS.label, rdflib.Literal("فلاديمير بوتين", lang="ar")) in found
    assert (WD.Q7747, RDFS.label, rdflib.Literal("Vladimir Putin", lang="en")) in found


def test_what_it_denies_or_plans_is_not_stated(plain):
    found = triples(plain)
    assert [o for _, p, o in found if p == OURS.visited] == [WD.Q1520]
    assert not any(p == OURS.met_with for _, p, _ in found)
    denied = rdflib.URIRef(f"{NEWS}#claim-2")
    about = {p: o for s, p, o in found if s == denied and p != RDF.type}
    assert (denied, RDF.type, OWL.NegativePropertyAssertion) in found
    assert (denied, RDF.type, RDF.Statement) not in found
    assert not {RDF.subject, RDF.predicate, RDF.object} & set(about)
    assert about[OWL.assertionProperty] == OURS.visited
    assert about[OWL.targetIndividual] == rdflib.URIRef(f"{NEWS}#e3")
    planned = {p: o for s, p, o in found if s == rdflib.URIRef(f"{NEWS}#claim-3")}
    assert str(planned[OURS.status]) == "planned"
    assert planned[RDF.predicate] == OURS.met_with


def test_every_claim_leads_to_its_words(plain):
    graph = rdflib.Graph().parse(data=plain.to_rdf(), format="turtle")
    claims = set(graph.subjects(RDF.type, OURS.Claim))
    assert len(claims) == len(plain.relations)
    for claim in claims:
        evidence = graph.value(claim, PROV.wasDerivedFrom)
        start, end = (int(graph.value(evidence, NIF[name])) for name in ("beginIndex", "endIndex"))
        assert plain.text[start:end] == str(graph.value(evidence, NIF.anchorOf))
        assert str(graph.value(graph.value(evidence, NIF.referenceContext), NIF.isString)) == plain.text
        assert 0 <= float(graph.value(claim, OURS.score)) <= 1
    when = graph.value(rdflib.URIRef(f"{NEWS}#claim-1"), OURS.when)
    assert (str(when), when.datatype) == ("2024-11-27", rdflib.XSD.date)


@pytest.mark.parametrize("format", RDF_FORMATS)
def test_all_formats_say_the_same(plain, format):
    assert triples(plain, format) == triples(plain)


@pytest.mark.parametrize("format", RDF_FORMATS)
def test_hostile_text_stays_text(hostile, format):
    found = triples(hostile, format)
    assert hostile.text in {str(o) for _, _, o in found}
    assert hostile.entities[0].name in {str(o) for _, p, o in found if p == RDFS.label}
    assert not any(p == OURS.visited for _, p, _ in found)
    assert {s for s, _, _ in found} == {s for s, _, _ in triples(hostile)}


def test_quads_stand_in_the_graph_of_their_document(plain):
    dataset = rdflib.Dataset()
    dataset.parse(data=to_rdf(plain, "nquads"), format="nquads")
    assert {str(quad[3]) for quad in dataset.quads()} == {NEWS}


@pytest.mark.parametrize("format", ["turtle", "json-ld", "nquads"])
def test_many_documents_in_one_file(plain, hostile, tmp_path, format):
    path = tmp_path / f"all{FORMATS[format].suffixes[0]}"
    save(iter([plain, hostile]), path)
    dataset = rdflib.Dataset()
    dataset.parse(data=path.read_text(encoding="utf-8"), format=format)
    assert {quad[:3] for quad in dataset.quads()} == triples(plain) | triples(hostile)


def test_letters_are_readable(plain):
    for format in ("turtle", "json-ld"):
        assert "فلاديمير بوتين" in to_rdf(plain, format)


@pytest.mark.parametrize(
    ("iso", "type"), [("1952", "gYear"), ("2024-02", "gYearMonth"), ("2024-02-14", "date"), ("2024-02-30", "string")]
)
def test_dates_have_their_type(plain, iso, type):
    relation = plain.relations[0]
    dated = relation.model_copy(update={"when": relation.when.model_copy(update={"iso": iso})})
    doc = plain.model_copy(update={"relations": (dated,)})
    (when,) = (o for _, p, o in triples(doc) if p == OURS.when)
    assert str(when) == iso
    assert when.datatype == (None if type == "string" else rdflib.XSD[type])


def test_directions_of_wikidata_properties():
    """A country has a head of state (P35), a parent has a child (P40): there our subject is the property's object."""
    text = "نص"
    people = Entity(id="a", type="PER", name="أ", mentions=()), Entity(id="b", type="LOC", name="ب", mentions=())
    for type, property in WIKIDATA_PROPERTIES.items():
        relation = Relation(
            subject="a", type=type, object="b", evidence=Span(start=0, end=2, text=text), score=1, rule="r"
        )
        found = triples(Document(id="d", text=text, entities=people, relations=(relation,)))
        ends = [(str(s)[-1], str(o)[-1]) for s, p, o in found if p == WDT[property.id]]
        expected = [("b", "a") if property.inverse else ("a", "b")]
        assert ends == (expected if "PER" in property.subjects else [])
    inverse = {type for type, property in WIKIDATA_PROPERTIES.items() if property.inverse}
    assert inverse == {RelationType.HEAD_OF_STATE_OF, RelationType.HEAD_OF_GOVERNMENT_OF, RelationType.CHILD_OF}


def test_names_of_ones_own(plain):
    assert "<https://example.org/news/" in to_rdf(plain, "ntriples", base="https://example.org/news/")
    for base in ("no iri", "http://x/ y", "http://x/>", ""):
        with pytest.raises(InputError, match="absolute IRI"):
            to_rdf(plain, base=base)


def test_an_unknown_format(plain):
    with pytest.raises(InputError, match="turtle, json-ld, nquads"):
        to_rdf(plain, "xml")
