"""`transformers.pipeline("token-classification", aggregation_strategy="simple")`: as it comes, and at its best."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.peer import Peer, UnavailableError
from benchmarks.texts import paragraphs

NAME = "transformers.pipeline"
_BATCHES = (1, 8, 16, 32)


def load(model: Path, sample: Sequence[str], *, threads: int, device: str) -> list[Peer]:
    """The default settings, and the fastest of several precisions and batch sizes with texts sorted by length."""
    try:
        import torch
        import transformers
    except ImportError as error:
        raise UnavailableError(f"{error.name} is not installed (pip install 'arner[train]')") from error
    if not (model / "model.safetensors").is_file():
        raise UnavailableError(f"{model} holds no model.safetensors")
    torch.set_num_threads(threads)
    transformers.utils.logging.set_verbosity_error()

    def make(**options: Any) -> Any:
        where = 0 if device.startswith("cuda") else -1
        return transformers.pipeline(
            "token-classification", model=str(model), aggregation_strategy="simple", device=where, **options
        )

    default = make()
    lines = [line for text in sample for line in paragraphs(text)]
    best: tuple[float, str, int, Any] | None = None
    for precision in ("float32", "bfloat16"):
        pipe = make(dtype=getattr(torch, precision))
        _sorted(pipe, lines[:2], 1)
        for size in _BATCHES:
            begin = time.perf_counter()
            _sorted(pipe, lines, size)
            seconds = time.perf_counter() - begin
            if best is None or seconds < best[0]:
                best = (seconds, precision, size, pipe)
    assert best is not None
    _, precision, size, pipe = best
    return [
        Peer(
            "transformers.pipeline, default",
            "names only; a paragraph a call, precision and batch size as they come",
            lambda texts: [default(line) for text in texts for line in paragraphs(text)],
        ),
        Peer(
            "transformers.pipeline, best",
            f"names only; paragraphs sorted by length, {precision}, batches of {size}: the fastest of 8 settings",
            lambda texts: _sorted(pipe, [line for text in texts for line in paragraphs(text)], size),
        ),
    ]


def _sorted(pipe: Any, lines: Sequence[str], size: int) -> list[Any]:
    return list(pipe(sorted(lines, key=len), batch_size=size))
