"""A document as RDF text: the statements of `arner.export.statements`, written by rdflib. Needs `arner[rdf]`.

In N-Quads all of it stands in a graph named after the document.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, Literal

from arner.errors import InputError, MissingExtraError
from arner.export.statements import PREFIXES, Text, document_iri, document_statements
from arner.schema import Document

__all__ = ["RDF_FORMATS", "RdfFormat", "load_rdflib", "to_rdf"]

RdfFormat = Literal["turtle", "json-ld", "nquads", "ntriples"]

RDF_FORMATS: Final[dict[str, str]] = {
    "turtle": "turtle",
    "json-ld": "json-ld",
    "nquads": "nt11",  # to which the graph is added
    "ntriples": "nt11",
}
"""Our names of the formats → rdflib's."""


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


def to_rdf(document: Document, format: RdfFormat = "turtle", *, base: str = f"{PREFIXES['arner']}document:") -> str:
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
    name = document_iri(document, base)
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    # Names within a document are plain words after the #, so that one prefix serves for all: with a prefix for each,
    # rdflib's Turtle writer takes quadratic time.
    graph.bind("doc", f"{name}#")
    for subject, predicate, object in document_statements(document, name):
        graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), _term(rdflib, object)))
    options = {"auto_compact": True} if format == "json-ld" else {}
    text: str = graph.serialize(format=RDF_FORMATS[format], encoding=None, **options)
    if format == "json-ld":
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    if format == "nquads":
        lines = sorted(line.removesuffix(" .") for line in text.split("\n") if line)
        text = "\n".join(f"{line} {rdflib.URIRef(name).n3()} ." for line in lines)
    return text.rstrip("\n") + "\n"


def _term(rdflib: Any, object: str | Text) -> Any:
    if isinstance(object, str):
        return rdflib.URIRef(object)
    if object.datatype is None:
        return rdflib.Literal(object.value, lang=object.language)
    return rdflib.Literal(object.value, datatype=rdflib.URIRef(object.datatype), normalize=False)
