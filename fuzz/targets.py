"""The fuzz targets by name: each hands bytes to a part of arner as a user would, and looks at what comes back.

A target returns for every input. What it raises is a find: an error outside of `arner.ArnerError`, or a broken promise.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, NamedTuple

__all__ = ["TARGETS", "Target"]


class Target(NamedTuple):
    """Where a target is, and how many bytes its inputs have at most.

    Code is reached by form, not by length; what long inputs cost is held by tests of their own.
    """

    module: str
    longest: int

    def load(self, name: str) -> Callable[[bytes], None]:
        """The function; nothing of arner that it does not need is imported."""
        function: Any = getattr(import_module(self.module), name)
        return function  # type: ignore[no-any-return]


TARGETS: Final = {
    "text": Target("fuzz.texts", 60),
    "dates": Target("fuzz.texts", 90),
    "marked_sentence": Target("fuzz.rules", 100),
    "pattern": Target("fuzz.rules", 120),
    "toml_places": Target("fuzz.rules", 300),
    "rule_file": Target("fuzz.rules", 700),
    "knowledge_file": Target("fuzz.rules", 300),
    "conll": Target("fuzz.labelled", 150),
    "json_lines": Target("fuzz.labelled", 700),
    "json_list": Target("fuzz.labelled", 700),
    "command_input": Target("fuzz.inputs", 300),
    "document": Target("fuzz.documents", 1200),
    "pipeline": Target("fuzz.documents", 250),
}
"""Every target by its name."""
