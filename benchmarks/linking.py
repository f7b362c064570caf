"""Score linking alone: gold mentions in, B³ of the entities out.

    python benchmarks/linking.py GOLD_DIR [--errors]

GOLD_DIR holds one JSON per text with "text" and "mentions" [start, end, type, entity]. B³ counts, for each mention, how
much of its predicted entity is right (precision) and how much of its gold entity is found (recall), over all texts.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from arner.knowledge import load_knowledge
from arner.linking import link
from arner.schema import MentionKind
from arner.text.words import split_words


class GoldName(NamedTuple):
    """A gold mention as linking takes it."""

    start: int
    end: int
    type: str
    score: float = 1.0


def b_cubed(gold: Mapping[Any, str], predicted: Mapping[Any, str]) -> tuple[float, float]:
    """Sums over the mentions of B³ precision and recall; both map a mention to its entity.

    >>> b_cubed({1: "a", 2: "a", 3: "b"}, {1: "x", 2: "x", 3: "x"})
    (1.6666666666666665, 3.0)
    """
    pairs = Counter((gold[m], predicted[m]) for m in gold)
    golds, predictions = Counter(gold.values()), Counter(predicted[m] for m in gold)
    precision = sum(n * n / predictions[p] for (_, p), n in pairs.items())
    recall = sum(n * n / golds[g] for (g, _), n in pairs.items())
    return precision, recall


def describe(gold: Mapping[Any, str], predicted: Mapping[Any, str], text: str) -> list[str]:
    """The entities that are split or mixed, as lines."""
    lines = []
    for label, mine, other in (("split", gold, predicted), ("mixed", predicted, gold)):
        groups: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for m, owner in mine.items():
            groups[owner][other[m]][text[m[0] : m[1]]] += 1
        for parts in groups.values():
            if len(parts) > 1:
                lines.append(f"  {label}: " + "  |  ".join("، ".join(names) for names in parts.values()))
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the gold texts, link each and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+", help="folders of gold files")
    parser.add_argument("--errors", action="store_true", help="list every entity that is split or mixed")
    options = parser.parse_args(arguments)
    knowledge = load_knowledge()
    precision = recall = total = seconds = 0.0
    for path in sorted(path for folder in options.gold for path in folder.glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        text = data["text"]
        gold = {(m["start"], m["end"]): m["entity"] for m in data["mentions"]}
        names = [GoldName(m["start"], m["end"], m["type"]) for m in data["mentions"]]
        words = split_words(text)
        begin = time.process_time()
        linked = link(text, words, names, knowledge)
        seconds += time.process_time() - begin
        predicted = {(m.start, m.end): m.entity for m in linked.mentions if m.kind is MentionKind.NAME}
        p, r = b_cubed(gold, predicted)
        precision, recall, total = precision + p, recall + r, total + len(gold)
        if options.errors and p + r < 2 * len(gold):
            print(f"{data['id']}  P {p / len(gold):.3f}  R {r / len(gold):.3f}")
            print("\n".join(describe(gold, predicted, text)))
    if not total:
        parser.error("no mentions found in *.json of these folders")
    p, r = precision / total, recall / total
    f1 = 2 * p * r / (p + r)
    print(f"mentions={total:.0f} b3_precision={p:.4f} b3_recall={r:.4f} b3_f1={f1:.4f} seconds={seconds:.2f}")


if __name__ == "__main__":
    main()
