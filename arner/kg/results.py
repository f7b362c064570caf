"""What a graph tells: what was added, what is found, answered and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from arner.kg.questions import Question

__all__ = ["Added", "Answers", "Found", "Stats"]


@dataclass(frozen=True, slots=True)
class Added:
    """What `arner.kg.KnowledgeGraph.add` did.

    Attributes:
        new: documents that were not there.
        changed: documents that took the place of an earlier one with the same id.
        unchanged: documents that were there already, as they are.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """An entity of the graph.

    Attributes:
        iri: its name in queries.
        type: PER, LOC, ORG, MISC, or a label of the model's own.
        name: the name that most documents use.
        name_en: the English one, where known.
        documents: how many documents speak of it.
    """

    iri: str
    type: str
    name: str
    name_en: str | None
    documents: int


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to a ready question.

    Attributes:
        question: what was asked.
        meant: the entities that a name was taken to mean, by parameter.
        columns: what each row holds, in order.
        rows: the answers, each once; None where something is not known.
    """

    question: Question
    meant: dict[str, tuple[Found, ...]]
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    def __iter__(self) -> Iterator[dict[str, str | None]]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Stats:
    """What a graph holds.

    Attributes:
        documents: documents.
        entities: entities by type.
        known: entities that have an id, of Wikidata or of arner's knowledge.
        shared: entities of which more than one document speaks.
        claims: claims by what they say of themselves, such as "affirmed, actual".
        relations: claims by relation type.
        statements: statements in the store.
    """

    documents: int
    entities: dict[str, int] = field(default_factory=dict)
    known: int = 0
    shared: int = 0
    claims: dict[str, int] = field(default_factory=dict)
    relations: dict[str, int] = field(default_factory=dict)
    statements: int = 0
