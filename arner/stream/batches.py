"""A stream cut into batches, each small enough for the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

__all__ = ["cut_batches"]

T = TypeVar("T")


def cut_batches(members: Iterable[T], *, size: int, weight: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """Lists of members in their order; a member is taken only when the list that it belongs to is asked for.

    Args:
        members: may be endless.
        size: how many members a list has at most.
        weight: what a member weighs, such as its tokens.
        most: weight at which a list is closed with fewer members; its last one may go beyond.

    >>> list(cut_batches(["a", "bb", "ccc", "d"], size=3, weight=len, most=3))
    [['a', 'bb'], ['ccc'], ['d']]
    """
    batch: list[T] = []
    held = 0
    for member in members:
        batch.append(member)
        held += weight(member)
        if len(batch) == size or held >= most:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch
