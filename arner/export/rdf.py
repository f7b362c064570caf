"""A document as RDF, with the words of the text behind every statement. Needs `arner[rdf]`.

- An entity is its Wikidata item where known, else ``DOCUMENT#e1``: labels, type, other names.
- A relation is a claim, ``DOCUMENT#claim-1``, with polarity, status, score, rule, date and evidence. An affirmed claim
  is an ``rdf:Statement``; a denied one is an ``owl:NegativePropertyAssertion``, which has other properties, so that no
  query for statements finds it.
- Only what the text affirms of the present (polarity affirmed, status actual) is stated outright too: ``wd:Q7747
  arner:visited wd:Q232``, and with the Wikidata property where one has exactly that meaning.
- Mentions and evidence are phrases of the text with offsets, as NIF 2.0 has them.

In N-Quads all of it stands in a graph named after the document.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any, Final, Literal
from urllib.parse import quote

from arner.errors import InputError, MissingExtraError
from arner.export.keys import document_key
from arner.export.wikidata import WIKIDATA_PROPERTIES
from arner.schema import Document, Entity, Relation, Span

__all__ = ["RDF_FORMATS", "RdfFormat", "load_rdflib", "to_rdf"]

RdfFormat = Literal["turtle", "json-ld", "nquads", "ntriples"]

RDF_FORMATS: Final[dict[str, str]] = {
    "turtle": "turtle",
    "json-ld": "json-ld",
    "nquads": "nt11",  # to which the graph is added
    "ntriples": "nt11",
}
"""Our names of the formats → rdflib's."""

_OURS: Final = "urn:arner:"
_PREFIXES: Final = {
    "arner": _OURS,
    "itsrdf": "http://www.w3.org/2005/11/its/rdf#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_CLASSES: Final = {"PER": "schema:Person", "LOC": "schema:Place", "ORG": "schema:Organization"}
_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"\d{4}")


def load_rdflib() -> Any:
    """The rdflib package.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import rdflib
    except ImportError as error:
        raise MissingExtraError("Writing RDF", "rdf") from error
    return rdflib


def to_rdf(document: Document, format: RdfFormat = "turtle", *, base: str = f"{_OURS}document:") -> str:
    """A document as RDF text.

    Args:
        document: what to write.
        format: "turtle", "json-ld", "nquads" or "ntriples".
        base: what IRIs of documents begin with; the document's id, percent-encoded, follows.

    Raises:
        InputError: the format is not one of these, or the base is not the beginning of an IRI.
        MissingExtraError: rdflib is not installed.
    """
    if format not in RDF_FORMATS:
        raise InputError(f"unknown RDF format {format!r}; expected one of {', '.join(RDF_FORMATS)}")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*", base):
        raise InputError(f"the base of RDF names must begin an absolute IRI such as https://example.org/, not {base!r}")
    rdflib = load_rdflib()
    statements = _Statements(rdflib, document, base)
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in _PREFIXES.items():
        graph.bind(prefix, iri)
    # Names within a document are plain words after the #, so that one prefix serves for all: with a prefix for each,
    # rdflib's Turtle writer takes quadratic time.
    graph.bind("doc", f"{statements.name}#")
    for statement in statements.all():
        graph.add(statement)
    options = {"auto_compact": True} if format == "json-ld" else {}
    text: str = graph.serialize(format=RDF_FORMATS[format], encoding=None, **options)
    if format == "json-ld":
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    if format == "nquads":
        lines = sorted(line.removesuffix(" .") for line in text.split("\n") if line)
        text = "\n".join(f"{line} {statements.name.n3()} ." for line in lines)
    return text.rstrip("\n") + "\n"


class _Statements:
    """The statements about one document."""

    def __init__(self, rdflib: Any, document: Document, base: str) -> None:
        self._rdflib = rdflib
        self._document = document
        self.name = rdflib.URIRef(base + quote(document_key(document), safe=""))
        self._found: dict[tuple[Any, Any, Any], None] = {}

    def all(self) -> list[tuple[Any, Any, Any]]:
        document, name = self._document, self.name
        self._say(name, "rdf:type", self._iri("nif:Context"))
        self._say(name, "nif:isString", self._text(document.text))
        if document.id is not None:
            self._say(name, "arner:id", self._text(document.id))
        if document.model:
            self._say(name, "arner:model", self._text(document.model))
        for entity in document.entities:
            self._entity(entity)
        for mention in document.mentions:
            phrase = self._phrase(mention)
            self._say(phrase, "itsrdf:taIdentRef", self._entity_name(document[mention.entity]))
            self._say(phrase, "arner:mentionKind", self._text(mention.kind.value))
            self._say(phrase, "arner:entityType", self._text(mention.type))
            self._say(phrase, "itsrdf:taConfidence", self._score(mention.score))
        for number, relation in enumerate(document.relations, 1):
            self._claim(number, relation)
        return list(self._found)

    def _entity(self, entity: Entity) -> None:
        name = self._entity_name(entity)
        if entity.type in _CLASSES:
            self._say(name, "rdf:type", self._iri(_CLASSES[entity.type]))
        self._say(name, "arner:entityType", self._text(entity.type))
        self._say(name, "rdfs:label", self._text(entity.name, "ar"))
        if entity.name_en is not None:
            self._say(name, "rdfs:label", self._text(entity.name_en, "en"))
        for alias in entity.aliases:
            self._say(name, "skos:altLabel", self._text(alias, "ar"))

    def _claim(self, number: int, relation: Relation) -> None:
        claim = self._local(f"claim-{number}")
        subject, object = (self._entity_name(self._document[id]) for id in (relation.subject, relation.object))
        property = self._iri(f"arner:{relation.type.value}")
        self._say(claim, "rdf:type", self._iri("arner:Claim"))
        if relation.polarity == "negated":
            self._say(claim, "rdf:type", self._iri("owl:NegativePropertyAssertion"))
            ends = ("owl:sourceIndividual", "owl:assertionProperty", "owl:targetIndividual")
        else:
            self._say(claim, "rdf:type", self._iri("rdf:Statement"))
            ends = ("rdf:subject", "rdf:predicate", "rdf:object")
            if relation.status == "actual":
                self._found[subject, property, object] = None
                self._wikidata(relation, subject, object)
        for end, value in zip(ends, (subject, property, object), strict=True):
            self._say(claim, end, value)
        self._say(claim, "arner:polarity", self._text(relation.polarity))
        self._say(claim, "arner:status", self._text(relation.status))
        self._say(claim, "arner:score", self._score(relation.score))
        self._say(claim, "arner:rule", self._text(relation.rule))
        self._say(claim, "prov:wasDerivedFrom", self._phrase(relation.evidence))
        if relation.trigger is not None:
            self._say(claim, "arner:trigger", self._phrase(relation.trigger))
        if relation.role is not None:
            self._say(claim, "arner:role", self._text(relation.role, "ar"))
        if relation.when is not None:
            self._say(claim, "arner:whenText", self._text(relation.when.text, "ar"))
            if relation.when.iso is not None:
                self._say(claim, "arner:when", self._date(relation.when.iso))

    def _wikidata(self, relation: Relation, subject: Any, object: Any) -> None:
        property = WIKIDATA_PROPERTIES.get(relation.type)
        if property is not None and self._document[relation.subject].type in property.subjects:
            if property.inverse:
                subject, object = object, subject
            self._say(subject, f"wdt:{property.id}", object)

    def _phrase(self, span: Span) -> Any:
        """The node of a stretch of the text; its name follows NIF's offset scheme."""
        phrase = self._local(f"offset_{span.start}_{span.end}")
        self._say(phrase, "rdf:type", self._iri("nif:Phrase"))
        self._say(phrase, "nif:referenceContext", self.name)
        self._say(phrase, "nif:beginIndex", self._typed(str(span.start), "nonNegativeInteger"))
        self._say(phrase, "nif:endIndex", self._typed(str(span.end), "nonNegativeInteger"))
        self._say(phrase, "nif:anchorOf", self._text(span.text))
        return phrase

    def _entity_name(self, entity: Entity) -> Any:
        return self._local(entity.id) if entity.wikidata is None else self._iri(f"wd:{entity.wikidata}")

    def _local(self, fragment: str) -> Any:
        return self._rdflib.URIRef(f"{self.name}#{quote(fragment, safe='')}")

    def _iri(self, short: str) -> Any:
        prefix, _, rest = short.partition(":")
        return self._rdflib.URIRef(_PREFIXES[prefix] + rest)

    def _say(self, subject: Any, property: str, value: Any) -> None:
        self._found[subject, self._iri(property), value] = None

    def _text(self, text: str, language: str | None = None) -> Any:
        return self._rdflib.Literal(text, lang=language)

    def _typed(self, text: str, type: str) -> Any:
        return self._rdflib.Literal(text, datatype=self._iri(f"xsd:{type}"), normalize=False)

    def _score(self, score: float) -> Any:
        return self._typed(f"{score:.4f}", "decimal")

    def _date(self, iso: str) -> Any:
        if _YEAR.fullmatch(iso):
            return self._typed(iso, "gYear")
        if _MONTH.fullmatch(iso):
            return self._typed(iso, "gYearMonth")
        try:
            return self._typed(date.fromisoformat(iso).isoformat(), "date")
        except ValueError:
            return self._text(iso)
