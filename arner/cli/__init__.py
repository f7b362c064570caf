"""The command line: thin wrappers over the library."""

from __future__ import annotations

import gc
import sys

__all__ = ["main"]


def main(args: list[str] | None = None) -> None:
    """Run the command line and leave the process with an exit code; see `arner.cli.app.main`."""
    # What is loaded stays. To look through it again at every 700 new objects takes a tenth of the start.
    gc.set_threshold(50_000, *gc.get_threshold()[1:])
    try:
        from arner.cli.app import main as run  # here, so that Ctrl-C ends a start as quietly as a run

        run(args)
    except KeyboardInterrupt:
        sys.exit(130)
