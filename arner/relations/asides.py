"""Asides: what stands between two dashes, or between commas as بحسب فلان, is read as a sentence of its own.

The sentence around an aside then reads on without a break. The aside begins with the name before it, as if set off by
a comma, so that appositions and relative clauses in it still have what they speak of.
"""

from __future__ import annotations

from typing import Final

from arner.relations.items import Item

__all__ = ["split_asides"]

_LONGEST_DASHED: Final = 30
_LONGEST_SOURCE: Final = 8


def split_asides(text: str, items: list[Item]) -> list[list[Item]]:
    """The sentence without its asides, then each aside; the sentence alone where it has none.

    Args:
        text: the whole text; tells an opening dash from a closing one.
        items: the sentence.
    """
    main: list[Item] = []
    asides: list[list[Item]] = []
    index = 0
    while index < len(items):
        end = _dashed(text, items, index) or _source(items, index)
        if end is None:
            main.append(items[index])
            index += 1
            continue
        aside = items[index + 1 : end]
        before = main[-1] if main and main[-1].kind == "name" else None
        if before is not None and aside:
            comma = Item("mark", items[index].start, items[index].end, items[index].outer, mark=",", barrier=True)
            aside = [before, comma, *aside]
        asides.append(aside)
        index = end + 1
    return [main, *(aside for aside in asides if aside)]


def _dashed(text: str, items: list[Item], index: int) -> int | None:
    """Where the aside ends that a dash at `index` opens: a dash that leans on the word after it opens."""
    if items[index].mark != "-" or not _leans_on_next(text, items[index]):
        return None
    for n in range(index + 1, min(len(items), index + _LONGEST_DASHED)):
        if items[n].mark == ".":
            return None
        if items[n].mark == "-" and not _leans_on_next(text, items[n]):
            return n
    return None


def _leans_on_next(text: str, item: Item) -> bool:
    spaced = item.start == 0 or text[item.start - 1].isspace()
    return spaced and item.end < len(text) and not text[item.end].isspace()


def _source(items: list[Item], index: int) -> int | None:
    """Where an aside such as ``، بحسب ما قاله،`` ends; the closing comma is part of it."""
    if items[index].mark != "," or index + 1 >= len(items) or "@aside" not in items[index + 1].tags:
        return None
    for n in range(index + 2, min(len(items), index + _LONGEST_SOURCE)):
        if items[n].mark == ",":
            return n
        if items[n].mark:
            return None
    return None
