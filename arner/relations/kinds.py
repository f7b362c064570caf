"""Kinds: small-lettered slot types finer than the four entity types, and the entity types that each may stand for."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

__all__ = ["KINDS", "entity_types"]

_LOC: Final = frozenset({"LOC"})
_ORG: Final = frozenset({"ORG"})
_ANY: Final = frozenset({"PER", "LOC", "ORG", "MISC"})

KINDS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys("country territory place city capital site region water continent historic".split(), _LOC),
    **dict.fromkeys("party club company bank international armed_group state_body national".split(), _ORG),
    "media": _ORG,
    "source": _ANY,
    "person": frozenset({"PER"}),
    "counterpart": frozenset({"PER"}),
    "other": _ANY,
}
"""Kinds that exist without a ``[kinds]`` table: those of knowledge, and those that the engine derives."""

_SLOT_TYPES: Final[dict[str, frozenset[str]]] = {
    "PER": frozenset({"PER"}),
    "LOC": _LOC,
    "ORG": _ORG,
    "MISC": frozenset({"MISC"}),
    "DEM": _LOC,
    "DEF": _LOC,
    "DATE": frozenset(),
}


def entity_types(slot_types: Set[str]) -> frozenset[str]:
    """The entity types that a slot with these types and kinds may take.

    A kind of a ``[kinds]`` table does not say which.

    >>> sorted(entity_types({"country", "PER"})), sorted(entity_types({"GROUP"})), sorted(entity_types({"DATE"}))
    (['LOC', 'PER'], ['LOC', 'MISC', 'ORG', 'PER'], [])
    """
    names = slot_types - {"GROUP", "NAMED"}
    if not names:
        return _ANY
    found: frozenset[str] = frozenset()
    for name in names:
        found |= _SLOT_TYPES.get(name) or KINDS.get(name) or (frozenset() if name == "DATE" else _ANY)
    return found
