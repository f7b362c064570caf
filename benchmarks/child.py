"""One measurement in a process of its own, so that its memory and its cores are its own; prints one line of JSON.

    python -m benchmarks.child '{"mode": "pipe", "words": 10000, "cores": 1}'

Modes: "pipe" (one stream), "extract" (one call a text), "batch" (calls of 16 texts), "one" (all in one text).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import peak_memory, quantile
from benchmarks.texts import articles, stream

__all__ = ["run"]

_WARM = 3
_EARLY = 100_000
"""Words after which memory is looked at first."""


def run(**job: Any) -> dict[str, Any]:
    """Starts the process and returns what it measured."""
    command = [sys.executable, "-m", "benchmarks.child", json.dumps(job)]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=root, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _main(job: dict[str, Any]) -> dict[str, Any]:
    if job.get("cores") and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: job["cores"]])
    from arner.extractor import Extractor, TextItem

    begin = time.perf_counter()
    extractor = Extractor(job.get("model", "default"), device=job.get("device", "auto"))
    loaded = time.perf_counter() - begin
    texts = articles(Path(job["texts"]) if job.get("texts") else None)
    for text in texts[:_WARM]:
        extractor.extract(text)
    seconds: list[float] = []
    early = 0.0
    words = documents = before = after = 0

    def source() -> Iterator[str]:
        nonlocal words, documents, early
        for text in stream(texts, job["words"]):
            yield text
            words += len(text.split())
            documents += 1
            if words >= _EARLY and not early:
                early = peak_memory()

    begin, cpu = time.perf_counter(), time.process_time()
    if job["mode"] == "extract":
        for text in source():
            start = time.perf_counter()
            extractor.extract(text)
            seconds.append(time.perf_counter() - start)
    elif job["mode"] == "one":
        extractor.extract("\n".join(source()))
    elif job["mode"] == "batch":
        batch: list[TextItem] = []
        for text in source():
            batch.append(TextItem(text))
            if len(batch) == 16:
                extractor.extract_batch(batch)
                batch = []
        if batch:
            extractor.extract_batch(batch)
    else:
        documents_out = extractor.pipe(source(), workers=job.get("workers", 1))
        if job.get("workers", 1) > 1:  # processes that have to start are not counted: a stream is long
            before = len(next(documents_out).text.split())
            begin = time.perf_counter()
        for document in documents_out:
            after += len(document.text.split())
    wall = time.perf_counter() - begin
    return {
        **job,
        "words": words,
        "documents": documents,
        "seconds": wall,
        "cpu_seconds": time.process_time() - cpu,
        "load_seconds": loaded,
        "words_per_second": (after if before else words) / wall,
        "documents_per_second": documents / wall * (after / words if before else 1),
        "p50_ms": 1000 * quantile(seconds, 0.5) if seconds else None,
        "p99_ms": 1000 * quantile(seconds, 0.99) if seconds else None,
        "peak_mb": peak_memory(),
        "growth_mb": peak_memory() - early if early else None,
        "gpu_peak_mb": _gpu_peak(extractor._recognizer.device),
    }


def _gpu_peak(device: str) -> float | None:
    if not device.startswith("cuda"):
        return None
    import torch

    return float(torch.cuda.max_memory_allocated() / 2**20)


if __name__ == "__main__":
    print(json.dumps(_main(json.loads(sys.argv[1]))))
