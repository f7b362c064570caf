"""The ONNX backend: runs a model with onnxruntime on a CPU, or on a GPU where onnxruntime-gpu is installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from arner.errors import InputError, ModelFormatError
from arner.ner.backend import padded, rows_of, usable_cores
from arner.ner.quiet_onnxruntime import onnxruntime

__all__ = ["OnnxBackend"]

_GPU_BATCH: Final = 16384


class OnnxBackend:
    """A token-classification model in one ONNX file with the input `input_ids` and, as a rule, `attention_mask`.

    On a CPU every sequence is run by itself, on one thread, and several are run at the same time: nothing is padded,
    what a layer makes stays in the cache of one core, no core waits for another, and a sequence gives the same numbers
    whatever is read beside it.

    Args:
        path: the file.
        device: "cpu" or "cuda[:N]".
        threads: sequences that run at the same time on a CPU; 0 takes the cores that this process may use.

    Raises:
        InputError: this onnxruntime cannot use the device.
        ModelFormatError: the file is not a model that onnxruntime can run, or has other inputs.
    """

    def __init__(self, path: Path, *, device: str = "cpu", threads: int = 0) -> None:
        cuda = device.startswith("cuda")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        provider = "CUDAExecutionProvider" if cuda else "CPUExecutionProvider"
        if provider not in onnxruntime.get_available_providers():
            raise InputError(
                f"device {device!r} is not available: this onnxruntime has no {provider}. "
                "Use device='cpu', or install onnxruntime-gpu in place of onnxruntime"
            )
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=[provider])
        except Exception as error:  # onnxruntime's exceptions share no base class
            raise ModelFormatError(f"{path}: onnxruntime cannot load it: {error}") from error
        names = {entry.name for entry in self._session.get_inputs()}
        if "input_ids" not in names or not names <= {"input_ids", "attention_mask", "token_type_ids"}:
            raise ModelFormatError(f"{path}: expected inputs input_ids and attention_mask, found {sorted(names)}")
        self._masked = "attention_mask" in names
        self._types = "token_type_ids" in names
        self._output = self._session.get_outputs()[0].name
        self.device = device
        self.rows = None
        self.batch_tokens = _GPU_BATCH if cuda and self._masked else 0
        self.threads = 1 if cuda else threads or usable_cores()

    def logits(self, batch: Sequence[Sequence[int]], pad: int) -> NDArray[np.float32]:
        """See `Backend.logits`. A CPU reads the sequences one by one: an 8-bit model has a scale for each."""
        if self.batch_tokens or len(batch) == 1:
            return self._run(*padded(batch, pad))
        rows = [self._run(*padded([sequence], pad))[0] for sequence in batch]
        result = np.zeros((len(rows), max(map(len, rows)), rows[0].shape[-1]), dtype=np.float32)
        for at, row in enumerate(rows):
            result[at, : len(row)] = row
        return result

    def log_probs(
        self, batch: Sequence[Sequence[int]], kept: Sequence[Sequence[int]], pad: int, temperature: float
    ) -> list[NDArray[np.float32]]:
        """See `Backend.log_probs`."""
        return rows_of(self.logits(batch, pad), kept, temperature)

    def _run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        feed = {"input_ids": ids}
        if self._masked:
            feed["attention_mask"] = mask
        if self._types:
            feed["token_type_ids"] = np.zeros_like(ids)
        return np.asarray(self._session.run([self._output], feed)[0], dtype=np.float32)
