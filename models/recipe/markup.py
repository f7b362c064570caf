"""Text whose names are marked inline, as in `models/data/news`: ``وصلت [ليلى حداد|PER] إلى [وهران|LOC]``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.recipe.labels import TYPES

_MARK = re.compile(r"\[([^\[\]|\n]+)\|([A-Z]+)\]")


@dataclass(frozen=True)
class MarkedText:
    """A paragraph without its marks.

    Attributes:
        text: the paragraph as it is read.
        names: (start, end, type) of every name, half-open, in code points of `text`.
    """

    text: str
    names: tuple[tuple[int, int, str], ...]


def parse_markup(line: str, where: str = "line") -> MarkedText:
    """Takes the marks out of a paragraph.

    Args:
        line: a paragraph with marks.
        where: what to call it in an error.

    Raises:
        ValueError: a bracket that belongs to no mark, or an unknown type.

    >>> parse_markup("زارت [ليلى|PER] [وهران|LOC]")
    MarkedText(text='زارت ليلى وهران', names=((5, 9, 'PER'), (10, 15, 'LOC')))
    """
    text, names, at = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        name, kind = mark.groups()
        if kind not in TYPES:
            raise ValueError(f"{where}: {mark.group()} has the type {kind}; write one of {', '.join(TYPES)}")
        names.append((len(text), len(text) + len(name), kind))
        text += name
        at = mark.end()
    text += line[at:]
    stray = re.search(r"[\[\]]", text)
    if stray:
        around = text[max(0, stray.start() - 20) : stray.end() + 20]
        raise ValueError(f"{where}: {stray.group()!r} in «{around}» belongs to no mark [NAME|TYPE]")
    return MarkedText(text, tuple(names))


def read_articles(path: Path) -> Iterator[list[MarkedText]]:
    """The articles of a file: a paragraph a line, a blank line between articles.

    Raises:
        ValueError: a paragraph is not well marked; the message has the file and the line.
    """
    article: list[MarkedText] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            article.append(parse_markup(line, f"{path}:{number}"))
        elif article:
            yield article
            article = []
    if article:
        yield article
