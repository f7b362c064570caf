"""A console for tables, as wide as it should be where there is no terminal to ask."""

from __future__ import annotations

import os
from typing import TextIO

from rich.console import Console

__all__ = ["table_console"]


def table_console(file: TextIO, *, width: int = 120) -> Console:
    """A console on the file.

    Args:
        file: what is written to.
        width: columns where the file is no terminal and the variable COLUMNS does not say: the usual 80 break every
            row.
    """
    console = Console(file=file, highlight=False)
    if not console.is_terminal:
        given = os.environ.get("COLUMNS", "")
        console.width = int(given) if given.isdecimal() and int(given) else width
    return console
