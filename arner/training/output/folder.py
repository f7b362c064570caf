"""A trained model → the files of its folder, with the ONNX copies checked against the weights they were made from."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from arner.ner.backend import Backend, log_softmax
from arner.training.output.export_onnx import export_onnx, quantise
from arner.training.output.report import OnnxCheck
from arner.training.tuning.base import Base
from arner.training.tuning.sequences import Encoded

__all__ = ["FP32_TOLERANCE", "INT8_AGREEMENT", "write_about", "write_model"]

log = logging.getLogger(__name__)

_CHECKED: Final = 200
"""Sequences on which an ONNX copy is compared."""
FP32_TOLERANCE: Final = 1e-3
"""By how much a probability of the 32-bit copy may differ from the full model's."""
INT8_AGREEMENT: Final = 0.98
"""Share of the words whose label the 8-bit copy must share with the full model."""
_FAMILIES: Final = ("bert", "roberta", "xlm-roberta", "electra", "camembert")
"""Model types whose graph the exporter is tested with."""


def write_model(
    base: Base,
    model: Any,
    output: Path,
    *,
    window: int,
    stride: int,
    onnx: str,
    check: Sequence[Encoded],
    scratch: Path,
) -> tuple[list[OnnxCheck], list[str]]:
    """Writes the folder; returns how the ONNX copies compare, and notes for the user.

    Args:
        base: what the model was made from.
        model: the trained transformers model.
        window, stride: tokens that the model reads at once, and of context.
        onnx: "both", "int8", "fp32" or "none". A copy is left out, with a note, for a family that the exporter does not
            know, and where it differs from the full model by more than its tolerance.
        check: sequences to compare on.
        scratch: folder for files that are not to stay.
    """
    output.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(output)
    base.save_tokenizer(output)
    write_about(base, output, window=window, stride=stride, temperature=1.0)
    for name in ("model.onnx", "model_int8.onnx"):
        (output / name).unlink(missing_ok=True)  # of a run that was killed here
    if onnx == "none":
        return [], []
    family = model.config.model_type
    if family not in _FAMILIES:
        return [], [f"no ONNX copy: models of the type {family!r} are run with torch"]
    return _write_onnx(base, model, output, onnx, check[:_CHECKED], scratch)


def write_about(base: Base, output: Path, *, window: int, stride: int, temperature: float) -> None:
    """Writes `arner.json`."""
    about = {
        "name": output.resolve().name,
        "version": "",
        "description": f"fine-tuned from {base.name}",
        "licence": base.licence or "",
        "window": window,
        "stride": stride,
        "temperature": temperature,
    }
    (output / "arner.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_onnx(
    base: Base, model: Any, output: Path, onnx: str, check: Sequence[Encoded], scratch: Path
) -> tuple[list[OnnxCheck], list[str]]:
    checks: list[OnnxCheck] = []
    notes: list[str] = []
    scratch.mkdir(parents=True, exist_ok=True)
    plain, small = scratch / "model.onnx", scratch / "model_int8.onnx"
    small.unlink(missing_ok=True)  # of a run that was killed here
    export_onnx(output, plain)
    if onnx in ("both", "int8"):
        quantise(plain, small, model.config.num_attention_heads, model.config.hidden_size)
    for path in (plain, small):
        if not path.is_file() or (path is plain and onnx == "int8"):
            continue
        found = _compare(output, path, check, base.tokenizer.pad)
        log.info("%s: the same label for %.2f %% of the words", path.name, 100 * found.agreement)
        if path is plain and found.difference > FP32_TOLERANCE:
            notes.append(
                f"no {path.name}: a probability differs by {found.difference:.4f} from the full model's, more than "
                f"{FP32_TOLERANCE}; torch or the 8-bit copy runs the model"
            )
        elif path is small and found.agreement < INT8_AGREEMENT:
            notes.append(
                f"no {path.name}: 8-bit weights changed the label of {1 - found.agreement:.1%} of the words; the "
                "32-bit copy or torch runs the model"
            )
        else:
            path.replace(output / path.name)
            checks.append(found)
    return checks, notes


def _compare(folder: Path, onnx: Path, check: Sequence[Encoded], pad: int) -> OnnxCheck:
    from arner.ner.onnx import OnnxBackend
    from arner.ner.torch import TorchBackend

    backends: list[Backend] = [TorchBackend(str(folder), device="cpu"), OnnxBackend(onnx)]
    same = total = 0
    difference = 0.0
    for item in check:
        full, copy = (log_softmax(backend.logits([item.ids], pad)[0][item.own]) for backend in backends)
        same += int((full.argmax(-1) == copy.argmax(-1)).sum())
        total += len(full)
        difference = max(difference, float(np.abs(np.exp(full) - np.exp(copy)).max(initial=0.0)))
    return OnnxCheck(
        file=onnx.name,
        bytes=onnx.stat().st_size,
        words=total,
        agreement=same / total if total else 1.0,
        difference=difference,
    )
