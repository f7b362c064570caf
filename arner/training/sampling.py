"""The order in which sequences are learnt: at random, but with sequences of like length side by side in a batch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Final

__all__ = ["LengthSampler"]

_LIKE: Final = 16
"""Tokens by which lengths may differ and still count as alike."""


class LengthSampler:
    """Indices of all sequences in an order that the seed and the epoch fix, so that a resumed run sees the same one.

    Args:
        lengths: tokens of each sequence.
        batch: sequences in a batch.
        seed: fixes the orders.

    >>> sampler = LengthSampler([10, 200, 11, 210], batch=2, seed=1)
    >>> sorted(map(sorted, zip(*[iter(sampler)] * 2)))
    [[0, 2], [1, 3]]
    """

    def __init__(self, lengths: Sequence[int], batch: int, seed: int) -> None:
        self._lengths = lengths
        self._batch = batch
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Called by transformers before each epoch, numbered from 0."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        chance = random.Random(f"{self._seed} {self._epoch}")  # noqa: S311  # a repeatable order, no secret
        order = list(range(len(self._lengths)))
        chance.shuffle(order)
        order.sort(key=lambda index: self._lengths[index] // _LIKE)
        batches = [order[at : at + self._batch] for at in range(0, len(order), self._batch)]
        rest = (
            [batches.pop()] if batches and len(batches[-1]) < self._batch else []
        )  # last, or it would shift the others
        chance.shuffle(batches)
        return (index for batch in (*batches, *rest) for index in batch)
