"""A script for Neo4j (4.4 and later): entities as nodes, relations as typed relationships.

Running it twice adds nothing. A relationship's type is what most queries look at, so a denied relation has a type of
its own: ``NOT_VISITED``.
"""

from __future__ import annotations

import re
from typing import Final

from arner.export.keys import document_key, entity_key
from arner.export.labels import claim_name
from arner.schema import Document

__all__ = ["CYPHER_HEAD", "cypher_statements", "to_cypher"]

CYPHER_HEAD: Final = "CREATE CONSTRAINT arner_entity IF NOT EXISTS FOR (e:Entity) REQUIRE e.key IS UNIQUE;\n"
"""What a script begins with: without the index behind the constraint, loading would be slow."""

_LABELS: Final = {"PER": "Person", "LOC": "Location", "ORG": "Organisation", "MISC": "Miscellaneous"}
_NAMED_ESCAPES: Final = {"\\": "\\\\", "\\u": "\\\\' + 'u", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED: Final = re.compile("\\\\u|[\\\\'\x00-\x1f\x7f-\x9f\u2028\u2029]")

_Value = str | int | float | None


def to_cypher(document: Document) -> str:
    """The script for one document.

    Entities are merged by `key`: the Wikidata id, or the document's id and the entity's. Relationships are merged by
    `claim`: the document's id and the relation's number.

    >>> print(to_cypher(Document(text="زار بوتين أستانا.")), end="")
    CREATE CONSTRAINT arner_entity IF NOT EXISTS FOR (e:Entity) REQUIRE e.key IS UNIQUE;
    """
    return CYPHER_HEAD + cypher_statements(document)


def cypher_statements(document: Document) -> str:
    """What stands for one document after the head of the script: one statement a line."""
    lines = []
    name_of = document_key(document)
    for entity in document.entities:
        label = f":{_LABELS[entity.type]}" if entity.type in _LABELS else ""
        values: dict[str, _Value] = {
            "name": entity.name,
            "name_en": entity.name_en,
            "wikidata": entity.wikidata,
            "entity_type": entity.type,
        }
        key = _literal(entity_key(document, entity))
        lines.append(f"MERGE (e:Entity {{key: {key}}}) SET e{label}, e += {_map(values)};")
    for number, relation in enumerate(document.relations, 1):
        subject, object = (_literal(entity_key(document, document[id])) for id in (relation.subject, relation.object))
        when = relation.when
        claim: dict[str, _Value] = {
            "document": document.id,
            "polarity": relation.polarity,
            "status": relation.status,
            "role": relation.role,
            "when": None if when is None else when.text,
            "when_iso": None if when is None else when.iso,
            "evidence": relation.evidence.text,
            "evidence_start": relation.evidence.start,
            "evidence_end": relation.evidence.end,
            "score": relation.score,
            "rule": relation.rule,
        }
        lines.append(
            f"MATCH (s:Entity {{key: {subject}}}), (o:Entity {{key: {object}}}) "
            f"MERGE (s)-[r:{claim_name(relation).upper()} {{claim: {_literal(f'{name_of}#{number}')}}}]->(o) "
            f"SET r += {_map(claim)};"
        )
    return "".join(f"{line}\n" for line in lines)


def _map(values: dict[str, _Value]) -> str:
    return "{" + ", ".join(f"{name}: {_literal(value)}" for name, value in values.items() if value is not None) + "}"


def _literal(value: _Value) -> str:
    """A value as a Cypher literal on one line."""
    if isinstance(value, str):
        # Neo4j before 5 turned \u0027 into a quote before it looked for quotes, a doubled backslash notwithstanding. So
        # a backslash of the text never stands before a u of the text.
        return "'" + _ESCAPED.sub(lambda m: _NAMED_ESCAPES.get(m[0]) or f"\\u{ord(m[0]):04X}", value) + "'"
    return f"{value:.6f}" if isinstance(value, float) else str(value)
