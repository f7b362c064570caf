"""Holds a part of the training data out, where the user gives no data to evaluate on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from arner.training.data.labelled import LabelledText

__all__ = ["hold_out"]

_WHOLE_DOCUMENTS: Final = 20
"""So many documents are held out whole; fewer are parted between their sentences."""


def hold_out(texts: Sequence[LabelledText], share: float, seed: int) -> tuple[list[LabelledText], list[LabelledText]]:
    """Training texts and held-out texts. Texts with the same words stay together, so that none leaks.

    Args:
        texts: documents or tokenised sentences.
        share: share of the texts to hold out, 0 to 1; at least one is, and one stays.
        seed: fixes the choice.

    Raises:
        ValueError: there are not two different texts.
    """
    if len(texts) < _WHOLE_DOCUMENTS:
        texts = [sentence for text in texts for sentence in text.sentences()]
    alike: dict[tuple[str, ...], list[LabelledText]] = {}
    for text in texts:
        if text.words:
            alike.setdefault(text.key, []).append(text)
    groups = list(alike.values())
    if len(groups) < 2:
        raise ValueError("there are not two different sentences")
    order = list(range(len(groups)))
    random.Random(seed).shuffle(order)  # noqa: S311  # a repeatable choice, no secret
    goal = max(1, round(share * sum(map(len, groups))))
    chosen: set[int] = set()
    count = 0
    for index in order[:-1]:
        if count >= goal:
            break
        chosen.add(index)
        count += len(groups[index])
    parts = [
        [text for index, group in enumerate(groups) if (index in chosen) == held for text in group]
        for held in (False, True)
    ]
    return parts[0], parts[1]
