"""Prints what reading costs, in units of a reference loop of this machine, and fails where it has grown out of bounds.

    python scripts/performance_guard.py [--update]

Seconds differ from machine to machine; the ratio to a loop of the same kind differs far less. Each part is measured by
the CPU time of one thread, in turns with its reference (a loop in Python for the layers, a matrix product for the
model), and the least of the rounds counts: other work on the machine hardly shows. What is usual is in
`scripts/performance_bounds.json`, and --update writes it anew. A ratio fails where it is three times the usual one: no
two processors differ by as much, and a change that makes a layer slow in earnest does.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # the time of other threads is not seen

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from arner.extractor import Extractor  # noqa: E402
from benchmarks.texts import articles  # noqa: E402

BOUNDS = ROOT / "scripts" / "performance_bounds.json"
ROUNDS = 5
ARTICLES = 10
SLACK = 3.0


def python_loop() -> None:
    """Dictionary look-ups, slices and joins, as in the layers."""
    table = {str(number): number for number in range(1000)}
    total = 0
    for number in range(20_000):
        key = str(number % 1500)
        total += table.get(key, 0) + len(" ".join((key, key[1:])))


def products() -> None:
    """Matrix products of the size of a window."""
    a, b = np.ones((256, 384), np.float32), np.ones((384, 1536), np.float32)
    for _ in range(4):
        a @ b


def cost(work: Callable[[], object], reference: Callable[[], object]) -> float:
    """CPU time of the work, in units of the reference."""
    spent: tuple[list[float], list[float]] = ([], [])
    work()
    reference()
    for _ in range(ROUNDS):
        for part, times in zip((work, reference), spent, strict=True):
            begin = time.thread_time()
            part()
            times.append(time.thread_time() - begin)
    return min(spent[0]) / min(spent[1])


def measure() -> dict[str, float]:
    """The costs of a thousand words."""
    extractor = Extractor(threads=1)
    recognizer = extractor._recognizer
    texts = articles()[:ARTICLES]
    words = sum(len(text.split()) for text in texts) / 1000
    ready = [recognizer.prepare(text) for text in texts]
    pairs = list(zip(ready, recognizer.read(ready), strict=True))
    return {
        "cutting into words, sentences and tokens": cost(
            lambda: [recognizer.prepare(text) for text in texts], python_loop
        )
        / words,
        "linking and relations": cost(
            lambda: [extractor._read(text, found, None, None) for text, found in pairs], python_loop
        )
        / words,
        "the model": cost(lambda: recognizer.read(ready), products) / words,
    }


def main() -> None:
    """Parses the command line, measures, compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    found = measure()
    if options.update:
        rounded = {name: round(value, 2) for name, value in found.items()}
        BOUNDS.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")
    usual = json.loads(BOUNDS.read_text("utf-8"))
    for name, value in found.items():
        print(f"{name}: {value:.2f} reference loops a thousand words (usual {usual[name]:.2f})")
    slow = [name for name, value in found.items() if value > SLACK * usual[name]]
    if slow:
        sys.exit(f"more than {SLACK:g} times the usual: {', '.join(slow)}")


if __name__ == "__main__":
    main()
