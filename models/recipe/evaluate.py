"""Strict entity F1 of a model folder, on CoNLL files and on annotated documents.

CoNLL files are read as running text (tokens joined by spaces) and scored by seqeval in strict IOB2 mode on the
corpus' own tokens, clitics included. Documents are scored on exact character spans and types.
"""

from __future__ import annotations

import argparse
import json
import logging
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from arner.training.conll import read_tagged_sentences
from arner.training.predictions import tag_tokens
from models.recipe.corpora import PROFILES, parse_source

log = logging.getLogger("recipe.evaluate")


def evaluate_conll(recogniser: Any, profile: str, path: Path) -> dict[str, Any]:
    """seqeval's strict report for a CoNLL file; types that the corpus does not know are left out of the prediction."""
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    types = {theirs: ours for theirs, ours in PROFILES[profile].types.items() if ours}
    known = set(types.values())
    gold, sentences = [], []
    for sentence in read_tagged_sentences(path):
        sentences.append(sentence.tokens)
        gold.append([f"{tag[:2]}{types[tag[2:]]}" if tag[2:] in types else "O" for tag in sentence.tags])
    predicted = [[tag if tag[2:] in known else "O" for tag in tags] for tags in tag_tokens(recogniser, sentences)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report: dict[str, Any] = classification_report(gold, predicted, mode="strict", scheme=IOB2, output_dict=True)
    return report


def evaluate_documents(recogniser: Any, folder: Path) -> dict[str, Any]:
    """Precision, recall and F1 of exact spans with their types, per type and over all."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        gold = {(m["start"], m["end"]): [m["type"], *m.get("also", [])] for m in document["mentions"]}
        for name in recogniser.recognize(document["text"]):
            types = gold.get((name.start, name.end), [])
            kind = types[0] if name.type in types else name.type
            counts[kind, "predicted"] += 1
            counts[kind, "hit"] += name.type in types
        for types in gold.values():
            counts[types[0], "gold"] += 1
    report: dict[str, Any] = {}
    for kind in [*sorted({kind for kind, _ in counts}), "micro avg"]:
        hit, predicted, total = (
            sum(n for (k, column), n in counts.items() if column == wanted and kind in (k, "micro avg"))
            for wanted in ("hit", "predicted", "gold")
        )
        report[kind] = {
            "precision": hit / max(1, predicted),
            "recall": hit / max(1, total),
            "f1-score": 2 * hit / max(1, predicted + total),
            "support": total,
        }
    return report


def print_report(title: str, report: dict[str, Any]) -> None:
    """Prints a report as a table."""
    print(f"{title:<28}{'P':>8}{'R':>8}{'F1':>8}{'gold':>7}")
    for kind, row in report.items():
        if kind in ("macro avg", "weighted avg"):
            continue
        print(
            f"{kind:<28}"
            + "".join(f"{row[c]:>8.3f}" for c in ("precision", "recall", "f1-score"))
            + f"{row['support']:>7}"
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--model", required=True, help="model folder, embedded name or Hugging Face id")
    parser.add_argument("sources", nargs="+", type=parse_source, metavar="PROFILE=PATH", help="what to score on")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--json", type=Path, help="also write the reports to this file")


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    from arner.knowledge import load_knowledge
    from arner.ner.models import load_recognizer

    recogniser = load_recognizer(args.model, device=args.device, is_name=load_knowledge().is_name)
    reports = {}
    for profile, path in args.sources:
        documents = profile == "documents"
        report = evaluate_documents(recogniser, path) if documents else evaluate_conll(recogniser, profile, path)
        print_report(f"{profile} {path.name}", report)
        reports[f"{profile} {path.name}"] = report
    if args.json:
        args.json.write_text(json.dumps(reports, indent=2, default=float) + "\n")
