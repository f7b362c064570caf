"""What linking takes and gives: spans of names in, mentions and entities out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from arner.knowledge import KnownEntity
from arner.schema import Entity, Mention

__all__ = ["LinkedText", "NameLike"]


class NameLike(Protocol):
    """A name found in a text: offsets in code points, half-open, clitics and quotes already cut off."""

    @property
    def start(self) -> int:
        """First code point."""
        ...

    @property
    def end(self) -> int:
        """One past the last code point."""
        ...

    @property
    def type(self) -> str:
        """Entity type or label."""
        ...

    @property
    def score(self) -> float:
        """Probability of the label, between 0 and 1."""
        ...


@dataclass(frozen=True)
class LinkedText:
    """Mentions with their entities.

    Attributes:
        mentions: by start; of kind name or demonym.
        entities: in the order of their first mentions, with ids e1, e2, …
        known: what is known of an entity, by entity id; only for those that are known.
    """

    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...]
    known: Mapping[str, KnownEntity]
