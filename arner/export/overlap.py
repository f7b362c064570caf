"""Which mentions are kept where some overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from arner.schema import Mention

__all__ = ["apart", "nested"]

_KIND_ORDER: Final = {"name": 0, "demonym": 1, "nominal": 2}
_MAX_DEPTH: Final = 8


def _by_rank(mentions: Iterable[Mention]) -> list[Mention]:
    """Names before demonyms, those before nominals; the longer first."""
    return sorted(mentions, key=lambda m: (_KIND_ORDER[m.kind], m.start - m.end, m.start))


def apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions that do not overlap, in the order of the text. Of two that do, the one of higher rank stays."""
    taken: set[int] = set()
    kept = []
    for mention in _by_rank(mentions):
        span = range(mention.start, mention.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def nested(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions of which each two are apart or one within the other, outer before inner.

    Of two that cross, or that have one span, the one of higher rank stays; so it is past eight levels.
    """
    kept: list[Mention] = []
    covering: dict[int, list[Mention]] = {}  # a position → the kept mentions that cover it
    for mention in _by_rank(mentions):
        stacks = [covering.setdefault(at, []) for at in range(mention.start, mention.end)]
        others = {id(other): other for stack in stacks for other in stack}
        if all(_fits(mention, other) for other in others.values()) and all(len(s) < _MAX_DEPTH for s in stacks):
            kept.append(mention)
            for stack in stacks:
                stack.append(mention)
    return sorted(kept, key=lambda m: (m.start, -m.end))


def _fits(one: Mention, other: Mention) -> bool:
    """Whether one of two overlapping mentions lies within the other and is shorter."""
    if (one.start, one.end) == (other.start, other.end):
        return False
    return (one.start <= other.start and other.end <= one.end) or (other.start <= one.start and one.end <= other.end)
