"""The training run: steps, epochs, best epoch by strict F1, early stopping, and going on after a kill.

All that is random in a step is drawn from the seed and the number of the step, and the learning rate and the order of
the data are functions of them too. So a checkpoint holds the weights, the optimiser's averages, the epochs so far and
where the run is, and nothing more, and a run that goes on from it takes the very steps of a run left alone.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from arner.errors import InputError
from arner.ner.backend import log_softmax
from arner.ner.decoding import best_path
from arner.ner.labels import LabelScheme
from arner.training.evaluation.scores import Score, seqeval_scores
from arner.training.tuning.checkpoint import read_state, read_tensors, write_tensors
from arner.training.tuning.config import FinetuneConfig
from arner.training.tuning.examples import Examples
from arner.training.tuning.forward import word_logits
from arner.training.tuning.hardware import Hardware
from arner.training.tuning.logs import Epoch, RunLog, Step
from arner.training.tuning.loss import partial_label_loss
from arner.training.tuning.rates import rate_shares
from arner.training.tuning.sampling import epoch_batches
from arner.training.tuning.sequences import Encoded

__all__ = ["Progress", "TrainingRun"]

_GRADIENT_NORM: Final = 1.0
_CHECKPOINT: Final = "state.safetensors"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is.

    Attributes:
        step, steps: optimiser steps done and planned; early stopping may end the run before.
        epoch, epochs: from 1, and at most.
        loss: mean of the last step.
        f1: strict F1 of the last epoch that has ended, 0 to 1, if one has.
    """

    step: int
    steps: int
    epoch: int
    epochs: int
    loss: float
    f1: float | None


class TrainingRun:
    """A run that keeps its checkpoint in `folder`, and goes on from it.

    Args:
        model: a transformers token-classification model whose classifier fits `scheme`, or one with adapters.
        scheme: the labels.
        examples: what to learn from.
        held: sequences to choose the best epoch by.
        judged: types that count in the F1; names of others that the model finds there do not.
        folder: of the checkpoint.
        log: folder of the log.
        tensorboard: whether to write a TensorBoard log.
        epochs, rate, budget: at most so many epochs, peak learning rate, tokens of a batch.
        layer_decay: a layer learns at this share of the rate of the one above it.
    """

    def __init__(
        self,
        model: Any,
        scheme: LabelScheme,
        examples: Examples,
        held: Sequence[Encoded],
        *,
        judged: frozenset[str],
        config: FinetuneConfig,
        hardware: Hardware,
        folder: Path,
        log: Path,
        tensorboard: bool,
        epochs: int,
        rate: float,
        layer_decay: float,
        budget: int,
    ) -> None:
        self.model = model
        self._scheme = scheme
        self._examples = examples
        self._held = held
        self._judged = judged
        self._config = config
        self._hardware = hardware
        self._folder = folder
        self._log = log
        self._tensorboard = tensorboard
        self.rate = rate
        self.layer_decay = layer_decay
        self.budget = budget
        trained = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        self._shares = rate_shares(trained, layer_decay)
        # Weights of one rate stand together, as in the groups of the optimiser, which counts them in that order.
        self._trained = {name: trained[name] for name in sorted(trained, key=lambda name: -self._shares[name])}
        self._start = {name: weight.detach().clone() for name, weight in self._trained.items()}
        self.epochs = epochs
        self._sizes = [len(self._groups(epoch)) for epoch in range(epochs)]
        self.steps = sum(self._sizes)
        self._step = 0
        self._history: list[Epoch] = []
        self._sums = [0.0, 0]  # loss and words since the epoch began

    def run(self, on_progress: Callable[[Progress], None] | None = None) -> list[Epoch]:
        """Trains to the end, and leaves the weights of the best epoch in the model; returns all epochs.

        Raises:
            InputError: the process is one of several of `accelerate launch`; or the loss became infinite.
        """
        from accelerate import Accelerator
        from accelerate.state import AcceleratorState

        AcceleratorState._reset_state(reset_partial_state=True)  # or a second run could not differ in precision
        _make_deterministic(self._hardware.device)
        accelerator = Accelerator(
            cpu=self._hardware.device == "cpu",
            mixed_precision={"fp32": "no"}.get(self._hardware.precision, self._hardware.precision),
        )
        if accelerator.num_processes > 1:
            raise InputError("fine-tuning runs in one process; start it without `accelerate launch` or `torchrun`")
        self.model.to(accelerator.device)
        self._start = {name: weight.to(accelerator.device) for name, weight in self._start.items()}
        optimiser = accelerator.prepare(_adam(self._groups_of_weights()))
        self._restore(optimiser, accelerator)
        log = RunLog(self._log, self._step, tensorboard=self._tensorboard)
        try:
            while not self._is_over():
                self._epoch(optimiser, accelerator, log, on_progress)
        finally:
            log.close()
        self._load(read_tensors(self._best_path()))
        self.model.cpu().eval()
        self._start = {name: weight.cpu() for name, weight in self._start.items()}
        return list(self._history)

    def blend(self, share: float) -> None:
        """Sets the weights to a mean: `share` of those of the best epoch, the rest of those at the start."""
        import torch

        best = read_tensors(self._best_path())
        with torch.no_grad():
            for name, weight in self._trained.items():
                # An adapter is a product of two matrices: one of them alone carries the share.
                part = 1.0 if ".lora_A." in name else share
                weight.copy_(torch.lerp(self._start[name], best[name].to(weight.dtype), part))

    def judge(self) -> Score:
        """Strict score of the model as it is on the evaluation data, as the library would decode it."""
        return self._judge(self.autocast())

    def step_seconds(self, indices: Sequence[int]) -> float:
        """Seconds of one batch, forward and backward, on the CPU or GPU of the run; the model is left as it was."""
        import torch

        device = torch.device(self._hardware.device)
        self.model.to(device).train()
        elapsed = 0.0
        for _ in range(2):  # the first is slower than the rest
            begin = time.perf_counter()
            with self.autocast():
                loss, words = self.loss(indices, device)
            (loss / max(1, words)).backward()
            float(loss.detach())  # waits for the GPU
            elapsed = time.perf_counter() - begin
        self.model.zero_grad(set_to_none=True)
        self.model.cpu()
        return elapsed

    def autocast(self) -> Any:
        """The context in which the run computes, outside of `run` itself."""
        import torch

        kind = torch.float16 if self._hardware.precision == "fp16" else torch.bfloat16
        return torch.autocast(self._hardware.device, dtype=kind, enabled=self._hardware.precision != "fp32")

    def loss(self, indices: Sequence[int], device: Any) -> tuple[Any, int]:
        """Summed loss of the words of a batch, and how many they are."""
        batch = {name: value.to(device) for name, value in self._examples.batch(indices).items()}
        logits = self.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        loss = partial_label_loss(
            logits[batch["own"]],
            batch["allowed"],
            teacher=batch.get("teacher"),
            distil=self._config.distil,
            temperature=self._config.temperature,
        )
        return loss, len(batch["allowed"])

    def batches(self, epoch: int) -> list[list[int]]:
        """The batches of an epoch, counted from 0, as indices of sequences."""
        return epoch_batches(self._examples.lengths, self.budget, self._config.seed, epoch)

    def width(self, indices: Sequence[int]) -> int:
        """Tokens of a batch, padding included."""
        return len(indices) * max(self._examples.lengths[index] for index in indices)

    def _groups(self, epoch: int) -> list[list[list[int]]]:
        """The batches of an epoch, those of one optimiser step together."""
        batches, size = self.batches(epoch), self._config.accumulate
        return [batches[at : at + size] for at in range(0, len(batches), size)]

    def _epoch(self, optimiser: Any, accelerator: Any, log: RunLog, tell: Callable[[Progress], None] | None) -> None:
        epoch = len(self._history)
        done = self._step - sum(self._sizes[:epoch])
        saved = time.monotonic()
        for group in self._groups(epoch)[done:]:
            began = time.monotonic()
            rate = self._rate_at(self._step)
            loss, words = self._update(group, rate, optimiser, accelerator)
            self._step += 1
            self._sums = [self._sums[0] + loss, self._sums[1] + words]
            tokens = sum(self._examples.lengths[index] for batch in group for index in batch)
            mean = loss / max(1, words)
            if not math.isfinite(mean):
                raise InputError(
                    f"the loss is {mean} at step {self._step}: take a lower learning_rate, or precision='fp32'"
                )
            log.step(Step(self._step, epoch + 1, mean, rate, tokens, round(time.monotonic() - began, 3)))
            if tell is not None:
                f1 = self._history[-1].f1 if self._history else None
                tell(Progress(self._step, self.steps, epoch + 1, self.epochs, mean, f1))
            if time.monotonic() - saved >= self._config.save_seconds:
                self._save(optimiser, accelerator)
                saved = time.monotonic()
        score = self._judge(accelerator.autocast())
        best = max((past.f1 for past in self._history), default=-1.0)
        mean = self._sums[0] / max(1, self._sums[1])
        self._history.append(Epoch(epoch + 1, mean, score.precision, score.recall, score.f1))
        self._sums = [0.0, 0]
        if score.f1 > best:
            write_tensors(self._best_path(), self._trained, {})
        self._save(optimiser, accelerator)
        for old in set(self._folder.glob("best-*.safetensors")) - {self._best_path()}:
            old.unlink()
        log.epochs(self._history, self._step)

    def _update(
        self, group: Sequence[Sequence[int]], rate: float, optimiser: Any, accelerator: Any
    ) -> tuple[float, int]:
        """One optimiser step; returns the summed loss and the words."""
        import torch

        self.model.train()
        for part in optimiser.param_groups:
            part["lr"] = rate * part["share"]
        total = sum(self._examples.words[index] for batch in group for index in batch)
        summed = 0.0
        for number, indices in enumerate(group):
            torch.manual_seed((self._config.seed * 1_000_003 + self._step) * 1_009 + number)
            with accelerator.autocast():
                loss, _ = self.loss(indices, accelerator.device)
            accelerator.backward(loss / max(1, total))
            summed += float(loss.detach())
        accelerator.clip_grad_norm_(self._trained.values(), _GRADIENT_NORM)
        optimiser.step()
        optimiser.zero_grad()
        if self._config.weight_decay > 0:
            # Towards the base model instead of zero (L2-SP, Li et al. 2018), decoupled as in AdamW.
            with torch.no_grad():
                for name, weight in self._trained.items():
                    weight.lerp_(self._start[name], rate * self._shares[name] * self._config.weight_decay)
        return summed, total

    def _groups_of_weights(self) -> list[dict[str, Any]]:
        """The weights of each share of the rate."""
        return [
            {"params": [self._trained[name] for name in names], "share": share}
            for share, names in groupby(self._trained, key=self._shares.__getitem__)
        ]

    def _rate_at(self, step: int) -> float:
        """Linear rise over the first steps, then a linear fall to 0 behind the last."""
        rise = max(1, int(self._config.warmup * self.steps))
        if step < rise:
            return self.rate * (step + 1) / rise
        return self.rate * (self.steps - step) / max(1, self.steps - rise)

    def _is_over(self) -> bool:
        """Whether all epochs are done, or the best is too long ago.

        It is told from the epochs alone, so that a run that was killed stops where the run left alone stops.
        """
        figures = [epoch.f1 for epoch in self._history]
        since = len(figures) - 1 - figures.index(max(figures)) if figures else 0
        return len(figures) >= self.epochs or since >= self._config.patience

    def _judge(self, autocast: AbstractContextManager[Any]) -> Score:
        logits = word_logits(self.model, self._held, self._examples.pad, autocast)
        names = self._scheme.labels
        gold = [[names[item.labels[at]] for at in item.own] for item in self._held]
        found = [[names[label] for label in best_path(log_softmax(rows), self._scheme)] for rows in logits]
        counted = [[label if label[2:] in self._judged else "O" for label in labels] for labels in found]
        return seqeval_scores(gold, counted, strict=True)["all"]

    def _best_path(self) -> Path:
        figures = [epoch.f1 for epoch in self._history]
        return self._folder / f"best-{figures.index(max(figures)) + 1}.safetensors"

    def _save(self, optimiser: Any, accelerator: Any) -> None:
        tensors = {f"weight/{name}": weight for name, weight in self._trained.items()}
        kept = optimiser.state_dict()["state"]
        for number, name in enumerate(self._trained):
            for key, value in kept.get(number, {}).items():
                tensors[f"{key}/{name}"] = value
        state = {
            "step": self._step,
            "sums": self._sums,
            "epochs": [asdict(epoch) for epoch in self._history],
            "scaler": None if accelerator.scaler is None else accelerator.scaler.state_dict(),
        }
        write_tensors(self._folder / _CHECKPOINT, tensors, state)

    def _restore(self, optimiser: Any, accelerator: Any) -> None:
        path = self._folder / _CHECKPOINT
        if not path.is_file():
            return
        state = read_state(path)
        tensors = read_tensors(path)
        self._load({name: tensors.pop(f"weight/{name}") for name in self._trained})
        kept: dict[int, dict[str, Any]] = {number: {} for number in range(len(self._trained))}
        numbers = {name: number for number, name in enumerate(self._trained)}
        for name, value in tensors.items():
            key, _, weight = name.partition("/")
            kept[numbers[weight]][key] = value
        whole = optimiser.state_dict()
        optimiser.load_state_dict({**whole, "state": kept})
        if accelerator.scaler is not None:
            accelerator.scaler.load_state_dict(state["scaler"])
        self._step, self._sums = state["step"], state["sums"]
        self._history = [Epoch(**epoch) for epoch in state["epochs"]]

    def _load(self, tensors: Mapping[str, Any]) -> None:
        import torch

        with torch.no_grad():
            for name, weight in self._trained.items():
                weight.copy_(tensors[name])


def _adam(groups: list[dict[str, Any]]) -> Any:
    """AdamW without decay: the run pulls the weights towards the base model itself."""
    import torch

    return torch.optim.AdamW(groups, lr=0.0, weight_decay=0.0, fused=True)


def _make_deterministic(device: str) -> None:
    """Asks for the kernels of a GPU that give the same sum each time; those of a CPU do, with one number of threads."""
    if device == "cuda":
        import torch

        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True, warn_only=True)
