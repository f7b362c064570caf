"""Learning rates by layer: what lower layers know of the language serves all types, so they change less."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["rate_shares"]

_LAYER: Final = re.compile(r"\blayers?\.(\d+)\.")


def rate_shares(names: Iterable[str], decay: float) -> dict[str, float]:
    """The share of the peak rate for each weight: 1 for the classifier, and for each layer below `decay` times as much.

    The embeddings, and whatever else stands outside the layers, come below the lowest one (discriminative fine-tuning,
    Howard & Ruder 2018).

    Args:
        names: of the weights, as transformers names them.
        decay: above 0, at most 1.

    >>> rate_shares(["embeddings.word.weight", "layer.0.bias", "layer.1.bias", "classifier.bias"], 0.5)
    {'embeddings.word.weight': 0.125, 'layer.0.bias': 0.25, 'layer.1.bias': 0.5, 'classifier.bias': 1.0}
    """
    names = list(names)
    found = {name: _LAYER.search(name) for name in names}
    layers = {name: int(match[1]) for name, match in found.items() if match}
    depth = 1 + max(layers.values(), default=-1)
    return {
        name: 1.0 if "classifier" in name and name not in layers else decay ** (depth - layers.get(name, -1))
        for name in names
    }
