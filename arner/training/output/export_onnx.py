"""A transformers folder → the files that arner ships: ONNX with 8-bit weights, safetensors in half precision."""

from __future__ import annotations

import logging
import tempfile
import warnings
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from arner.errors import MissingExtraError

__all__ = ["export_onnx", "half_precision", "quantise", "require_onnx", "write_int8"]

log = logging.getLogger(__name__)


def write_int8(folder: Path, target: Path) -> None:
    """Writes the model in `folder` as one ONNX file with 8-bit weights, attention fused.

    Raises:
        MissingExtraError: onnx, onnxruntime or transformers is not installed.
    """
    require_onnx()
    import transformers

    config = transformers.AutoConfig.from_pretrained(folder)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "model.onnx"
        export_onnx(folder, plain)
        quantise(plain, target, config.num_attention_heads, config.hidden_size)


def require_onnx() -> None:
    """Checks that a model can be written as ONNX.

    Raises:
        MissingExtraError: onnx, onnxruntime or transformers is not installed.
    """
    if any(find_spec(name) is None for name in ("onnx", "onnxruntime", "transformers")):
        raise MissingExtraError("Writing an ONNX model", "train")


def export_onnx(folder: Path, path: Path) -> None:
    """Writes the model as a 32-bit ONNX file with dynamic batch and length."""
    import torch
    from transformers import AutoModelForTokenClassification

    class Logits(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
        """The model with plain tensors in and out."""

        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            return self.model(input_ids=input_ids, attention_mask=attention_mask).logits

    model = AutoModelForTokenClassification.from_pretrained(
        folder, attn_implementation="eager", use_safetensors=True, trust_remote_code=False
    )
    ids = torch.ones((2, 7), dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Logits(model.float().eval()),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in ("input_ids", "attention_mask", "logits")},
            opset_version=17,
            dynamo=False,
        )


def quantise(source: Path, target: Path, heads: int, width: int) -> None:
    """Fuses attention, layer norm and activation, and writes the model with 8-bit weights."""
    import onnx

    import_module("arner.ner.quiet_onnxruntime")  # before onnxruntime itself is loaded
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions

    from arner.training.output.cpu_graph import for_cpu
    from arner.training.output.quantise import quantise_products

    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    options.use_multi_head_attention = True
    fused = optimizer.optimize_model(
        str(source), model_type="bert", num_heads=heads, hidden_size=width, optimization_options=options
    )
    log.info("fused: %s", {name: count for name, count in fused.get_fused_operator_statistics().items() if count})
    onnx.save(for_cpu(quantise_products(fused.model)), target)


def half_precision(source: Path, target: Path) -> None:
    """Writes the weights in half precision."""
    from safetensors.numpy import load_file, save_file

    state = {name: value.astype(np.float16) for name, value in load_file(source).items()}
    save_file(state, target, metadata={"format": "pt"})
