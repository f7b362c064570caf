"""A graph in memory: what is stated, what is not, what is asked."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from arner.errors import InputError
from arner.export.statements import document_iri, document_statements
from arner.kg import KnowledgeGraph, Question, read_question, ready_questions
from arner.kg.terms import quads
from arner.schema import RelationType
from tests.kg.documents import document, entity

pyoxigraph = pytest.importorskip("pyoxigraph")

MINISTER, OTHER = ("ناصر القدوة", "PER"), ("سالم العطوي", "PER")
DOCUMENTS = [
    document(
        "a",
        (MINISTER, "minister_of", "مصر", {"role": "وزير الصحة"}),
        (MINISTER, "met_with", OTHER, {"when": "2024-05-02"}),
        ("فلاديمير بوتين", "visited", "أستانا", {"when": "2024-11-27"}),
    ),
    document(
        "b",
        (OTHER, "minister_of", "مصر", {"role": "وزير الصحة"}),
        (MINISTER, "minister_of", "مصر", {"role": "وزير الصحة", "status": "former"}),
        (OTHER, "met_with", MINISTER, {"polarity": "negated"}),
        ("فلاديمير بوتين", "visited", "مصر", {"status": "planned"}),
    ),
    document("c", ("فلاديمير بوتين", "visited", "أستانا", {"polarity": "negated"}), (("القدوة", "PER"),)),
]


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    graph = KnowledgeGraph()
    graph.add(DOCUMENTS)
    return graph


def stated(graph: KnowledgeGraph) -> set[str]:
    """All quads as text."""
    return set(map(str, graph._store))


def test_one_document_is_stated_as_the_rdf_export_states_it():
    """Where nothing is merged by name, the graph of a document holds what `to_rdf` writes of it, mentions left out."""
    one = document("x/1", ("فلاديمير بوتين", "visited", "أستانا", {"when": "2024-11-27"}), ("مصر", "borders", "العراق"))
    graph = KnowledgeGraph()
    graph.add(one)
    name = document_iri(one)
    expected = pyoxigraph.Store()  # which writes numbers in its own way: 0.9 for 0.9000
    expected.extend(quads(document_statements(one, name, mentions=False), name))
    assert set(map(str, expected)) <= stated(graph)


def test_what_is_denied_or_planned_is_not_stated(graph):
    ask = "ASK {{ {} }}".format
    assert graph.query(ask("wd:Q7747 arner:visited wd:Q1520"))
    assert not graph.query(ask("wd:Q7747 arner:visited wd:Q79"))
    assert not graph.query(ask("GRAPH <urn:arner:document:c> { ?a arner:visited ?b }"))
    assert not graph.query(ask("?c rdf:predicate ?p ; arner:polarity 'negated'"))
    assert graph.query(ask("?c owl:assertionProperty arner:visited ; arner:polarity 'negated'"))


def test_every_claim_has_its_provenance(graph):
    found = list(
        graph.query(
            """SELECT * { GRAPH ?doc { ?claim a arner:Claim ; arner:polarity ?polarity ; arner:status ?status ;
            arner:score ?score ; arner:rule ?rule ; prov:wasDerivedFrom ?p . ?p nif:beginIndex ?begin ; nif:endIndex
            ?end ; nif:anchorOf ?words ; nif:referenceContext ?doc . ?doc arner:id ?id ; arner:model ?model ;
            nif:isString ?text } }"""
        )
    )
    assert len(found) == sum(len(one.relations) for one in DOCUMENTS)
    for claim in found:
        text, begin, end = claim["text"].value, int(claim["begin"].value), int(claim["end"].value)
        assert text[begin:end] == claim["words"].value
        assert claim["model"].value == "list 1.0"


def test_adding_twice_adds_nothing():
    graph = KnowledgeGraph()
    first = graph.add(DOCUMENTS)
    before = stated(graph)
    again = graph.add(iter(DOCUMENTS))
    assert (first.new, again.new, again.changed, again.unchanged) == (3, 0, 0, 3)
    assert stated(graph) == before


def test_a_changed_document_takes_the_place_of_the_earlier_one():
    graph = KnowledgeGraph()
    graph.add(DOCUMENTS)
    assert graph.add(document("a", ("فلاديمير بوتين", "visited", "تونس"))).changed == 1
    fresh = KnowledgeGraph()
    fresh.add([document("a", ("فلاديمير بوتين", "visited", "تونس")), *DOCUMENTS[1:]])
    assert stated(graph) == stated(fresh)


def test_of_one_id_twice_in_one_go_the_later_stays():
    first, second = document("a", (MINISTER, "citizen_of", "مصر")), document("a", (MINISTER, "citizen_of", "تونس"))
    graph, fresh = KnowledgeGraph(), KnowledgeGraph()
    added = graph.add([first, second, second])
    assert (added.new, added.changed, added.unchanged) == (1, 1, 1)
    fresh.add(second)
    assert stated(graph) == stated(fresh)


def test_how_many_statements_are_written_at_once_does_not_matter(monkeypatch):
    monkeypatch.setattr("arner.kg.writing._QUADS_AT_ONCE", 1)
    graph = KnowledgeGraph()
    graph.add(DOCUMENTS)
    whole = KnowledgeGraph()
    monkeypatch.undo()
    whole.add(DOCUMENTS)
    assert stated(graph) == stated(whole)


def test_the_order_and_the_parcels_in_which_documents_come_do_not_matter():
    """Namesakes split what was one, and names that come later join what was two: the outcome is the same."""
    documents = [
        *DOCUMENTS,
        document("d", (MINISTER, "citizen_of", "العراق")),
        document("e", (MINISTER,), (("محمد القدوة", "PER"),)),
        document("f", others=[entity("محمد شياع القدوة", "PER", id="e1", aliases=["محمد القدوة"])]),
        document("g", others=[entity("سالم العطوي", "PER", id="e1", wikidata="Q55")]),
        document("h", (("محمد القدوة", "PER"),), about="مصر"),
    ]
    whole = KnowledgeGraph()
    whole.add(documents)
    for seed in range(4):
        shuffled = random.Random(seed).sample(documents, len(documents))
        cut = 1 + seed
        parcels = KnowledgeGraph()
        parcels.add(shuffled[:cut])
        parcels.add(shuffled[cut:])
        assert stated(parcels) == stated(whole), seed
    assert len(whole.find("ناصر القدوة")) == 3, "an Egyptian, an Iraqi, and one who may be either"


def test_a_document_without_id_goes_by_its_text():
    one = document("a", ("فلاديمير بوتين", "visited", "أستانا")).model_copy(update={"id": None})
    graph = KnowledgeGraph()
    graph.add([one, one])
    (answer,) = graph.ask("visited")
    assert answer["document"].startswith("text-")


def test_a_source_of_documents_that_fails_leaves_a_graph_that_can_be_asked():
    def broken():
        yield DOCUMENTS[0]
        raise OSError("no more")

    graph = KnowledgeGraph()
    with pytest.raises(OSError, match="no more"):
        graph.add(broken())
    assert len(graph.ask("visited")) == 1


def test_who_met_whom(graph):
    (answer,) = graph.ask("met")
    assert (answer["who"], answer["whom"], answer["when"]) == ("ناصر القدوة", "سالم العطوي", "2024-05-02")
    assert (answer["document"], answer["evidence"]) == ("a", "ناصر القدوة met_with سالم العطوي.")
    assert list(graph.ask("met", "سالم العطوي")) == [answer], "either side"
    assert len(graph.ask("met", one="سالم العطوي", other="ناصر القدوة")) == 1
    assert len(graph.ask("met", "فلاديمير بوتين")) == 0


def test_who_visited_where(graph):
    rows = [(answer["where"], answer["status"], answer["document"]) for answer in graph.ask("visited", person="Q7747")]
    assert sorted(rows) == [("أستانا", "actual", "a"), ("مصر", "planned", "b")]
    assert len(graph.ask("visited", "أستانا")) == 1


def test_who_leads_what_and_what_changed(graph):
    rows = {(answer["who"], answer["status"], answer["texts"]) for answer in graph.ask("leads", "مصر")}
    expected = {("ناصر القدوة", "actual", "1"), ("ناصر القدوة", "former", "1"), ("سالم العطوي", "actual", "1")}
    assert rows == expected
    changed = {(answer["who"], answer["status"], answer["document"]) for answer in graph.ask("changed")}
    assert changed == {("ناصر القدوة", "actual", "a"), ("ناصر القدوة", "former", "b"), ("سالم العطوي", "actual", "b")}
    steady = KnowledgeGraph()
    steady.add(document("a", (MINISTER, "head_of_state_of", "مصر")))
    assert len(steady.ask("changed")) == 0


def test_contradictions(graph):
    rows = {
        (a["subject"], a["relation"], a["object"], a["claimedin"], a["deniedin"]) for a in graph.ask("contradictions")
    }
    assert rows == {
        ("فلاديمير بوتين", "visited", "أستانا", "a", "c"),
        ("سالم العطوي", "met_with", "ناصر القدوة", "a", "b"),  # stated in the other order
    }


def test_everything_about_one(graph):
    claims = [answer["claim"] for answer in graph.ask("about", "بوتين")]
    assert sorted(claims) == ["not visited", "visited", "visited"]
    assert {answer["claim"] for answer in graph.ask("about", "ناصر القدوة", relation="met_with")} == {
        "met_with",
        "not met_with",
    }
    with pytest.raises(InputError, match="needs entity: whom or what"):
        graph.ask("about")
    with pytest.raises(InputError, match="unknown relation type 'meets': use one of head_of_state_of"):
        graph.ask("about", "بوتين", "meets")


def test_names_are_found_in_any_spelling():
    graph = KnowledgeGraph()
    graph.add(
        [
            document(
                "a", others=[entity("أبو فراس العطوي", "PER", id="e1", aliases=["العطوي"], name_en="Abu Firas Attwi")]
            ),
            document("b", others=[entity("العطوي", "ORG", id="e1")]),
        ]
    )
    assert [found.name for found in graph.find("ابو فراس العطوى")] == ["أبو فراس العطوي"]
    assert [found.name for found in graph.find("abu firas ATTWI")] == ["أبو فراس العطوي"]
    assert [found.type for found in graph.find("العطوي")] == ["ORG"], "whose usual name it is goes first"
    assert graph.find(graph.find("العطوي")[0].iri) == graph.find("العطوي")
    assert graph.find("Q1") == ()
    with pytest.raises(InputError, match="nothing in the graph is called 'فراس'; it has أبو فراس العطوي"):
        graph.ask("about", "فراس")


def test_values_are_bound_and_never_pasted(graph):
    for value in ['" } DROP ALL #', "x> . ?s ?p ?o", "{", "'", "\\", "urn:x}"]:
        with pytest.raises(InputError, match="nothing in the graph is called"):
            graph.ask("about", value)


def test_questions_of_ones_own(graph, tmp_path):
    path = tmp_path / "rules.rq"
    path.write_text(
        "# question: Which claims come from a rule?\n# parameter rule (text, required): its id\n"
        "SELECT ?claim ?rule { ?claim arner:rule ?rule }",
        encoding="utf-8",
    )
    answers = graph.ask(str(path), "met_with.test")
    assert answers.columns == ("claim",)
    assert len(answers) == 2
    assert read_question(path).parameters[0].required
    path.write_text("# question: x\n# parameter rule: its id\nSELECT ?rule {}", encoding="utf-8")
    with pytest.raises(InputError, match=r"rules\.rq:2: a parameter is written as"):
        graph.ask(str(path))
    path.write_text("SELECT * {}", encoding="utf-8")
    with pytest.raises(InputError, match="no line '# question"):
        graph.ask(str(path))


@pytest.mark.parametrize("sparql", ["SELECT ?a { ?a ?b ?c }", "ASK { ?a ?b ?c }", "CONSTRUCT { ?x a ?c } { ?x a ?c }"])
def test_a_question_that_does_not_select_its_parameter(graph, sparql):
    from arner.kg import Parameter

    question = Question("mine", "?", (Parameter("x", "text", False, "help"),), sparql)
    with pytest.raises(InputError, match="'mine' is no SELECT query that selects each of its parameters"):
        graph.ask(question, "value")


def test_wrong_questions_and_parameters(graph):
    with pytest.raises(InputError, match="no question is called 'meet'; use one of about, changed"):
        graph.ask("meet")
    with pytest.raises(InputError, match="takes place, person, so 'ثالث' is too much"):
        graph.ask("visited", "مصر", "بوتين", "ثالث")
    with pytest.raises(InputError, match="has no parameter 'where'; it takes place, person"):
        graph.ask("visited", where="مصر")
    with pytest.raises(InputError, match="'place' is given twice"):
        graph.ask("visited", "مصر", place="مصر")


@pytest.mark.parametrize(
    ("sparql", "message"),
    [
        ("SELECT ?s WHERE {\n  ?s ?p \n}", "line 3, column 2, at the end of the line"),
        ("SELECT ?s WHRE { ?s ?p ?o }", "line 1, column 16"),
        ("SELECT ?s { ?s foo:x ?o }", "the prefix is not declared"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "line 1"),
        ("", "line 1"),
    ],
)
def test_a_wrong_query_says_where(graph, sparql, message):
    with pytest.raises(InputError, match="the query is wrong") as caught:
        graph.query(sparql)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300


def test_queries_change_nothing(graph):
    before = stated(graph)
    for update in ("DROP ALL", "DELETE WHERE { ?s ?p ?o }", "CLEAR DEFAULT"):
        with pytest.raises(InputError):
            graph.query(update)
    assert stated(graph) == before


def test_stats(graph):
    stats = graph.stats()
    assert stats.documents == 3
    assert stats.entities == {"PER": 4, "LOC": 2}
    assert stats.known == 3
    assert stats.claims["negated, actual"] == 2
    assert stats.claims["affirmed, planned"] == 1
    assert stats.relations["visited"] == 3
    assert sum(stats.relations.values()) == sum(stats.claims.values()) == 8


@pytest.mark.parametrize("ending", [".nq", ".trig", ".ttl", ".nt"])
def test_export_is_read_back(graph, tmp_path, ending):
    path = tmp_path / f"all{ending}"
    graph.export(path)
    read = pyoxigraph.Store()
    read.load(path=str(path))
    triples = {str(quad.triple) for quad in read}
    assert triples == {str(quad.triple) for quad in graph._store}
    with pytest.raises(InputError, match="has no known ending"):
        graph.export(tmp_path / "all.txt")


def test_ready_questions_run_and_their_parameters_are_selected(graph):
    for question in ready_questions().values():
        for parameter in question.parameters:
            value = RelationType.VISITED.value if parameter.kind == "relation" else "Q7747"
            given = {one.name: "Q7747" for one in question.parameters if one.required} | {parameter.name: value}
            answers = graph.ask(question, **given)
            assert parameter.name not in answers.columns
            assert {"document", "evidence"} <= set(answers.columns) or question.name == "contradictions"


def test_importing_it_loads_no_package_of_the_extra():
    code = "import sys, arner.kg, arner.cli.graph; print([m for m in ('pyoxigraph', 'torch') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_without_the_extra(monkeypatch):
    from arner.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "pyoxigraph", None)
    with pytest.raises(MissingExtraError, match=r"arner\[kg\]"):
        KnowledgeGraph()
