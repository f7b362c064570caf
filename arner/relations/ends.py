"""Which of the names that a slot took is meant, where words around them settle it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from arner.relations.items import Head, Item
from arner.relations.matcher import Match
from arner.schema import RelationType

__all__ = ["accepts", "antecedent_of", "governing", "has_own_subject", "relative_before"]

_BEFORE_VERB: Final = frozenset(
    {"@opener", "@barrier", "@negation", "@was", "@intention", "@possibility", "@preposition", "@filler", "@verb"}
)
"""What may stand before a verb whose subject is not said; any other word is the subject itself."""

_RELATIVES: Final = frozenset({"الذي", "التي", "الذين", "اللذين", "اللذان", "اللتين"})


def relative_before(items: Sequence[Item], index: int) -> int | None:
    """Where, up to three words back, the relative pronoun stands whose clause the item is in."""
    for n in range(index - 1, max(-1, index - 4), -1):
        if items[n].key in _RELATIVES:
            return n
        if items[n].mark or items[n].heads:
            return None
    return None


def has_own_subject(items: Sequence[Item], match: Match) -> bool:
    """Whether a verb without a named subject has a common noun right before it, which then is its subject: وفد توجه."""
    first = match.first
    if first == 0 or match.anchor != first or "@clear" not in items[first].tags or match.conjunction:
        return False
    before = items[first - 1]
    if before.kind != "word" or before.transparent or before.barrier or items[first].key[:1] in ("و", "ف"):
        return False
    return not before.tags.keys() & _BEFORE_VERB and before.key not in ("قد", "سوف", "ان", "ما")


def antecedent_of(items: Sequence[Item], relative: int, types: frozenset[str]) -> tuple[Head, ...]:
    """The name that a relative pronoun speaks of: the one right before it, or before the comma in front of it."""
    n = relative - 1
    if n >= 0 and items[n].mark == ",":
        n -= 1
    if n < 0 or not items[n].heads or items[relative].key not in ("الذي", "التي"):
        return ()
    return tuple(head for head in items[n].heads[-1:] if head.types & types)


def governing(match: Match, items: Sequence[Item], slot: str, heads: tuple[Head, ...]) -> tuple[Head, ...]:
    """Of coordinated names, the one to which a relative clause right behind them belongs: the last."""
    if len(heads) < 2 or match.slots[slot].how != "name":
        return heads
    after = match.slots[slot].at + 1
    if after < len(items) and items[after].mark == ",":
        after += 1
    if after <= match.last and items[after].key in ("الذي", "التي"):
        return heads[-1:]
    return heads


def accepts(type: RelationType, subject: Head, object: Head) -> bool:
    """Whether the entities are of types that may stand at the two ends of the relation."""
    signature = type.signature
    return bool(subject.types & signature.subject) and bool(object.types & signature.object)
