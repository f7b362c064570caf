"""Stanza's Arabic recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.peers.peer import Peer, UnavailableError
from benchmarks.texts import paragraphs

NAME = "Stanza"


def load(model: Path, sample: Sequence[str], *, threads: int, device: str) -> list[Peer]:  # noqa: ARG001
    """Its pipeline for Arabic, where its files have been downloaded."""
    if find_spec("stanza") is None:
        raise UnavailableError("stanza is not installed (pip install stanza)")
    import stanza
    import torch

    torch.set_num_threads(threads)
    try:
        pipeline = stanza.Pipeline(
            "ar",
            processors="tokenize,ner",
            download_method=None,
            use_gpu=device.startswith("cuda"),
            verbose=False,
        )
    except Exception as error:  # whatever is missing, the peer is absent
        raise UnavailableError(
            "its network is sized by files that it downloads (word vectors, character language models), which are "
            f"not here: {type(error).__name__}"
        ) from error

    def read(texts: Sequence[str]) -> list[object]:
        return [pipeline(line).ents for text in texts for line in paragraphs(text)]

    return [Peer(NAME, "names only; its own weights, a paragraph a call", read)]
