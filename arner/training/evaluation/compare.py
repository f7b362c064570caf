"""Two models on the same texts: how far apart their scores are, and whether chance alone would put them so far."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from arner.training.evaluation.scores import LEVEL, Score, f1_of

__all__ = ["Comparison", "Difference", "differences"]

_TOGETHER: Final = 256
"""Rounds that are counted at once."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Difference(_Frozen):
    """The scores of two models, and the difference of their F1: that of the first less that of the second."""

    first: Score
    second: Score
    difference: float
    low: float | None = Field(description="of the interval of the difference, from resampling the texts in pairs")
    high: float | None
    p_value: float | None = Field(
        description="how often a difference as large comes about if it is chance which model read a text how: "
        "approximate randomisation over texts (Noreen 1989, Yeh 2000), two-sided"
    )


class Comparison(_Frozen):
    """A second model on the same data, beside the first."""

    model: str = Field(description="name and version of the second model")
    texts: int = Field(description="what is swapped and resampled: sentences of tokenised data, documents otherwise")
    names: Difference = Field(description="all names, strict")
    names_by_type: dict[str, Difference] = Field(
        description="each type by itself; the more there are, the more low p-values come by chance"
    )
    relations: Difference | None = Field(default=None, description="triples of annotated documents")
    level: float = LEVEL
    rounds: int
    seed: int


def differences(first: NDArray[np.float64], second: NDArray[np.float64], *, rounds: int, seed: int) -> list[Difference]:
    """The difference of two models in each row of their counts.

    Args:
        first, second: for each text (right, in the data, found), of shape (texts, rows, 3); see `counts_by_type`.
        rounds: random rounds of test and interval each; 0 leaves them out.
        seed: fixes them.

    >>> counts = np.array([[[1.0, 1.0, 1.0]]] * 30)
    >>> worse = np.array([[[0.0, 1.0, 1.0]]] * 15 + [[[1.0, 1.0, 1.0]]] * 15)
    >>> (found,) = differences(counts, worse, rounds=999, seed=1)
    >>> found.difference, found.p_value < 0.01, differences(counts, counts, rounds=999, seed=1)[0].p_value
    (0.5, True, 1.0)
    """
    seen = f1_of(first.sum(axis=0)) - f1_of(second.sum(axis=0))
    low = high = p = None
    if rounds and len(first) > 1:
        low, high = _interval(first, second, rounds, seed)
        p = _p_values(first, second, seen, rounds, seed)
    return [
        Difference(
            first=_score(first[:, row]),
            second=_score(second[:, row]),
            difference=float(seen[row]),
            low=None if low is None else float(low[row]),
            high=None if high is None else float(high[row]),
            p_value=None if p is None else float(p[row]),
        )
        for row in range(first.shape[1])
    ]


def _score(counts: NDArray[np.float64]) -> Score:
    right, gold, found = counts.sum(axis=0).astype(int)
    return Score.of(int(gold), int(found), int(right))


def _interval(
    first: NDArray[np.float64], second: NDArray[np.float64], rounds: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Efron's percentile bootstrap; a text is drawn for both models at once."""
    texts = len(first)
    chance = np.random.default_rng(seed)
    flat = np.concatenate([first.reshape(texts, -1), second.reshape(texts, -1)], axis=1)
    figures: list[NDArray[np.float64]] = []
    for _ in range(rounds):
        drawn = np.bincount(chance.integers(texts, size=texts), minlength=texts)
        ours, theirs = (drawn @ flat).reshape(2, -1, 3)
        figures.append(f1_of(ours) - f1_of(theirs))
    low, high = np.quantile(figures, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high


def _p_values(
    first: NDArray[np.float64], second: NDArray[np.float64], seen: NDArray[np.float64], rounds: int, seed: int
) -> NDArray[np.float64]:
    """Readings change sides at random, text by text."""
    texts, shape = len(first), first.shape[1:]
    chance = np.random.default_rng([seed, 1])
    moved = (second - first).reshape(texts, -1)
    ours, theirs = first.sum(axis=0).reshape(-1), second.sum(axis=0).reshape(-1)
    reached = np.zeros(len(seen))
    for begin in range(0, rounds, _TOGETHER):
        count = min(_TOGETHER, rounds - begin)
        swapped = chance.integers(2, size=(count, texts)).astype(np.float64) @ moved
        apart = f1_of((ours + swapped).reshape(count, *shape)) - f1_of((theirs - swapped).reshape(count, *shape))
        reached += (np.abs(apart) >= np.abs(seen) - 1e-12).sum(axis=0)
    return (reached + 1) / (rounds + 1)
