"""Exit codes, and how a problem is told on standard error."""

from __future__ import annotations

from typing import Final

import typer

__all__ = ["EXIT_INTERRUPTED", "EXIT_SETUP", "EXIT_SOME_FAILED", "EXIT_USAGE", "report"]

EXIT_SOME_FAILED: Final = 1
"""Some input could not be read, or the output could not be written."""
EXIT_USAGE: Final = 2
"""The command was called wrongly."""
EXIT_SETUP: Final = 3
"""A model, rule, knowledge or labelled file, or a package, is missing or broken."""
EXIT_INTERRUPTED: Final = 130
"""The user pressed Ctrl-C: 128 + SIGINT, as shells count it."""


def report(problem: Exception | str) -> None:
    """Tell a problem in one line on standard error."""
    typer.echo("arner: error: " + " ".join(str(problem).split()), err=True)
