"""What relations rule out: general types beside specific ones, and two holders of one office at one time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from arner.schema import Relation, RelationType

__all__ = ["SUPPRESSED", "rivals"]

_R = RelationType
_OFFICE: Final = (_R.WORKS_FOR, _R.CITIZEN_OF, _R.REPRESENTS)

SUPPRESSED: Final[dict[RelationType, tuple[RelationType, ...]]] = {
    _R.HEAD_OF_STATE_OF: _OFFICE,
    _R.HEAD_OF_GOVERNMENT_OF: _OFFICE,
    _R.MINISTER_OF: _OFFICE,
    _R.LEADS: (_R.WORKS_FOR,),
    _R.REPRESENTS: (_R.WORKS_FOR, _R.CITIZEN_OF),
    _R.WORKS_FOR: (_R.CITIZEN_OF,),
    _R.CAPITAL_OF: (_R.LOCATED_IN,),
    _R.PART_OF: (_R.BASED_IN,),
}
"""What an affirmed relation of the key's type already says of the same subject and object."""

_SINGLE: Final = frozenset({_R.HEAD_OF_STATE_OF, _R.HEAD_OF_GOVERNMENT_OF})
"""Offices that one person at a time holds in a state."""

_CLEARLY: Final = 0.15
"""By how much a score must be better to rule the other out."""


def rivals(relations: Iterable[Relation]) -> Iterator[tuple[Relation, Relation]]:
    """The claims that somebody holds an office which somebody else holds at that time with a clearly better score.

    Only affirmed claims of the present count: former and planned holders stand beside the present one, and so do
    holders with dates that do not meet. Of scores that are close none is taken for the better: texts name successive
    holders without saying when.

    Args:
        relations: one per subject, type, object and polarity.

    Yields:
        Each claim that loses, with one to which it loses.
    """
    offices: dict[tuple[RelationType, str], list[Relation]] = {}
    for relation in relations:
        if relation.type in _SINGLE and relation.polarity == "affirmed" and relation.status == "actual":
            offices.setdefault((relation.type, relation.object), []).append(relation)
    for holders in offices.values():
        if len(holders) < 2:
            continue
        holders.sort(key=lambda relation: -relation.score)
        kept: dict[str | None, Relation] = {}
        for relation in holders:
            iso = relation.when.iso if relation.when is not None else None
            better = next(
                (one for time, one in kept.items() if _meet(time, iso) and one.score - relation.score >= _CLEARLY), None
            )
            if better is not None:
                yield relation, better
            else:
                kept.setdefault(iso, relation)


def _meet(one: str | None, other: str | None) -> bool:
    """Whether two times, each an ISO 8601 date, month, year or interval, have a day in common.

    >>> _meet("2016", "2016-07-13"), _meet("1997/2007", "2016"), _meet(None, "2016"), _meet("2016-07", "2016-08-01")
    (True, False, True, False)
    """
    if one is None or other is None:
        return True
    (first, last), (start, end) = _days(one), _days(other)
    return first <= end and start <= last


def _days(iso: str) -> tuple[str, str]:
    """The first and the last day, as texts that compare like dates; an open or unknown end is taken for unbounded."""
    start, slash, end = iso.partition("/")
    return (start or "0000") if _plain(start) else "0000", _last_day(end if slash else start)


def _last_day(iso: str) -> str:
    return iso + "~" if _plain(iso) else "~"  # sorts after every day that begins so


def _plain(iso: str) -> bool:
    return iso[:4].isdigit() and iso[:4].isascii()
