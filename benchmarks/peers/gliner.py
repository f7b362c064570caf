"""GLiNER's architecture over an encoder of arner's size, with random weights: speed only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Peer, UnavailableError
from benchmarks.texts import paragraphs

NAME = "GLiNER"
_LABELS = ["شخص", "مكان", "منظمة", "حدث"]


def load(model: Path, sample: Sequence[str], *, threads: int, device: str) -> list[Peer]:  # noqa: ARG001
    """Built from a configuration, since its weights are on a hub only."""
    try:
        import torch
        from gliner import GLiNER
        from transformers import AutoConfig
    except ImportError as error:
        raise UnavailableError(f"{error.name} is not installed (pip install gliner)") from error
    torch.set_num_threads(threads)
    width = AutoConfig.from_pretrained(model).hidden_size
    config = {"model_name": str(model), "hidden_size": width, "max_len": 512}  # 0.2.24 takes no GLiNERConfig here
    network = GLiNER.from_config(config, backbone_from_pretrained=False).float().to(device).eval()

    def read(texts: Sequence[str]) -> list[object]:
        lines = sorted((line for text in texts for line in paragraphs(text)), key=len)
        return list(network.inference(lines, _LABELS, threshold=0.99, batch_size=8))

    note = (
        f"speed only: random weights, its own layers over an encoder of this size, {len(_LABELS)} labels, batches of 8"
    )
    return [Peer("GLiNER (random weights)", note, read)]
