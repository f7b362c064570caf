"""The progress bar of `arner extract`, on standard error: inputs done, documents, words a second, time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arner.batch import Progress

__all__ = ["batch_bar"]


@contextmanager
def batch_bar(*, shown: bool) -> Iterator[Callable[[Progress], None]]:
    """A function that moves the bar; one that does nothing where there is none to move.

    The bar goes by the bytes of the inputs that are done, since lines of a file are not counted before they are read.

    Args:
        shown: whether there may be a bar. It is drawn only where standard error is a terminal.
    """
    if not shown or not sys.stderr.isatty():
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None, figures="")
        begun: Progress | None = None

        def advance(progress: Progress) -> None:
            nonlocal begun
            if begun is None:
                begun = progress
                bar.reset(task, total=progress.total_bytes or None, completed=progress.bytes)
            if progress.converted:
                figures = f"{progress.converted:,} documents"
                bar.update(
                    task, description="writing", total=progress.documents, completed=progress.converted, figures=figures
                )
                return
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f"  {progress.words / elapsed:,.0f} words/s" if elapsed > 1 else ""
            failed = f"  {progress.failures:,} failed" if progress.failures else ""
            figures = f"{progress.documents:,} document{'s'[: progress.documents != 1]}{failed}{rate}"
            bar.update(task, completed=progress.bytes, figures=figures)

        yield advance


def _nothing(_: Progress) -> None:
    """There is no bar."""
