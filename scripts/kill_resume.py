"""Kills fine-tuning with kill -9 at ten random moments, and compares the weights with those of a run left alone.

    python scripts/kill_resume.py [--kills 10] [--seed 1] [--base FOLDER --train FILE --eval FILE] [--options JSON]

Each kill is a run of its own, in a fresh folder and a process of its own: it is killed a random moment after a random
step (0: while it prepares; the last: while it judges and writes the model), started again, and left to end. Without
--base a very small untrained model is made, and sentences from a pattern. Needs a system that can fork.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

CITIES = "باريس لندن دبي تونس عدن روما".split()
DRUGS = "الأسبرين البنسلين الأنسولين الكورتيزون".split()


def make_base(folder: Path) -> None:
    import torch
    import transformers

    from arner.ner.models import embedded_folder

    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    labels = dict(enumerate(("O", "B-LOC", "I-LOC", "B-PER", "I-PER")))
    config = transformers.BertConfig(vocab_size=10_000, pad_token_id=1, id2label=labels, **sizes)
    transformers.BertForTokenClassification(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(embedded_folder() / "default" / name, folder / name)


def make_data(path: Path) -> None:
    rows = [
        f"{verb}\tO\n{drug}\tB-DRUG\nفي\tO\n{city}\tO\n"
        for verb in ("يباع", "يوزع", "يصنع")
        for drug in DRUGS
        for city in CITIES
    ]
    random.Random(0).shuffle(rows)
    path.write_text("\n".join(rows), encoding="utf-8")


def state(folder: Path) -> str:
    """How far a killed run had come, in words."""
    if not (folder / "checkpoints").is_dir():
        return "finished" if (folder / "finetune.json").exists() else "not begun"
    if not (folder / "logs" / "steps.csv").exists():
        return "preparing"
    steps = len((folder / "logs" / "steps.csv").read_text(encoding="utf-8").splitlines()) - 1
    return f"{'writing the model after ' if (folder / 'model.safetensors').exists() else ''}step {steps}"


def same(first: Path, second: Path) -> bool:
    import torch
    from safetensors.torch import load_file

    ours, theirs = (load_file(folder / "model.safetensors") for folder in (first, second))
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def train(arguments: dict[str, Any]) -> None:
    """What a child process does."""
    import torch

    import arner

    torch.set_num_threads(1)
    arner.finetune(**arguments)


def start(arguments: dict[str, Any]) -> Any:
    child = get_context("fork").Process(target=train, args=(arguments,))
    child.start()
    return child


def steps(folder: Path) -> int:
    path = folder / "logs" / "steps.csv"
    return len(path.read_text(encoding="utf-8").splitlines()) - 1 if path.exists() else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--eval", type=Path)
    parser.add_argument("--options", type=json.loads, default={}, help="such as '{\"epochs\": 3}'")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        given = {"base": args.base or work / "base", "train": args.train or work / "train.conll", "eval": args.eval}
        given |= {"save_seconds": 0, "tensorboard": False} | args.options
        if args.base is None:
            make_base(given["base"])
            given = {"epochs": 6, "batch_tokens": 64, "learning_rate": 0.005} | given
        if args.train is None:
            make_data(given["train"])
        began = time.monotonic()
        child = start({**given, "output": work / "alone"})
        child.join()
        if child.exitcode != 0:
            print("the run left alone failed")
            return 1
        total, whole = steps(work / "alone"), time.monotonic() - began
        print(f"left alone: {total} steps, {whole:.1f} s", flush=True)
        failures = 0
        for number in range(1, args.kills + 1):
            output = work / f"killed{number}"
            after, moment = chance.randint(0, total), chance.uniform(0, 0.1 * whole)
            child = start({**given, "output": output})
            while child.is_alive() and steps(output) < after:
                time.sleep(0.001)
            time.sleep(moment)
            child.kill()
            child.join()
            reached = state(output)
            child = start({**given, "output": output})
            child.join()
            good = child.exitcode == 0 and same(work / "alone", output)
            failures += not good
            verdict = "same weights" if good else "DIFFERENT"
            print(f"kill {number:2} {moment:.2f} s after step {after:3} ({reached}): {verdict}", flush=True)
            shutil.rmtree(output, ignore_errors=True)
    print("all the same" if not failures else f"{failures} differ")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
