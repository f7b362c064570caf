"""The torch backend: runs any transformers token-classification model from safetensors, on a CPU or a GPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arner.errors import InputError, MissingExtraError, ModelFormatError, ModelNotFoundError
from arner.ner.backend import padded

__all__ = ["TorchBackend"]


class TorchBackend:
    """A token-classification model loaded with transformers; safetensors only, and never code from the model's folder.

    Args:
        source: a local folder, or a Hugging Face id.
        device: "auto", "cpu" or "cuda[:N]".

    Raises:
        InputError: torch cannot use the device.
        MissingExtraError: torch or transformers is not installed.
        ModelNotFoundError: no such folder, and no such model on the hub or in its cache.
        ModelFormatError: the model is there but is no token-classification model in safetensors.
    """

    def __init__(self, source: str, *, device: str = "auto") -> None:
        try:
            import torch
            from transformers import AutoModelForTokenClassification
        except ImportError as error:
            raise MissingExtraError(f"Running {source!r} with torch", "train") from error
        self._torch = torch
        self.device = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        try:
            loaded: Any = AutoModelForTokenClassification.from_pretrained(
                source, use_safetensors=True, trust_remote_code=False, output_loading_info=True
            )
        except (OSError, ValueError, KeyError) as error:
            message = f"transformers cannot load {source!r} as a token-classification model: {error}"
            missing = isinstance(error, OSError) and "safetensors" not in str(error)
            raise (ModelNotFoundError if missing else ModelFormatError)(message) from error
        model, report = loaded
        untrained = sorted(name for name in report["missing_keys"] if "classifier" in name)
        if untrained:
            raise ModelFormatError(
                f"{source!r} holds no trained token-classification head ({', '.join(untrained)} are missing). "
                "Fine-tune it first, or name a model that is made for token classification."
            )
        names = model.config.id2label
        self.labels = tuple(str(names[index]) for index in range(len(names)))
        try:
            model = model.float() if self.device == "cpu" else model  # half precision is slow on a CPU
            self._model: Any = model.to(self.device).eval()
        except (RuntimeError, AssertionError) as error:
            raise InputError(f"device {self.device!r} cannot be used: {error}") from error

    def logits(self, batch: Sequence[Sequence[int]], pad: int) -> NDArray[np.float32]:
        """See `Backend.logits`."""
        torch = self._torch
        ids, mask = (torch.from_numpy(array).to(self.device) for array in padded(batch, pad))
        with torch.inference_mode():
            logits = self._model(input_ids=ids, attention_mask=mask).logits
        result: NDArray[np.float32] = logits.float().cpu().numpy()
        return result
