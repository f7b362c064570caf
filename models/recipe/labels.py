"""The label set of the embedded model, and sets of labels as bit masks.

A word of a training corpus carries the *set* of labels that its annotation allows. A corpus that never marks MISC
says of an unmarked word only that it is outside PER, LOC and ORG: its set is {O, B-MISC, I-MISC}. Training raises the
summed probability of the set, so corpora that disagree do not vote against each other.
"""

from __future__ import annotations

from collections.abc import Iterable

TYPES = ("PER", "LOC", "ORG", "MISC")
LABELS = ("O", *(f"{prefix}-{kind}" for kind in TYPES for prefix in "BI"))
INDEX = {label: index for index, label in enumerate(LABELS)}


def mask_of(labels: Iterable[str]) -> int:
    """The labels as a bit mask.

    >>> mask_of(["O", "I-PER"])
    5
    """
    mask = 0
    for label in labels:
        mask |= 1 << INDEX[label]
    return mask


OUTSIDE = mask_of(["O"])
OUTSIDE_OR_MISC = mask_of(["O", "B-MISC", "I-MISC"])
ANYTHING = mask_of(LABELS)
