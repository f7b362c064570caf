"""Statements as terms of pyoxigraph, and the names that only a graph over many documents has. Needs `arner[kg]`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from arner.errors import MissingExtraError
from arner.export.statements import Statement, Text, full_iri
from arner.kg.occurrences import Occurrence
from arner.schema import Document

if TYPE_CHECKING:
    import pyoxigraph

__all__ = [
    "ABOUT",
    "COUNTRY",
    "DIGEST",
    "DOCUMENTS",
    "ENTITIES",
    "ENTITY",
    "ITEM",
    "KEY",
    "NAME_KEY",
    "OTHER_KEY",
    "VERSION",
    "VERSION_NOW",
    "digest",
    "load_pyoxigraph",
    "occurrence_statements",
    "quads",
]

ENTITIES: Final = full_iri("arner:entities")
"""The graph that says how every entity is called, over all documents."""
VERSION: Final = full_iri("arner:graphVersion")
VERSION_NOW: Final = "1"
"""Version of the shape of the graph; it is written beside the entities."""

ENTITY: Final = full_iri("arner:entity")
"""From an occurrence, ``DOCUMENT#e1``, to the entity that it stands for."""
KEY: Final = full_iri("arner:key")
"""The type and name by which an occurrence is merged."""
OTHER_KEY: Final = full_iri("arner:otherKey")
COUNTRY: Final = full_iri("arner:country")
"""The country that a document relates an occurrence to, as arner's knowledge calls it."""
ITEM: Final = full_iri("arner:item")
"""The item that the document itself knows."""
ABOUT: Final = full_iri("arner:about")
"""The country that most of a document is about."""
DIGEST: Final = full_iri("arner:digest")
"""SHA-256 of a document, by which an unchanged one is known."""
NAME_KEY: Final = full_iri("arner:nameKey")
"""A name of an entity in one plain spelling, by which it is found."""
DOCUMENTS: Final = full_iri("arner:documents")
"""How many documents speak of an entity."""


def load_pyoxigraph() -> Any:
    """The pyoxigraph package.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import pyoxigraph
    except ImportError as error:
        raise MissingExtraError("A knowledge graph", "kg") from error
    return pyoxigraph


def digest(document: Document) -> str:
    """A short name for all that a document holds."""
    return sha256(document.to_json().encode()).hexdigest()


def occurrence_statements(occurrence: Occurrence, entity: str) -> Iterator[Statement]:
    """What is kept of an occurrence, to merge it again when more documents are there."""
    node = occurrence.node
    yield Statement(node, ENTITY, entity)
    if occurrence.key:
        yield Statement(node, KEY, Text(f"{occurrence.type} {occurrence.key}"))
    if occurrence.item is not None:
        yield Statement(node, ITEM, Text(occurrence.item))
    for key in sorted(occurrence.others):
        yield Statement(node, OTHER_KEY, Text(key))
    for country in sorted(occurrence.countries):
        yield Statement(node, COUNTRY, Text(country))


def quads(statements: Iterable[Statement], graph: str) -> Iterator[pyoxigraph.Quad]:
    """Statements as they stand in a named graph."""
    oxigraph = load_pyoxigraph()
    name = oxigraph.NamedNode(graph)
    for subject, predicate, object in statements:
        yield oxigraph.Quad(oxigraph.NamedNode(subject), oxigraph.NamedNode(predicate), _term(oxigraph, object), name)


def _term(oxigraph: Any, object: str | Text) -> Any:
    if isinstance(object, str):
        return oxigraph.NamedNode(object)
    datatype = None if object.datatype is None else oxigraph.NamedNode(object.datatype)
    return oxigraph.Literal(object.value, language=object.language, datatype=datatype)
