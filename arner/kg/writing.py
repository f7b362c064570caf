"""Documents into a store: their statements, then which of their entities are one, then how each entity is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from arner.export.keys import document_key
from arner.export.statements import ENTITY_CLASSES, Statement, Text, document_iri, document_statements, full_iri
from arner.kg import terms
from arner.kg.merging import Merger
from arner.kg.occurrences import Occurrence, Reader
from arner.kg.results import Added
from arner.knowledge import Knowledge
from arner.schema import Document
from arner.text.folding import name_key

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Writing"]

_LABEL: Final = full_iri("rdfs:label")
_PREFERRED: Final = full_iri("skos:prefLabel")
_OTHER: Final = full_iri("skos:altLabel")
_TYPE: Final = full_iri("rdf:type")
_ENTITY_TYPE: Final = full_iri("arner:entityType")
_ITEMS: Final = (full_iri("wd:"), full_iri("arner:known:"))
_QUADS_AT_ONCE: Final = 20_000
"""Statements that are held before they are written: writing many at once takes less time, space and memory."""
_INTEGER: Final = full_iri("xsd:integer")


class Writing:
    """Writes into one store.

    Args:
        store: where to write.
        knowledge: what is known of names and countries beforehand.
    """

    def __init__(self, store: Store, knowledge: Knowledge) -> None:
        self._store = store
        self._knowledge = knowledge
        self._reader = Reader(knowledge)
        self._oxigraph: Any = terms.load_pyoxigraph()

    def add(self, documents: Iterable[Document]) -> Added:
        """Put documents in, one by one, each under what its names tell; `settle` must follow."""
        new = changed = unchanged = 0
        names = Merger(self._knowledge)  # it has taken nothing in, so each name stands for itself
        waiting: list[Any] = []
        held: set[str] = set()
        try:
            for document in documents:
                name = document_iri(document)
                if name in held or len(waiting) >= _QUADS_AT_ONCE:
                    self._store.bulk_extend(waiting)
                    waiting.clear()
                    held.clear()
                graph, digest = self._node(name), terms.digest(document)
                before = next(self._store.quads_for_pattern(graph, self._node(terms.DIGEST), None, graph), None)
                if before is not None and before.object.value == digest:
                    unchanged += 1
                    continue
                if before is not None:
                    self._store.remove_graph(graph)
                    changed += 1
                else:
                    new += 1
                waiting.extend(terms.quads(self._statements(document, name, digest, names), name))
                held.add(name)
        finally:  # where the source fails, what came before is kept
            self._store.bulk_extend(waiting)
        return Added(new, changed, unchanged)

    def _statements(self, document: Document, name: str, digest: str, names: Merger) -> Iterator[Statement]:
        occurrences = self._reader.read(document, name)
        entities = {
            entity.id: names.entity(occurrence)
            for entity, occurrence in zip(document.entities, occurrences, strict=True)
        }
        yield from document_statements(document, name, lambda entity: entities[entity.id], mentions=False)
        yield Statement(name, full_iri("arner:id"), Text(document_key(document)))  # each has one, so that all are found
        yield Statement(name, terms.DIGEST, Text(digest))
        if occurrences and occurrences[0].about is not None:
            yield Statement(name, terms.ABOUT, Text(occurrences[0].about))
        for occurrence, entity in zip(occurrences, entities.values(), strict=True):
            yield from terms.occurrence_statements(occurrence, entity)

    def settle(self) -> None:
        """Merge the entities of all documents anew, and say how each is called."""
        merger = Merger(self._knowledge)
        for occurrence, _ in self._occurrences():
            merger.add(occurrence)
        merger.settle(self._documents)
        for occurrence, entity in self._occurrences():
            now = merger.entity(occurrence)
            if now != entity:
                self._rename(occurrence.node, entity, now)
        self._describe()

    def close(self) -> None:
        """Let go of the store."""
        del self._store

    def _occurrences(self) -> Iterator[tuple[Occurrence, str]]:
        """Every occurrence that may be merged, with what it stands for."""
        abouts: dict[str, str | None] = {}
        for quad in self._store.quads_for_pattern(None, self._node(terms.KEY), None, None):
            type, _, key = quad.object.value.partition(" ")
            node, graph = quad.subject, quad.graph_name
            if graph.value not in abouts:
                if len(abouts) > 10000:  # names come in no order of documents
                    abouts.clear()
                abouts[graph.value] = next(self._values(graph, terms.ABOUT, graph), None)
            occurrence = Occurrence(
                node=node.value,
                type=type,
                key=key,
                item=next(self._values(node, terms.ITEM, graph), None),
                others=frozenset(self._values(node, terms.OTHER_KEY, graph)),
                countries=frozenset(self._values(node, terms.COUNTRY, graph)),
                about=abouts[graph.value],
            )
            yield occurrence, next(self._values(node, terms.ENTITY, graph))

    def _values(self, subject: Any, predicate: str, graph: Any) -> Iterator[str]:
        for quad in self._store.quads_for_pattern(subject, self._node(predicate), None, graph):
            yield quad.object.value

    def _documents(self, mark: str) -> set[str]:
        """The documents that hold a type with a name that has no item, or an item."""
        item = next((mark.removeprefix(start) for start in _ITEMS if mark.startswith(start)), None)
        key, has = self._node(terms.KEY), self._node(terms.ITEM)
        if item is not None:
            found = self._store.quads_for_pattern(None, has, self._oxigraph.Literal(unquote(item)), None)
            return {quad.graph_name.value for quad in found}
        found = self._store.quads_for_pattern(None, key, self._oxigraph.Literal(mark), None)
        return {
            quad.graph_name.value
            for quad in found
            if next(self._store.quads_for_pattern(quad.subject, has, None, quad.graph_name), None) is None
        }

    def _rename(self, occurrence: str, before: str, now: str) -> None:
        """Call an entity otherwise in the document of an occurrence. No other entity of that document has the name."""
        graph, old, new = self._node(occurrence.partition("#")[0]), self._node(before), self._node(now)
        quad = self._oxigraph.Quad
        gone = [
            *self._store.quads_for_pattern(old, None, None, graph),
            *self._store.quads_for_pattern(None, None, old, graph),
        ]
        came = []
        for one in gone:
            # What an entity's own occurrence says stays with the occurrence, which has the same name where it is alone.
            if one.subject.value == occurrence and one.predicate.value in _OF_OCCURRENCES:
                subject = one.subject
            else:
                subject = new if one.subject == old else one.subject
            came.append(quad(subject, one.predicate, new if one.object == old else one.object, graph))
        for one in gone:
            self._store.remove(one)
        self._store.extend(came)

    def _describe(self) -> None:
        """Write the graph of entities anew."""
        graph = self._node(terms.ENTITIES)
        self._store.remove_graph(graph)
        entities = {quad.object.value for quad in self._store.quads_for_pattern(None, self._node(terms.ENTITY), None)}
        statements = (statement for entity in sorted(entities) for statement in self._description(entity))
        version = Statement(terms.ENTITIES, terms.VERSION, Text(terms.VERSION_NOW))
        self._store.bulk_extend(terms.quads(chain((version,), statements), terms.ENTITIES))

    def _description(self, entity: str) -> Iterator[Statement]:
        node = self._node(entity)
        labels: dict[str, Counter[str]] = {"ar": Counter(), "en": Counter()}
        others: set[str] = set()
        types: Counter[str] = Counter()
        documents = 0
        for quad in self._store.quads_for_pattern(node, None, None, None):
            predicate = quad.predicate.value
            if predicate == _LABEL:
                labels[quad.object.language][quad.object.value] += 1
            elif predicate == _OTHER:
                others.add(quad.object.value)
            elif predicate == _ENTITY_TYPE:
                types[quad.object.value] += 1
                documents += 1
        type = _most(types)
        yield Statement(entity, _ENTITY_TYPE, Text(type))
        if type in ENTITY_CLASSES:
            yield Statement(entity, _TYPE, full_iri(ENTITY_CLASSES[type]))
        for language, counted in labels.items():
            if counted:
                yield Statement(entity, _PREFERRED, Text(_most(counted), language))
        for key in sorted({name_key(name) for name in (*labels["ar"], *labels["en"], *others)} - {""}):
            yield Statement(entity, terms.NAME_KEY, Text(key))
        yield Statement(entity, terms.DOCUMENTS, Text(str(documents), datatype=_INTEGER))

    def _node(self, iri: str) -> Any:
        return self._oxigraph.NamedNode(iri)


_OF_OCCURRENCES: Final = frozenset((terms.ENTITY, terms.KEY, terms.OTHER_KEY, terms.COUNTRY, terms.ITEM))


def _most(counted: Counter[str]) -> str:
    """The most frequent, of equals the longest, of these the first in the alphabet."""
    return min(counted, key=lambda value: (-counted[value], -len(value), value))
