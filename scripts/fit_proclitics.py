"""Fits `arner/text/data/proclitic_weights.json` on the "train" part of a corpus with and without split clitics.

    python -m scripts.fit_proclitics SEGMENTED DETOKENISED arner/text/data/proclitic_weights.json

Per group of proclitics one ridge logistic regression over the possible cuts of each word, by Newton's method; the rarer
proclitics share a group. The files are those of `benchmarks/clitics.py`. Needs numpy.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from arner.text import name_key
from arner.text.clitics import without_proclitic
from arner.text.name_words import FEATURES, evidence
from benchmarks.clitics import gold_cuts

GROUPS: Final = ("و", "ب", "ل", "other")
RIDGE: Final = 1.0
STEPS: Final = 30


def fit(features: npt.NDArray[np.float64], target: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    weights = np.zeros(features.shape[1])
    for _ in range(STEPS):
        probability = 1.0 / (1.0 + np.exp(-features @ weights))
        gradient = features.T @ (target - probability) - RIDGE * weights
        curvature = (features * (probability * (1.0 - probability))[:, None]).T @ features
        weights += np.linalg.solve(curvature + RIDGE * np.eye(len(weights)), gradient)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("segmented", type=Path)
    parser.add_argument("detokenised", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    samples: dict[str, list[tuple[tuple[float, ...], bool]]] = {group: [] for group in GROUPS}
    for gold in gold_cuts(arguments.segmented, arguments.detokenised):
        if gold.part != "train":
            continue
        key = name_key(gold.word)
        for letter in range(2):  # the conjunction, then the preposition behind it, as `proclitic_length` asks
            for rest in without_proclitic(key[letter:]):
                group = key[letter] if key[letter] in GROUPS else "other"
                samples[group].append((evidence(key[letter:], rest), gold.cut > letter))
            if gold.cut == 0 or key[0] not in "وف" or key[1] not in "بلك":
                break
    result = {}
    for group, pairs in samples.items():
        weights = fit(np.array([values for values, _ in pairs]), np.array([float(right) for _, right in pairs]))
        result[group] = {name: round(float(weight), 3) for name, weight in zip(FEATURES, weights, strict=True)}
    arguments.output.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
