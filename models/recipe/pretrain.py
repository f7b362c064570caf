"""Go on with masked-language-model training on raw text, on a CPU or a GPU.

The encoder comes from sentence similarity and from 4-bit weights, with a cut vocabulary: reading raw news heals it and
turns its upper layers back to words. Whole words are hidden (`--hide` of them): four fifths become the mask piece, a
tenth a random piece, a tenth stay. The prediction head shares its weights with the word embedding and is computed for
hidden pieces only. Batches hold sequences of like length, `--budget` tokens each.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from models.recipe.run import Run, add_run_arguments, batches_by_length, padded


@dataclass(frozen=True)
class RawExample:
    """Token ids of one sequence."""

    ids: list[int]


def hide_words(
    ids: Sequence[int], begins: frozenset[int], special: frozenset[int], share: float, chance: random.Random
) -> list[bool]:
    """Which tokens are hidden: all pieces of about `share` of the words.

    >>> hide_words([0, 7, 8, 7, 2], frozenset({7}), frozenset({0, 2}), 1.0, random.Random(1))
    [False, True, True, True, False]
    """
    hidden: list[bool] = []
    current = False
    for token in ids:
        if token in special:
            hidden.append(False)
            continue
        if token in begins:
            current = chance.random() < share
        hidden.append(current)
    return hidden


class MaskedLanguageModel(Run):
    """Masked-language-model training.

    Args:
        sequences: token ids, as stage `tokens` writes them.
    """

    def __init__(self, args: argparse.Namespace, sequences: Sequence[Sequence[int]]) -> None:
        from tokenizers import Tokenizer
        from transformers import AutoConfig, BertForMaskedLM

        torch.manual_seed(args.seed)
        layers = {"num_hidden_layers": args.layers} if args.layers else {}
        config = AutoConfig.from_pretrained(
            args.encoder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, tie_word_embeddings=True, **layers
        )
        attention = "sdpa" if args.device.startswith("cuda") else "eager"
        model = BertForMaskedLM.from_pretrained(
            args.encoder, config=config, attn_implementation=attention, dtype=torch.float32
        )
        super().__init__(args, model)
        self.sequences = sequences
        tokenizer = Tokenizer.from_file(str(Path(args.encoder) / "tokenizer.json"))
        vocabulary = tokenizer.get_vocab()
        self.size = len(vocabulary)
        self.mask, self.pad = vocabulary["<mask>"], vocabulary["<pad>"]
        self.special = frozenset(vocabulary[piece] for piece in ("<s>", "</s>", "<pad>", "<mask>", "<unk>"))
        self.begins = frozenset(index for piece, index in vocabulary.items() if piece.startswith("▁"))

    def epoch_batches(self, epoch: int) -> list[Any]:
        """An epoch is a part of the sequences, no part twice, so that runs longer than an hour have even epochs."""
        size = -(-len(self.sequences) // self.args.epochs)
        order = list(range(len(self.sequences)))
        random.Random(self.args.seed).shuffle(order)
        part = [RawExample(list(self.sequences[index])) for index in order[epoch * size : (epoch + 1) * size]]
        return batches_by_length(part, self.args.budget, random.Random(self.args.seed * 1000 + epoch))

    def loss(self, batch: Any) -> torch.Tensor:
        """Cross-entropy of the hidden pieces."""
        args = self.args
        chance = random.Random(args.seed * 104729 + self.step)
        shown: list[list[int]] = []
        hidden: list[list[bool]] = []
        for example in batch:
            which = hide_words(example.ids, self.begins, self.special, args.hide, chance)
            shown.append([self._shown(t, chance) if h else t for t, h in zip(example.ids, which, strict=True)])
            hidden.append(which)
        ids = padded(shown, self.pad, torch.int64).to(self.device)
        chosen = padded(hidden, False, torch.bool).to(self.device)
        truth = padded([example.ids for example in batch], self.pad, torch.int64).to(self.device)[chosen]
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=args.bf16):
            states = self.model.bert(input_ids=ids, attention_mask=(ids != self.pad).to(torch.int64)).last_hidden_state
            logits = self.model.cls(states[chosen])
        # A batch of very short sequences may hide nothing.
        return torch.nn.functional.cross_entropy(logits.float(), truth, reduction="sum") / max(1, len(truth))

    def _shown(self, token: int, chance: random.Random) -> int:
        draw = chance.random()
        return self.mask if draw < 0.8 else token if draw < 0.9 else chance.randrange(self.size)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--encoder", type=Path, required=True, help="folder that `import` wrote")
    parser.add_argument("--tokens", type=Path, nargs="+", required=True, help="dataset folders that `tokens` wrote")
    parser.add_argument("--hide", type=float, default=0.2, help="share of the words hidden")
    add_run_arguments(parser, epochs=1, rate=4e-4, budget=4096)


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    from datasets import load_from_disk

    if args.threads:
        torch.set_num_threads(args.threads)
    sequences = [ids for path in args.tokens for ids in load_from_disk(str(path))["ids"]]
    args.output.mkdir(parents=True, exist_ok=True)
    MaskedLanguageModel(args, sequences).train()
