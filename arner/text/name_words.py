"""How likely a first letter is a proclitic and not the name's own: evidence from a list of words that open names."""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Final

__all__ = ["FEATURES", "NameWords", "evidence", "load_name_words", "load_weights"]

FEATURES: Final = (
    "bias",
    "whole_weight",
    "rest_weight",
    "only_whole_known",
    "only_rest_known",
    "neither_known",
    "beginnings",
    "article",
    "short_article",
    "two_letters",
    "three_letters",
    "four_letters",
)
"""What is weighed for a word and what a cut would leave of it; `evidence` gives the values in this order."""

_KNOWN_WEIGHT: Final = 5
"""The weight of a word of which only `is_name` knows."""
_PREFIX_LETTERS: Final = 5
_SMOOTHING: Final = 2.0
_ALPHABET: Final = 36.0


class NameWords:
    """Words that open names, by `name_key`, each with a weight: how often it does.

    >>> names = load_name_words()
    >>> names.weight("لبنان") > names.weight("بنان")
    True
    """

    def __init__(self, words: list[str], weights: list[int]) -> None:
        self._weights = dict(zip(words, weights, strict=True))
        self._words = words  # sorted, so that the words with one beginning lie side by side
        self._cumulated = [0.0, *accumulate(1.0 + math.log(weight) for weight in weights)]

    def weight(self, key: str) -> int:
        """The weight of a word, 0 for one that is not listed; foreign g may be ج or غ: لوكسمبورج, لوكسمبورغ."""
        weight = self._weights.get(key, 0)
        if weight == 0 and "ج" in key:
            weight = self._weights.get(key.replace("ج", "غ"), 0)
        return weight

    def lists(self, *keys: str) -> bool:
        """Whether any of the words is listed."""
        return any(self.weight(key) for key in keys)

    def beginning(self, key: str) -> float:
        """Log-probability that a word which opens a name begins with the same few letters as `key`."""
        total = self._cumulated[-1]
        before = total
        result = 0.0
        for length in range(1, min(_PREFIX_LETTERS, len(key)) + 1):
            low = bisect_left(self._words, key[:length])
            high = bisect_left(self._words, key[:length] + "\uffff", low)
            mass = self._cumulated[high] - self._cumulated[low]
            result += math.log((mass + _SMOOTHING / _ALPHABET) / (before + _SMOOTHING))
            before = mass
        return result


@lru_cache(maxsize=1)
def load_name_words() -> NameWords:
    """The list that comes with the package, read once (some 20 ms)."""
    table = (files("arner.text") / "data" / "name_words.tsv").read_text(encoding="utf-8")
    fields = table.split()  # word, weight, word, weight …
    return NameWords(fields[::2], list(map(int, fields[1::2])))


@lru_cache(maxsize=1)
def load_weights() -> dict[str, tuple[float, ...]]:
    """For each proclitic (و ب ل, and "other"), the weight of every feature in `FEATURES`."""
    text = (files("arner.text") / "data" / "proclitic_weights.json").read_text(encoding="utf-8")
    return {group: tuple(weights[name] for name in FEATURES) for group, weights in json.loads(text).items()}


def evidence(whole: str, rest: str, is_name: Callable[[str], bool] | None = None) -> tuple[float, ...]:
    """The values of `FEATURES` for a word and for what a cut would leave of it, both as `name_key` writes them.

    >>> dict(zip(FEATURES, evidence("والقاهره", "القاهره")))["article"]
    1.0
    """
    names = load_name_words()
    whole_weight, rest_weight = names.weight(whole), names.weight(rest)
    if is_name is not None:
        if whole_weight < _KNOWN_WEIGHT and is_name(whole):
            whole_weight = _KNOWN_WEIGHT
        if rest_weight < _KNOWN_WEIGHT and is_name(rest):
            rest_weight = _KNOWN_WEIGHT
    length = len(rest)
    starts_with_article = rest.startswith("ال")
    article = starts_with_article and length >= 5
    return (
        1.0,
        math.log1p(whole_weight),
        math.log1p(rest_weight),
        float(whole_weight > 0 and rest_weight == 0 and not article),
        float(whole_weight == 0 and rest_weight > 0),
        float(whole_weight == 0 and rest_weight == 0),
        max(-8.0, min(8.0, names.beginning(rest) - names.beginning(whole))),
        float(article),
        float(starts_with_article and length == 4),
        float(length == 2),
        float(length == 3),
        float(length == 4),
    )
