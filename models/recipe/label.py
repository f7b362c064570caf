"""Self-training: label raw text with one model or several, and keep only what they agree on and are sure of.

A paragraph becomes a row in which a word's set of labels is the one label that every model finds most probable and
that they give at least `--sure` on average, or else any label. Names that a document repeats, and well-known names,
are completed before (as the library does when it reads), so that the next model learns them from places where these
missed them. Paragraphs without a sure name are left out.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.recipe.labels import ANYTHING, INDEX, LABELS, TYPES, mask_of
from models.recipe.raw_text import read_documents

log = logging.getLogger("recipe.label")

_BATCH = 24


LogProbs = np.ndarray[Any, np.dtype[np.float32]]


def masks(opinions: Sequence[LogProbs], sure: float) -> list[int]:
    """For each word, the mask of its most probable label where that is agreed and sure, else of every label.

    Args:
        opinions: for each model its label log-probabilities, (words, labels).
        sure: mean probability from which a label counts.
    """
    mean = mean_opinion(opinions)
    best = mean.argmax(axis=1)
    certain = mean.max(axis=1) >= np.log(sure)
    for opinion in opinions:
        certain &= opinion.argmax(axis=1) == best
    return [1 << int(label) if known else ANYTHING for label, known in zip(best, certain, strict=True)]


def mean_opinion(opinions: Sequence[LogProbs]) -> LogProbs:
    """Logarithm of the mean of the models' probabilities."""
    mean: LogProbs = np.logaddexp.reduce(np.stack(opinions), axis=0) - np.float32(np.log(len(opinions)))
    return mean


def run(
    models: Sequence[str], texts: list[Path], output: Path, *, words: int, share: float, sure: float, seed: int
) -> None:
    """Writes the dataset folder `output`."""
    from datasets import Dataset

    from arner.knowledge import load_knowledge
    from arner.linking import complete_names
    from arner.ner.models import load_recognizer
    from arner.text import split_words

    knowledge = load_knowledge()
    recognisers = [load_recognizer(model, is_name=knowledge.is_name) for model in models]
    for model, recogniser in zip(models, recognisers, strict=True):
        if recogniser.scheme.labels != LABELS:
            raise SystemExit(f"{model} has other labels than this recipe: {', '.join(recogniser.scheme.labels)}")
    rows: list[dict[str, Any]] = []
    for path in texts:
        count = 0
        documents = read_documents(path, share, seed)
        while count < words:
            batch = [document for document, _ in zip(documents, range(_BATCH), strict=False)]
            if not batch:
                break
            split = [split_words(text) for text in batch]
            read = [recogniser.word_log_probs(batch, split) for recogniser in recognisers]
            for text, found, *opinions in zip(batch, split, *read, strict=True):
                allowed = masks(opinions, sure)
                names = recognisers[0].names(found, mean_opinion(opinions))
                given = {(name.start, name.end) for name in names}
                for name in complete_names(text, found, names, knowledge):
                    if (name.start, name.end) in given or name.type not in TYPES:
                        continue
                    inside = [i for i, word in enumerate(found) if word.start < name.end and name.start < word.end]
                    for position, index in enumerate(inside):
                        allowed[index] = mask_of([f"{'I' if position else 'B'}-{name.type}"])
                rows += _paragraphs(text, found, allowed)
                count += len(found)
        log.info("%s: %s words read, %s rows so far", path.name, f"{count:,}", f"{len(rows):,}")
    Dataset.from_list(rows).save_to_disk(str(output))


def _paragraphs(text: str, words: list[Any], allowed: list[int]) -> Iterator[dict[str, Any]]:
    """Rows of a labelled document: its lines that hold a sure name."""
    named = ~(1 << INDEX["O"])
    at = 0
    while at < len(words):
        line = text.find("\n", words[at].start)
        end = at + 1
        while end < len(words) and (line < 0 or words[end].start < line):
            end += 1
        part = allowed[at:end]
        if any(mask != ANYTHING and mask & named for mask in part):
            folded = [word.folded for word in words[at:end]]
            yield {"corpus": "silver", "words": folded, "allowed": part, "weight": 0.5}
        at = end


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--models", nargs="+", required=True, help="model folders that `export` wrote")
    parser.add_argument("--text", type=Path, nargs="+", required=True, help="raw text, plain or .xz")
    parser.add_argument("--output", type=Path, required=True, help="dataset folder to write")
    parser.add_argument("--words", type=int, default=200_000, help="words labelled of each file")
    parser.add_argument("--share", type=float, default=0.02, help="share of a file's documents that is read")
    parser.add_argument("--sure", type=float, default=0.9, help="probability from which a label counts")
    parser.add_argument("--seed", type=int, default=1)


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    run(
        args.models,
        args.text,
        args.output,
        words=args.words,
        share=args.share,
        sure=args.sure,
        seed=args.seed,
    )
