"""Why a rule that came close claims nothing."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason"]


class Reason(StrEnum):
    """Why a rule whose trigger is there claims nothing. The first group is about words, the second about entities."""

    MISSING = "missing"
    """A word or name that the pattern wants is not there."""
    WRONG_TYPE = "wrong type"
    """A name is there, but of a type that the slot or the relation does not take."""
    BARRIER = "barrier"
    """A clause begins, or a mark stands, before the next part of the pattern is reached."""
    NAME_BETWEEN = "name between"
    """Another name stands where the pattern passes over words only."""
    TOO_FAR = "too far"
    """The next part of the pattern lies beyond the reach of its gap."""
    FORBIDDEN = "forbidden"
    """Words stand there that the pattern excludes."""
    PARTICLE = "particle"
    """A conjunction or particle is written onto a word within the match, so that something else is said."""
    OTHER_PHRASE = "other phrase"
    """The name belongs to a preposition, or a longer phrase takes its words."""

    NOT_CLAIMED = "not claimed"
    """A wish, a condition, a mere possibility or somebody else's refusal: the text does not make the claim."""
    UNRESOLVED = "unresolved"
    """A pronoun, title or unsaid subject has no single antecedent."""
    SAME_ENTITY = "same entity"
    """Subject and object would be one."""
    SUPPRESSED = "suppressed"
    """A more specific relation between the two says it already."""
    REPEATED = "repeated"
    """The same claim is made elsewhere in the text, with as good a score or a better one."""
    OFFICE_TAKEN = "office taken"
    """Somebody else holds the office at that time, with a better score."""
    LOW_SCORE = "low score"
    """The score is below the least that was asked for."""
