"""One triple per document and polarity: repeats joined, and what others rule out left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from arner.relations.constraints import SUPPRESSED, rivals
from arner.relations.reasons import Reason
from arner.schema import Relation, RelationType, Span

__all__ = ["merge"]

_R = RelationType
_Key = tuple[str, RelationType, str, str]
Lost = Callable[[Relation, Reason, Relation], None]
"""Takes a relation that goes, why, and the relation in favour of which it goes."""


def _nobody(_relation: Relation, _reason: Reason, _other: Relation) -> None:
    """Nobody wants to know what goes."""


_ENDS_OF_TERM: Final = ("former", "planned")


def merge(relations: Iterable[Relation], lost: Lost = _nobody) -> tuple[Relation, ...]:
    """The relations without repeats and without what another rules out, in the order of the text.

    - Of repeats the best score stays; of equal scores the first. A symmetric relation repeats its reverse.
    - What is affirmed and what is negated both stay, each with its evidence.
    - A general type goes where a more specific one is affirmed of the same two (`SUPPRESSED`), unless the specific one
      is over or still to come and the general one holds now.
    - Of two present holders of one office of state the better score stays, unless they are dated apart.
    - One phrase tells of one contact: talks by telephone are no meeting.

    Args:
        relations: claims of one document.
        lost: called for each that goes.
    """
    best: dict[_Key, Relation] = {}
    for relation in relations:
        key = _key(relation)
        kept = best.get(key)
        if kept is None or relation.score > kept.score:
            best[key] = relation
            if kept is not None:
                lost(kept, Reason.REPEATED, relation)
        else:
            lost(relation, Reason.REPEATED, kept)
    gone: dict[_Key, tuple[Reason, Relation]] = {}
    for key, relation in best.items():
        subject, type, object, polarity = key
        if polarity == "negated":
            continue
        for general in SUPPRESSED.get(type, ()):
            other = best.get((subject, general, object, polarity))
            if other is not None and not (relation.status in _ENDS_OF_TERM and other.status == "actual"):
                gone[subject, general, object, polarity] = (Reason.SUPPRESSED, relation)
        if type is _R.SPOKE_WITH:
            other = best.get((subject, _R.MET_WITH, object, polarity))
            if other is not None and _overlap(other.evidence, relation.evidence):
                gone[subject, _R.MET_WITH, object, polarity] = (Reason.SUPPRESSED, relation)
    for relation, better in rivals(relation for key, relation in best.items() if key not in gone):
        gone[_key(relation)] = (Reason.OFFICE_TAKEN, better)
    for key, (reason, better) in gone.items():
        lost(best[key], reason, better)
    found = [relation for key, relation in best.items() if key not in gone]
    found.sort(key=lambda relation: (relation.evidence.start, relation.evidence.end))
    return tuple(found)


def _key(relation: Relation) -> _Key:
    ends = (relation.subject, relation.object)
    if relation.type.symmetric and ends[0] > ends[1]:
        ends = (ends[1], ends[0])
    return ends[0], relation.type, ends[1], relation.polarity


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
