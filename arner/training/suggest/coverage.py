"""Which sentences to take so that together they hold as much as possible of what a model is unsure of.

A sentence is the words that the model doubts, each with its doubt. The worth of a set of sentences is the sum over
words of the square root of the doubt that the set holds of each, times the square root of the doubt that all sentences
hold of it. A word that was taken adds less the next time, so that sentences of unlike doubts are preferred; and a doubt
that many sentences share adds more than one that no other sentence has, which would take in what is odd.

Such a function is submodular, and taking the best sentence again and again comes within 1 - 1/e of the best set
(Nemhauser, Wolsey and Fisher 1978). Uncertainty joined with submodular diversity is the idea of Wei, Iyer and Bilmes
(2015), "Submodularity in data subset selection and active learning"; that the features are doubted words is ours.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Mapping, Sequence

__all__ = ["cover"]


def cover(
    doubts: Sequence[Mapping[str, float]], costs: Sequence[float], count: int, seed: int
) -> list[tuple[int, float]]:
    """Indices of the sentences to take, in order, with what each adds for its cost.

    Args:
        doubts: for each sentence the words that the model doubts, with the doubt.
        costs: what each sentence costs; above 0.
        count: how many to take, at most; sentences without a doubt are not taken.
        seed: settles ties.

    >>> [index for index, _ in cover([{"a": 1.0}, {"a": 0.9}, {"b": 0.8}], [1.0] * 3, 2, seed=1)]
    [0, 2]
    """
    shared: dict[str, float] = {}
    for words in doubts:
        for word, doubt in words.items():
            shared[word] = shared.get(word, 0.0) + doubt
    order = list(range(len(doubts)))
    random.Random(seed).shuffle(order)  # noqa: S311  # a repeatable choice, no secret
    held: dict[str, float] = {}

    def gain(index: int) -> float:
        return (
            sum(
                math.sqrt(shared[word]) * (math.sqrt(held.get(word, 0.0) + doubt) - math.sqrt(held.get(word, 0.0)))
                for word, doubt in doubts[index].items()
            )
            / costs[index]
        )

    # Gains only fall, so what is best after its gain was counted anew is best of all (Minoux 1978).
    heap = [(-gain(index), place, index) for place, index in enumerate(order) if doubts[index]]
    heapq.heapify(heap)
    taken: list[tuple[int, float]] = []
    while heap and len(taken) < count:
        _, place, index = heapq.heappop(heap)
        now = gain(index)
        if heap and (-now, place) > heap[0][:2]:
            heapq.heappush(heap, (-now, place, index))
            continue
        taken.append((index, now))
        for word, doubt in doubts[index].items():
            held[word] = held.get(word, 0.0) + doubt
    return taken
