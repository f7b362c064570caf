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

from arner.training.evaluation.score_calibration import fit_temperature
from arner.training.output.export_onnx import half_precision, write_int8
from arner.training.tuning.base import REHEARSAL

log = logging.getLogger("recipe.export")

DESCRIPTION = "Arabic news names (PER, LOC, ORG, MISC): BERT, 8 layers of width 384, from multilingual-e5-small"
LICENCE = "CC-BY-SA-4.0"


def fitted_temperature(folder: Path, documents: Sequence[Path]) -> float:
    """The temperature that makes the gold labels of the documents' words most probable."""
    from arner.ner.models import load_recognizer
    from arner.text import split_words
    from models.recipe.corpora import PROFILES, document_rows
    from models.recipe.labels import LABELS

    recogniser = load_recognizer(str(folder))
    assert recogniser.scheme.labels == LABELS
    allowed: list[np.ndarray[Any, np.dtype[np.bool_]]] = []
    log_probs: list[np.ndarray[Any, np.dtype[np.float32]]] = []
    for path in documents:
        for row in document_rows("documents", path, PROFILES["documents"]):
            text = " ".join(row["words"])
            words = split_words(text)
            if [word.folded for word in words] != row["words"]:
                continue
            allowed.append((np.array(row["allowed"])[:, None] >> np.arange(len(LABELS)) & 1).astype(bool))
            log_probs.append(recogniser.word_log_probs([text], [words])[0])
    temperature, loss, before = fit_temperature(log_probs, allowed)
    log.info("temperature %.2f: loss %.4f, was %.4f at 1", temperature, loss, before)
    return temperature


def write_rehearsal(articles: Sequence[Path], target: Path, words: int = 10_000) -> None:
    """Writes text, a paragraph a line, that keeps the model's types in mind when a user fine-tunes it.

    Args:
        articles: marked texts (`models.recipe.markup`); the last paragraphs of each are taken, without the marks.
        words: in all, about.
    """
    from models.recipe.markup import read_articles

    lines: list[str] = []
    for path in articles:
        left = words // len(articles)
        for paragraph in reversed([paragraph.text for article in read_articles(path) for paragraph in article]):
            left -= len(paragraph.split())
            if left < 0:
                break
            lines.append(paragraph)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(
    source: Path,
    output: Path,
    *,
    version: str,
    window: int,
    stride: int,
    documents: Sequence[Path],
    articles: Sequence[Path],
) -> None:
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
        about["temperature"] = fitted_temperature(output, documents)
        path.write_text(json.dumps(about, indent=2) + "\n")
    if articles:
        write_rehearsal(articles, output / REHEARSAL)
    for file in sorted(output.iterdir()):
        log.info("%s %.1f MB", file.name, file.stat().st_size / 1e6)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--model", type=Path, required=True, help="folder that `train` wrote")
    parser.add_argument("--output", type=Path, required=True, help="folder of the shipped files")
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--window", type=int, default=256, help="tokens in a window")
    parser.add_argument("--stride", type=int, default=24, help="tokens of context on either side")
    parser.add_argument(
        "--documents", type=Path, nargs="*", default=[], help="annotated documents: fit the temperature"
    )
    parser.add_argument(
        "--articles", type=Path, nargs="*", default=[], help="marked texts: write rehearsal.txt for fine-tuning"
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
        articles=args.articles,
    )
