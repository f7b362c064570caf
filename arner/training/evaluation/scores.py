"""Figures of an evaluation: precision, recall and F1, as seqeval counts them, and how sure they are."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from arner.errors import MissingExtraError

__all__ = [
    "LEVEL",
    "Interval",
    "Score",
    "bootstrap_interval",
    "bootstrap_intervals",
    "counts_by_type",
    "f1_intervals",
    "f1_of",
    "require_seqeval",
    "seqeval_scores",
    "span_scores",
    "tag_spans",
]

Labels = Sequence[str]
Found = set[tuple[int, int, str]]

LEVEL: Final = 0.95
"""Of confidence intervals."""


class Score(BaseModel):
    """Precision, recall and F1 (0 to 1), and the counts behind them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    precision: float = Field(ge=0.0, le=1.0)
    recall: float = Field(ge=0.0, le=1.0)
    f1: float = Field(ge=0.0, le=1.0)
    gold: int = Field(ge=0, description="names in the data")
    predicted: int = Field(ge=0, description="names that the model found")
    correct: int = Field(ge=0, description="names with the right bounds and type")

    @classmethod
    def of(cls, gold: int, predicted: int, correct: int) -> Score:
        """The score of these counts; what has no names to divide by is 0.

        >>> Score.of(4, 2, 2).recall
        0.5
        """
        return cls(
            precision=correct / predicted if predicted else 0.0,
            recall=correct / gold if gold else 0.0,
            f1=2 * correct / (gold + predicted) if gold + predicted else 0.0,
            gold=gold,
            predicted=predicted,
            correct=correct,
        )


class Interval(BaseModel):
    """A confidence interval of the F1, from resampling the texts with replacement (Efron's percentile bootstrap)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float
    high: float
    level: float = LEVEL
    samples: int
    seed: int


def require_seqeval(feature: str) -> Any:
    """The module `seqeval.metrics`.

    Raises:
        MissingExtraError: seqeval is not installed.
    """
    try:
        import seqeval.metrics
    except ImportError as error:
        raise MissingExtraError(feature, "evaluate") from error
    return seqeval.metrics


def seqeval_scores(gold: Sequence[Labels], predicted: Sequence[Labels], *, strict: bool) -> dict[str, Score]:
    """seqeval's figures for each type, and for all names together under "all".

    Args:
        gold, predicted: one sequence of IOB2 labels for each sentence.
        strict: strict IOB2 mode; else seqeval's default, which also takes an I- that continues nothing for a name.
    """
    metrics = require_seqeval("Evaluation")
    counts = span_scores([tag_spans(labels) for labels in gold], [tag_spans(labels) for labels in predicted])
    if not any(label != "O" for labels in (*gold, *predicted) for label in labels):
        return counts
    from seqeval.scheme import IOB2

    mode: dict[str, Any] = {"mode": "strict", "scheme": IOB2} if strict else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # types without names in either: zero, as zero_division says
        report = metrics.classification_report(
            [list(labels) for labels in gold],
            [list(labels) for labels in predicted],
            output_dict=True,
            zero_division=0,
            **mode,
        )
    scores: dict[str, Score] = {}
    for kind, row in report.items():
        name = "all" if kind == "micro avg" else kind
        if kind in ("macro avg", "weighted avg"):
            continue
        counted = counts.get(name, Score.of(0, 0, 0))
        scores[name] = counted.model_copy(
            update={
                "precision": float(row["precision"]),
                "recall": float(row["recall"]),
                "f1": float(row["f1-score"]),
            }
        )
    return scores


def tag_spans(labels: Labels) -> Found:
    """The names in well-formed IOB2 labels as (first unit, one past the last, type).

    >>> tag_spans(["O", "B-PER", "I-PER"])
    {(1, 3, 'PER')}
    """
    found: Found = set()
    begin = 0
    for at, label in enumerate((*labels, "O")):
        if at and label[:2] != "I-" and labels[at - 1] != "O":
            found.add((begin, at, labels[at - 1][2:]))
        if label[:2] == "B-":
            begin = at
    return found


def span_scores(gold: Sequence[Found], predicted: Sequence[Found]) -> dict[str, Score]:
    """Exact bounds and types counted for each type, and for all names together under "all".

    Args:
        gold, predicted: for each text its names as (start, end, type).
    """
    counts: Counter[tuple[str, str]] = Counter()
    for ours, theirs in zip(gold, predicted, strict=True):
        for column, names in (("gold", ours), ("predicted", theirs), ("correct", ours & theirs)):
            for *_, kind in names:
                counts[str(kind), column] += 1
    scores: dict[str, Score] = {}
    columns = ("gold", "predicted", "correct")
    kinds = sorted({kind for kind, _ in counts})
    for kind in kinds:
        scores[kind] = Score.of(*(counts[kind, column] for column in columns))
    scores["all"] = Score.of(*(sum(counts[kind, column] for kind in kinds) for column in columns))
    return scores


def counts_by_type(gold: Sequence[Found], predicted: Sequence[Found], types: Sequence[str]) -> NDArray[np.float64]:
    """For each text the names that are right, in the data, and found; shape (texts, 1 + types, 3).

    The first row of each text counts the names of all types.
    """
    rows = {kind: row for row, kind in enumerate(types, 1)}
    counts = np.zeros((len(gold), 1 + len(types), 3))
    for at, (ours, theirs) in enumerate(zip(gold, predicted, strict=True)):
        for column, names in enumerate((ours & theirs, ours, theirs)):
            counts[at, 0, column] = len(names)
            for *_, kind in names:
                counts[at, rows[kind], column] += 1
    return counts


def f1_of(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """F1 of counts (right, in the data, found) over the last axis; 0 where there is nothing to count.

    >>> f1_of(np.array([1.0, 2.0, 2.0])).item()
    0.5
    """
    both = counts[..., 1] + counts[..., 2]
    result: NDArray[np.float64] = np.divide(2 * counts[..., 0], both, out=np.zeros_like(both), where=both > 0)
    return result


def f1_intervals(counts: NDArray[np.float64], *, samples: int, seed: int) -> list[Interval | None]:
    """An interval of the F1 for each row of `counts_by_type`; None where nothing is named, or in one text only."""
    texts = len(counts)
    if texts < 2 or samples < 1:
        return [None] * counts.shape[1]
    chance = np.random.default_rng(seed)
    flat = counts.reshape(texts, -1)
    figures = np.empty((samples, counts.shape[1]))
    for number in range(samples):
        drawn = np.bincount(chance.integers(texts, size=texts), minlength=texts)
        figures[number] = f1_of((drawn @ flat).reshape(counts.shape[1:]))
    low, high = np.quantile(figures, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    named = counts.sum(axis=(0, 2)) > 0
    return [
        Interval(low=float(low[row]), high=float(high[row]), samples=samples, seed=seed) if named[row] else None
        for row in range(counts.shape[1])
    ]


def bootstrap_interval(
    gold: Sequence[Found], predicted: Sequence[Found], *, samples: int, seed: int
) -> Interval | None:
    """The interval of the F1 over all names, or None where there is no name, or one text only.

    Args:
        samples: how often the texts are drawn anew.
        seed: fixes the draws.
    """
    kinds = sorted({kind for names in (*gold, *predicted) for *_, kind in names})
    return f1_intervals(counts_by_type(gold, predicted, kinds)[:, :1], samples=samples, seed=seed)[0]


def bootstrap_intervals(
    gold: Sequence[Found], predicted: Sequence[Found], *, samples: int, seed: int
) -> dict[str, Interval]:
    """The interval of the F1 of each type, and of all names under "all", where there is one."""
    kinds = sorted({kind for names in (*gold, *predicted) for *_, kind in names})
    intervals = f1_intervals(counts_by_type(gold, predicted, kinds), samples=samples, seed=seed)
    return {kind: found for kind, found in zip(("all", *kinds), intervals, strict=True) if found is not None}
