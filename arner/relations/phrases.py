"""Phrases put together: what a rule matched becomes one name, and coordinated names become one group."""

from __future__ import annotations

from collections.abc import Sequence

from arner.relations.items import Head, Item
from arner.relations.matcher import Match

__all__ = ["choose", "collapse", "coordinate"]

_CLAUSE_WORDS = frozenset({"قد", "هو", "هي", "سوف"})
"""Words that stand between a subject and what is said of it."""

_BODIES = frozenset({"LOC", "ORG"})


def choose(matches: Sequence[Match], *, rightmost: bool) -> list[Match]:
    """Matches that do not overlap: the longest of those that begin first, or (`rightmost`) that end last."""
    if rightmost:
        ranked = sorted(matches, key=lambda m: (-m.last, m.first - m.last, -m.rule.score))
    else:
        ranked = sorted(matches, key=lambda m: (m.first, m.first - m.last, -m.rule.score))
    taken: list[Match] = []
    for match in ranked:
        if taken:
            other = taken[-1]
            if match.first <= other.last and other.first <= match.last:
                continue
        taken.append(match)
    return sorted(taken, key=lambda m: m.first)


def collapse(items: list[Item], chosen: Sequence[tuple[Match, tuple[Head, ...]]]) -> list[Item]:
    """The items with each matched stretch replaced by one name that stands for `heads`.

    Args:
        items: the items that were matched.
        chosen: matches that do not overlap, from left to right, each with the entities that it stands for.
    """
    found: list[Item] = []
    position = 0
    for match, heads in chosen:
        found.extend(items[position : match.first])
        inner = tuple(items[match.first : match.last + 1])
        nominal = match.rule.stage in ("noun", "nominal")
        found.append(_as_name(inner, inner[0].key, heads, match.conjunction, match.particle, nominal=nominal))
        position = match.last + 1
    found.extend(items[position:])
    return found


def _as_name(
    inner: tuple[Item, ...],
    key: str,
    heads: tuple[Head, ...],
    conjunction: str,
    particle: str,
    *,
    nominal: bool = False,
) -> Item:
    """One item in the place of several, which stands for `heads`."""
    return Item(
        "name",
        inner[0].start,
        inner[-1].end,
        inner[0].outer,
        key=key,
        heads=heads,
        conjunction=conjunction,
        particle=particle,
        nominal=nominal,
        inner=inner,
    )


def coordinate(items: list[Item]) -> list[Item]:
    """The items with each run of coordinated names (X وY, X، Y وZ, كل من X وY) as one group.

    Persons join persons; places and organisations join each other. A run needs a و before its last name.
    """
    found: list[Item] = []
    index = 0
    while index < len(items):
        end, members = _run(items, index)
        if len(members) < 2:
            found.append(items[index])
            index += 1
            continue
        inner = tuple(items[index : end + 1])
        first = items[members[0]]
        heads = tuple(dict.fromkeys(head for n in members for head in items[n].heads))
        found.append(_as_name(inner, first.key, heads, first.conjunction, first.particle))
        index = end + 1
    return found


def _run(items: list[Item], index: int) -> tuple[int, list[int]]:
    first = items[index]
    if first.kind != "name":
        return index, []
    members, end, settled = [index], index, [index]
    while True:
        step = end + 1
        comma = False
        while step < len(items) and step - end <= 3 and (items[step].transparent or items[step].mark == ","):
            comma = comma or items[step].mark == ","
            step += 1
        if step >= len(items) or items[step].kind != "name" or not _alike(first, items[step]):
            break
        item = items[step]
        if item.particle and not (item.conjunction and item.particle == first.particle):
            break
        if item.conjunction != "و" and not (comma and not item.conjunction):
            break
        if item.conjunction == "و" and _opens_clause(items, step + 1, comma=comma):
            break
        members.append(step)
        end = step
        if item.conjunction == "و":
            settled = list(members)
    return settled[-1], settled


def _opens_clause(items: list[Item], index: int, *, comma: bool) -> bool:
    """Whether the name before `index` is the subject of a clause of its own: زار كينيا، وتونس ليست عضوا."""
    while index < len(items) and items[index].transparent:
        index += 1
    if index >= len(items) or items[index].kind != "word" or items[index].conjunction:
        return False
    tags = items[index].tags
    return "@negation" in tags or (comma and ("@clear" in tags or "@was" in tags or items[index].key in _CLAUSE_WORDS))


def _alike(one: Item, other: Item) -> bool:
    a = {name for head in one.heads for name in head.types}
    b = {name for head in other.heads for name in head.types}
    if "PER" in a or "PER" in b:
        return "PER" in a and "PER" in b
    return (bool(a & _BODIES) and bool(b & _BODIES)) or bool(a & b)
