"""What stands below the help of every command: examples, and the exit codes."""

from __future__ import annotations

from typing import Final

__all__ = ["EXIT_CODES", "epilog"]

EXIT_CODES: Final = {
    0: "all is done",
    1: "an input could not be read, or the output not written",
    2: "the command was called wrongly, or an unfinished run is in the way",
    3: "a model, rule or data file, or a package, is missing or broken",
    130: "interrupted by Ctrl-C",
    143: "terminated by SIGTERM",
}
"""What each exit code of the command means."""


def epilog(*examples: str) -> str:
    """Examples and exit codes, a line each.

    >>> epilog("arner models").splitlines()[:2]
    ['Example:', '  $ arner models']
    """
    codes = "\n".join(f"  {code:3}  {meaning}" for code, meaning in EXIT_CODES.items())
    shown = "\n".join(f"  $ {example}" for example in examples)
    head = f"Example{'s'[: len(examples) != 1]}:\n{shown}\n\n" if examples else ""
    return f"{head}Exit codes:\n{codes}"
