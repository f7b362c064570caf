"""Sequences to learn from, as batches of tensors: token ids, and for each word the labels that its file allows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arner.ner.backend import padded
from arner.training.tuning.sequences import Encoded

__all__ = ["Examples"]


class Examples:
    """Sequences with what their annotation leaves open.

    Args:
        sequences: what to learn from.
        labels: how many labels the model has.
        unmarked: file → indices of the labels that a word without a name may have there; O is index 0.
        teacher: for each sequence the base model's probabilities, shape (own words, labels); none without a teacher.
        plausible: for each sequence which labels a word without a name may have as far as the base model tells.
        pad: id of the padding token.
    """

    def __init__(
        self,
        sequences: Sequence[Encoded],
        labels: int,
        unmarked: Mapping[str, Sequence[int]],
        teacher: Sequence[NDArray[np.float32]] | None,
        plausible: Sequence[NDArray[np.bool_]] | None,
        pad: int,
    ) -> None:
        self.sequences = sequences
        self.lengths = [len(item.ids) for item in sequences]
        self.words = [len(item.own) for item in sequences]
        self._labels = labels
        self.pad = pad
        self._teacher = teacher
        self._plausible = plausible
        self._unmarked: dict[str, NDArray[np.bool_]] = {}
        for file, indices in unmarked.items():
            self._unmarked[file] = np.zeros(labels, dtype=bool)
            self._unmarked[file][list(indices)] = True

    def batch(self, indices: Sequence[int]) -> dict[str, Any]:
        """The sequences as torch tensors.

        `input_ids`, `attention_mask` and `own` (whether a token is the first of a labelled word) have the shape
        (sequences, longest sequence); `allowed` and `teacher` have the shape (words, labels), in the order of `own`.
        """
        import torch

        chosen = [self.sequences[index] for index in indices]
        ids, mask = padded([item.ids for item in chosen], self.pad)
        own = np.zeros(ids.shape, dtype=bool)
        allowed: list[NDArray[np.bool_]] = []
        for row, index in enumerate(indices):
            item = self.sequences[index]
            positions = item.own
            own[row, positions] = True
            for number, at in enumerate(positions):
                labels = self._allowed(item.labels[at], item.file)
                if self._plausible is not None and item.labels[at] == 0:
                    labels = labels & self._plausible[index][number]
                allowed.append(labels)
        arrays: dict[str, NDArray[Any]] = {
            "input_ids": ids,
            "attention_mask": mask,
            "own": own,
            "allowed": np.array(allowed, dtype=bool).reshape(-1, self._labels),
        }
        if self._teacher is not None:
            arrays["teacher"] = np.concatenate([self._teacher[index] for index in indices])
        return {name: torch.from_numpy(array) for name, array in arrays.items()}

    def _allowed(self, label: int, file: str) -> NDArray[np.bool_]:
        if label == 0:
            return self._unmarked[file]
        one = np.zeros(self._labels, dtype=bool)
        one[label] = True
        return one
