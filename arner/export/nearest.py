"""Which mentions a relation joins, for formats that join mentions and not entities."""

from __future__ import annotations

from arner.schema import Document, Relation

__all__ = ["nearest_mentions"]


def nearest_mentions(document: Document, relation: Relation) -> tuple[int, int] | None:
    """Indices of a mention of the subject and one of the object, those nearest to each other in its evidence.

    None where one of the two has no mention, or where both have but one and the same.
    """
    evidence = relation.evidence

    def rank(pair: tuple[int, int]) -> tuple[int, int]:
        outside = 0
        for index in pair:
            mention = document.mentions[index]
            outside += not (evidence.start <= mention.start and mention.end <= evidence.end)
        one, other = (document.mentions[index] for index in pair)
        return outside, abs(one.start - other.start)

    pairs = [(s, o) for s in document[relation.subject].mentions for o in document[relation.object].mentions if s != o]
    return min(pairs, key=rank, default=None)
