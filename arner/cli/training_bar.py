"""The progress bar of a training run, on standard error: steps, epoch, loss, F1, time taken and time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arner.training.tuning.loop import Progress

__all__ = ["training_bar"]


@contextmanager
def training_bar() -> Iterator[Callable[[Progress], None] | None]:
    """A function that moves the bar; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("preparing", total=None, figures="")

        def advance(progress: Progress) -> None:
            f1 = "" if progress.f1 is None else f"  F1 {progress.f1:.3f}"
            bar.update(
                task,
                description=f"epoch {progress.epoch}/{progress.epochs}",
                completed=progress.step,
                total=progress.steps,
                figures=f"loss {progress.loss:.3f}{f1}",
            )

        yield advance
