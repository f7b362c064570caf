"""The corpora: a file for each target, a JSON string a line; bytes that are no UTF-8 stand as half surrogates."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

__all__ = ["CORPORA", "read_corpus", "write_corpus"]

CORPORA: Final = Path(__file__).parent / "corpus"
"""Where the corpora are."""


def read_corpus(target: str) -> list[bytes]:
    """The inputs kept for a target; none where nothing is kept yet."""
    path = CORPORA / f"{target}.jsonl"
    if not path.exists():
        return []
    return [json.loads(line).encode("utf-8", "surrogateescape") for line in path.read_text("ascii").splitlines()]


def write_corpus(target: str, inputs: Iterable[bytes]) -> None:
    """Keeps inputs for a target, in the place of those kept before."""
    CORPORA.mkdir(exist_ok=True)
    lines = sorted(json.dumps(data.decode("utf-8", "surrogateescape")) for data in set(inputs))
    (CORPORA / f"{target}.jsonl").write_text("".join(line + "\n" for line in lines), "ascii")
