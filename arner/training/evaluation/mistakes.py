"""Where a model errs: each name that it missed, invented, cut wrongly or took for another type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Mistake", "MistakeKind", "find_mistakes"]

_AROUND: Final = 6
"""Tokens of context shown on either side."""


class MistakeKind(StrEnum):
    """How a prediction differs from the data."""

    BOUNDARY = "boundary"
    TYPE = "type"
    BOUNDARY_AND_TYPE = "boundary and type"
    MISSED = "missed"
    SPURIOUS = "spurious"


class Mistake(BaseModel):
    """One difference between the data and the model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: MistakeKind
    source: str = Field(description="file:line")
    gold: str | None = Field(description="the name in the data; none where the model invented one")
    gold_type: str | None
    predicted: str | None = Field(description="the name that the model found; none where it missed one")
    predicted_type: str | None
    context: str = Field(description="the words around")
    gold_at: tuple[int, int] | None = Field(default=None, description="where the name of the data lies in the context")
    predicted_at: tuple[int, int] | None = Field(default=None, description="where the name found lies in the context")


def find_mistakes(
    units: Sequence[str], gold: set[tuple[int, int, str]], predicted: set[tuple[int, int, str]], source: str
) -> Iterator[Mistake]:
    """The mistakes in one sentence, in order.

    A name that was found and overlaps one in the data is one mistake with it; each takes part in one mistake at most.

    Args:
        units: the words or tokens.
        gold, predicted: names as (first unit, one past the last, type).
        source: where the sentence stands.

    >>> [m.kind.value for m in find_mistakes("زار سامح شكري باريس".split(), {(1, 3, "PER")}, {(1, 2, "PER")}, "a:1")]
    ['boundary']
    """
    left = sorted(gold - predicted)
    for found in sorted(predicted - gold):
        match = next((name for name in left if name[0] < found[1] and found[0] < name[1]), None)
        if match is None:
            yield _mistake(MistakeKind.SPURIOUS, units, None, found, source)
            continue
        left.remove(match)
        same_bounds, same_type = match[:2] == found[:2], match[2] == found[2]
        kind = MistakeKind.TYPE if same_bounds else MistakeKind.BOUNDARY if same_type else MistakeKind.BOUNDARY_AND_TYPE
        yield _mistake(kind, units, match, found, source)
    for name in left:
        yield _mistake(MistakeKind.MISSED, units, name, None, source)


def _mistake(
    kind: MistakeKind,
    units: Sequence[str],
    gold: tuple[int, int, str] | None,
    predicted: tuple[int, int, str] | None,
    source: str,
) -> Mistake:
    bounds = [name for name in (gold, predicted) if name is not None]
    start, end = min(name[0] for name in bounds), max(name[1] for name in bounds)
    return Mistake(
        kind=kind,
        source=source,
        gold=None if gold is None else " ".join(units[gold[0] : gold[1]]),
        gold_type=None if gold is None else gold[2],
        predicted=None if predicted is None else " ".join(units[predicted[0] : predicted[1]]),
        predicted_type=None if predicted is None else predicted[2],
        context=" ".join(units[max(0, start - _AROUND) : end + _AROUND]),
        gold_at=None if gold is None else _offsets(units, max(0, start - _AROUND), gold),
        predicted_at=None if predicted is None else _offsets(units, max(0, start - _AROUND), predicted),
    )


def _offsets(units: Sequence[str], begin: int, name: tuple[int, int, str]) -> tuple[int, int]:
    """Half-open offsets of a name in the context that begins with that unit."""
    start = sum(len(unit) + 1 for unit in units[begin : name[0]])
    return start, start + len(" ".join(units[name[0] : name[1]]))
