"""A trained model → the files of its folder, with the ONNX copy checked against the weights that it was made from."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from arner.ner.backend import Backend
from arner.training.base import Base
from arner.training.sequences import IGNORED, Encoded

__all__ = ["write_model"]

log = logging.getLogger(__name__)

_CHECKED: Final = 200
"""Sequences on which the ONNX copy is compared."""
_AGREEMENT: Final = 0.98
"""Share of the words whose label the ONNX copy must share with the full model."""
_FAMILIES: Final = ("bert", "roberta", "xlm-roberta", "electra", "camembert")
"""Model types whose graph the exporter is tested with."""


def write_model(
    base: Base, output: Path, *, window: int, stride: int, onnx: bool, check: Sequence[Encoded]
) -> list[str]:
    """Writes the folder; returns notes for the user.

    Args:
        base: holds the trained model.
        window, stride: tokens that the model reads at once, and of context.
        onnx: whether to write `model_int8.onnx` too. It is left out, with a note, for a family that the exporter does
            not know, and where its labels differ from the full model's too often.
        check: sequences to compare on.
    """
    output.mkdir(parents=True, exist_ok=True)
    base.model.save_pretrained(output)
    base.save_tokenizer(output)
    about = {
        "name": output.resolve().name,
        "version": "",
        "description": f"fine-tuned from {base.name}",
        "licence": base.licence or "",
        "window": window,
        "stride": stride,
        "temperature": 1.0,
    }
    (output / "arner.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return _write_onnx(base, output, check[:_CHECKED]) if onnx else []


def _write_onnx(base: Base, output: Path, check: Sequence[Encoded]) -> list[str]:
    family = base.model.config.model_type
    if family not in _FAMILIES:
        return [f"no ONNX copy: models of the type {family!r} are run with torch"]
    from arner.training.export_onnx import write_int8

    path = output / "model_int8.onnx"
    write_int8(output, path)
    agreement = _agreement(output, path, check, base.tokenizer.pad)
    log.info("the ONNX copy gives %.2f %% of the words the same label", 100 * agreement)
    if agreement >= _AGREEMENT:
        return []
    path.unlink()
    return [f"no ONNX copy: 8-bit weights changed the label of {1 - agreement:.1%} of the words; torch runs the model"]


def _agreement(folder: Path, onnx: Path, check: Sequence[Encoded], pad: int) -> float:
    """Share of the words to which both give the same label."""
    from arner.ner.onnx import OnnxBackend
    from arner.ner.torch import TorchBackend

    backends: list[Backend] = [TorchBackend(str(folder), device="cpu"), OnnxBackend(onnx)]
    same = total = 0
    for item in check:
        own = np.array(item.labels) != IGNORED
        full, small = (backend.logits([item.ids], pad)[0].argmax(axis=-1)[own] for backend in backends)
        same += int((full == small).sum())
        total += int(own.sum())
    return same / total if total else 1.0
