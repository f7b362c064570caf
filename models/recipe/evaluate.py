"""Strict entity F1 of model folders, on CoNLL files, on annotated documents and on marked paragraphs.

CoNLL files are read as running text (tokens joined by spaces) and scored by seqeval in strict IOB2 mode on the
corpus' own tokens, clitics included. Documents and paragraphs are scored on exact character spans and types; for them
there are also the calibration of the scores and the confusion of the types. Several models are read in one run, so
that their figures can be compared; each table names the corpus' own kind of span.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arner.training.data.conll import read_tagged_sentences
from arner.training.evaluation.predictions import tag_tokens
from models.recipe.corpora import PROFILES, parse_source
from models.recipe.labels import TYPES
from models.recipe.markup import read_articles

NONE = "no name"


@dataclass(frozen=True)
class AnnotatedText:
    """A text and its names: (start, end) → types, any of which is right, the first one preferred."""

    text: str
    names: dict[tuple[int, int], list[str]]


@dataclass
class SpanReport:
    """What was found in texts whose names are known.

    Attributes:
        confusion: (type in the data, type found) → names with the same span; `NONE` where only one side has a name.
        scored: score of every name found, and whether it is right.
    """

    confusion: Counter[tuple[str, str]]
    scored: list[tuple[float, bool]]

    def rows(self) -> dict[str, dict[str, float]]:
        """Precision, recall, F1 and support, per type and over all, under seqeval's names."""
        kinds = [kind for kind in TYPES if any(kind in pair for pair in self.confusion)]
        return {kind: self._row([kind]) for kind in kinds} | {"micro avg": self._row(kinds)}

    def _row(self, kinds: Sequence[str]) -> dict[str, float]:
        right = sum(self.confusion[kind, kind] for kind in kinds)
        found = sum(count for (_, kind), count in self.confusion.items() if kind in kinds)
        gold = sum(count for (kind, _), count in self.confusion.items() if kind in kinds)
        return {
            "precision": right / max(1, found),
            "recall": right / max(1, gold),
            "f1-score": 2 * right / max(1, found + gold),
            "support": gold,
        }


def read_texts(profile: str, path: Path) -> Iterator[AnnotatedText]:
    """The texts of a folder of annotated documents or of marked paragraphs."""
    if profile == "paragraphs":
        for file in sorted(path.glob("*.txt")):
            for article in read_articles(file):
                names, at = {}, 0
                for marked in article:
                    names.update({(start + at, end + at): [kind] for start, end, kind in marked.names})
                    at += len(marked.text) + 1
                yield AnnotatedText("\n".join(marked.text for marked in article), names)
        return
    for file in sorted(path.glob("*.json")):
        document = json.loads(file.read_text(encoding="utf-8"))
        names = {(m["start"], m["end"]): [m["type"], *m.get("also", [])] for m in document["mentions"]}
        yield AnnotatedText(document["text"], names)


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


def evaluate_spans(recogniser: Any, texts: Sequence[AnnotatedText], *, completed: bool) -> SpanReport:
    """Exact spans and types of the names found.

    Args:
        completed: whether names are completed from the rest of the text and from what is known, as `arner.extract`
            does; else the model alone is judged.
    """
    from arner.knowledge import load_knowledge
    from arner.linking import complete_names
    from arner.text import split_words

    knowledge = load_knowledge()
    report = SpanReport(Counter(), [])
    for annotated, names in zip(texts, recogniser.recognize_many([t.text for t in texts]), strict=True):
        if completed:
            names = complete_names(annotated.text, split_words(annotated.text), names, knowledge)
        missed = dict(annotated.names)
        for name in names:
            types = missed.pop((name.start, name.end), [])
            kind = name.type if name.type in types else types[0] if types else NONE
            report.confusion[kind, name.type] += 1
            report.scored.append((name.score, kind == name.type))
        for types in missed.values():
            report.confusion[types[0], NONE] += 1
    return report


def print_report(title: str, rows: dict[str, Any]) -> None:
    """Prints a report as a table."""
    print(f"{title:<44}{'P':>8}{'R':>8}{'F1':>8}{'gold':>7}")
    for kind, row in rows.items():
        if kind not in ("macro avg", "weighted avg"):
            figures = "".join(f"{row[column]:>8.3f}" for column in ("precision", "recall", "f1-score"))
            print(f"{kind:<44}{figures}{row['support']:>7}")


def without_misc(rows: dict[str, Any]) -> float:
    """Micro-F1 of the types but MISC, from a report's rows."""
    kept = [row for kind, row in rows.items() if kind in ("PER", "LOC", "ORG")]
    right = sum(row["recall"] * row["support"] for row in kept)
    found = sum(row["recall"] * row["support"] / row["precision"] for row in kept if row["precision"])
    gold = sum(row["support"] for row in kept)
    return float(2 * right / max(1, found + gold))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument(
        "--model",
        action="append",
        required=True,
        dest="models",
        help="model folder, embedded name or Hugging Face id; may be given several times",
    )
    parser.add_argument("sources", nargs="+", type=parse_source, metavar="PROFILE=PATH", help="what to score on")
    parser.add_argument("--device", default="auto")
    parser.add_argument(
        "--completed", action="store_true", help="documents and paragraphs: names as extract gives them"
    )
    parser.add_argument("--json", type=Path, help="also write the reports to this file")
    parser.add_argument("--pictures", type=Path, help="folder for the pictures of calibration and confusion")


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    from arner.knowledge import load_knowledge
    from arner.ner.models import load_recognizer

    reports: dict[str, Any] = {}
    for model in args.models:
        recogniser = load_recognizer(model, device=args.device, is_name=load_knowledge().is_name)
        for profile, path in args.sources:
            title = f"{Path(model).name}: {profile} {path.name}"
            if profile in ("documents", "paragraphs"):
                found = evaluate_spans(recogniser, list(read_texts(profile, path)), completed=args.completed)
                rows: dict[str, Any] = found.rows()
                reports[title] = rows | {"calibration": _calibration(found, title, args.pictures)}
            else:
                rows = evaluate_conll(recogniser, profile, path)
                reports[title] = rows
            print_report(title, rows)
            print(f"{'PER, LOC and ORG':<44}{without_misc(rows):>24.3f}\n")
    if args.json:
        args.json.write_text(json.dumps(reports, indent=2, default=float) + "\n")


def _calibration(found: SpanReport, title: str, pictures: Path | None) -> dict[str, Any]:
    """Calibration of the scores; drawn with the confusion of the types if a folder is given."""
    from arner.training.evaluation.score_calibration import reliability

    bins = reliability(found.scored)
    error = sum(part.names * abs(part.score - part.right) for part in bins) / max(1, len(found.scored))
    print(f"{title}: expected calibration error {error:.3f}, {len(found.scored):,} names")
    if pictures:
        from arner.training.output.pictures import draw_calibration, draw_confusion

        pictures.mkdir(parents=True, exist_ok=True)
        stem = "-".join(title.replace(":", "").split())
        draw_calibration(pictures / f"{stem}-calibration.png", bins, error)
        draw_confusion(pictures / f"{stem}-confusion.png", found.confusion, TYPES, NONE)
    return {"error": error, "bins": [part.model_dump() for part in bins]}
