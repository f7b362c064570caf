"""The relations of a document as flat rows: what CSV and Parquet hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from arner.schema import Document

__all__ = ["CLAIM_FIELDS", "TripleRow", "triple_rows"]


class TripleRow(NamedTuple):
    """One relation. `polarity` stands before `relation`, so that nobody reads a denial as a claim."""

    document: str | None
    subject: str
    subject_type: str
    subject_wikidata: str | None
    polarity: str
    relation: str
    object: str
    object_type: str
    object_wikidata: str | None
    status: str
    role: str | None
    when: str | None
    when_iso: str | None
    evidence: str
    evidence_start: int
    evidence_end: int
    score: float
    rule: str


CLAIM_FIELDS: Final = tuple(
    field for field in TripleRow._fields if not field.startswith(("document", "subject", "object"))
)
"""The columns that say something of the relation itself, and nothing of its ends."""


def triple_rows(document: Document) -> Iterator[TripleRow]:
    """One row a relation, in the document's order."""
    for relation in document.relations:
        subject, object, when = document[relation.subject], document[relation.object], relation.when
        yield TripleRow(
            document=document.id,
            subject=subject.name,
            subject_type=subject.type,
            subject_wikidata=subject.wikidata,
            polarity=relation.polarity,
            relation=relation.type.value,
            object=object.name,
            object_type=object.type,
            object_wikidata=object.wikidata,
            status=relation.status,
            role=relation.role,
            when=None if when is None else when.text,
            when_iso=None if when is None else when.iso,
            evidence=relation.evidence.text,
            evidence_start=relation.evidence.start,
            evidence_end=relation.evidence.end,
            score=relation.score,
            rule=relation.rule,
        )
