"""Label schemes: what a model's labels say about a word, and how any tag scheme becomes spans of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["CANONICAL_TYPES", "LabelScheme", "canonical_type"]

CANONICAL_TYPES: Final[dict[str, str]] = {
    **dict.fromkeys(("PER", "PERS", "PERSON", "PEOPLE"), "PER"),
    **dict.fromkeys(("LOC", "LOCATION", "GPE", "FAC", "FACILITY", "PLACE"), "LOC"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "ORGANISATION"), "ORG"),
    **dict.fromkeys(("MISC", "MIS", "MIS0", "MIS1", "MIS2", "MIS3", "EVENT", "LAW", "PRODUCT", "CURR", "WORK"), "MISC"),
}
"""Labels of other models → the four types that rules speak of. Labels that are absent have no such type."""

_BEGIN, _INSIDE, _END, _SINGLE, _OUTSIDE = "BIESO"
_PREFIXES: Final = {"B": _BEGIN, "I": _INSIDE, "E": _END, "L": _END, "S": _SINGLE, "U": _SINGLE}


def canonical_type(label: str) -> str | None:
    """The type among PER, LOC, ORG and MISC that a model's own entity label stands for, or None.

    >>> canonical_type("GPE"), canonical_type("PERS"), canonical_type("DATE")
    ('LOC', 'PER', None)
    """
    return CANONICAL_TYPES.get(label.upper())


@dataclass(frozen=True)
class LabelScheme:
    """The labels of a model, in the order of its outputs.

    IOB1, IOB2, BIOES, BILOU and bare labels are understood; a label that has no such prefix is one by itself and
    neighbouring words with it are one span. Labels are compared without regard to the separator (``B-PER``,
    ``B_PER``).

    Args:
        labels: for example ``("O", "B-PER", "I-PER")``.
    """

    labels: tuple[str, ...]

    @cached_property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Each label as (position, type); position is one of ``B I E S O``.

        >>> LabelScheme(("O", "B-PER", "U-LOC", "ORG")).parts
        (('O', ''), ('B', 'PER'), ('S', 'LOC'), ('I', 'ORG'))
        """
        parts: list[tuple[str, str]] = []
        for label in self.labels:
            prefix, separator, kind = label[:1].upper(), label[1:2], label[2:]
            if label.upper() in {"O", "OUT", "OUTSIDE"}:
                parts.append((_OUTSIDE, ""))
            elif prefix in _PREFIXES and separator in {"-", "_"} and kind:
                parts.append((_PREFIXES[prefix], kind))
            else:
                parts.append((_INSIDE, label))
        return tuple(parts)

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The entity types, in order of first appearance."""
        return tuple(dict.fromkeys(kind for _, kind in self.parts if kind))

    @cached_property
    def may_follow(self) -> NDArray[np.bool_]:
        """``may_follow[a, b]``: whether label b may stand right after label a; shape (labels, labels)."""
        size = len(self.parts)
        allowed = np.zeros((size, size), dtype=bool)
        strict = {kind for position, kind in self.parts if position == _BEGIN}
        closed = {kind for position, kind in self.parts if position == _END}
        for a, (before, kind_before) in enumerate(self.parts):
            open_before = before in (_BEGIN, _INSIDE) and kind_before in closed
            for b, (after, kind_after) in enumerate(self.parts):
                goes_on = after == _END or (after == _INSIDE and kind_after in strict)
                if goes_on:
                    allowed[a, b] = before in (_BEGIN, _INSIDE) and kind_before == kind_after
                else:
                    allowed[a, b] = not open_before
        return allowed

    @cached_property
    def may_start(self) -> NDArray[np.bool_]:
        """Whether each label may be a text's first; shape (labels,)."""
        strict = {kind for position, kind in self.parts if position == _BEGIN}
        return np.array([p != _END and not (p == _INSIDE and kind in strict) for p, kind in self.parts], dtype=bool)

    def spans(self, path: Sequence[int]) -> list[tuple[int, int, str]]:
        """Spans of words, half-open, with their types, from one label a word.

        A label that continues nothing (an orphan I-) opens a span, so that no span is lost.

        >>> scheme = LabelScheme(("O", "B-PER", "I-PER", "B-LOC", "I-LOC"))
        >>> scheme.spans([1, 2, 0, 3, 3, 4])
        [(0, 2, 'PER'), (3, 4, 'LOC'), (4, 6, 'LOC')]
        """
        spans: list[tuple[int, int, str]] = []
        begin, current = 0, ""
        for at, label in enumerate(path):
            position, kind = self.parts[label]
            if current and (position in (_BEGIN, _SINGLE, _OUTSIDE) or kind != current):
                spans.append((begin, at, current))
                current = ""
            if kind and not current:
                begin, current = at, kind
            if current and position in (_END, _SINGLE):
                spans.append((begin, at + 1, current))
                current = ""
        if current:
            spans.append((begin, len(path), current))
        return spans
