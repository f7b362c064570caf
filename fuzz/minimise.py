"""A few inputs that reach as much as many do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

__all__ = ["smallest"]

_READ: Final = frozenset({"arner", "tomllib"})
"""Packages whose lines count: those that `fuzz.run` lets the fuzzer see."""


def smallest(target: Callable[[bytes], None], inputs: Iterable[bytes]) -> list[bytes]:
    """Of the inputs, short ones first, those that reach a step between two lines that none before reached."""
    reached: set[tuple[CodeType, int, int]] = set()
    kept: list[bytes] = []
    for data in sorted(set(inputs), key=lambda data: (len(data), data)):
        found = _steps(target, data)
        if not found <= reached:
            reached |= found
            kept.append(data)
    return kept


def _steps(target: Callable[[bytes], None], data: bytes) -> set[tuple[CodeType, int, int]]:
    steps: set[tuple[CodeType, int, int]] = set()

    def enter(frame: FrameType, _event: str, _argument: Any) -> Any:
        code = frame.f_code
        if not _counts(code.co_filename):
            return None
        before = 0

        def line(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal before
            if event == "line":
                steps.add((code, before, frame.f_lineno))
                before = frame.f_lineno
            return line

        return line

    outer = sys.gettrace()
    sys.settrace(enter)
    try:
        target(data)
    finally:
        sys.settrace(outer)
    return steps


@cache
def _counts(file: str) -> bool:
    return not _READ.isdisjoint(Path(file).parts)
