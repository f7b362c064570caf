"""The torch backend: runs any transformers token-classification model from safetensors, on a CPU or a GPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from arner.errors import InputError, ModelFormatError
from arner.ner.backend import padded
from arner.ner.torch_loading import load_token_classifier

__all__ = ["TorchBackend"]

_CPU_BATCH: Final = 1024
"""Tokens of a batch on a CPU: what a layer makes of more leaves the cache."""
_GPU_BATCH: Final = 16384
"""Tokens of a batch on a GPU, which is idle with fewer."""


class TorchBackend:
    """A token-classification model loaded with transformers; safetensors only, and never code from the model's folder.

    A CPU computes in 32 bits; a GPU in bfloat16, or in float16 where it has no bfloat16. Attention is that of torch
    (`scaled_dot_product_attention`), without a mask where all sequences of a batch are of one length.

    Args:
        source: a local folder, or a Hugging Face id, ``owner/name`` or ``owner/name@revision``.
        device: "auto", "cpu" or "cuda[:N]".

    Raises:
        InputError: torch cannot use the device.
        MissingExtraError: torch or transformers is not installed.
        ModelNotFoundError: no such folder, and no such model on the hub or in its cache.
        ModelFormatError: the model is there but is no token-classification model in safetensors.
    """

    def __init__(self, source: str, *, device: str = "auto") -> None:
        model, missing = load_token_classifier(source)
        import torch

        self._torch = torch
        self.device = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        untrained = [name for name in missing if "classifier" in name]
        if untrained:
            raise ModelFormatError(
                f"{source!r} holds no trained token-classification head ({', '.join(untrained)} are missing). "
                "Fine-tune it first, or name a model that is made for token classification."
            )
        names = model.config.id2label
        self.labels = tuple(str(names[index]) for index in range(len(names)))
        self.rows = int(model.get_input_embeddings().num_embeddings)
        try:
            self._model: Any = model.to(self.device, dtype=self._precision()).eval()
        except (RuntimeError, AssertionError) as error:
            raise InputError(f"device {self.device!r} cannot be used: {error}") from error
        self._on_gpu = self.device.startswith("cuda")
        self.batch_tokens = _GPU_BATCH if self._on_gpu else _CPU_BATCH
        self.threads = 2 if self._on_gpu else 1  # a GPU computes one batch while the next is copied

    def logits(self, batch: Sequence[Sequence[int]], pad: int) -> NDArray[np.float32]:
        """See `Backend.logits`."""
        torch = self._torch
        arrays = padded(batch, pad)
        with torch.inference_mode():
            ids, mask = map(self._to_device, arrays)
            whole = bool(arrays[1].all())
            logits = self._model(input_ids=ids, attention_mask=None if whole else mask).logits.float()
            if not self._on_gpu:
                on_cpu = logits
            else:
                on_cpu = torch.empty(logits.shape, dtype=logits.dtype, pin_memory=True)
                on_cpu.copy_(logits, non_blocking=True)
                copied = torch.cuda.Event()
                copied.record(torch.cuda.current_stream(logits.device))
                copied.synchronize()
        result: NDArray[np.float32] = on_cpu.numpy()
        return result

    def _to_device(self, array: NDArray[np.int64]) -> Any:
        tensor = self._torch.from_numpy(array)
        return tensor.pin_memory().to(self.device, non_blocking=True) if self._on_gpu else tensor

    def _precision(self) -> Any:
        """What the device computes in: half precision is slow on a CPU."""
        torch = self._torch
        if not self.device.startswith("cuda"):
            return torch.float32
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
