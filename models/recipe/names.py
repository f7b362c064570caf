"""Names to swap in during training: what arner's own knowledge files hold, and people made of parts of names.

Each line is a JSON object with `type` and `name`, the form that `train --names` reads. Countries and capitals come
several times, as they do in news; the made-up people are two or three known given and family names in a row.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger("recipe.names")

_OFTEN = {"country": 4, "capital": 2, "person": 2}
_ARABIC = range(0x0621, 0x064B)


def names(people: int, seed: int) -> Iterator[tuple[str, str]]:
    """Pairs of type and name.

    Args:
        people: how many people are made up.
        seed: fixes them.
    """
    from arner.knowledge import load_knowledge

    given_and_family: set[str] = set()
    for entity in load_knowledge():
        for name in entity.names:
            if ord(name[0]) not in _ARABIC or name in entity.ambiguous:
                continue
            yield from [(entity.type, name)] * _OFTEN.get(entity.kind or "", 1)
            if entity.type == "PER":
                given_and_family.update(part for part in name.split() if len(part) > 3)
    chance = random.Random(seed)
    parts = sorted(given_and_family)
    for _ in range(people):
        yield "PER", " ".join(chance.sample(parts, chance.choice((1, 2, 2, 2, 3))))


def run(output: Path, people: int, seed: int) -> None:
    """Writes the file `output`."""
    lines = [json.dumps({"type": kind, "name": name}, ensure_ascii=False) for kind, name in names(people, seed)]
    output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    log.info("wrote %s names to %s", f"{len(lines):,}", output)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--output", type=Path, required=True, help="file to write, JSON lines")
    parser.add_argument("--people", type=int, default=8000, help="people made up of known names")
    parser.add_argument("--seed", type=int, default=1)


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    run(args.output, args.people, args.seed)
