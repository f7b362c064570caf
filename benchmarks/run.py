"""Measures arner on this machine: quality, speed, memory, its peers, and what the processor could do.

    python benchmarks/run.py [--quick] [--device auto|cpu|cuda] [--data FILE...] [--texts FOLDER] [--output FOLDER]

Writes `results.json`, `README.md` and pictures into benchmarks/results/<machine>/. On two cores a full run takes some
twenty minutes, --quick five; --longest 10000000 adds a stream of ten million words, an hour. Figures of a machine that
does something else meanwhile are worth nothing; the load before the run is in the table. docs/PERFORMANCE.md says what
is measured and how.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from benchmarks import child, machine, plots, report  # noqa: E402
from benchmarks.comparison import compare  # noqa: E402
from benchmarks.roofline import roofline  # noqa: E402
from benchmarks.texts import articles  # noqa: E402
from benchmarks.time_profile import profile  # noqa: E402

_LONGEST_TEXT = 100_000
"""Words of the longest single text: longer than any article, and than most books."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Parses the command line, measures, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    parser.add_argument("--quick", action="store_true", help="a tenth of the texts")
    parser.add_argument("--output", type=Path, help="folder of the results")
    parser.add_argument("--model", default="default", help="name or folder of the model whose speed is measured")
    parser.add_argument("--models", nargs="*", help="models whose quality is measured; by default that one")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="labelled files: CoNLL or annotated documents")
    parser.add_argument("--texts", type=Path, help="folder of texts for speed; by default the articles of models/data")
    parser.add_argument("--longest", type=int, default=1_000_000, help="words of the longest stream; not with --quick")
    parser.add_argument("--skip", nargs="*", default=[], choices=("quality", "peers", "speed", "roofline", "profile"))
    options = parser.parse_args(arguments)

    begin = time.perf_counter()
    results: dict[str, Any] = {
        "command": "python benchmarks/run.py " + " ".join(sys.argv[1:] if arguments is None else arguments),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": machine.describe(),
        "open": [],
    }
    device = _device(options.device)
    if device != "cuda":
        results["open"].append("everything on a GPU: none is here")
    from arner.extractor import Extractor
    from arner.ner.models import find_folder

    folder = find_folder(options.model)
    texts = articles(options.texts)
    threads = int(results["machine"]["cores"] or 1)
    extractor = Extractor(options.model, device=device, threads=threads)
    results["model"] = extractor.model
    for text in texts[:3]:
        extractor.extract(text)

    # What takes turns and what is bound to cores comes first: it suffers most from a processor that has grown hot.
    if "speed" not in options.skip:
        results["speed"] = list(_speed(options, device))
    if "peers" not in options.skip and folder is not None:
        _say("peers")
        count, words = (8, 200) if options.quick else (12, 500)
        results["comparison"] = compare(
            extractor, folder, texts, count=count, words=words, threads=threads, device=device
        )
    if "roofline" not in options.skip and folder is not None and device == "cpu":
        _say("roofline")
        seconds = 2.0 if options.quick else 8.0
        single = Extractor(options.model, device=device, threads=1)
        results["roofline"] = [roofline(single, texts, folder, seconds)]
        if threads > 1:
            results["roofline"].append(roofline(extractor, texts, folder, seconds))
    if "profile" not in options.skip and device == "cpu":
        _say("profile")
        results["profile"] = profile(options.model, texts[:: 12 if options.quick else 3])
    if "quality" not in options.skip and options.data:
        from benchmarks.quality import quality

        _say("quality")
        results["quality"] = quality(options.models or [options.model], options.data, device)
    results["minutes"] = (time.perf_counter() - begin) / 60
    _write(results, options.output or ROOT / "benchmarks" / "results" / machine.folder_name())


def _speed(options: argparse.Namespace, device: str) -> Any:
    """Measurements in processes of their own, one after the other."""
    scale = 1 if options.quick else 10
    steps = [1000, 10_000, 30_000]
    if not options.quick:
        steps = [10**power for power in range(3, 9) if 10**power <= options.longest]
    long = [step for step in steps if step <= _LONGEST_TEXT]
    jobs: list[tuple[str, str, dict[str, Any]]] = [
        ("stream, one core", "threads", {"mode": "pipe", "words": 3000 * scale, "cores": 1}),
        ("stream, all cores", "threads", {"mode": "pipe", "words": 3000 * scale}),
        ("stream, two processes", "threads", {"mode": "pipe", "words": 3000 * scale, "workers": 2}),
        ("batches of 16 texts", "calls", {"mode": "batch", "words": 3000 * scale}),
        ("one call a text", "calls", {"mode": "extract", "words": 3000 * scale}),
        *(("one stream", "growth", {"mode": "pipe", "words": words}) for words in steps),
        *(("one text", "growth", {"mode": "one", "words": words}) for words in long),
    ]
    for label, group, job in jobs:
        if group == "threads" and device == "cuda" and (job.get("cores") or job.get("workers")):
            continue
        _say(f"{label}, {job['words']:,} words")
        texts = None if options.texts is None else str(options.texts.resolve())
        yield {"label": label, "group": group, **child.run(**job, model=options.model, device=device, texts=texts)}


def _device(device: str) -> str:
    if device == "cpu":
        return "cpu"
    try:
        import torch

        found = torch.cuda.is_available()
    except ImportError:
        found = False
    if device == "cuda" and not found:
        sys.exit("no GPU is here, or torch has no CUDA; use --device cpu")
    return "cuda" if found else "cpu"


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _write(results: dict[str, Any], output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    (output / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    page = report.markdown(results)
    pictures = plots.draw(results, output)
    page += "".join(f"\n![{picture.stem}]({picture.name})\n" for picture in pictures)
    (output / "README.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
