"""Long texts → overlapping windows of words that a model can read, cut at sentences where that is possible.

Every word is *owned* by exactly one window; what stands around the owned words in a window is context.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    """Windows over the words of a text: as few as sentences and context allow, and of about the same length.

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
    return [_with_context(before, start, end, limit, stride) for start, end in _even(before, sentences, limit, stride)]


def _even(
    before: Sequence[int], sentences: Sequence[tuple[int, int]], limit: int, stride: int
) -> list[tuple[int, int]]:
    """The word ranges of the shortest windows of which no more are needed than of the longest.

    A full window and a short rest would cost more, since attention grows with the square of the length, and the rest
    would be read with little around it.
    """
    best = _owned(before, sentences, limit, stride)
    low, high = 2 * stride + 1, limit
    while low < high:
        middle = (low + high) // 2
        ranges = _owned(before, sentences, middle, stride)
        if len(ranges) > len(best):
            low = middle + 1
        else:
            best, high = ranges, middle
    return best


def _owned(
    before: Sequence[int], sentences: Sequence[tuple[int, int]], limit: int, stride: int
) -> list[tuple[int, int]]:
    """Consecutive word ranges, one a window, that leave room for the context that there is on either side."""
    total = before[-1]

    def fits(begin: int, end: int) -> bool:
        context = min(stride, before[begin]) + min(stride, total - before[end])
        return before[end] - before[begin] + context <= limit

    ranges: list[tuple[int, int]] = []
    begin = end = 0
    for first, last in sentences:
        if fits(begin, last):
            end = last
            continue
        if end > begin:
            ranges.append((begin, end))
        begin = first
        while not fits(begin, last):
            cut = begin + 1
            while cut < last and fits(begin, cut + 1):
                cut += 1
            if cut == last:
                break  # one word that is longer than a window
            ranges.append((begin, cut))
            begin = cut
        end = last
    if end > begin:
        ranges.append((begin, end))
    return ranges


def _with_context(before: Sequence[int], start: int, end: int, limit: int, stride: int) -> Window:
    """The window around its own words."""
    room = max(0, limit - (before[end] - before[start]))
    first = bisect_left(before, before[start] - min(stride, room), 0, start)
    room -= before[start] - before[first]
    last = bisect_right(before, before[end] + min(stride, room), end) - 1
    return Window(first, last, start, end)
