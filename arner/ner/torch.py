"""The torch backend: runs any transformers token-classification model from safetensors, on a CPU or a GPU."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from arner.errors import InputError, ModelFormatError
from arner.ner.backend import padded
from arner.ner.packing import can_pack, pack_attention, packed_inputs
from arner.ner.torch_loading import load_token_classifier

__all__ = ["TorchBackend"]

_CPU_BATCH: Final = 1024
"""Tokens of a batch on a CPU: what a layer makes of more leaves the cache."""
_GPU_BATCH: Final = 16384
"""Tokens of a batch on a GPU, which is idle with fewer."""


class TorchBackend:
    """A token-classification model loaded with transformers; safetensors only, and never code from the model's folder.

    A CPU computes in 32 bits; a GPU in bfloat16, or in float16 where it has no bfloat16. A GPU reads the sequences of a
    batch packed end to end, where the family of the model allows it (`arner.ner.packing`), so that no token is padding.
    Otherwise attention is that of torch (`scaled_dot_product_attention`), without a mask where all sequences are of one
    length. What becomes of the logits is computed on the device too; copies to and from a GPU are asynchronous.

    Args:
        source: a local folder, or a Hugging Face id, ``owner/name`` or ``owner/name@revision``.
        device: "auto", "cpu" or "cuda[:N]".
        packed: whether sequences are packed; by default on a GPU, where that can be done.

    Raises:
        InputError: torch cannot use the device.
        MissingExtraError: torch or transformers is not installed.
        ModelNotFoundError: no such folder, and no such model on the hub or in its cache.
        ModelFormatError: the model is there but is no token-classification model in safetensors.
    """

    def __init__(self, source: str, *, device: str = "auto", packed: bool | None = None) -> None:
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
        if packed and not can_pack(model):
            raise InputError(f"{source!r} ({model.config.model_type}) cannot read packed sequences")
        self.packed = can_pack(model) if packed is None and self._on_gpu else bool(packed)
        if self.packed:
            pack_attention(model)
        self.batch_tokens = _GPU_BATCH if self._on_gpu else _CPU_BATCH
        self.threads = 2 if self._on_gpu else 1  # a GPU computes one batch while the next is copied

    def logits(self, batch: Sequence[Sequence[int]], pad: int) -> NDArray[np.float32]:
        """See `Backend.logits`."""
        with self._torch.inference_mode():
            tokens = self._to_host(self._tokens(batch, pad).float())
        result = np.zeros((len(batch), max(map(len, batch)), tokens.shape[-1]), np.float32)
        for row, (sequence, first) in enumerate(zip(batch, self._starts(batch), strict=True)):
            result[row, : len(sequence)] = tokens[first : first + len(sequence)]
        return result

    def log_probs(
        self, batch: Sequence[Sequence[int]], kept: Sequence[Sequence[int]], pad: int, temperature: float
    ) -> list[NDArray[np.float32]]:
        """See `Backend.log_probs`. Only what is kept leaves the device."""
        torch = self._torch
        places = [np.asarray(own, np.int64) + first for own, first in zip(kept, self._starts(batch), strict=True)]
        with torch.inference_mode():
            wanted = self._to_device(torch.from_numpy(np.concatenate(places)))
            rows = self._tokens(batch, pad)[wanted].float() / temperature
            found = self._to_host(torch.log_softmax(rows, dim=-1))
        return np.split(found, np.cumsum([len(own) for own in kept])[:-1])

    def _tokens(self, batch: Sequence[Sequence[int]], pad: int) -> Any:
        """Logits of all tokens of a batch, padding included where there is some, shape (tokens, labels)."""
        if self.packed:
            inputs, longest = packed_inputs(batch, self._model)
            inputs = {name: self._to_device(tensor) for name, tensor in inputs.items()}
            return self._model(**inputs, max_length_q=longest).logits[0]
        ids, mask = map(self._torch.from_numpy, padded(batch, pad))
        whole = bool(mask.all())
        inputs = {"input_ids": self._to_device(ids), "attention_mask": None if whole else self._to_device(mask)}
        return self._model(**inputs).logits.flatten(0, 1)

    def _starts(self, batch: Sequence[Sequence[int]]) -> list[int]:
        """Where each sequence begins among the tokens of the batch."""
        if self.packed:
            return list(accumulate(map(len, batch[:-1]), initial=0))
        return [row * max(map(len, batch)) for row in range(len(batch))]

    def _to_device(self, tensor: Any) -> Any:
        return tensor.pin_memory().to(self.device, non_blocking=True) if self._on_gpu else tensor

    def _to_host(self, tensor: Any) -> NDArray[np.float32]:
        if self._on_gpu:
            torch = self._torch
            on_cpu = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
            on_cpu.copy_(tensor, non_blocking=True)
            copied = torch.cuda.Event()
            copied.record(torch.cuda.current_stream(tensor.device))
            copied.synchronize()
            tensor = on_cpu
        result: NDArray[np.float32] = tensor.numpy()
        return result

    def _precision(self) -> Any:
        """What the device computes in: half precision is slow on a CPU."""
        torch = self._torch
        if not self.device.startswith("cuda"):
            return torch.float32
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
