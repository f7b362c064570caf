"""Scores as probabilities: the temperature that fits annotated text, and how often names of a score are right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from arner.ner.decoding import decode
from arner.training.evaluation.scores import tag_spans

if TYPE_CHECKING:
    from arner.ner.recognizer import Recognizer
    from arner.training.data.labelled import LabelledText

__all__ = ["Bin", "Calibration", "calibrate", "fit_temperature", "reliability"]

_TEMPERATURES: Final = tuple(round(0.8 + 0.05 * step, 2) for step in range(45))
_BINS: Final = 10


class Bin(BaseModel):
    """Names whose score lies between two bounds: how many, their mean score, and the share that is right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float
    high: float
    names: int
    score: float
    right: float


class Calibration(BaseModel):
    """How far the scores of names are probabilities, on the evaluation data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float = Field(description="the logits are divided by it; fitted on the evaluation data")
    loss: float = Field(description="mean negative log-probability of a word's labels with that temperature")
    loss_before: float = Field(description="the same with the temperature 1")
    error: float = Field(description="expected calibration error of the names' scores, ten bins, 0 to 1")
    names: int = Field(description="names that the model found, on which the error is measured")
    bins: tuple[Bin, ...]


def calibrate(
    recogniser: Recognizer, texts: Sequence[LabelledText], allowed: Sequence[NDArray[np.bool_]], judged: frozenset[str]
) -> Calibration:
    """Fits the temperature of a recogniser whose own is 1, and measures the names' scores under it.

    Args:
        allowed: for each text which labels the annotation allows its words, shape (words, labels).
        judged: types that the annotation marks; names of other types are not counted.
    """
    log_probs = recogniser.word_log_probs([text.text for text in texts], [text.words for text in texts])
    temperature, loss, before = fit_temperature(log_probs, allowed)
    scored: list[tuple[float, bool]] = []
    for rows, text in zip(log_probs, texts, strict=True):
        gold = tag_spans(text.labels)
        for span in decode(_scaled(rows, temperature), recogniser.scheme):
            if span.type in judged:
                scored.append((span.score, (span.start, span.end, span.type) in gold))
    bins = reliability(scored)
    error = sum(part.names * abs(part.score - part.right) for part in bins) / max(1, len(scored))
    return Calibration(
        temperature=temperature, loss=loss, loss_before=before, error=error, names=len(scored), bins=bins
    )


def fit_temperature(
    log_probs: Sequence[NDArray[np.float32]], allowed: Sequence[NDArray[np.bool_]]
) -> tuple[float, float, float]:
    """The temperature, from 0.8 to 3, under which the allowed labels are most probable (Guo et al. 2017).

    Args:
        log_probs: of the words of each text, shape (words, labels), at the temperature 1.
        allowed: labels that the annotation allows, of the same shapes.

    Returns:
        The temperature, the mean negative log-probability of the allowed labels under it, and that at 1.

    >>> sure = np.log(np.array([[0.99, 0.01]] * 2, dtype=np.float32))
    >>> fit_temperature([sure], [np.array([[True, False], [False, True]])])[0]
    3.0
    """
    rows, labels = np.concatenate(list(log_probs)), np.concatenate(list(allowed))

    def loss(temperature: float) -> float:
        inside = np.where(labels, _scaled(rows, temperature), -np.inf)
        return float(-np.logaddexp.reduce(inside, axis=1).clip(-20.0).mean())

    best = min(_TEMPERATURES, key=lambda temperature: (loss(temperature), temperature))
    return best, loss(best), loss(1.0)


def reliability(scored: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Scores and whether their names are right → ten bins of equal width; empty ones are left out.

    >>> reliability([(0.95, True), (0.97, False)])
    (Bin(low=0.9, high=1.0, names=2, score=0.96, right=0.5),)
    """
    bins: list[Bin] = []
    for number in range(_BINS):
        inside = [(score, right) for score, right in scored if min(int(score * _BINS), _BINS - 1) == number]
        if inside:
            score, right = (round(float(np.mean([pair[part] for pair in inside])), 4) for part in (0, 1))
            bins.append(Bin(low=number / _BINS, high=(number + 1) / _BINS, names=len(inside), score=score, right=right))
    return tuple(bins)


def _scaled(log_probs: NDArray[np.float32], temperature: float) -> NDArray[Any]:
    scaled = log_probs / np.float32(temperature)
    result: NDArray[Any] = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
    return result
