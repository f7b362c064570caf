"""A torch model's logits for the words of sequences, read in batches of like length."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from arner.ner.backend import padded
from arner.training.tuning.sequences import Encoded

__all__ = ["word_logits"]

_TOGETHER: Final = 4096
"""Tokens, padding included, that are read at once."""


def word_logits(
    model: Any, sequences: Sequence[Encoded], pad: int, autocast: AbstractContextManager[Any] | None = None
) -> list[NDArray[np.float32]]:
    """Logits of the own words of each sequence, each of shape (words, labels). The model is in evaluation mode then.

    Args:
        model: reads on the device where it is.
        pad: id of the padding token.
        autocast: context in which the model computes.
    """
    import torch

    device = next(model.parameters()).device
    model.eval()
    order = sorted(range(len(sequences)), key=lambda index: len(sequences[index].ids))
    result: dict[int, NDArray[np.float32]] = {}
    with torch.inference_mode(), autocast or nullcontext():
        at = 0
        while at < len(order):
            end = at + 1
            while end < len(order) and (end + 1 - at) * len(sequences[order[end]].ids) <= _TOGETHER:
                end += 1
            chosen = order[at:end]
            arrays = padded([sequences[index].ids for index in chosen], pad)
            ids, mask = (torch.from_numpy(array).to(device) for array in arrays)
            logits = model(input_ids=ids, attention_mask=mask).logits.float().cpu().numpy()
            for row, index in zip(logits, chosen, strict=True):
                result[index] = row[sequences[index].own]
            at = end
    return [result[index] for index in range(len(sequences))]
