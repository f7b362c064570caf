"""A document as a networkx graph, and graphs as GraphML and GEXF files. Needs `arner[graph]`."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal, TextIO

from arner.errors import MissingExtraError
from arner.export.labels import claim_label
from arner.export.triple_rows import CLAIM_FIELDS, triple_rows
from arner.schema import Document

if TYPE_CHECKING:
    import networkx

__all__ = ["GraphWriter", "to_gexf", "to_graph", "to_graphml"]

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_graph(document: Document) -> networkx.MultiDiGraph:
    """Entities as nodes under their ids, relations as edges from subject to object.

    Node attributes: `label` (the name), `entity_type`, `name_en`, `wikidata`, `mentions` (how many). Edge attributes:
    `relation`, `polarity`, `status`, `label`, `role`, `when`, `when_iso`, `evidence`, `evidence_start`, `evidence_end`,
    `score`, `rule`. What is not known is left out. A denied relation is an edge too: its `polarity` is "negated" and
    its `label` begins with "not". A symmetric relation is one edge, with `symmetric` true.

    Raises:
        MissingExtraError: networkx is not installed.
    """
    try:
        import networkx
    except ImportError as error:
        raise MissingExtraError("A graph of a document", "graph") from error
    graph = networkx.MultiDiGraph(**_known(id=document.id, model=document.model or None))
    _add(graph, document, "", {})
    return graph


def _add(graph: Any, document: Document, prefix: str, common: dict[str, str]) -> None:
    """Put a document into a graph, its node names behind a prefix, with attributes that all get."""
    for entity in document.entities:
        attributes = _known(
            label=entity.name,
            entity_type=entity.type,
            name_en=entity.name_en,
            wikidata=entity.wikidata,
            mentions=len(entity.mentions),
        )
        graph.add_node(prefix + entity.id, **attributes, **common)
    for relation, row in zip(document.relations, triple_rows(document), strict=True):
        attributes = _known(
            label=claim_label(relation),
            symmetric=relation.type.symmetric,
            **{field: getattr(row, field) for field in CLAIM_FIELDS},
        )
        graph.add_edge(prefix + relation.subject, prefix + relation.object, **attributes, **common)


def _known(**attributes: Any) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


class GraphWriter:
    """Documents side by side in one GraphML or GEXF file. Their entities are not merged.

    Such a file is one XML element, so all documents are held until the end.

    Args:
        file: where to write.
        format: "graphml" or "gexf".

    Raises:
        MissingExtraError: networkx is not installed.
    """

    def __init__(self, file: TextIO, format: Literal["graphml", "gexf"]) -> None:
        self._graph: Any = to_graph(Document(text=""))
        self._file = file
        self._format: Literal["graphml", "gexf"] = format
        self._count = 0

    def write(self, document: Document) -> None:
        """Take one document; its nodes are called ``d1.e1`` and so on."""
        self._count += 1
        _add(self._graph, document, f"d{self._count}.", _known(document=document.id))

    def close(self) -> None:
        """Write the file."""
        self._file.write(_to_xml(self._graph, self._format))


def to_graphml(document: Document) -> str:
    """The graph of a document as GraphML, for Gephi, yEd, Cytoscape and igraph.

    Characters that XML cannot hold become U+FFFD.

    Raises:
        MissingExtraError: networkx is not installed.
    """
    return _to_xml(to_graph(document), "graphml")


def to_gexf(document: Document) -> str:
    """The graph of a document as GEXF, Gephi's own form; otherwise as `to_graphml`."""
    return _to_xml(to_graph(document), "gexf")


def _to_xml(graph: Any, format: Literal["graphml", "gexf"]) -> str:
    import networkx

    clean: Any = networkx.MultiDiGraph()
    for node, attributes in graph.nodes(data=True):
        clean.add_node(_xml(node), **{name: _xml(value) for name, value in attributes.items()})
    for number, (subject, object, attributes) in enumerate(graph.edges(data=True)):
        values = {name: _xml(value) for name, value in attributes.items()}
        # Keys count up over the whole file: both forms take them as the ids of edges, which must differ.
        clean.add_edge(_xml(subject), _xml(object), key=str(number), **values)
    data = BytesIO()
    # The plain writer of the standard library: the other one needs lxml and writes the same.
    write: Any = networkx.write_graphml_xml if format == "graphml" else networkx.write_gexf
    write(clean, data)
    return data.getvalue().decode("utf-8").rstrip("\n") + "\n"


def _xml(value: Any) -> Any:
    return _NOT_IN_XML.sub("\ufffd", value) if isinstance(value, str) else value
