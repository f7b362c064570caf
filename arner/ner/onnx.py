"""The ONNX backend: runs a model with onnxruntime on a CPU, or on a GPU where onnxruntime-gpu is installed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from arner.errors import InputError, ModelFormatError
from arner.ner.backend import padded

__all__ = ["OnnxBackend"]


class OnnxBackend:
    """A token-classification model in one ONNX file with inputs `input_ids` and `attention_mask`.

    Args:
        path: the file.
        device: "cpu" or "cuda[:N]".
        threads: CPU threads within one run; 0 takes the cores that this process may use.

    Raises:
        InputError: this onnxruntime cannot use the device.
        ModelFormatError: the file is not a model that onnxruntime can run, or has other inputs.
    """

    def __init__(self, path: Path, *, device: str = "cpu", threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or _usable_cores()
        options.inter_op_num_threads = 1
        # Waiting threads that spin take the cores from whatever else the machine runs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        provider = "CUDAExecutionProvider" if device.startswith("cuda") else "CPUExecutionProvider"
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
        if not {"input_ids", "attention_mask"} <= names:
            raise ModelFormatError(f"{path}: expected inputs input_ids and attention_mask, found {sorted(names)}")
        self._types = "token_type_ids" in names
        self._output = self._session.get_outputs()[0].name
        self.device = device

    def logits(self, batch: Sequence[Sequence[int]], pad: int) -> NDArray[np.float32]:
        """See `Backend.logits`."""
        ids, mask = padded(batch, pad)
        feed = {"input_ids": ids, "attention_mask": mask}
        if self._types:
            feed["token_type_ids"] = np.zeros_like(ids)
        return np.asarray(self._session.run([self._output], feed)[0], dtype=np.float32)


def _usable_cores() -> int:
    """Cores that this process may use; 0, onnxruntime's own choice, where the system does not say."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
