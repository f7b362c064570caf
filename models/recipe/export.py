"""Write the files that ship.

From a fine-tuned transformers folder: `model.safetensors` (half precision, for fine-tuning and the torch backend),
`model_int8.onnx` (for a CPU: attention fused, matrix products and embeddings in 8 bits), `tokenizer.json`,
`config.json`, and `arner.json` (name, version, licence, window, temperature of the scores). The temperature is the one
that makes word labels most probable on annotated documents that training has not seen (Guo et al. 2017).
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from arner.training.export_onnx import half_precision, write_int8

log = logging.getLogger("recipe.export")

DESCRIPTION = "Arabic news names (PER, LOC, ORG, MISC): BERT, 12 layers of width 384, from multilingual-e5-small"
LICENCE = "CC-BY-SA-4.0"


def fit_temperature(folder: Path, documents: Sequence[Path]) -> float:
    """The temperature, among 0.8 … 3.0, with the least mean negative log-probability of the gold word labels."""
    from arner.ner.models import load_recognizer
    from arner.text import split_words
    from models.recipe.corpora import PROFILES, document_rows
    from models.recipe.labels import LABELS

    recogniser = load_recognizer(str(folder))
    assert recogniser.scheme.labels == LABELS
    gold: list[int] = []
    logits: list[np.ndarray[Any, np.dtype[np.float32]]] = []
    for path in documents:
        for row in document_rows("documents", path, PROFILES["documents"]):
            text = " ".join(row["words"])
            words = split_words(text)
            if [word.folded for word in words] != row["words"]:
                continue
            gold += row["allowed"]
            logits.append(recogniser.word_log_probs([text], [words])[0])
    scores = np.concatenate(logits)
    allowed = (np.array(gold)[:, None] >> np.arange(len(LABELS)) & 1).astype(bool)

    def loss(temperature: float) -> float:
        scaled = scores / temperature
        scaled -= np.logaddexp.reduce(scaled, axis=1, keepdims=True)
        return float(-np.log((np.exp(scaled) * allowed).sum(axis=1).clip(1e-9)).mean())

    candidates = [round(0.8 + 0.05 * step, 2) for step in range(45)]
    best = min(candidates, key=loss)
    log.info("temperature %.2f: loss %.4f, was %.4f at 1", best, loss(best), loss(1.0))
    return best


def run(source: Path, output: Path, *, version: str, window: int, stride: int, documents: Sequence[Path]) -> None:
    """Writes the folder `output`."""
    output.mkdir(parents=True, exist_ok=True)
    config = json.loads((source / "config.json").read_text())
    write_int8(source, output / "model_int8.onnx")
    half_precision(source / "model.safetensors", output / "model.safetensors")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(source / name, output / name)
    config["dtype"] = "float16"
    config.pop("torch_dtype", None)
    (output / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    about = {
        "name": "arner-default",
        "version": version,
        "description": DESCRIPTION,
        "licence": LICENCE,
        "window": window,
        "stride": stride,
        "temperature": 1.0,
    }
    path = output / "arner.json"
    path.write_text(json.dumps(about, indent=2) + "\n")
    if documents:
        about["temperature"] = fit_temperature(output, documents)
        path.write_text(json.dumps(about, indent=2) + "\n")
    for file in sorted(output.iterdir()):
        log.info("%s %.1f MB", file.name, file.stat().st_size / 1e6)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--model", type=Path, required=True, help="folder that `train` wrote")
    parser.add_argument("--output", type=Path, required=True, help="folder of the shipped files")
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--window", type=int, default=256, help="tokens in a window")
    parser.add_argument("--stride", type=int, default=48, help="tokens of context on either side")
    parser.add_argument(
        "--documents", type=Path, nargs="*", default=[], help="annotated documents: fit the temperature"
    )


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    run(
        args.model,
        args.output,
        version=args.version,
        window=args.window,
        stride=args.stride,
        documents=args.documents,
    )
