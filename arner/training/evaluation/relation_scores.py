"""How well relations are read: triples and their attributes beside those of annotated documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from arner.ner.labels import canonical_type
from arner.schema import Document, MentionKind, RelationType
from arner.text import name_key
from arner.training.data.annotated_document import AnnotatedDocument, AnnotatedRelation
from arner.training.evaluation.relation_matching import GoldDocument, Judged, judge
from arner.training.evaluation.scores import Interval, Score, f1_intervals

__all__ = [
    "AttributeScore",
    "RelationMistake",
    "RelationMistakeKind",
    "RelationReport",
    "relation_counts",
    "score_relations",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RelationMistakeKind(StrEnum):
    """How a triple differs from the annotation."""

    MISSED = "missed"
    WRONG = "wrong"
    REPEATED = "repeated"


class RelationMistake(_Frozen):
    """A triple that the annotation has and the model not, or the other way round."""

    kind: RelationMistakeKind
    source: str = Field(description="file:line of the document")
    subject: str
    type: RelationType
    object: str
    polarity: str
    evidence: str | None = Field(default=None, description="the words of a triple that was read")
    rule: str | None = Field(default=None, description="the rule that read it")


class AttributeScore(_Frozen):
    """How often an attribute is right, of the triples that are."""

    correct: int = Field(ge=0)
    total: int = Field(ge=0, description="triples where the annotation or the model gives one")

    @property
    def accuracy(self) -> float | None:
        """The share that is right; None where there is nothing to compare."""
        return self.correct / self.total if self.total else None


class RelationReport(_Frozen):
    """How well relations are read from raw text, names and all.

    A triple is right where subject, type, object and polarity are; each counts once a document. Optional ones of the
    annotation are neither asked for nor counted against who reads them.
    """

    documents: int
    relations: Score
    interval: Interval | None = Field(description="of the F1, from resampling the documents; none for a single one")
    relations_by_type: dict[str, Score]
    optional_found: int = Field(description="triples read that the annotation marks as optional; not counted")
    names: Score = Field(description="exact spans and types of the names in the documents that `extract` gives")
    attributes: dict[str, AttributeScore] = Field(
        description="of right triples: polarity (of those whose subject, type and object are right), status, role, date"
    )
    mistakes: tuple[RelationMistake, ...]


class _Read(NamedTuple):
    """A document as annotated and as read, and the verdicts."""

    source: str
    gold: GoldDocument
    document: Document
    judged: list[Judged]
    missed: list[AnnotatedRelation]


def score_relations(
    annotated: Sequence[tuple[str, AnnotatedDocument]],
    documents: Sequence[Document],
    *,
    samples: int = 1000,
    seed: int = 1,
) -> RelationReport:
    """Compare documents that were read with the annotated ones of the same texts.

    Args:
        annotated: each with where it comes from.
        documents: what was read, in the same order.
        samples: resamplings for the interval; 0 leaves it out.
        seed: fixes them.

    Raises:
        ValueError: a text differs.
    """
    reads = list(_judged(annotated, documents))
    counts, types = _counts(reads)
    sums = counts.sum(axis=0).astype(int)
    scores = [Score.of(int(gold), int(found), int(right)) for right, gold, found in sums]
    return RelationReport(
        documents=len(reads),
        relations=scores[0],
        interval=f1_intervals(counts[:, :1], samples=samples, seed=seed)[0],
        relations_by_type=dict(zip(types, scores[1:], strict=True)),
        optional_found=sum(item.verdict == "optional" for read in reads for item in read.judged),
        names=_names(annotated, documents),
        attributes=_attributes(reads),
        mistakes=tuple(mistake for read in reads for mistake in _mistakes(read)),
    )


def relation_counts(
    annotated: Sequence[tuple[str, AnnotatedDocument]], documents: Sequence[Document]
) -> NDArray[np.float64]:
    """For each document the triples that are right, annotated, and read; shape (documents, 1, 3)."""
    return _counts(list(_judged(annotated, documents)))[0][:, :1]


def _judged(annotated: Sequence[tuple[str, AnnotatedDocument]], documents: Sequence[Document]) -> Iterator[_Read]:
    for (source, wanted), document in zip(annotated, documents, strict=True):
        gold = GoldDocument.of(wanted, source)
        judged, missed = judge(gold, document)
        yield _Read(source, gold, document, judged, missed)


def _counts(reads: Sequence[_Read]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Right, required and read triples, for all and for each type; and the types, in the order of the inventory."""
    rows = [_required(read) for read in reads]
    seen = {kind for row in rows for kind, _ in row}
    types = [kind for kind in RelationType if kind in seen]
    counts = np.zeros((len(reads), 1 + len(types), 3))
    for at, row in enumerate(rows):
        for kind, column in row:
            counts[at, 0, column] += 1
            counts[at, 1 + types.index(kind), column] += 1
    return counts, tuple(kind.value for kind in types)


def _required(read: _Read) -> list[tuple[RelationType, int]]:
    """What counts: a triple as (type, 0 where right, 1 where required, 2 where read), once for each."""
    row = [(relation.type, 1) for relation in read.gold.relations if not relation.optional]
    for item in read.judged:
        if item.verdict != "optional":
            row.append((item.relation.type, 2))
        if item.verdict == "required":
            row.append((item.relation.type, 0))
    return row


def _names(annotated: Iterable[tuple[str, AnnotatedDocument]], documents: Iterable[Document]) -> Score:
    gold = predicted = correct = 0
    for (_, wanted), document in zip(annotated, documents, strict=True):
        spans = {
            (m.start, m.end): {canonical_type(kind) or kind for kind in (m.type, *m.also)}
            for m in wanted.mentions
            if m.kind == MentionKind.NAME
        }
        found = {
            (m.start, m.end): canonical_type(m.type) or m.type for m in document.mentions if m.kind is MentionKind.NAME
        }
        gold, predicted = gold + len(spans), predicted + len(found)
        correct += sum(kind in spans.get(bounds, ()) for bounds, kind in found.items())
    return Score.of(gold, predicted, correct)


def _attributes(reads: Sequence[_Read]) -> dict[str, AttributeScore]:
    pairs: dict[str, list[bool]] = {"polarity": [], "status": [], "role": [], "date": []}
    for read in reads:
        for item in read.judged:
            found, wanted = item.relation, item.gold
            if item.verdict == "wrong":
                other = found.model_copy(update={"polarity": "affirmed" if found.polarity == "negated" else "negated"})
                if judge(read.gold, read.document, [other])[0][0].gold is not None:
                    pairs["polarity"].append(False)
            if wanted is None or item.verdict == "repeat":
                continue
            pairs["polarity"].append(True)
            pairs["status"].append(found.status == wanted.status)
            if found.role or wanted.role:
                pairs["role"].append(name_key(found.role or "") == name_key(wanted.role or ""))
            iso = found.when.iso if found.when else None
            if iso or wanted.iso:
                pairs["date"].append(iso == wanted.iso)
    return {name: AttributeScore(correct=sum(hits), total=len(hits)) for name, hits in pairs.items()}


def _mistakes(read: _Read) -> Iterator[RelationMistake]:
    for item in read.judged:
        if item.verdict in ("wrong", "repeat"):
            found = item.relation
            yield RelationMistake(
                kind=RelationMistakeKind.WRONG if item.verdict == "wrong" else RelationMistakeKind.REPEATED,
                source=read.source,
                subject=read.document[found.subject].name,
                type=found.type,
                object=read.document[found.object].name,
                polarity=found.polarity,
                evidence=found.evidence.text,
                rule=found.rule,
            )
    for wanted in read.missed:
        yield RelationMistake(
            kind=RelationMistakeKind.MISSED,
            source=read.source,
            subject=read.gold.label[wanted.subject],
            type=wanted.type,
            object=read.gold.label[wanted.object],
            polarity=wanted.polarity,
        )
