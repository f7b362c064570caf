"""Kills `arner extract -o` with kill -9 at random moments, and compares the output with that of a run left alone.

    python scripts/kill_batch.py [--kills 100] [--each 5] [--texts 400] [--seed 1] [--jobs 1 2] [--formats jsonl csv]

A batch is killed --each times, gone on with after each, and left to end; then comes the next batch, with the next
number of processes and the next format in turn. A kill comes a random moment after the run has begun, up to the time
that the run left alone took: while the model is loaded, while texts are read, or while the output is put in its place.
Texts are sentences from a pattern, in one .jsonl file with broken lines, equal ids and empty lines, and in small files.
Prints a line a kill, with what was done by then. Needs kill -9 and pgrep, so no Windows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

PEOPLE = "سامح شكري|هاكان فيدان|سيرغي لافروف|محمود عباس|فلاديمير بوتين".split("|")
PLACES = "القاهرة|أنقرة|باريس|موسكو|دبي|تونس".split("|")
VERBS = "زار|غادر|وصل إلى|انتقد|أيد".split("|")


def make_inputs(folder: Path, texts: int, chance: random.Random) -> list[str]:
    def text() -> str:
        sentences = chance.randint(1, 8)
        parts = [(chance.choice(VERBS), chance.choice(PEOPLE), chance.choice(PLACES)) for _ in range(sentences)]
        return " ".join(f"{verb} {person} {place}." for verb, person, place in parts)

    lines: list[str] = []
    for number in range(texts):
        lines.append(json.dumps({"id": str(number % 50), "text": text()}, ensure_ascii=False))
        if chance.random() < 0.03:
            lines.append(chance.choice(["", "{", '{"text": ""}', '{"id": 1}']))
    (folder / "lines.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "news").mkdir()
    for number in range(texts // 10):
        (folder / "news" / f"{number:05}.txt").write_text(text(), encoding="utf-8")
    (folder / "news" / "00003.txt").write_bytes(b"\xff\xfe\0")
    return ["lines.jsonl", "news/*.txt", "missing.txt"]


def command(inputs: list[str], output: str, jobs: int, *more: str) -> list[str]:
    return [sys.executable, "-m", "arner", "extract", *inputs, "-o", output, "--jobs", str(jobs), *more]


def run(arguments: list[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(arguments, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def reached(folder: Path, output: str) -> str:
    """How far a killed run had come, in words."""
    journal = folder / f"{output}.journal"
    if not journal.exists():
        return "finished" if (folder / output).exists() else "not begun"
    last = {}
    for line in journal.read_bytes().splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            break
        last = entry if "documents" in entry else last
    done = f"{last.get('documents', 0)} documents"
    return f"{done}, putting the output in its place" if last.get("finished") else done


def children_left(process: int) -> bool:
    """Whether a process of the killed one's group of workers still runs a second later."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        found = subprocess.run(["pgrep", "-f", f"spawn_main.*parent_pid={process}"], capture_output=True)
        if found.returncode:
            return False
        time.sleep(0.1)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--each", type=int, default=5, help="kills of one batch")
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--formats", nargs="+", default=["jsonl", "csv"])
    args = parser.parse_args()
    chance = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        inputs = make_inputs(folder, args.texts, chance)
        took = {}
        for jobs in args.jobs:
            for format in args.formats:
                began = time.monotonic()
                alone = run(command(inputs, f"alone{jobs}.{format}", jobs), folder)
                if alone.wait() != 1:  # some inputs are broken
                    print("the run left alone failed:", shlex.join(command(inputs, f"alone{jobs}.{format}", jobs)))
                    return 1
                took[jobs, format] = time.monotonic() - began
                print(f"left alone, {jobs} jobs, {format}: {took[jobs, format]:.1f} s", flush=True)
        kills = bad = batch = 0
        for jobs, format in cycle(took):
            if kills >= args.kills:
                break
            batch += 1
            output = f"out{batch}.{format}"
            for _ in range(min(args.each, args.kills - kills)):
                process = run(command(inputs, output, jobs, "--resume"), folder)
                moment = chance.uniform(0, took[jobs, format])
                time.sleep(moment)
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                left = jobs > 1 and children_left(process.pid)
                bad += left
                told = "; PROCESSES LEFT BEHIND" if left else ""
                print(
                    f"kill {kills:3} {moment:4.1f} s, {jobs} jobs, {format}: {reached(folder, output)}{told}",
                    flush=True,
                )
                if not (folder / f"{output}.journal").exists() and (folder / output).exists():
                    break
            done = run(command(inputs, output, jobs, "--resume"), folder).wait()
            suffix = ".failures.jsonl"
            good = done == 1 and all(
                (folder / f"{output}{end}").read_bytes() == (folder / f"alone{jobs}.{format}{end}").read_bytes()
                for end in ("", suffix)
            )
            first = min(args.jobs)
            good = good and (folder / output).read_bytes() == (folder / f"alone{first}.{format}").read_bytes()
            rest = [
                name
                for name in os.listdir(folder)
                if name.startswith((f"{output}.", f".{output}")) and not name.endswith(suffix)
            ]
            good = good and not rest
            bad += not good
            print(
                f"batch {batch}: {'same bytes' if good else f'DIFFERENT (exit code {done}, beside it {rest})'}",
                flush=True,
            )
    print(f"{kills} kills of {batch} batches: " + ("all the same" if not bad else f"{bad} differ"))
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
