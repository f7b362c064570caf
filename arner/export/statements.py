"""A document as RDF statements, with the words of the text behind every one; in terms that no RDF package owns.

- An entity is its Wikidata item where known, else ``DOCUMENT#e1``: labels, type, other names.
- A relation is a claim, ``DOCUMENT#claim-1``, with polarity, status, score, rule, date and evidence. An affirmed claim
  is an ``rdf:Statement``; a denied one is an ``owl:NegativePropertyAssertion``, which has other properties, so that no
  query for statements finds it.
- Only what the text affirms of the present (polarity affirmed, status actual) is stated outright too: ``wd:Q7747
  arner:visited wd:Q232``, and with the Wikidata property where one has exactly that meaning.
- Mentions and evidence are phrases of the text with offsets, as NIF 2.0 has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import quote

from arner.export.keys import document_key
from arner.export.wikidata import WIKIDATA_PROPERTIES
from arner.schema import Document, Entity, Relation, Span

__all__ = ["ENTITY_CLASSES", "PREFIXES", "Statement", "Text", "document_iri", "document_statements", "full_iri"]

_OURS: Final = "urn:arner:"

PREFIXES: Final = {
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
"""The vocabularies that statements use."""

ENTITY_CLASSES: Final = {"PER": "schema:Person", "LOC": "schema:Place", "ORG": "schema:Organization"}
"""The class of each entity type that has one."""

_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"\d{4}")


class Text(NamedTuple):
    """A literal: text with a language, or with the IRI of a datatype, or with neither."""

    value: str
    language: str | None = None
    datatype: str | None = None


class Statement(NamedTuple):
    """Subject and predicate are IRIs, the object is an IRI or a `Text`."""

    subject: str
    predicate: str
    object: str | Text


def full_iri(short: str) -> str:
    """The IRI that a name with one of the `PREFIXES` stands for.

    >>> full_iri("wd:Q7747")
    'http://www.wikidata.org/entity/Q7747'
    """
    prefix, _, rest = short.partition(":")
    return PREFIXES[prefix] + rest


def document_iri(document: Document, base: str = f"{_OURS}document:") -> str:
    """The IRI of a document: the base, then its key, percent-encoded.

    >>> document_iri(Document(id="news/1", text="زار بوتين أستانا."))
    'urn:arner:document:news%2F1'
    """
    return base + quote(document_key(document), safe="")


def document_statements(
    document: Document,
    name: str,
    entity_iri: Callable[[Entity], str | None] = lambda _: None,
    *,
    mentions: bool = True,
) -> list[Statement]:
    """What a document says, each statement once, in the order of the document.

    Args:
        document: what to state.
        name: IRI of the document; names of what it holds are this, ``#`` and a fragment.
        entity_iri: gives the IRI of an entity, or None for the usual one: the Wikidata item, else one of the document.
        mentions: whether to state where entities are mentioned, which is most of what there is to state.
    """
    return _Statements(document, name, entity_iri).all(mentions=mentions)


class _Statements:
    """The statements about one document."""

    def __init__(self, document: Document, name: str, entity_iri: Callable[[Entity], str | None]) -> None:
        self._document, self._name = document, name
        self._entities = {entity.id: entity_iri(entity) or self._usual_name(entity) for entity in document.entities}
        self._found: dict[Statement, None] = {}

    def all(self, *, mentions: bool) -> list[Statement]:
        document, name = self._document, self._name
        self._say(name, "rdf:type", full_iri("nif:Context"))
        self._say(name, "nif:isString", Text(document.text))
        if document.id is not None:
            self._say(name, "arner:id", Text(document.id))
        if document.model:
            self._say(name, "arner:model", Text(document.model))
        for entity in document.entities:
            self._entity(entity)
        for mention in document.mentions if mentions else ():
            phrase = self._phrase(mention)
            self._say(phrase, "itsrdf:taIdentRef", self._entities[mention.entity])
            self._say(phrase, "arner:mentionKind", Text(mention.kind.value))
            self._say(phrase, "arner:entityType", Text(mention.type))
            self._say(phrase, "itsrdf:taConfidence", _score(mention.score))
        for number, relation in enumerate(document.relations, 1):
            self._claim(number, relation)
        return list(self._found)

    def _entity(self, entity: Entity) -> None:
        name = self._entities[entity.id]
        if entity.type in ENTITY_CLASSES:
            self._say(name, "rdf:type", full_iri(ENTITY_CLASSES[entity.type]))
        self._say(name, "arner:entityType", Text(entity.type))
        self._say(name, "rdfs:label", Text(entity.name, "ar"))
        if entity.name_en is not None:
            self._say(name, "rdfs:label", Text(entity.name_en, "en"))
        for alias in entity.aliases:
            self._say(name, "skos:altLabel", Text(alias, "ar"))

    def _claim(self, number: int, relation: Relation) -> None:
        claim = self._local(f"claim-{number}")
        subject, object = self._entities[relation.subject], self._entities[relation.object]
        property = full_iri(f"arner:{relation.type.value}")
        self._say(claim, "rdf:type", full_iri("arner:Claim"))
        if relation.polarity == "negated":
            self._say(claim, "rdf:type", full_iri("owl:NegativePropertyAssertion"))
            ends = ("owl:sourceIndividual", "owl:assertionProperty", "owl:targetIndividual")
        else:
            self._say(claim, "rdf:type", full_iri("rdf:Statement"))
            ends = ("rdf:subject", "rdf:predicate", "rdf:object")
            if relation.status == "actual":
                self._found[Statement(subject, property, object)] = None
                self._wikidata(relation, subject, object)
        for end, value in zip(ends, (subject, property, object), strict=True):
            self._say(claim, end, value)
        self._say(claim, "arner:polarity", Text(relation.polarity))
        self._say(claim, "arner:status", Text(relation.status))
        self._say(claim, "arner:score", _score(relation.score))
        self._say(claim, "arner:rule", Text(relation.rule))
        self._say(claim, "prov:wasDerivedFrom", self._phrase(relation.evidence))
        if relation.trigger is not None:
            self._say(claim, "arner:trigger", self._phrase(relation.trigger))
        if relation.role is not None:
            self._say(claim, "arner:role", Text(relation.role, "ar"))
        if relation.when is not None:
            self._say(claim, "arner:whenText", Text(relation.when.text, "ar"))
            if relation.when.iso is not None:
                self._say(claim, "arner:when", _date(relation.when.iso))

    def _wikidata(self, relation: Relation, subject: str, object: str) -> None:
        property = WIKIDATA_PROPERTIES.get(relation.type)
        if property is not None and self._document[relation.subject].type in property.subjects:
            if property.inverse:
                subject, object = object, subject
            self._say(subject, f"wdt:{property.id}", object)

    def _phrase(self, span: Span) -> str:
        """The node of a stretch of the text; its name follows NIF's offset scheme."""
        phrase = self._local(f"offset_{span.start}_{span.end}")
        self._say(phrase, "rdf:type", full_iri("nif:Phrase"))
        self._say(phrase, "nif:referenceContext", self._name)
        self._say(phrase, "nif:beginIndex", _typed(str(span.start), "nonNegativeInteger"))
        self._say(phrase, "nif:endIndex", _typed(str(span.end), "nonNegativeInteger"))
        self._say(phrase, "nif:anchorOf", Text(span.text))
        return phrase

    def _usual_name(self, entity: Entity) -> str:
        return self._local(entity.id) if entity.wikidata is None else full_iri(f"wd:{entity.wikidata}")

    def _local(self, fragment: str) -> str:
        return f"{self._name}#{quote(fragment, safe='')}"

    def _say(self, subject: str, property: str, value: str | Text) -> None:
        self._found[Statement(subject, full_iri(property), value)] = None


def _typed(text: str, type: str) -> Text:
    return Text(text, datatype=full_iri(f"xsd:{type}"))


def _score(score: float) -> Text:
    return _typed(f"{score:.4f}", "decimal")


def _date(iso: str) -> Text:
    if _YEAR.fullmatch(iso):
        return _typed(iso, "gYear")
    if _MONTH.fullmatch(iso):
        return _typed(iso, "gYearMonth")
    try:
        return _typed(date.fromisoformat(iso).isoformat(), "date")
    except ValueError:
        return Text(iso)
