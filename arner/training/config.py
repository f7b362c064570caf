"""Options of fine-tuning, and the defaults that depend on the data."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["FinetuneConfig"]


class FinetuneConfig(BaseModel):
    """Options of `arner.finetune`. What is None is chosen from the size of the data and of the model.

    >>> FinetuneConfig().epochs_for(300), FinetuneConfig().epochs_for(20_000), FinetuneConfig(epochs=2).epochs_for(300)
    (8, 3, 2)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int | None = Field(default=None, ge=1, description="times that the data is read, at most")
    learning_rate: float | None = Field(default=None, gt=0.0, description="peak rate; it rises, then falls linearly")
    batch_size: int = Field(default=16, ge=1, description="sentences in a step of a device")
    accumulate: int = Field(default=1, ge=1, description="steps whose gradients are summed before the weights change")
    warmup: float = Field(default=0.1, ge=0.0, lt=1.0, description="share of the steps in which the rate rises")
    weight_decay: float = Field(default=0.01, ge=0.0)
    patience: int = Field(default=4, ge=1, description="epochs without a better strict F1 after which training ends")
    eval_share: float = Field(
        default=0.15, gt=0.0, lt=1.0, description="share of the training sentences held out where no eval data is given"
    )
    window: int = Field(default=256, ge=16, description="tokens that the model reads at once")
    seed: int = Field(default=1, ge=0)
    precision: Literal["auto", "fp32", "bf16", "fp16"] = Field(
        default="auto", description="auto: bf16 or fp16 on a GPU that has it, else fp32"
    )
    device: Literal["auto", "cpu", "cuda"] = "auto"
    onnx: bool = Field(default=True, description="also write the model as ONNX with 8-bit weights, for a CPU")

    def epochs_for(self, sentences: int) -> int:
        """Epochs for so many training sentences: about 2,400 sentences read in all, 3 to 15 times each."""
        return self.epochs or min(15, max(3, math.ceil(2400 / max(1, sentences))))

    def rate_for(self, width: int) -> float:
        """Peak learning rate for a model of that width: small models bear and need a higher one."""
        return self.learning_rate or (1e-4 if width <= 512 else 5e-5)
