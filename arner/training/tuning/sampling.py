"""The order in which sequences are learnt: batches of like length within a token budget, in a random order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

__all__ = ["epoch_batches"]

_LIKE: Final = 16
"""Tokens by which lengths may differ and still count as alike."""


def epoch_batches(lengths: Sequence[int], budget: int, seed: int, epoch: int) -> list[list[int]]:
    """Indices of all sequences in batches. Seed and epoch alone fix them, so that a resumed run sees the same ones.

    Args:
        lengths: tokens of each sequence.
        budget: tokens of a batch, padding included; a longer sequence makes a batch by itself.
        epoch: counted from 0.

    >>> sorted(map(sorted, epoch_batches([10, 200, 11, 210], 420, seed=1, epoch=0)))
    [[0, 2], [1, 3]]
    """
    chance = random.Random(f"{seed} {epoch}")  # noqa: S311  # a repeatable order, no secret
    order = list(range(len(lengths)))
    chance.shuffle(order)
    order.sort(key=lambda index: lengths[index] // _LIKE)
    batches: list[list[int]] = []
    widest = 0
    for index in order:
        wide = max(widest, lengths[index])
        alike = batches and lengths[index] // _LIKE <= lengths[batches[-1][0]] // _LIKE + 2
        if alike and (len(batches[-1]) + 1) * wide <= budget:
            batches[-1].append(index)
            widest = wide
        else:
            batches.append([index])
            widest = lengths[index]
    chance.shuffle(batches)
    return batches
