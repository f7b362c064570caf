"""Fine-tune the encoder for token classification, on a CPU or a GPU.

The loss of a word is minus the log of the summed probability of the labels that its annotation allows. A moving
average of the weights is what is kept. Progress is saved every `--save-every` seconds in `OUTPUT/checkpoint`; the same
command goes on from there, and one run is a function of its seed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from arner.training.tuning.loss import partial_label_loss
from models.recipe.augment import Augmenter
from models.recipe.batches import Encoder, epoch_batches, tensors
from models.recipe.labels import LABELS
from models.recipe.run import Run, add_run_arguments


def batch_loss(logits: torch.Tensor, allowed: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted mean of the words' losses.

    Args:
        logits: (sequences, tokens, labels).
        allowed: (sequences, tokens), bit masks; 0 where a token is not the first of a word.
        weights: (sequences, tokens).
    """
    bits = (allowed.unsqueeze(-1) >> torch.arange(len(LABELS), device=allowed.device)) & 1
    used = allowed != 0
    chosen = weights[used]
    return partial_label_loss(logits[used], bits[used].bool(), chosen) / chosen.sum().clamp(min=1e-6)


class TokenClassification(Run):
    """Fine-tuning on rows of words with the labels that each may have.

    Args:
        rows: as stage `corpora` writes them.
        augmenter: the changes made to a row each time it is seen.
    """

    def __init__(self, args: argparse.Namespace, rows: Sequence[dict[str, Any]], augmenter: Augmenter) -> None:
        from tokenizers import Tokenizer
        from transformers import AutoConfig, BertForTokenClassification

        torch.manual_seed(args.seed)
        layers = {"num_hidden_layers": args.layers} if args.layers else {}
        config = AutoConfig.from_pretrained(
            args.encoder,
            num_labels=len(LABELS),
            id2label=dict(enumerate(LABELS)),
            label2id={label: index for index, label in enumerate(LABELS)},
            # Drawing random numbers costs a third of a step on a CPU: hidden tokens regularise instead.
            hidden_dropout_prob=args.dropout,
            attention_probs_dropout_prob=0.0,
            classifier_dropout=0.1,
            **layers,
        )
        attention = "sdpa" if args.device.startswith("cuda") else "eager"
        model = BertForTokenClassification.from_pretrained(
            args.encoder, config=config, attn_implementation=attention, dtype=torch.float32
        )
        super().__init__(args, model)
        self.rows = rows
        self.augmenter = augmenter
        self.encoder = Encoder(Tokenizer.from_file(str(Path(args.encoder) / "tokenizer.json")))

    def epoch_batches(self, epoch: int) -> list[Any]:
        """The rows in chunks of consecutive ones, changed by the augmenter."""
        args = self.args
        return epoch_batches(
            self.rows,
            self.encoder,
            self.augmenter,
            seed=args.seed * 1000 + epoch,
            budget=args.budget,
            limit=args.limit,
            repeat=dict(args.repeat),
        )

    def loss(self, batch: Any) -> torch.Tensor:
        """The loss of partial labels."""
        args = self.args
        found = tensors(batch, self.encoder, args.hide, args.seed + self.step)
        data = {name: value.to(self.device) for name, value in found.items()}
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=args.bf16):
            logits = self.model(input_ids=data["ids"], attention_mask=data["attention"]).logits
        return batch_loss(logits, data["allowed"], data["weights"])


def read_names(paths: Sequence[Path]) -> dict[str, list[tuple[str, ...]]]:
    """Names to swap in, from JSON lines with `type` and `name`, folded and split into words."""
    from arner.text import split_words

    names: dict[str, list[tuple[str, ...]]] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            names.setdefault(entry["type"], []).append(tuple(word.folded for word in split_words(entry["name"])))
    return names


def parse_repeat(argument: str) -> tuple[str, int]:
    """``CORPUS=TIMES`` as a pair."""
    corpus, _, times = argument.partition("=")
    try:
        return corpus, int(times)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{argument!r} is not CORPUS=TIMES") from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--encoder", type=Path, required=True, help="folder that `import` (or a run before) wrote")
    parser.add_argument("--corpora", type=Path, nargs="+", required=True, help="dataset folders that `corpora` wrote")
    parser.add_argument("--names", type=Path, nargs="*", default=[], help="JSON lines with type and name, to swap in")
    parser.add_argument("--repeat", type=parse_repeat, nargs="*", default=[("documents", 3)], metavar="CORPUS=TIMES")
    parser.add_argument("--limit", type=int, default=256, help="tokens in a sequence")
    parser.add_argument("--hide", type=float, default=0.08, help="share of the tokens hidden")
    parser.add_argument("--dropout", type=float, default=0.0)
    add_run_arguments(parser, epochs=5, rate=2e-4, budget=2048)


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    from datasets import load_from_disk

    if args.threads:
        torch.set_num_threads(args.threads)
    rows = [row for path in args.corpora for row in load_from_disk(str(path)).to_list()]
    args.output.mkdir(parents=True, exist_ok=True)
    TokenClassification(args, rows, Augmenter(read_names(args.names))).train()
