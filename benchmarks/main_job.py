"""Measures the main job on this machine: cold start, words per second, and memory.

    python benchmarks/main_job.py TEXT... [--repeat 3]

TEXT are text files, or JSON files with a `text`. Prints the seconds from the start of a new process to the printed
triples of the first text (median), words per second of a stream of all texts in one process, for the whole and for the
names alone (medians), and the peak resident memory of that process. A word is what stands between spaces.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def read(path: Path) -> str:
    """The text of a file."""
    content = path.read_text(encoding="utf-8")
    return str(json.loads(content)["text"]) if path.suffix == ".json" else content


def cold_start(text: str, repeat: int) -> float:
    """Seconds from starting a process to its end, having printed the triples of one text; the median."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "arner", "extract", str(path), "--format", "table"]
        seconds = []
        for _ in range(repeat):
            begin = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def stream(texts: list[str], repeat: int) -> tuple[float, float]:
    """Words per second of the whole, and of the recogniser alone; medians."""
    from arner.extractor import Extractor

    extractor = Extractor()
    words = sum(len(text.split()) for text in texts)
    list(extractor.pipe(texts[:2]))
    whole, alone = [], []
    for _ in range(repeat):
        begin = time.perf_counter()
        for _document in extractor.pipe(texts):
            pass
        whole.append(words / (time.perf_counter() - begin))
        begin = time.perf_counter()
        for first in range(0, len(texts), 16):
            extractor._recognizer.recognize_many(texts[first : first + 16])
        alone.append(words / (time.perf_counter() - begin))
    return statistics.median(whole), statistics.median(alone)


def main() -> None:
    """Parses the command line, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    texts = [read(path) for path in args.texts]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{len(texts)} texts, {sum(len(text.split()) for text in texts):,} words")
    print(f"cold start to printed triples: {cold_start(texts[0], args.repeat):.2f} s")
    whole, alone = stream(texts, args.repeat)
    print(f"stream, end to end: {whole:,.0f} words/s; names alone: {alone:,.0f} words/s")
    print(f"peak resident memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
