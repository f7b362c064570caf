"""What the base model says of the training sentences: probabilities of the new model's labels, for each word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from arner.ner.backend import log_softmax
from arner.ner.labels import LabelScheme
from arner.training.tuning.checkpoint import read_tensors, write_tensors
from arner.training.tuning.forward import word_logits
from arner.training.tuning.sequences import Encoded

__all__ = ["plausible", "teach", "translate"]

_HALF: Final = 0.5


def teach(
    model: Any,
    scheme: LabelScheme,
    labels: Sequence[str],
    sequences: Sequence[Encoded],
    *,
    pad: int,
    device: str,
    path: Path,
) -> list[NDArray[np.float32]]:
    """Probabilities of `labels` for the own words of each sequence; 0 for labels that the base model does not know.

    They are kept in the file `path`, so that a run that goes on learns from the same ones.

    Args:
        model: the base model, before its classifier is changed.
        scheme: labels of the base model.
    """
    import torch

    counts = [len(item.own) for item in sequences]
    if not path.is_file():
        model.to(device)
        logits = word_logits(model, sequences, pad)
        model.cpu()
        found = [translate(np.exp(log_softmax(row)), scheme, labels) for row in logits]
        whole = np.concatenate(found) if found else np.zeros((0, len(labels)), dtype=np.float32)
        write_tensors(path, {"probabilities": torch.from_numpy(whole)}, {})
    whole = read_tensors(path)["probabilities"].numpy()
    return np.split(whole, np.cumsum(counts)[:-1])


def translate(probabilities: NDArray[np.float32], scheme: LabelScheme, labels: Sequence[str]) -> NDArray[np.float32]:
    """Probabilities of a model's own labels as those of IOB2 labels.

    A single is a beginning, and an end is an inside. What a bare label says is a beginning as far as the word before is
    not of that type, and an inside as far as it is.

    Args:
        probabilities: of consecutive words, shape (words, labels of the scheme).
        labels: IOB2.

    >>> bare = LabelScheme(("O", "LOC"))
    >>> translate(np.array([[0.0, 1.0], [0.5, 0.5]], dtype=np.float32), bare, ("O", "B-LOC", "I-LOC"))
    array([[0. , 1. , 0. ],
           [0.5, 0. , 0.5]], dtype=float32)
    """
    index = {label: number for number, label in enumerate(labels)}
    result = np.zeros((len(probabilities), len(labels)), dtype=np.float32)
    opened = {kind for position, kind in scheme.parts if position in ("B", "S")}
    for column, (position, kind) in enumerate(scheme.parts):
        values = probabilities[:, column]
        if position == "O":
            result[:, index["O"]] += values
        elif f"B-{kind}" not in index:
            continue
        elif kind not in opened:
            before = np.concatenate([np.zeros(1, dtype=np.float32), values[:-1]])
            result[:, index[f"B-{kind}"]] += values * (1 - before)
            result[:, index[f"I-{kind}"]] += values * before
        else:
            result[:, index[f"{'B' if position in ('B', 'S') else 'I'}-{kind}"]] += values
    return result


def plausible(
    sequences: Sequence[Encoded], teacher: Sequence[NDArray[np.float32]], labels: Sequence[str], new: Iterable[str]
) -> list[NDArray[np.bool_]]:
    """Which labels the own words of each sequence may have as far as the base model tells; old ones always.

    A new type looks to the base model like something: names of companies like organisations, names of diseases like no
    name. What looks otherwise is not of the type, even in a text that does not mark it: the look of a word must be at
    least half as frequent among the marked words of the type as the most frequent look.

    Args:
        teacher: probabilities of `labels` for the own words of each sequence.
        new: types that the base model does not know.

    >>> marked, other = Encoded([0, 1], [3, 3]), Encoded([0, 1], [0, 0])
    >>> looks = [np.array([[0.9, 0.1, 0], [0.8, 0.2, 0]]), np.array([[0.95, 0.05, 0], [0.1, 0.9, 0]])]
    >>> looks = [np.append(rows, np.zeros((2, 1)), axis=1) for rows in looks]
    >>> [rows[:, 3].tolist() for rows in plausible([marked, other], looks, ("O", "B-ORG", "I-ORG", "B-DRUG"), ["DRUG"])]
    [[True, True], [True, False]]
    """
    kinds = [label[2:] for label in labels]
    types = list(dict.fromkeys(kinds))
    columns = np.array([[kind == other for other in types] for kind in kinds], dtype=np.float32)
    looks = [rows @ columns for rows in teacher]
    marks = [np.array([item.labels[at] for at in item.own], dtype=np.int64) for item in sequences]
    result = [np.ones(rows.shape, dtype=bool) for rows in teacher]
    for kind in new:
        own = [index for index, other in enumerate(kinds) if other == kind]
        seen = [rows[np.isin(mark, own)] for rows, mark in zip(looks, marks, strict=True)]
        if not sum(map(len, seen)):
            continue
        usual = np.concatenate(seen).mean(axis=0)
        for rows, allowed in zip(looks, result, strict=True):
            allowed[:, own] = (rows @ usual >= _HALF * usual.max())[:, None]
    return result
