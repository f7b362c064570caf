"""The Wikidata property that says exactly what a relation says; most relations have none."""

from __future__ import annotations

from typing import Final, NamedTuple

from arner.schema import ENTITY_TYPES, RelationType

__all__ = ["WIKIDATA_PROPERTIES", "WikidataProperty"]


class WikidataProperty(NamedTuple):
    """A property, and how it is to be used."""

    id: str
    inverse: bool = False
    """Whether the relation's object is the property's subject."""
    subjects: tuple[str, ...] = ENTITY_TYPES
    """Types of the relation's subject for which it holds."""


_R = RelationType

WIKIDATA_PROPERTIES: Final[dict[RelationType, WikidataProperty]] = {
    _R.HEAD_OF_STATE_OF: WikidataProperty("P35", inverse=True),
    _R.HEAD_OF_GOVERNMENT_OF: WikidataProperty("P6", inverse=True),
    # For people Wikidata splits membership into party (P102), office (P39) and more; states and bodies have this one.
    _R.MEMBER_OF: WikidataProperty("P463", subjects=("LOC", "ORG")),
    _R.BORN_IN: WikidataProperty("P19"),
    _R.DIED_IN: WikidataProperty("P20"),
    _R.LIVES_IN: WikidataProperty("P551"),
    _R.EDUCATED_AT: WikidataProperty("P69"),
    _R.SPOUSE_OF: WikidataProperty("P26"),
    _R.SIBLING_OF: WikidataProperty("P3373"),
    _R.CHILD_OF: WikidataProperty("P40", inverse=True),
    _R.CAPITAL_OF: WikidataProperty("P1376"),
    _R.BORDERS: WikidataProperty("P47"),
    _R.FOUNDED_BY: WikidataProperty("P112"),
    _R.OWNED_BY: WikidataProperty("P127"),
}
"""Only where the meanings are the same. Not here, for example: `citizen_of` (also said of origin, P27 is citizenship),
`based_in` (also said of a body's nationality, P159 is the seat), `leads` (P169, P488, P3975 and others, by the office),
`works_for` (P108 is employment, ours any post)."""
