"""One triple per document and polarity: repeats joined, general types dropped beside more specific ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from arner.schema import Relation, RelationType, Span

__all__ = ["merge"]

_R = RelationType
_SUPPRESSED: Final[dict[RelationType, tuple[RelationType, ...]]] = {
    _R.HEAD_OF_STATE_OF: (_R.WORKS_FOR, _R.CITIZEN_OF, _R.REPRESENTS),
    _R.HEAD_OF_GOVERNMENT_OF: (_R.WORKS_FOR, _R.CITIZEN_OF, _R.REPRESENTS),
    _R.MINISTER_OF: (_R.WORKS_FOR, _R.CITIZEN_OF, _R.REPRESENTS),
    _R.LEADS: (_R.WORKS_FOR,),
    _R.REPRESENTS: (_R.WORKS_FOR, _R.CITIZEN_OF),
    _R.WORKS_FOR: (_R.CITIZEN_OF,),
    _R.CAPITAL_OF: (_R.LOCATED_IN,),
    _R.PART_OF: (_R.BASED_IN,),
    _R.ATTACKED: (),
}
"""What a triple of the key's type rules out for the same subject and object."""


def merge(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """The relations without repeats and without what a more specific one already says, in the order of the text.

    Of repeats the best score stays; of equal scores the first.
    """
    best: dict[tuple[str, RelationType, str, str], Relation] = {}
    for relation in relations:
        ends = (relation.subject, relation.object)
        if relation.type.symmetric and ends[0] > ends[1]:
            ends = (ends[1], ends[0])
        key = (ends[0], relation.type, ends[1], relation.polarity)
        kept = best.get(key)
        if kept is None or relation.score > kept.score:
            best[key] = relation
    dropped = {
        (subject, general, object)
        for subject, type, object, polarity in best
        if polarity == "affirmed"
        for general in _SUPPRESSED.get(type, ())
    }
    calls = {
        (subject, object): relation.evidence
        for (subject, type, object, _), relation in best.items()
        if type is _R.SPOKE_WITH
    }
    found = [
        relation
        for key, relation in best.items()
        if key[:3] not in dropped
        # One phrase tells of one contact: talks by telephone are no meeting.
        and not (relation.type is _R.MET_WITH and _overlap(relation.evidence, calls.get((key[0], key[2]))))
    ]
    found.sort(key=lambda relation: (relation.evidence.start, relation.evidence.end))
    return tuple(found)


def _overlap(one: Span, other: Span | None) -> bool:
    return other is not None and one.start < other.end and other.start < one.end
