"""What a sentence must hold for a pattern to match in it: a quick test that spares most patterns their run.

Each word class, literal word and slot type that patterns name has a bit. A need is a set of bits of which the sentence
must hold one, on the given side of the trigger.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from arner.relations.nodes import Choice, Sequence, Slot, Word
from arner.relations.pattern import Pattern

__all__ = ["ANY_NAME", "Bits", "needs"]

ANY_NAME: Final = "NAME"
"""The feature of every name, for slots that say no type."""

_EVERYWHERE: Final = frozenset({"@word", "@definite"})
"""Classes of which nearly every sentence has a word: not worth a test."""


class Bits:
    """A bit for each feature, given out as features are named.

    >>> bits = Bits()
    >>> bits.mask(["PER"]), bits.mask(["LOC"]), bits.mask(["PER", "LOC"])
    (1, 2, 3)
    >>> bits.known(["LOC", "never asked for"])
    2
    """

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}

    def mask(self, features: Iterable[str]) -> int:
        """The bits of these features, new ones included."""
        mask = 0
        for feature in features:
            mask |= self._bits.setdefault(feature, 1 << len(self._bits))
        return mask

    def known(self, features: Iterable[str]) -> int:
        """The bits of those features that have one."""
        mask = 0
        for feature in features:
            mask |= self._bits.get(feature, 0)
        return mask


def needs(pattern: Pattern, bits: Bits) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What must stand to the left and to the right of the trigger; each number is a set of bits of which one must."""
    return _needs(pattern.left, bits), _needs(pattern.right, bits)


def _needs(sequence: Sequence, bits: Bits) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for node in sequence:
        if isinstance(node, Word):
            if node.tag not in _EVERYWHERE:
                found[bits.mask((node.tag,))] = None
        elif isinstance(node, Slot):
            found[bits.mask(node.types - {"GROUP", "NAMED"} or (ANY_NAME,))] = None
        elif isinstance(node, Choice):
            options = [_needs(option, bits) for option in node.options]
            if all(options):
                either = 0
                for option in options:
                    either |= min(option, key=int.bit_count)
                found[either] = None
    return tuple(found)
