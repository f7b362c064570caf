"""Which packages a run needs: asked before hours of training, and answered by one error that names the extra."""

from __future__ import annotations

from importlib.util import find_spec

from arner.errors import MissingExtraError
from arner.training.tuning.config import FinetuneConfig

__all__ = ["require_packages"]

_ALWAYS = ("torch", "transformers", "accelerate", "safetensors", "seqeval", "matplotlib")


def require_packages(config: FinetuneConfig) -> bool:
    """Checks that all packages are installed; returns whether a TensorBoard log is written.

    Raises:
        MissingExtraError: one is not.
    """
    if any(find_spec(name) is None for name in _ALWAYS):
        raise MissingExtraError("Fine-tuning", "train")
    if config.onnx != "none" and any(find_spec(name) is None for name in ("onnx", "onnxruntime")):
        raise MissingExtraError("Writing an ONNX model", "train")
    if config.lora and find_spec("peft") is None:
        raise MissingExtraError("Training low-rank adapters (lora)", "lora")
    board = find_spec("tensorboard") is not None
    if config.tensorboard and not board:
        raise MissingExtraError("A TensorBoard log", "tensorboard")
    return board if config.tensorboard is None else config.tensorboard
