"""A training run: steps over seeded batches, a moving average of the weights, and a state on disk that a killed run
goes on from.

The stages that train say what a batch is and what its loss is; everything else is here, so that a run of any of them
is a function of its seed and ends at the same weights however often it is stopped.
"""

from __future__ import annotations

import argparse
import logging
import math
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from arner.training.tuning.hardware import cpu_has_bf16

log = logging.getLogger("recipe.run")

Tensors = dict[str, torch.Tensor]


def learning_rate(step: int, total: int, peak: float, warmup: float) -> float:
    """Linear warm-up over the first `warmup` share of the steps, then a cosine down to 2 % of the peak."""
    start = max(1, int(total * warmup))
    if step < start:
        return peak * (step + 1) / start
    done = (step - start) / max(1, total - start)
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


class Run(ABC):
    """A training run and its state on disk.

    Args:
        args: the options that `add_run_arguments` declares, and `output`.
        model: what is trained.
    """

    def __init__(self, args: argparse.Namespace, model: torch.nn.Module) -> None:
        self.args = args
        self.device = torch.device(args.device)
        if args.bf16 is None:
            args.bf16 = self.device.type == "cuda" or cpu_has_bf16()
        self.model: Any = model.to(self.device)
        trained = [p for p in self.model.parameters() if p.requires_grad]
        decayed = [p for p in trained if p.ndim > 1]
        plain = [p for p in trained if p.ndim <= 1]
        self.optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
            lr=args.rate,
            fused=True,
        )
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        self.step = 0
        self.checkpoint = args.output / "checkpoint"

    @abstractmethod
    def epoch_batches(self, epoch: int) -> list[Any]:
        """The batches of an epoch, the same for the same epoch and seed; each a sequence of examples with `ids`."""

    @abstractmethod
    def loss(self, batch: Any) -> torch.Tensor:
        """The loss of a batch, a scalar; random numbers have been seeded for this step."""

    def save(self) -> None:
        """Writes the checkpoint: the new one is complete before the old one goes."""
        from safetensors.torch import save_file

        state: Tensors = {}
        for name, value in self.model.state_dict().items():
            # Tied weights share their memory, which the file format refuses.
            state[f"model/{name}"] = value.clone(memory_format=torch.contiguous_format)
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

    def train(self) -> None:
        """Trains to the end, from wherever the checkpoint is."""
        args = self.args
        resumed = self.restore()
        plan = [len(self.epoch_batches(epoch)) for epoch in range(args.epochs)]
        total = sum(plan)
        log.info("%s steps in %s epochs%s", total, args.epochs, f", going on from {self.step}" if resumed else "")
        saved = logged = time.monotonic()
        tokens = 0
        losses: list[float] = []
        first = 0
        for epoch, size in enumerate(plan):
            if self.step >= first + size:
                first += size
                continue
            for number, batch in enumerate(self.epoch_batches(epoch)):
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
        torch.manual_seed(args.seed * 7919 + self.step)
        loss = self.loss(batch)
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


def batches_by_length(examples: Sequence[Any], budget: int, chance: Any) -> list[list[Any]]:
    """Examples of like length together, `budget` tokens in a batch, padding included; batches in random order."""
    batches: list[list[Any]] = []
    for example in sorted(examples, key=lambda example: len(example.ids) // 8):
        if batches and (len(batches[-1]) + 1) * len(example.ids) <= budget:
            batches[-1].append(example)
        else:
            batches.append([example])
    chance.shuffle(batches)
    return batches


def padded(values: Sequence[Sequence[Any]], fill: Any, kind: torch.dtype) -> torch.Tensor:
    """The rows as one tensor, filled up to the longest."""
    width = max(len(value) for value in values)
    return torch.tensor([[*value, *[fill] * (width - len(value))] for value in values], dtype=kind)


def add_run_arguments(parser: argparse.ArgumentParser, *, epochs: int, rate: float, budget: int) -> None:
    """Declares the options that every training stage has, with this stage's own defaults."""
    default = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--output", type=Path, required=True, help="folder for the model and its checkpoint")
    parser.add_argument("--device", default=default)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch's choice)")
    parser.add_argument("--layers", type=int, help="keep only the lowest layers (default: all)")
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--budget", type=int, default=budget, help="tokens in a batch")
    parser.add_argument("--rate", type=float, default=rate, help="peak learning rate")
    parser.add_argument("--warmup", type=float, default=0.06, help="share of the steps")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the moving average of the weights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=float, default=300, help="seconds between checkpoints")
    parser.add_argument(
        "--bf16",
        action=argparse.BooleanOptionalAction,
        help="bfloat16 matrix products (default: where the hardware has them; emulated, a step is ten times slower)",
    )
