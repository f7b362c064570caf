"""The knowledge graph: documents in, answers out. Needs `arner[kg]`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from arner.errors import InputError
from arner.export.keys import as_documents
from arner.export.statements import PREFIXES, full_iri
from arner.export.writing import atomic_file
from arner.kg import folder, terms
from arner.kg.merging import item_iri
from arner.kg.problems import sparql_error
from arner.kg.questions import Parameter, Question, find_question
from arner.kg.results import Added, Answers, Found, Stats
from arner.kg.writing import Writing
from arner.knowledge import Knowledge, load_knowledge
from arner.schema import Document, RelationType
from arner.text.folding import name_key

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

__all__ = ["KnowledgeGraph"]

_QID: Final = re.compile(r"Q[1-9][0-9]*")
_NEAR: Final = """
SELECT DISTINCT ?name ?key WHERE {
  GRAPH arner:entities { ?entity arner:nameKey ?found ; skos:prefLabel ?name ; arner:documents ?n }
  FILTER(CONTAINS(?found, COALESCE(?key, "")) || CONTAINS(COALESCE(?key, ""), ?found))
  FILTER(STRLEN(?found) > 3 && LANG(?name) = "ar")
}
ORDER BY DESC(?n) ?name LIMIT 5
"""
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")


class KnowledgeGraph:
    """Entities and relations of many documents, with the words behind every statement, in an embedded store.

    A graph made without a path is kept in memory. `open` gives one on disk.

    Args:
        knowledge: knowledge files of your own, as the documents were read with.

    Raises:
        MissingExtraError: pyoxigraph is not installed.
        KnowledgeError: a knowledge file is broken.

    >>> from arner.schema import Document, Entity, Relation, Span
    >>> text = "زار بوتين أستانا"
    >>> person = Entity(id="e1", type="PER", name="فلاديمير بوتين", wikidata="Q7747", mentions=())
    >>> place = Entity(id="e2", type="LOC", name="أستانا", wikidata="Q1520", mentions=())
    >>> visit = Relation(subject="e1", type="visited", object="e2", evidence=Span(start=0, end=16, text=text), score=1,
    ...                  rule="visited.verb")
    >>> graph = KnowledgeGraph()
    >>> graph.add(Document(id="news-1", text=text, entities=(person, place), relations=(visit,)))
    Added(new=1, changed=0, unchanged=0)
    >>> for answer in graph.ask("visited", "أستانا"):
    ...     print(answer["who"], answer["document"], answer["evidence"])
    فلاديمير بوتين news-1 زار بوتين أستانا
    >>> bool(graph.query("ASK { wd:Q7747 arner:visited wd:Q1520 }"))
    True
    """

    def __init__(self, *, knowledge: Sequence[str | os.PathLike[str]] = ()) -> None:
        self._knowledge = load_knowledge([Path(path) for path in knowledge])
        self._path: Path | None = None
        self._store: Store = terms.load_pyoxigraph().Store()

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, knowledge: Sequence[str | os.PathLike[str]] = ()) -> KnowledgeGraph:
        """The graph in a folder; an empty one where there is none, which is written when documents are added.

        Args:
            path: the folder.
            knowledge: knowledge files of your own, as the documents were read with.

        Raises:
            InputError: there is something else, or the graph is broken or of another version.
            MissingExtraError: pyoxigraph is not installed.
        """
        graph = cls(knowledge=knowledge)
        graph._path = Path(os.path.abspath(path))
        if folder.is_there(graph._path):
            graph._store = folder.open_to_read(graph._path)
        return graph

    def add(self, documents: Document | Iterable[Document]) -> Added:
        """Put documents in and merge their entities with those that are there.

        A document whose id is there already takes the place of the earlier one; if it is the same, nothing changes. One
        without id goes by its text. Documents are taken one by one. On disk, the graph is written anew beside the old
        one and takes its place when all is done. Where that fails or is killed, the old one stays as it was.

        Args:
            documents: one or many.

        Raises:
            InputError: another process is adding to this graph.
            OSError: the graph cannot be written.
        """
        if self._path is None:
            return _write(self._store, self._knowledge, documents, keep=True)
        with folder.replaced(self._path) as store:
            try:
                added = _write(store, self._knowledge, documents, keep=False)
            finally:
                del store  # which lets it be closed, on a failure too
        self._store = folder.open_to_read(self._path)
        return added

    def query(self, sparql: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """What a SPARQL 1.1 query finds: solutions (SELECT), a truth value (ASK) or triples (CONSTRUCT, DESCRIBE).

        The results are pyoxigraph's, which writes them as JSON, CSV, TSV or XML. The prefixes of
        `arner.export.statements` are declared. All documents together are the default graph, so what two documents
        state outright is there twice: say DISTINCT. ``GRAPH ?document { … }`` asks for single documents.

        Raises:
            InputError: the query is wrong; says line and column.
        """
        return self._run(sparql, {})

    def _run(self, sparql: str, values: dict[str, Any]) -> Any:
        oxigraph = terms.load_pyoxigraph()
        try:
            return self._store.query(
                sparql,
                prefixes=PREFIXES,
                use_default_graph_as_union=True,
                substitutions={oxigraph.Variable(name): value for name, value in values.items()},
            )
        except SyntaxError as error:
            raise InputError(sparql_error(str(error), sparql)) from None

    def ask(self, question: str | Question, *values: str, **named: str) -> Answers:
        """The answers to a ready question.

        Args:
            question: the name of one that comes with arner, a file that ends in .rq, or one that is read already.
            values: what its parameters are, in their order.
            named: the same by name.

        Raises:
            InputError: no such question or parameter, nothing of that name in the graph, or a wrong query.
        """
        asked = find_question(question) if isinstance(question, str) else question
        given = _given(asked, values, named)
        meant: dict[str, tuple[Found, ...]] = {}
        choices: dict[str, list[Any]] = {}
        for parameter in asked.parameters:
            if parameter.name in given:
                choices[parameter.name] = self._terms(parameter, given[parameter.name], meant)
        columns: tuple[str, ...] = ()
        rows: dict[tuple[str | None, ...], None] = {}
        hidden = {parameter.name for parameter in asked.parameters}
        for combination in product(*choices.values()):
            try:
                found = self._run(asked.sparql, dict(zip(choices, combination, strict=True)))
                names = [variable.value for variable in found.variables]
            except (RuntimeError, AttributeError):  # no such variable is selected; or nothing is selected at all
                raise InputError(
                    f"the question {asked.name!r} is no SELECT query that selects each of its parameters as a variable"
                ) from None
            columns = tuple(name for name in names if name not in hidden)
            for solution in found:
                rows[tuple(_value(solution[name]) for name in columns)] = None
        return Answers(asked, meant, columns, tuple(rows))

    def _terms(self, parameter: Parameter, value: str, meant: dict[str, tuple[Found, ...]]) -> list[Any]:
        oxigraph = terms.load_pyoxigraph()
        if parameter.kind == "text":
            return [oxigraph.Literal(value)]
        if parameter.kind == "relation":
            known = [member.value for member in RelationType]
            if value not in known:
                raise InputError(f"unknown relation type {value!r}: use one of {', '.join(known)}")
            return [oxigraph.NamedNode(full_iri(f"arner:{value}"))]
        found = self.find(value)
        if not found:
            raise InputError(self._nobody(value))
        meant[parameter.name] = found
        return [oxigraph.NamedNode(one.iri) for one in found]

    def find(self, name: str) -> tuple[Found, ...]:
        """The entities of that name, those of most documents first; several where several bear it.

        Args:
            name: a name in Arabic or English in any spelling, a Wikidata id, or an IRI. Those whose usual name it is go
                before those who are called so in passing, and these before those whom only arner's knowledge calls so.
        """
        oxigraph = terms.load_pyoxigraph()
        if _QID.fullmatch(name) or _IRI.fullmatch(name):
            described = self._described(item_iri(name) if _QID.fullmatch(name) else name)
            return () if described is None else (described,)
        key = name_key(name)
        graph = oxigraph.NamedNode(terms.ENTITIES)
        bearers = self._store.quads_for_pattern(None, oxigraph.NamedNode(terms.NAME_KEY), oxigraph.Literal(key), graph)
        found = [one for one in (self._described(quad.subject.value) for quad in bearers) if one is not None]
        if not found:  # a name that no document uses, of something that documents call otherwise
            known = {item_iri(thing.wikidata or thing.id) for thing in self._knowledge.lookup(name)}
            found = [one for one in map(self._described, sorted(known)) if one is not None]
        usual = [one for one in found if key in (name_key(one.name), name_key(one.name_en or ""))]
        return tuple(sorted(usual or found, key=lambda one: (-one.documents, one.iri)))

    def _described(self, iri: str) -> Found | None:
        oxigraph = terms.load_pyoxigraph()
        graph = oxigraph.NamedNode(terms.ENTITIES)
        values: dict[tuple[str, str], str] = {}
        for quad in self._store.quads_for_pattern(oxigraph.NamedNode(iri), None, None, graph):
            language = getattr(quad.object, "language", None) or ""
            values[quad.predicate.value, language] = quad.object.value
        if not values:
            return None
        label = full_iri("skos:prefLabel")
        return Found(
            iri=iri,
            type=values[full_iri("arner:entityType"), ""],
            name=values[label, "ar"],
            name_en=values.get((label, "en")),
            documents=int(values[terms.DOCUMENTS, ""]),
        )

    def _nobody(self, name: str) -> str:
        oxigraph = terms.load_pyoxigraph()
        message = f"nothing in the graph is called {name!r}"
        near = self._run(_NEAR, {"key": oxigraph.Literal(name_key(name))})
        names = [solution["name"].value for solution in near]
        return f"{message}; it has {'، '.join(names)}" if names else message

    def stats(self) -> Stats:
        """What the graph holds, in figures."""
        count = self._count
        types = "SELECT ?type (COUNT(*) AS ?n) { GRAPH arner:entities { ?e arner:entityType ?type } } GROUP BY ?type"
        claims = (
            "SELECT ?says (COUNT(*) AS ?n) { ?claim a arner:Claim ; arner:polarity ?p ; arner:status ?s "
            'BIND(CONCAT(?p, ", ", ?s) AS ?says) } GROUP BY ?says'
        )
        relations = (
            "SELECT ?name (COUNT(*) AS ?n) { ?claim rdf:predicate|owl:assertionProperty ?type "
            'BIND(STRAFTER(STR(?type), "urn:arner:") AS ?name) } GROUP BY ?name'
        )
        return Stats(
            documents=count("?d arner:digest ?any"),
            entities=self._counts(types),
            known=count(
                "GRAPH arner:entities { ?e arner:documents ?d } "
                'FILTER(STRSTARTS(STR(?e), STR(wd:)) || STRSTARTS(STR(?e), "urn:arner:known:"))'
            ),
            shared=count("GRAPH arner:entities { ?e arner:documents ?d } FILTER(?d > 1)"),
            claims=self._counts(claims),
            relations=self._counts(relations),
            statements=len(self._store),
        )

    def _count(self, pattern: str) -> int:
        (solution,) = self._run(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", {})
        return int(solution["n"].value)

    def _counts(self, sparql: str) -> dict[str, int]:
        found = {solution[0].value: int(solution["n"].value) for solution in self._run(sparql, {})}
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def export(self, path: str | os.PathLike[str]) -> None:
        """Write the whole graph as N-Quads (.nq), TriG (.trig), or, all documents in one, Turtle (.ttl) or N-Triples
        (.nt). The file takes its name when it is whole.

        Raises:
            InputError: the ending is none of these.
            OSError: the file cannot be written.
        """
        oxigraph = terms.load_pyoxigraph()
        path = Path(path)
        formats = {".nq": "N_QUADS", ".trig": "TRIG", ".ttl": "TURTLE", ".nt": "N_TRIPLES"}
        if path.suffix not in formats:
            raise InputError(f"{path}: has no known ending; use one of {', '.join(formats)}")
        format = getattr(oxigraph.RdfFormat, formats[path.suffix])
        with atomic_file(path, binary=True) as file:
            if format.supports_datasets:
                self._store.dump(file, format, prefixes=PREFIXES)
            else:
                statements = (quad.triple for quad in self._store)
                oxigraph.serialize(statements, file, format, prefixes=PREFIXES)


def _write(store: Store, knowledge: Knowledge, documents: Document | Iterable[Document], *, keep: bool) -> Added:
    """Put documents into a store and merge them; where a failure is kept, also what came before it."""
    writing = Writing(store, knowledge)
    del store
    try:
        added = writing.add(as_documents(documents))
        writing.settle()
    except BaseException:
        if keep:
            writing.settle()
        raise
    finally:
        writing.close()
    return added


def _given(question: Question, values: Sequence[str], named: dict[str, str]) -> dict[str, str]:
    """What each parameter is, by name."""
    names = [parameter.name for parameter in question.parameters]
    takes = ", ".join(names) or "nothing"
    if len(values) > len(names):
        raise InputError(f"the question {question.name!r} takes {takes}, so {values[len(names)]!r} is too much")
    given = dict(zip(names, values, strict=False))
    for name, value in named.items():
        if name not in names:
            raise InputError(f"the question {question.name!r} has no parameter {name!r}; it takes {takes}")
        if name in given:
            raise InputError(f"the parameter {name!r} is given twice")
        given[name] = value
    for parameter in question.parameters:
        if parameter.required and parameter.name not in given:
            raise InputError(f"the question {question.name!r} needs {parameter.name}: {parameter.help}")
    return given


def _value(term: Any) -> str | None:
    """The text of a term; what is left open is None."""
    return None if term is None else str(term.value)
