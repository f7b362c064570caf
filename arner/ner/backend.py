"""What a backend does: token ids in, label log-probabilities out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Backend", "log_softmax", "padded", "usable_cores"]


class Backend(Protocol):
    """Runs a token-classification model on batches of token ids. Several threads may use one at once."""

    @property
    def device(self) -> str:
        """Where the model runs: "cpu", "cuda:0", …."""

    @property
    def batch_tokens(self) -> int:
        """Tokens, padding included, that a batch should hold; 0 where sequences are best run one by one."""

    @property
    def threads(self) -> int:
        """How many batches are best run at the same time."""

    def logits(self, batch: Sequence[Sequence[int]], pad: int) -> NDArray[np.float32]:
        """Label logits of a batch, shape (sequences, longest sequence, labels).

        Args:
            batch: token ids, special tokens included.
            pad: id that fills the shorter sequences; filled positions do not change the others.
        """


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logarithms of the softmax over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: NDArray[np.float32] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def padded(batch: Sequence[Sequence[int]], pad: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Token ids and attention mask of a batch, each of shape (sequences, longest sequence)."""
    width = max(map(len, batch))
    ids = np.full((len(batch), width), pad, dtype=np.int64)
    mask = np.zeros((len(batch), width), dtype=np.int64)
    for row, sequence in enumerate(batch):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
