"""Raw text files: documents that a blank line ends, plain or .xz."""

from __future__ import annotations

import lzma
import random
from collections.abc import Iterator
from pathlib import Path


def read_documents(path: Path, share: float, seed: int) -> Iterator[str]:
    """A random `share` of the documents of a file."""
    chance = random.Random(seed)
    lines: list[str] = []
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                lines.append(line)
                continue
            if lines and chance.random() < share:
                yield "".join(lines)
            lines = []
    if lines and chance.random() < share:
        yield "".join(lines)
