"""Relations and entity types in words: Arabic for readers, and one name for a claim that cannot hide its denial."""

from __future__ import annotations

from typing import Final

from arner.schema import Relation, RelationType

__all__ = ["ARABIC_RELATIONS", "ARABIC_STATUS", "ARABIC_TYPES", "claim_label", "claim_name"]

_R = RelationType

ARABIC_RELATIONS: Final[dict[RelationType, str]] = {
    _R.HEAD_OF_STATE_OF: "رأس الدولة في",
    _R.HEAD_OF_GOVERNMENT_OF: "رئيس حكومة",
    _R.MINISTER_OF: "وزير في",
    _R.LEADS: "يقود",
    _R.REPRESENTS: "يمثل",
    _R.WORKS_FOR: "يعمل لدى",
    _R.MEMBER_OF: "عضو في",
    _R.CITIZEN_OF: "مواطن من",
    _R.BORN_IN: "ولد في",
    _R.DIED_IN: "توفي في",
    _R.LIVES_IN: "يقيم في",
    _R.EDUCATED_AT: "درس في",
    _R.SPOUSE_OF: "زوج",
    _R.SIBLING_OF: "شقيق",
    _R.CHILD_OF: "ابن",
    _R.LOCATED_IN: "يقع في",
    _R.CAPITAL_OF: "عاصمة",
    _R.BORDERS: "يجاور",
    _R.BASED_IN: "مقره في",
    _R.PART_OF: "جزء من",
    _R.FOUNDED_BY: "أسسه",
    _R.OWNED_BY: "يملكه",
    _R.MET_WITH: "التقى",
    _R.SPOKE_WITH: "تحدث مع",
    _R.VISITED: "زار",
    _R.ALLIED_WITH: "حليف",
    _R.IN_CONFLICT_WITH: "في نزاع مع",
    _R.ATTACKED: "هاجم",
    _R.AGREED_WITH: "اتفق مع",
    _R.SUPPORTS: "يدعم",
    _R.CRITICIZED: "انتقد",
    _R.SANCTIONED: "فرض عقوبات على",
    _R.SUPPLIES: "يزود",
    _R.SUCCEEDED: "خلف",
    _R.APPOINTED: "عين",
}
"""A few words that stand between subject and object."""

ARABIC_TYPES: Final = {"PER": "شخص", "LOC": "مكان", "ORG": "جهة", "MISC": "آخر"}
ARABIC_STATUS: Final = {"planned": "مخطط له", "former": "سابقاً", "suspended": "معلّق"}


def claim_name(relation: Relation) -> str:
    """The relation's type; with ``not_`` in front of it where the text denies the claim.

    Formats in which a type is all that many readers look at use it, so that a denial is never taken for a claim.

    >>> from arner.schema import Span
    >>> claim_name(Relation(subject="e1", type="visited", object="e2", polarity="negated",
    ...                     evidence=Span(start=0, end=6, text="لم يزر"), score=1.0, rule="r"))
    'not_visited'
    """
    return f"not_{relation.type.value}" if relation.polarity == "negated" else relation.type.value


def claim_label(relation: Relation) -> str:
    """`claim_name` with blanks, and the status where it is not the plain present.

    >>> from arner.schema import Span
    >>> claim_label(Relation(subject="e1", type="head_of_state_of", object="e2", status="former",
    ...                      evidence=Span(start=0, end=6, text="الرئيس"), score=1.0, rule="r"))
    'head of state of (former)'
    """
    label = claim_name(relation).replace("_", " ")
    return label if relation.status == "actual" else f"{label} ({relation.status})"
