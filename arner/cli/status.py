"""Exit codes, and how a problem is told on standard error."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import typer

__all__ = [
    "EXIT_INTERRUPTED",
    "EXIT_SETUP",
    "EXIT_SOME_FAILED",
    "EXIT_TERMINATED",
    "EXIT_USAGE",
    "report",
    "stoppable",
    "tell",
]

EXIT_SOME_FAILED: Final = 1
"""Some input could not be read, or the output could not be written."""
EXIT_USAGE: Final = 2
"""The command was called wrongly."""
EXIT_SETUP: Final = 3
"""A model, rule, knowledge or labelled file, or a package, is missing or broken."""
EXIT_INTERRUPTED: Final = 130
"""The user pressed Ctrl-C: 128 + SIGINT, as shells count it."""
EXIT_TERMINATED: Final = 143
"""Another program asked this one to end: 128 + SIGTERM."""


def report(problem: Exception | str) -> None:
    """Tell a problem in one line on standard error."""
    _print("error: " + str(problem))


def tell(what: str) -> None:
    """Tell something that is no problem in one line on standard error."""
    _print(what)


def _print(text: str) -> None:
    # `typer.echo` would write past a progress bar, into the line that the bar is on.
    print("arner: " + " ".join(text.split()), file=sys.stderr, flush=True)


class _Terminated(KeyboardInterrupt):
    """SIGTERM came."""


def _terminate(_: int, __: FrameType | None) -> None:
    raise _Terminated


@contextmanager
def stoppable(note: Callable[[], str]) -> Iterator[None]:
    """A block that Ctrl-C or SIGTERM ends in order, with one line and the exit code that shells expect.

    Args:
        note: what the line says about what is done.
    """
    main = threading.current_thread() is threading.main_thread()  # no other thread may set what a signal does
    before = signal.signal(signal.SIGTERM, _terminate) if main else None
    try:
        yield
    except KeyboardInterrupt as stopped:
        terminated = isinstance(stopped, _Terminated)
        tell(f"{'terminated' if terminated else 'interrupted'}{note()}")
        raise typer.Exit(EXIT_TERMINATED if terminated else EXIT_INTERRUPTED) from None
    finally:
        if main:
            signal.signal(signal.SIGTERM, before)
