"""The training run itself: transformers' Trainer, best epoch by strict F1, early stopping, resumption after a kill."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from arner.errors import InputError
from arner.ner.backend import log_softmax, padded
from arner.ner.decoding import best_path
from arner.ner.labels import LabelScheme
from arner.training.config import FinetuneConfig
from arner.training.sampling import LengthSampler
from arner.training.scores import seqeval_scores
from arner.training.sequences import IGNORED, Encoded

__all__ = ["Epoch", "Hardware", "Progress", "TrainingRun", "choose_hardware"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: optimiser steps done and planned, and the last epoch's strict F1 (0 to 1), if one has ended."""

    step: int
    steps: int
    f1: float | None


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch that has ended: its number from 1, mean training loss, strict F1 on the evaluation data."""

    number: int
    loss: float
    f1: float


@dataclass(frozen=True, slots=True)
class Hardware:
    """Where a run takes place ("cpu" or "cuda") and in which numbers ("fp32", "bf16", "fp16")."""

    device: str
    precision: str


def choose_hardware(config: FinetuneConfig) -> Hardware:
    """What the options ask for, or the best that there is.

    Raises:
        InputError: the device or the precision asked for is not there.
    """
    import torch

    there = torch.cuda.is_available()
    if config.device == "cuda" and not there:
        raise InputError("device 'cuda' is not available: torch sees no GPU. Use device='cpu'")
    device = "cuda" if there and config.device != "cpu" else "cpu"
    precision = config.precision
    if precision == "auto":
        precision = "fp32" if device == "cpu" else "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    elif precision == "fp16" and device == "cpu":
        raise InputError("precision 'fp16' needs a GPU; use 'auto' or 'fp32'")
    elif precision == "bf16" and device == "cuda" and not torch.cuda.is_bf16_supported():
        raise InputError("precision 'bf16' is not supported by this GPU; use 'auto' or 'fp16'")
    return Hardware(device, precision)


class TrainingRun:
    """A run that writes checkpoints into `folder` after every epoch, and goes on from the last whole one.

    Args:
        model: a transformers token-classification model whose classifier fits `scheme`.
        scheme: the labels.
        train, held: sequences to learn from, and to choose the best epoch by.
        folder: of the checkpoints.
        pad: id of the padding token.
        width: hidden size of the model; sets the default learning rate.
        sentences: training sentences; sets the default number of epochs.
    """

    def __init__(
        self,
        model: Any,
        scheme: LabelScheme,
        train: Sequence[Encoded],
        held: Sequence[Encoded],
        *,
        config: FinetuneConfig,
        hardware: Hardware,
        folder: Path,
        pad: int,
        width: int,
        sentences: int,
    ) -> None:
        self._model = model
        self._scheme = scheme
        self._train = train
        self._held = held
        self._config = config
        self._hardware = hardware
        self._folder = folder
        self._pad = pad
        self.epochs = config.epochs_for(sentences)
        self.rate = config.rate_for(width)
        batches = math.ceil(len(train) / config.batch_size)
        self.steps = self.epochs * math.ceil(batches / config.accumulate)

    def seconds(self) -> float:
        """Estimate for all epochs, from the time of a small batch and of the largest; the model is left as it was."""
        order = list(LengthSampler([len(item.ids) for item in self._train], self._config.batch_size, self._config.seed))
        size = self._config.batch_size
        batches = [[self._train[index] for index in order[at : at + size]] for at in range(0, len(order), size)]
        widths = [len(batch) * max(len(item.ids) for item in batch) for batch in batches]
        ranked = sorted(range(len(batches)), key=widths.__getitem__)
        small, large = ranked[len(ranked) // 4], ranked[-1]
        low, high = self._step_time(batches[small]), self._step_time(batches[large])
        slope = max(0.0, high - low) / max(1, widths[large] - widths[small])
        return self.epochs * sum(max(0.0, low + slope * (width - widths[small])) for width in widths)

    def _step_time(self, items: Sequence[Encoded]) -> float:
        """Seconds of one batch, forward and backward."""
        import torch

        device = torch.device(self._hardware.device)
        model = self._model.to(device).train()
        batch = {name: value.to(device) for name, value in self._collate([_row(item) for item in items]).items()}
        kind = torch.float16 if self._hardware.precision == "fp16" else torch.bfloat16
        elapsed = 0.0
        for _ in range(2):  # the first is slower than the rest
            begin = time.perf_counter()
            with torch.autocast(device.type, dtype=kind, enabled=self._hardware.precision != "fp32"):
                loss = model(**batch).loss
            loss.backward()
            float(loss.detach())  # waits for the GPU
            elapsed = time.perf_counter() - begin
        model.zero_grad(set_to_none=True)
        model.cpu()
        return elapsed

    def run(self, on_progress: Callable[[Progress], None] | None = None) -> list[Epoch]:
        """Trains to the end, and leaves the weights of the best epoch in the model; returns all epochs."""
        last = _last_checkpoint(self._folder)
        history = [] if last is None else _history(last)
        if last is None or not self._is_over(history):
            trainer = self._trainer(on_progress)
            trainer.train(resume_from_checkpoint=None if last is None else str(last))
            last = _last_checkpoint(self._folder)
            assert last is not None  # one is written after every epoch
            history = _history(last)
        self._load_best(last)
        return history

    def _is_over(self, history: Sequence[Epoch]) -> bool:
        """Whether all epochs are done, or the best is too long ago.

        It is told from the history alone, so that a run that was killed stops where the run left alone stops.
        """
        figures = [epoch.f1 for epoch in history]
        since = len(figures) - 1 - figures.index(max(figures)) if figures else 0
        return len(figures) >= self.epochs or since >= self._config.patience

    def _load_best(self, last: Path) -> None:
        from safetensors.torch import load_file

        state = json.loads((last / "trainer_state.json").read_text(encoding="utf-8"))
        best = state.get("best_model_checkpoint") or str(last)
        self._model.cpu().load_state_dict(load_file(self._folder / Path(best).name / "model.safetensors"))
        self._model.eval()

    def _trainer(self, on_progress: Callable[[Progress], None] | None) -> Any:
        from datasets import Dataset
        from transformers import PrinterCallback, Trainer, TrainerCallback

        over = self._is_over
        sampler = LengthSampler([len(item.ids) for item in self._train], self._config.batch_size, self._config.seed)

        class ByLength(Trainer):  # type: ignore[misc]  # transformers is untyped here
            """Takes our order of the sequences."""

            def _get_train_sampler(self, *_: Any) -> LengthSampler:
                return sampler

        class Watch(TrainerCallback):  # type: ignore[misc]  # transformers is untyped here
            """Tells the progress, and stops early."""

            f1: float | None = None

            def on_step_end(self, _: Any, state: Any, *__: Any, **___: Any) -> None:
                if on_progress is not None:
                    on_progress(Progress(state.global_step, state.max_steps, self.f1))

            def on_evaluate(self, _: Any, state: Any, control: Any, **__: Any) -> None:
                history = _epochs(state.log_history)
                self.f1 = history[-1].f1
                if over(history):
                    control.should_training_stop = True

        trainer = ByLength(
            model=self._model,
            args=self._arguments(),
            train_dataset=Dataset.from_list([_row(item) for item in self._train]),
            eval_dataset=Dataset.from_list([_row(item) for item in self._held]),
            data_collator=self._collate,
            compute_metrics=self._figures,
            callbacks=[Watch()],
        )
        trainer.remove_callback(PrinterCallback)
        return trainer

    def _arguments(self) -> Any:
        from transformers import TrainingArguments

        config = self._config
        return TrainingArguments(
            output_dir=str(self._folder),
            num_train_epochs=self.epochs,
            per_device_train_batch_size=config.batch_size,
            per_device_eval_batch_size=config.batch_size * 2,
            gradient_accumulation_steps=config.accumulate,
            learning_rate=self.rate,
            lr_scheduler_type="linear",
            warmup_steps=int(config.warmup * self.steps),
            weight_decay=config.weight_decay,
            eval_strategy="epoch",
            save_strategy="epoch",
            logging_strategy="epoch",
            metric_for_best_model="f1",
            greater_is_better=True,
            save_total_limit=2,
            load_best_model_at_end=True,
            seed=config.seed,
            data_seed=config.seed,
            bf16=self._hardware.precision == "bf16",
            fp16=self._hardware.precision == "fp16",
            use_cpu=self._hardware.device == "cpu",
            dataloader_pin_memory=self._hardware.device != "cpu",
            disable_tqdm=True,
            log_level="error",
            report_to=[],
        )

    def _collate(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        import torch

        ids, mask = padded([row["input_ids"] for row in rows], self._pad)
        labels = np.full(ids.shape, IGNORED, dtype=np.int64)
        for number, row in enumerate(rows):
            labels[number, : len(row["labels"])] = row["labels"]
        arrays = {"input_ids": ids, "attention_mask": mask, "labels": labels}
        return {name: torch.from_numpy(array) for name, array in arrays.items()}

    def _figures(self, prediction: Any) -> dict[str, float]:
        """Strict F1 of what the library would decode from the logits."""
        gold: list[list[str]] = []
        found: list[list[str]] = []
        for logits, labels in zip(prediction.predictions, prediction.label_ids, strict=True):
            own = labels != IGNORED
            gold.append([self._scheme.labels[label] for label in labels[own]])
            path = best_path(log_softmax(logits[own].astype(np.float32)), self._scheme)
            found.append([self._scheme.labels[label] for label in path])
        return {"f1": seqeval_scores(gold, found, strict=True)["all"].f1}


def _row(item: Encoded) -> dict[str, list[int]]:
    return {"input_ids": item.ids, "labels": item.labels}


def _last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that is whole: its state, which is written last, can be read."""
    found = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)
    for path in found:
        try:
            json.loads((path / "trainer_state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return path
    return None


def _history(checkpoint: Path) -> list[Epoch]:
    return _epochs(json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))["log_history"])


def _epochs(log: Sequence[Mapping[str, Any]]) -> list[Epoch]:
    losses = [float(entry["loss"]) for entry in log if "loss" in entry]
    figures = [float(entry["eval_f1"]) for entry in log if "eval_f1" in entry]
    losses += [math.nan] * (len(figures) - len(losses))
    return [Epoch(number, loss, f1) for number, (loss, f1) in enumerate(zip(losses, figures, strict=False), 1)]
