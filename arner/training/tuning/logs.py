"""What a run writes down while it goes on: CSV files always, and a TensorBoard log where that is installed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from arner.training.tuning.checkpoint import write_atomic

__all__ = ["Epoch", "RunLog", "Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """An optimiser step: number and epoch from 1, mean loss of its words, learning rate, tokens, seconds it took."""

    step: int
    epoch: int
    loss: float
    learning_rate: float
    tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch that has ended: its number from 1, mean training loss, strict scores on the evaluation data."""

    number: int
    loss: float
    precision: float
    recall: float
    f1: float


class RunLog:
    """The log of one run, in `folder`: `steps.csv`, `epochs.csv`, and TensorBoard's files.

    Args:
        step: steps that the run has done: lines of later ones, from before it was killed, are dropped.
    """

    def __init__(self, folder: Path, step: int, *, tensorboard: bool) -> None:
        self._folder = folder
        self._steps = folder / "steps.csv"
        kept = [row for row in _rows(self._steps) if int(row[0]) <= step]
        write_atomic(self._steps, _csv([field.name for field in fields(Step)], kept))
        self._board: Any = None
        if tensorboard:
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(log_dir=str(folder), purge_step=step + 1)

    def step(self, step: Step) -> None:
        """Adds a step."""
        with self._steps.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(asdict(step).values())
        if self._board is not None:
            self._board.add_scalar("loss", step.loss, step.step)
            self._board.add_scalar("learning_rate", step.learning_rate, step.step)

    def epochs(self, epochs: Sequence[Epoch], step: int) -> None:
        """Writes the epochs so far; the last one has ended with that step."""
        names = [field.name for field in fields(Epoch)]
        write_atomic(
            self._folder / "epochs.csv", _csv(names, [list(map(str, asdict(epoch).values())) for epoch in epochs])
        )
        if self._board is not None:
            for name in ("precision", "recall", "f1"):
                self._board.add_scalar(f"strict/{name}", getattr(epochs[-1], name), step)
            self._board.flush()

    def close(self) -> None:
        """Ends the TensorBoard log."""
        if self._board is not None:
            self._board.close()


def _rows(path: Path) -> list[list[str]]:
    """The whole rows of a CSV file; a kill may have cut the last one short."""
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    return [row for row in csv.reader(io.StringIO(whole)) if len(row) == len(fields(Step))][1:]


def _csv(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue()
