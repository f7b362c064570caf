"""What a backend does: token ids in, label log-probabilities out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from arner.errors import ModelFormatError

if TYPE_CHECKING:
    from arner.ner.labels import LabelScheme
    from arner.ner.word_tokenizer import WordTokenizer

__all__ = ["Backend", "check_backend", "check_logits", "log_softmax", "padded", "rows_of", "usable_cores"]


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

    @property
    def rows(self) -> int | None:
        """How many token ids the model knows; None where it does not say."""

    def logits(self, batch: Sequence[Sequence[int]], pad: int) -> NDArray[np.float32]:
        """Label logits of a batch, shape (sequences, longest sequence, labels).

        Args:
            batch: token ids, special tokens included.
            pad: id that fills the shorter sequences; filled positions do not change the others.
        """

    def log_probs(
        self, batch: Sequence[Sequence[int]], kept: Sequence[Sequence[int]], pad: int, temperature: float
    ) -> list[NDArray[np.float32]]:
        """Label log-probabilities of some tokens of each sequence, each of shape (kept tokens, labels).

        Args:
            batch: as for `logits`.
            kept: positions in each sequence.
            pad: as for `logits`.
            temperature: the logits are divided by it.
        """


def check_backend(backend: Backend, tokenizer: WordTokenizer, scheme: LabelScheme, where: str) -> None:
    """Sees that a model, its tokenizer and its labels belong together, by reading three tokens.

    Raises:
        ModelFormatError: they do not, or the model cannot be run.
    """
    highest = tokenizer.highest
    if backend.rows is not None and highest >= backend.rows:
        raise ModelFormatError(
            f"{where}: the tokenizer gives ids up to {highest}, but the model knows {backend.rows}; "
            "they are of two models"
        )
    ids = [tokenizer.first, highest, tokenizer.last]
    try:
        logits = backend.logits([ids], tokenizer.pad)
    except Exception as error:  # onnxruntime and torch share no base class
        raise ModelFormatError(f"{where}: the model cannot read the tokens {ids}: {error}") from error
    check_logits(logits, (1, len(ids), len(scheme.labels)), where)


def check_logits(logits: NDArray[np.float32], shape: tuple[int, int, int], where: str) -> None:
    """Sees that what a model computed is a number for each label of each token.

    Raises:
        ModelFormatError: it is not.
    """
    if logits.shape != shape:
        raise ModelFormatError(
            f"{where}: the model gives numbers of shape {logits.shape} where (sequences, tokens, labels) are {shape}; "
            "its labels in config.json are not those that it was made for, or its first output is another"
        )
    if not np.isfinite(logits).all():
        raise ModelFormatError(
            f"{where}: the model gives numbers that are none (NaN or infinite): its weights are broken"
        )


def rows_of(
    logits: NDArray[np.float32], kept: Sequence[Sequence[int]], temperature: float
) -> list[NDArray[np.float32]]:
    """`Backend.log_probs` from the logits of a batch."""
    return [log_softmax(row[list(places)] / np.float32(temperature)) for row, places in zip(logits, kept, strict=True)]


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
