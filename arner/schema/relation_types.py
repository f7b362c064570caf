"""The relation inventory: 35 types, each with the entity types that may stand at its two ends."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

__all__ = ["ENTITY_TYPES", "SIGNATURES", "SYMMETRIC", "RelationType", "Signature"]

ENTITY_TYPES: Final = ("PER", "LOC", "ORG", "MISC")
"""The four entity types that rules speak of."""


class RelationType(StrEnum):
    """What a triple claims. A member equals its name in JSON.

    >>> RelationType("visited") is RelationType.VISITED
    True
    >>> RelationType.VISITED == "visited"
    True
    >>> RelationType.MET_WITH.symmetric
    True
    >>> RelationType.BORN_IN.accepts("PER", "LOC"), RelationType.BORN_IN.accepts("LOC", "PER")
    (True, False)
    """

    HEAD_OF_STATE_OF = "head_of_state_of"
    HEAD_OF_GOVERNMENT_OF = "head_of_government_of"
    MINISTER_OF = "minister_of"
    LEADS = "leads"
    REPRESENTS = "represents"
    WORKS_FOR = "works_for"
    MEMBER_OF = "member_of"
    CITIZEN_OF = "citizen_of"
    BORN_IN = "born_in"
    DIED_IN = "died_in"
    LIVES_IN = "lives_in"
    EDUCATED_AT = "educated_at"
    SPOUSE_OF = "spouse_of"
    SIBLING_OF = "sibling_of"
    CHILD_OF = "child_of"
    LOCATED_IN = "located_in"
    CAPITAL_OF = "capital_of"
    BORDERS = "borders"
    BASED_IN = "based_in"
    PART_OF = "part_of"
    FOUNDED_BY = "founded_by"
    OWNED_BY = "owned_by"
    MET_WITH = "met_with"
    SPOKE_WITH = "spoke_with"
    VISITED = "visited"
    ALLIED_WITH = "allied_with"
    IN_CONFLICT_WITH = "in_conflict_with"
    ATTACKED = "attacked"
    AGREED_WITH = "agreed_with"
    SUPPORTS = "supports"
    CRITICIZED = "criticized"
    SANCTIONED = "sanctioned"
    SUPPLIES = "supplies"
    SUCCEEDED = "succeeded"
    APPOINTED = "appointed"

    @property
    def symmetric(self) -> bool:
        """Whether subject and object may change places."""
        return self in SYMMETRIC

    @property
    def signature(self) -> Signature:
        """The entity types that may stand at either end."""
        return SIGNATURES[self]

    def accepts(self, subject: str, object: str) -> bool:
        """Whether entities of these types may be subject and object.

        Args:
            subject: entity type of the subject, one of `ENTITY_TYPES`.
            object: entity type of the object.
        """
        return subject in self.signature.subject and object in self.signature.object


class Signature(NamedTuple):
    """The entity types that a relation type takes at its two ends."""

    subject: frozenset[str]
    object: frozenset[str]


def _types(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PER, _LOC, _ORG = _types("PER"), _types("LOC"), _types("ORG")
_ACTOR, _BODY, _ANY = _types("PER LOC ORG"), _types("LOC ORG"), _types("PER LOC ORG MISC")
_R = RelationType

SIGNATURES: Final[dict[RelationType, Signature]] = {
    _R.HEAD_OF_STATE_OF: Signature(_PER, _LOC),
    _R.HEAD_OF_GOVERNMENT_OF: Signature(_PER, _LOC),
    _R.MINISTER_OF: Signature(_PER, _LOC),
    _R.LEADS: Signature(_ACTOR, _ORG),
    _R.REPRESENTS: Signature(_PER, _ACTOR),
    _R.WORKS_FOR: Signature(_PER, _ACTOR),
    _R.MEMBER_OF: Signature(_ACTOR, _ORG),
    _R.CITIZEN_OF: Signature(_PER, _LOC),
    _R.BORN_IN: Signature(_PER, _LOC),
    _R.DIED_IN: Signature(_PER, _LOC),
    _R.LIVES_IN: Signature(_PER, _LOC),
    _R.EDUCATED_AT: Signature(_PER, _ORG),
    _R.SPOUSE_OF: Signature(_PER, _PER),
    _R.SIBLING_OF: Signature(_PER, _PER),
    _R.CHILD_OF: Signature(_PER, _PER),
    _R.LOCATED_IN: Signature(_LOC, _LOC),
    _R.CAPITAL_OF: Signature(_LOC, _LOC),
    _R.BORDERS: Signature(_LOC, _LOC),
    _R.BASED_IN: Signature(_ORG, _LOC),
    _R.PART_OF: Signature(_ORG, _BODY),
    _R.FOUNDED_BY: Signature(_ORG, _types("PER ORG")),
    _R.OWNED_BY: Signature(_ORG, _ACTOR),
    _R.MET_WITH: Signature(_ACTOR, _ACTOR),
    _R.SPOKE_WITH: Signature(_ACTOR, _ACTOR),
    _R.VISITED: Signature(_PER, _BODY),
    _R.ALLIED_WITH: Signature(_ACTOR, _ACTOR),
    _R.IN_CONFLICT_WITH: Signature(_ACTOR, _ACTOR),
    _R.ATTACKED: Signature(_ACTOR, _ACTOR),
    _R.AGREED_WITH: Signature(_ACTOR, _ACTOR),
    _R.SUPPORTS: Signature(_ACTOR, _ANY),
    _R.CRITICIZED: Signature(_ACTOR, _ANY),
    _R.SANCTIONED: Signature(_ACTOR, _ACTOR),
    _R.SUPPLIES: Signature(_ACTOR, _ACTOR),
    _R.SUCCEEDED: Signature(_PER, _PER),
    _R.APPOINTED: Signature(_ACTOR, _PER),
}

SYMMETRIC: Final = frozenset(
    {
        _R.SPOUSE_OF,
        _R.SIBLING_OF,
        _R.BORDERS,
        _R.MET_WITH,
        _R.SPOKE_WITH,
        _R.ALLIED_WITH,
        _R.IN_CONFLICT_WITH,
        _R.AGREED_WITH,
    }
)
"""The types whose ends may change places; such a triple is written once."""
