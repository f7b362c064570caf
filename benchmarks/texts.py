"""The texts that speed is measured on: the articles written for arner, or a folder of the user's own."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.recipe.markup import read_articles

__all__ = ["articles", "chunks", "paragraphs", "stream"]

_NEWS = Path(__file__).parents[1] / "models" / "data" / "news"
_LONGEST_PARAGRAPH = 200
"""Words of the longest paragraph: what is longer is cut, since some peers read no more."""


def articles(folder: Path | None = None) -> list[str]:
    """Articles, a line for each paragraph.

    Args:
        folder: text files, or JSON files with a `text`; by default the articles of `models/data/news`.

    Raises:
        ValueError: the folder holds no text.
    """
    if folder is None:
        read = (article for path in sorted(_NEWS.glob("*.txt")) for article in read_articles(path))
        return ["\n".join(paragraph.text for paragraph in article) for article in read]
    texts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            texts.append(str(json.loads(path.read_text("utf-8"))["text"]))
        elif path.suffix == ".txt":
            texts.append(path.read_text("utf-8"))
    found = [text for text in texts if text.strip()]
    if not found:
        raise ValueError(f"{folder} holds no .txt and no .json file with text")
    return found


def stream(texts: Sequence[str], words: int, seed: int = 1) -> Iterator[str]:
    """The texts in random order, again and again in new orders, until they hold so many words."""
    generator = random.Random(seed)
    left = words
    while left > 0:
        order = list(texts)
        generator.shuffle(order)
        for text in order:
            if left <= 0:
                return
            left -= len(text.split())
            yield text


def chunks(texts: Sequence[str], count: int, words: int, seed: int = 1) -> list[list[str]]:
    """Lists of texts of about so many words each, for measurements that are paired chunk by chunk."""
    source = stream(texts, 2 * count * words + sum(len(text.split()) for text in texts), seed)
    found: list[list[str]] = []
    for _ in range(count):
        chunk: list[str] = []
        while sum(len(text.split()) for text in chunk) < words:
            chunk.append(next(source))
        found.append(chunk)
    return found


def paragraphs(text: str) -> list[str]:
    """The paragraphs of an article, the long ones cut."""
    found = []
    for line in text.splitlines():
        words = line.split()
        found += [" ".join(words[at : at + _LONGEST_PARAGRAPH]) for at in range(0, len(words), _LONGEST_PARAGRAPH)]
    return found
