"""Many calls by several threads, and a long stream: the same results every time, and memory that stays flat.

    python benchmarks/endurance.py [--calls 10000] [--threads 8] [--words 10000000]

Ends with an error where a result differs from that of a single call before, byte for byte, or where the peak of memory
grows by 50 MB or more after the first 100,000 words of the stream.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from arner.extractor import Extractor
from benchmarks.measure import peak_memory
from benchmarks.texts import articles, stream

_EARLY = 100_000
_MOST_GROWTH = 50.0


def _digest(json: str) -> bytes:
    return hashlib.sha256(json.encode()).digest()


def main() -> None:
    """Parses the command line, runs both, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--words", type=int, default=10_000_000)
    options = parser.parse_args()
    extractor = Extractor()
    texts = articles()
    expected = {text: _digest(extractor.extract(text).to_json()) for text in texts}

    begin = time.perf_counter()
    calls = itertools.islice(itertools.cycle(texts), options.calls)
    with ThreadPoolExecutor(options.threads) as pool:
        differing = sum(pool.map(lambda text: _digest(extractor.extract(text).to_json()) != expected[text], calls))
    print(
        f"{options.calls:,} calls by {options.threads} threads: {differing} differ from a single call; "
        f"{time.perf_counter() - begin:.0f} s",
        flush=True,
    )

    begin = time.perf_counter()
    words, early, wrong = 0, 0.0, 0
    for document in extractor.pipe(stream(texts, options.words)):
        wrong += _digest(document.to_json()) != expected[document.text]
        words += len(document.text.split())
        if words >= _EARLY and not early:
            early = peak_memory()
    growth = peak_memory() - early if early else 0.0
    seconds = time.perf_counter() - begin
    print(f"a stream of {words:,} words: {wrong} documents differ from a single call; {seconds:.0f} s")
    print(f"peak memory {peak_memory():.0f} MB, {growth:.1f} MB of it after the first {_EARLY:,} words")
    if differing or wrong or growth >= _MOST_GROWTH:
        sys.exit("results or memory are not what they should be")


if __name__ == "__main__":
    main()
