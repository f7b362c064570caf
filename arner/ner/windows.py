"""Long texts → overlapping windows of words that a model can read, cut at sentences where that is possible.

Every word is *owned* by exactly one window; what stands around the owned words in a window is context.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Window", "plan_windows"]


@dataclass(frozen=True, slots=True)
class Window:
    """Words ``start:end`` are read; the labels of words ``own_start:own_end`` are kept."""

    start: int
    end: int
    own_start: int
    own_end: int


def plan_windows(
    sizes: Sequence[int], sentences: Sequence[tuple[int, int]], *, limit: int, stride: int
) -> list[Window]:
    """Windows over the words of a text.

    Sentences are added to a window while they fit; a sentence longer than a window is cut into overlapping parts.
    Each window reads up to `stride` tokens of what stands before its own words and, where room is left, after them.

    Args:
        sizes: tokens of each word.
        sentences: half-open word ranges that cover all words in order.
        limit: tokens that a window may hold; a single longer word gets a window to itself.
        stride: tokens of context kept for the words before and after, less than half of `limit`.

    >>> plan_windows([1] * 6, [(0, 2), (2, 6)], limit=4, stride=1)
    [Window(start=0, end=3, own_start=0, own_end=2), Window(start=1, end=5, own_start=2, own_end=4), \
Window(start=3, end=6, own_start=4, own_end=6)]
    """
    if not 0 <= stride < max(1, limit / 2):
        raise ValueError(f"stride {stride} must be at least 0 and below half the limit {limit}")
    before = [0]
    for size in sizes:
        before.append(before[-1] + size)
    if before[-1] <= limit:
        return [Window(0, len(sizes), 0, len(sizes))] if sizes else []
    return [_with_context(before, start, end, limit, stride) for start, end in _owned(before, sentences, limit, stride)]


def _owned(
    before: Sequence[int], sentences: Sequence[tuple[int, int]], limit: int, stride: int
) -> list[tuple[int, int]]:
    """Consecutive word ranges, one a window, that leave room for context on both sides."""
    room = max(1, limit - 2 * stride)
    ranges: list[tuple[int, int]] = []
    begin = end = 0
    for first, last in sentences:
        if before[last] - before[begin] <= room:
            end = last
            continue
        if end > begin:
            ranges.append((begin, end))
        begin = first
        while before[last] - before[begin] > room:
            cut = begin + 1
            while cut < last and before[cut + 1] - before[begin] <= room:
                cut += 1
            ranges.append((begin, cut))
            begin = cut
        end = last
    if end > begin:
        ranges.append((begin, end))
    return ranges


def _with_context(before: Sequence[int], start: int, end: int, limit: int, stride: int) -> Window:
    first, last = start, end
    while first > 0 and before[start] - before[first - 1] <= stride and before[end] - before[first - 1] <= limit:
        first -= 1
    while (
        last + 1 < len(before)
        and before[last + 1] - before[end] <= stride
        and before[last + 1] - before[first] <= limit
    ):
        last += 1
    return Window(first, last, start, end)
