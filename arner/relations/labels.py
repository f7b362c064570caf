"""The map from the labels of other models to the four entity types that rules speak of."""

from __future__ import annotations

from typing import Final

from arner.schema import ENTITY_TYPES

__all__ = ["LABELS", "rule_type"]

LABELS: Final[dict[str, str]] = {
    "PERS": "PER",
    "PERSON": "PER",
    "GPE": "LOC",
    "FAC": "LOC",
    "LOCATION": "LOC",
    "GEO": "LOC",
    "ORGANIZATION": "ORG",
    "ORGANISATION": "ORG",
    "NORP": "ORG",
    "EVENT": "MISC",
    "LAW": "MISC",
    "PRODUCT": "MISC",
    "WEBSITE": "ORG",
}
"""Labels of Wojood, OntoNotes, ANERcorp and the like, and the type that stands for each."""


def rule_type(label: str) -> str:
    """The entity type by which rules know a label; a label without one is ``MISC``.

    >>> rule_type("GPE"), rule_type("B-PERS"), rule_type("ORG"), rule_type("CURR")
    ('LOC', 'PER', 'ORG', 'MISC')
    """
    name = label.upper()
    if name[:2] in ("B-", "I-"):
        name = name[2:]
    if name in ENTITY_TYPES:
        return name
    return LABELS.get(name, "MISC")
