"""Measuring: readers that take turns on the same texts, and whether a difference is more than chance."""

from __future__ import annotations

import itertools
import random
import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

__all__ = ["interleaved", "paired_test", "peak_memory", "quantile"]

_EXACT = 14
"""Pairs up to which every assignment of signs is tried."""
_DRAWS = 10_000


def interleaved(
    readers: Mapping[str, Callable[[Sequence[str]], object]], chunks: Sequence[Sequence[str]], seed: int = 1
) -> dict[str, list[float]]:
    """Seconds of every reader on every chunk. The readers take turns in a new random order at each chunk.

    The first chunk is read once by each before anything is measured.
    """
    for read in readers.values():
        read(chunks[0])
    generator = random.Random(seed)
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    for chunk in chunks:
        order = list(readers)
        generator.shuffle(order)
        for name in order:
            begin = time.perf_counter()
            readers[name](chunk)
            seconds[name].append(time.perf_counter() - begin)
    return seconds


def paired_test(differences: Sequence[float], seed: int = 1) -> float:
    """Two-sided p of a sign-flip permutation test: how often chance gives a mean as far from 0.

    >>> paired_test([1.0, 1.2, 0.9, 1.1, 1.0, 1.3])
    0.03125
    """
    count = len(differences)
    observed = abs(sum(differences))
    if count <= _EXACT:
        signs = itertools.product((1, -1), repeat=count)
        total = 2**count
    else:
        generator = random.Random(seed)
        signs = (tuple(generator.choice((1, -1)) for _ in range(count)) for _ in range(_DRAWS))
        total = _DRAWS
    far = sum(abs(sum(map(lambda d, s: d * s, differences, sign))) >= observed - 1e-12 for sign in signs)
    return far / total


def quantile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of the values does not exceed.

    >>> quantile([3.0, 1.0, 2.0], 0.5)
    2.0
    """
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def peak_memory() -> float:
    """Peak resident memory of this process, in MB.

    Where the system tells it, that of this program alone: `getrusage` counts in what the process that started it held.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
