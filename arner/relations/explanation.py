"""The explanation of a reading, as pydantic models: which rules fired on which words, and which nearly did."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from arner.relations.reasons import Reason
from arner.schema import Document, Relation, RelationType, Span

__all__ = ["Explanation", "FiredRule", "NearMiss", "Phrase", "SlotReading"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SlotReading(_Frozen):
    """What a slot of a pattern took."""

    slot: str
    how: Literal["name", "date", "pronoun", "unsaid"]
    words: Span | None = Field(description="the name, the date, or the word that carries the pronoun")
    entities: tuple[str, ...] = Field(description="ids of the entities for which it stands, where that is settled")


class _OfRule(_Frozen):
    rule: str = Field(description="id of the rule")
    pattern: str = Field(description="the pattern, its macros put in")
    file: str = Field(description="the rule file")
    line: int = Field(description="line of the rule in its file")
    trigger: Span = Field(description="the word or name on which the pattern hangs")
    slots: tuple[SlotReading, ...]


class FiredRule(_OfRule):
    """A rule that fired: the words that it took, and the relation that came of it."""

    words: Span
    relation: Relation


class Phrase(_OfRule):
    """A phrase that was read as one name: الرئيس التونسي خالد نعمان stands for خالد نعمان from then on."""

    stage: str
    words: Span
    entities: tuple[str, ...]


class NearMiss(_OfRule):
    """A rule whose trigger is there and that claims nothing, with the reason."""

    types: tuple[RelationType, ...] = Field(description="what the rule would have claimed")
    reason: Reason
    message: str = Field(description="the reason in words")
    at: Span | None = Field(description="the word at which it failed; None at the end of the sentence")
    share: float = Field(ge=0, le=1, description="how much of the pattern was there")
    instead: str | None = Field(default=None, description="id of the rule that has the claim or the words instead")


class Explanation(_Frozen):
    """A document, and for each rule that had a trigger in it what it made of it.

    `fired` follows `document.relations`, one each. `near_misses` come in the order of the text, those that came
    further first.
    """

    document: Document
    fired: tuple[FiredRule, ...]
    near_misses: tuple[NearMiss, ...]
    phrases: tuple[Phrase, ...]
