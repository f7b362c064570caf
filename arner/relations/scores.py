"""How far to trust a relation: the measured precision of its rule, and how sure its two names are."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from arner.schema import MentionKind, Relation

if TYPE_CHECKING:
    from arner.linking import LinkedText

__all__ = ["BY_PRONOUN", "weigh"]

BY_PRONOUN: Final = 0.85
"""What a claim is worth in which an end is a suffix pronoun (زيارته), beside one of the same rule between names:
finding whom it means goes wrong more often than anything else (``scripts/calibrate_rules.py`` counts it)."""


def weigh(relations: Iterable[Relation], linked: LinkedText) -> Iterator[Relation]:
    """The relations, each with the score of its rule times the geometric mean of the scores of its two names.

    A rule's score is the share of its claims that are right where names are right (``scripts/calibrate_rules.py``).
    Of an entity that the evidence mentions, the best mention there counts; of one that it only means (a pronoun, a
    subject carried on), the best in the text.

    Args:
        relations: with the scores of their rules.
        linked: the mentions from which they were read.

    >>> from arner.linking import LinkedText
    >>> from arner.schema import Entity, Mention, Span
    >>> names = (Mention(start=4, end=7, text="كرم", type="PER", entity="e1", score=0.9),
    ...          Mention(start=8, end=12, text="تونس", type="LOC", entity="e2", score=0.4))
    >>> entities = (Entity(id="e1", type="PER", name="كرم", mentions=(0,)),
    ...             Entity(id="e2", type="LOC", name="تونس", mentions=(1,)))
    >>> visit = Relation(subject="e1", type="visited", object="e2", score=0.8, rule="visited.verb",
    ...                  evidence=Span(start=0, end=12, text="زار كرم تونس"))
    >>> [relation.score for relation in weigh([visit], LinkedText(names, entities, {}))]
    [0.48]
    """
    starts: dict[str, list[int]] = {}
    scores: dict[str, list[float]] = {}
    best: dict[str, float] = {}
    for mention in linked.mentions:
        if mention.kind is not MentionKind.NOMINAL:
            starts.setdefault(mention.entity, []).append(mention.start)
            scores.setdefault(mention.entity, []).append(mention.score)
            best[mention.entity] = max(mention.score, best.get(mention.entity, 0.0))

    def score(entity: str, start: int, end: int) -> float:
        places = starts.get(entity, [])
        first, last = bisect_left(places, start), bisect_left(places, end)
        return max(scores[entity][first:last]) if first < last else best.get(entity, 1.0)

    for relation in relations:
        place = relation.evidence.start, relation.evidence.end
        names = math.sqrt(score(relation.subject, *place) * score(relation.object, *place))
        yield relation if names == 1.0 else relation.model_copy(update={"score": round(relation.score * names, 4)})
