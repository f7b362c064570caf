"""Files → texts: patterns, encodings, JSON lines and lists, standard input; from any place on.

Importing it loads nothing but the errors, so that every command may.
"""

from __future__ import annotations

from arner.inputs.decoding import decode
from arner.inputs.files import (
    STDIN,
    Failure,
    Input,
    Position,
    Source,
    expand,
    read_inputs,
    read_names,
    read_sources,
    sources_of,
)

__all__ = [
    "STDIN",
    "Failure",
    "Input",
    "Position",
    "Source",
    "decode",
    "expand",
    "read_inputs",
    "read_names",
    "read_sources",
    "sources_of",
]
