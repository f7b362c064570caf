"""Word probabilities → the best well-formed label sequence → spans with a score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arner.ner.labels import LabelScheme

__all__ = ["WordSpan", "best_path", "decode"]

_IMPOSSIBLE = -1e9


@dataclass(frozen=True, slots=True)
class WordSpan:
    """Words ``start`` to ``end`` (half-open) as one name; `score` is the model's probability of it, 0 to 1."""

    start: int
    end: int
    type: str
    score: float


def best_path(log_probs: NDArray[np.float32], scheme: LabelScheme) -> list[int]:
    """The most probable label sequence that the scheme allows (Viterbi; Forney 1973).

    Args:
        log_probs: natural logarithms, shape (words, labels).
        scheme: the labels.

    Returns:
        One label index a word.
    """
    count = len(log_probs)
    if count == 0:
        return []
    greedy = log_probs.argmax(axis=1)
    steps = scheme.may_follow[greedy[:-1], greedy[1:]]
    if steps.all() and scheme.may_start[greedy[0]]:
        return [int(label) for label in greedy]  # the free optimum is well-formed, so it is the optimum
    penalty = np.where(scheme.may_follow, 0.0, _IMPOSSIBLE)
    score = log_probs[0] + np.where(scheme.may_start, 0.0, _IMPOSSIBLE)
    back = np.zeros(log_probs.shape, dtype=np.int32)
    for at in range(1, count):
        paths = score[:, None] + penalty
        back[at] = paths.argmax(axis=0)
        score = paths.max(axis=0) + log_probs[at]
    path = [int(score.argmax())]
    for at in range(count - 1, 0, -1):
        path.append(int(back[at, path[-1]]))
    return path[::-1]


def decode(log_probs: NDArray[np.float32], scheme: LabelScheme) -> list[WordSpan]:
    """The names in a sequence of words.

    A name's score is the geometric mean, over its words, of the probability of the name's type.

    Args:
        log_probs: natural logarithms, shape (words, labels).
        scheme: the labels.
    """
    spans: list[WordSpan] = []
    for start, end, kind in scheme.spans(best_path(log_probs, scheme)):
        columns = [index for index, (_, other) in enumerate(scheme.parts) if other == kind]
        of_type = np.logaddexp.reduce(log_probs[start:end, columns], axis=1)
        spans.append(WordSpan(start, end, kind, float(np.exp(np.minimum(of_type.mean(), 0.0)))))
    return spans
