"""Rows of the dataset → batches of token ids: chunks of consecutive rows, sorted by length, cut by a token budget."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

from models.recipe.augment import Augmenter
from models.recipe.run import batches_by_length, padded

Row = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """One sequence: token ids, and for the first token of each word its label mask and weight (0 elsewhere)."""

    ids: list[int]
    allowed: list[int]
    weights: list[float]


class Encoder:
    """Words → token ids, one word at a time, as the library does it.

    Args:
        tokenizer: a `tokenizers.Tokenizer`.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self.bos, self.eos, self.pad, self.mask = (
            tokenizer.token_to_id(piece) for piece in ("<s>", "</s>", "<pad>", "<mask>")
        )
        self.word_ids = cache(self._word_ids)

    def _word_ids(self, word: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(word, add_special_tokens=False).ids)

    def example(self, words: Sequence[str], allowed: Sequence[int], weights: Sequence[float], limit: int) -> Example:
        """The sequence, cut after the last word that fits in `limit` tokens."""
        ids, masks, values = [self.bos], [0], [0.0]
        for word, mask, weight in zip(words, allowed, weights, strict=True):
            pieces = self.word_ids(word)
            if len(ids) + len(pieces) + 1 > limit:
                break
            ids += pieces
            masks += [mask, *[0] * (len(pieces) - 1)]
            values += [weight, *[0.0] * (len(pieces) - 1)]
        return Example([*ids, self.eos], [*masks, 0], [*values, 0.0])


def chunks(rows: Sequence[Row], limit: int, chance: random.Random) -> Iterator[list[Row]]:
    """Runs of consecutive rows of one corpus of at most `limit` words; lengths vary from epoch to epoch."""
    current: list[Row] = []
    size, goal = 0, 0
    for row in rows:
        count = len(row["words"])
        if current and (row["corpus"] != current[0]["corpus"] or size + count > goal):
            yield current
            current, size = [], 0
        if not current:
            goal = chance.choice((0, limit // 4, limit // 2, limit))
        current.append(row)
        size += count
    if current:
        yield current


def epoch_batches(
    rows: Sequence[Row],
    encoder: Encoder,
    augmenter: Augmenter,
    *,
    seed: int,
    budget: int,
    limit: int,
    repeat: dict[str, int],
) -> list[list[Example]]:
    """The batches of one epoch, in a random order that the seed fixes.

    Args:
        budget: tokens in a batch, padding included.
        limit: tokens in a sequence.
        repeat: corpus → how often its rows are seen in an epoch.
    """
    chance = random.Random(seed)
    examples: list[Example] = []
    for turn in range(max(repeat.values(), default=1)):
        present = [row for row in rows if repeat.get(row["corpus"], 1) > turn]
        for chunk in chunks(present, limit // 2, chance):
            words = [word for row in chunk for word in row["words"]]
            allowed = [mask for row in chunk for mask in row["allowed"]]
            words, allowed = augmenter.apply(words, allowed, chance)
            weight = float(chunk[0]["weight"])
            examples.append(encoder.example(words, allowed, [weight] * len(words), limit))
    chance.shuffle(examples)
    return batches_by_length(examples, budget, chance)


def tensors(batch: Sequence[Example], encoder: Encoder, hide: float, seed: int) -> dict[str, torch.Tensor]:
    """A padded batch: `ids`, `attention`, `allowed` (int64) and `weights` (float32), each (sequences, tokens).

    Args:
        hide: share of the tokens replaced by the mask piece, so that context is read as well as letters.
    """
    ids = padded([example.ids for example in batch], encoder.pad, torch.int64)
    generator = torch.Generator().manual_seed(seed)
    inner = (ids != encoder.pad) & (ids != encoder.bos) & (ids != encoder.eos)
    hidden = (torch.rand(ids.shape, generator=generator) < hide) & inner
    return {
        "attention": (ids != encoder.pad).to(torch.int64),
        "ids": torch.where(hidden, encoder.mask, ids),
        "allowed": padded([example.allowed for example in batch], 0, torch.int64),
        "weights": padded([example.weights for example in batch], 0.0, torch.float32),
    }
