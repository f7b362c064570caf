"""Stage 3: fine-tune the encoder for token classification, on a CPU or a GPU.

The loss of a word is minus the log of the summed probability of the labels that its annotation allows. A moving
average of the weights is what is kept. Progress is saved every `--save-every` seconds in `OUTPUT/checkpoint`; the same
command goes on from there, and one run is a function of its seed.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from models.recipe.augment import Augmenter
from models.recipe.batches import Encoder, epoch_batches, tensors
from models.recipe.labels import LABELS

log = logging.getLogger("recipe.train")

Tensors = dict[str, torch.Tensor]


def partial_label_loss(logits: torch.Tensor, allowed: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted mean of ``-log sum of p(label) over the allowed labels``.

    Args:
        logits: (sequences, tokens, labels).
        allowed: (sequences, tokens), bit masks; 0 where a token is not the first of a word.
        weights: (sequences, tokens).
    """
    bits = (allowed.unsqueeze(-1) >> torch.arange(len(LABELS), device=allowed.device)) & 1
    logits = logits.float()
    inside = logits.masked_fill(bits == 0, -torch.inf)
    used = allowed != 0
    loss = torch.logsumexp(logits[used], -1) - torch.logsumexp(inside[used], -1)
    chosen = weights[used]
    return (loss * chosen).sum() / chosen.sum().clamp(min=1e-6)


def learning_rate(step: int, total: int, peak: float, warmup: float) -> float:
    """Linear warm-up over the first `warmup` share of the steps, then a cosine down to 2 % of the peak."""
    start = max(1, int(total * warmup))
    if step < start:
        return peak * (step + 1) / start
    done = (step - start) / max(1, total - start)
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


class Run:
    """A training run and its state on disk."""

    def __init__(self, args: argparse.Namespace) -> None:
        from tokenizers import Tokenizer
        from transformers import AutoConfig, BertForTokenClassification

        torch.manual_seed(args.seed)
        self.args = args
        self.device = torch.device(args.device)
        config = AutoConfig.from_pretrained(
            args.encoder,
            num_labels=len(LABELS),
            id2label=dict(enumerate(LABELS)),
            label2id={label: index for index, label in enumerate(LABELS)},
            # Drawing random numbers costs a third of a step on a CPU: hidden tokens regularise instead.
            hidden_dropout_prob=args.dropout,
            attention_probs_dropout_prob=0.0,
            classifier_dropout=0.1,
        )
        attention = "sdpa" if self.device.type == "cuda" else "eager"
        self.model = BertForTokenClassification.from_pretrained(
            args.encoder, config=config, attn_implementation=attention, dtype=torch.float32
        ).to(self.device)
        self.encoder = Encoder(Tokenizer.from_file(str(Path(args.encoder) / "tokenizer.json")))
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        plain = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=args.rate
        )
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        self.step = 0
        self.checkpoint = args.output / "checkpoint"

    def save(self) -> None:
        """Writes the checkpoint: the new one is complete before the old one goes."""
        from safetensors.torch import save_file

        state: Tensors = {}
        for name, value in self.model.state_dict().items():
            state[f"model/{name}"] = value.contiguous()
            state[f"average/{name}"] = self.average[name].contiguous()
        for number, entry in self.optimiser.state_dict()["state"].items():
            for name, value in entry.items():
                state[f"optimiser/{number}/{name}"] = torch.as_tensor(value).contiguous()
        self.checkpoint.mkdir(parents=True, exist_ok=True)
        new = self.checkpoint / "state.new"
        save_file(state, new, metadata={"step": str(self.step)})
        os.replace(new, self.checkpoint / "state.safetensors")

    def restore(self) -> bool:
        """Reads the checkpoint, if there is one."""
        from safetensors import safe_open

        path = self.checkpoint / "state.safetensors"
        if not path.exists():
            return False
        model: Tensors = {}
        optimiser: dict[int, Tensors] = {}
        with safe_open(path, "pt") as file:
            self.step = int(file.metadata()["step"])
            for key in list(file.keys()):
                part, _, rest = key.partition("/")
                if part == "model":
                    model[rest] = file.get_tensor(key)
                elif part == "average":
                    self.average[rest] = file.get_tensor(key).to(self.device)
                else:
                    number, _, name = rest.partition("/")
                    optimiser.setdefault(int(number), {})[name] = file.get_tensor(key)
        self.model.load_state_dict(model)
        state = self.optimiser.state_dict()
        state["state"] = optimiser
        self.optimiser.load_state_dict(state)
        return True

    def train(self, rows: Sequence[dict[str, Any]], augmenter: Augmenter) -> None:
        """Trains to the end, from wherever the checkpoint is."""
        args = self.args
        resumed = self.restore()

        def batches(epoch: int) -> list[Any]:
            return epoch_batches(
                rows,
                self.encoder,
                augmenter,
                seed=args.seed * 1000 + epoch,
                budget=args.budget,
                limit=args.limit,
                repeat=dict(args.repeat),
            )

        plan = [len(batches(epoch)) for epoch in range(args.epochs)]
        total = sum(plan)
        log.info("%s steps in %s epochs%s", total, args.epochs, f", going on from {self.step}" if resumed else "")
        saved = logged = time.monotonic()
        tokens, losses = 0, []
        first = 0
        for epoch, size in enumerate(plan):
            if self.step >= first + size:
                first += size
                continue
            for number, batch in enumerate(batches(epoch)):
                if first + number < self.step:
                    continue
                losses.append(self._step(batch, total))
                tokens += sum(len(example.ids) for example in batch)
                now = time.monotonic()
                if now - logged > 30:
                    log.info(
                        "epoch %s step %s/%s loss %.4f, %.0f tokens/s",
                        *(epoch + 1, self.step, total, sum(losses) / len(losses), tokens / (now - logged)),
                    )
                    logged, tokens, losses = now, 0, []
                if now - saved > args.save_every:
                    self.save()
                    saved = time.monotonic()
            first += size
        self.save()
        self.finish()

    def _step(self, batch: Any, total: int) -> float:
        args = self.args
        rate = learning_rate(self.step, total, args.rate, args.warmup)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.model.train()
        data = {
            name: value.to(self.device)
            for name, value in tensors(batch, self.encoder, args.hide, args.seed + self.step).items()
        }
        torch.manual_seed(args.seed * 7919 + self.step)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=args.bf16):
            logits = self.model(input_ids=data["ids"], attention_mask=data["attention"]).logits
        loss = partial_label_loss(logits, data["allowed"], data["weights"])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        keep = min(args.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                if value.is_floating_point():
                    self.average[name].lerp_(value, 1 - keep)
        return float(loss.detach())

    def finish(self) -> None:
        """Writes the averaged model as a transformers folder."""
        self.model.load_state_dict(self.average)
        self.model.save_pretrained(self.args.output)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            (self.args.output / name).write_bytes((Path(self.args.encoder) / name).read_bytes())
        log.info("wrote %s", self.args.output)


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
    default = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--encoder", type=Path, required=True, help="folder that `import` (or a run before) wrote")
    parser.add_argument("--corpora", type=Path, nargs="+", required=True, help="dataset folders that `corpora` wrote")
    parser.add_argument("--names", type=Path, nargs="*", default=[], help="JSON lines with type and name, to swap in")
    parser.add_argument("--output", type=Path, required=True, help="folder for the model and its checkpoint")
    parser.add_argument("--device", default=default)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch's choice)")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--repeat", type=parse_repeat, nargs="*", default=[("documents", 3)], metavar="CORPUS=TIMES")
    parser.add_argument("--budget", type=int, default=2048, help="tokens in a batch")
    parser.add_argument("--limit", type=int, default=256, help="tokens in a sequence")
    parser.add_argument("--rate", type=float, default=2e-4, help="peak learning rate")
    parser.add_argument("--warmup", type=float, default=0.06, help="share of the steps")
    parser.add_argument("--hide", type=float, default=0.08, help="share of the tokens hidden")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--average", type=float, default=0.998, help="decay of the moving average of the weights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=float, default=300, help="seconds between checkpoints")
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True, help="bfloat16 matrix products")


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    from datasets import load_from_disk

    if args.threads:
        torch.set_num_threads(args.threads)
    rows = [row for path in args.corpora for row in load_from_disk(str(path)).to_list()]
    args.output.mkdir(parents=True, exist_ok=True)
    Run(args).train(rows, Augmenter(read_names(args.names)))
