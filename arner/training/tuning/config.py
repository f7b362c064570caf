"""Options of fine-tuning, and the defaults that depend on the data."""

from __future__ import annotations

import math
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["FinetuneConfig"]

_LAYER_DECAY: Final = 0.75


class FinetuneConfig(BaseModel):
    """Options of `arner.finetune`. What is None is chosen from the size of the data and of the model.

    >>> FinetuneConfig().epochs_for(300), FinetuneConfig().epochs_for(20_000), FinetuneConfig(epochs=2).epochs_for(300)
    (8, 3, 2)
    >>> FinetuneConfig().batch_tokens_for(9_000), FinetuneConfig().batch_tokens_for(600_000)
    (512, 4096)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int | None = Field(default=None, ge=1, description="times that the data is read, at most")
    learning_rate: float | None = Field(
        default=None, gt=0.0, description="peak rate, of the classifier; it rises, then falls linearly"
    )
    batch_tokens: int | None = Field(
        default=None, ge=16, description="tokens in a batch, padding included; the longest sequence always fits"
    )
    accumulate: int = Field(default=1, ge=1, description="batches whose gradients are summed before the weights change")
    warmup: float = Field(default=0.1, ge=0.0, lt=1.0, description="share of the steps in which the rate rises")
    weight_decay: float = Field(default=0.01, ge=0.0, description="pull of the weights towards those of the base model")
    patience: int = Field(default=4, ge=1, description="epochs without a better strict F1 after which training ends")
    eval_share: float = Field(
        default=0.15, gt=0.0, lt=1.0, description="share of the training sentences held out where no eval data is given"
    )
    window: int = Field(default=256, ge=16, description="tokens that the model reads at once")
    complete: bool = Field(
        default=False,
        description="the data mark every name: an unmarked word is no name, and a type of the base model that they "
        "never show is forgotten. Otherwise an unmarked word may be of any type that its file never shows",
    )
    rehearse: bool = Field(
        default=True,
        description="where no rehearsal data is named and the data leaves types of the base model unmarked: read the "
        "text in the base model's folder (rehearsal.txt) beside the data, so that those types are not forgotten",
    )
    distil: float = Field(
        default=3.0,
        ge=0.0,
        description="weight of what the base model says of unmarked words, against forgetting its types; 0: none",
    )
    temperature: float = Field(
        default=3.0,
        ge=1.0,
        description="of the distillation: what the base model says is made softer by it, so that it also tells how "
        "sure it is; 1: as it is",
    )
    layer_decay: float | None = Field(
        default=None,
        gt=0.0,
        le=1.0,
        description="a layer learns at this share of the rate of the one above it; None: 0.75 where the data leave "
        "types of the base model unmarked, else 1",
    )
    average: bool = Field(
        default=True,
        description="at the end, take the mean of the base model's weights and the trained ones that reads the "
        "evaluation data best; of equals, the one nearest to the base model",
    )
    lora: int | None = Field(
        default=None, ge=1, description="rank of low-rank adapters to train in place of all weights; needs arner[lora]"
    )
    seed: int = Field(default=1, ge=0, description="the same seed and data give the same model on the same machine")
    precision: Literal["auto", "fp32", "bf16", "fp16"] = Field(
        default="auto", description="auto: bf16 or fp16 where the hardware computes in it, else fp32"
    )
    device: Literal["auto", "cpu", "cuda"] = Field(default="auto", description="auto: a GPU if there is one")
    save_seconds: float = Field(
        default=120.0, ge=0.0, description="seconds between checkpoints within an epoch; 0: after every step"
    )
    onnx: Literal["both", "int8", "fp32", "none"] = Field(
        default="both", description="ONNX copies of the model: with 8-bit weights (read by a CPU), in 32 bits, or both"
    )
    tensorboard: bool | None = Field(
        default=None, description="write a TensorBoard log; None: where tensorboard is installed"
    )

    def layer_decay_for(self, *, unmarked: bool) -> float:
        """The decay of the rate from layer to layer; none where adapters are trained in place of the layers.

        Args:
            unmarked: whether the data leave types of the base model unmarked.
        """
        return self.layer_decay or (_LAYER_DECAY if unmarked and not self.lora else 1.0)

    def epochs_for(self, sentences: int) -> int:
        """Epochs for so many training sentences: about 2,400 sentences read in all, 3 to 15 times each."""
        return self.epochs or min(15, max(3, math.ceil(2400 / max(1, sentences))))

    def rate_for(self, width: int, layer_decay: float = 1.0) -> float:
        """Peak learning rate for a model of that width: small models bear and need a higher one.

        Low-rank adapters begin at nothing and need ten times as much. Where the rate falls from layer to layer, the
        upper ones learn faster.
        """
        factor = 10 if self.lora else 1.5 if layer_decay < 1 else 1
        return self.learning_rate or (1e-4 if width <= 512 else 5e-5) * factor

    def batch_tokens_for(self, tokens: int) -> int:
        """Tokens of a batch for so many tokens in all: some 150 batches an epoch, within 512 and 4,096 tokens."""
        return self.batch_tokens or min(4096, max(512, 2 ** round(math.log2(max(1, tokens) / 150))))
