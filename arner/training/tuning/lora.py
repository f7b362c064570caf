"""Low-rank adapters (LoRA, Hu et al. 2022) through peft: few weights are trained, and merged in at the end."""

from __future__ import annotations

import warnings
from typing import Any

__all__ = ["add_adapters", "merge_adapters"]


def add_adapters(model: Any, rank: int, seed: int) -> Any:
    """The model with an adapter of that rank at every linear layer, and all other weights frozen but the classifier.

    Args:
        seed: fixes the first values of the adapters.
    """
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(seed)
    config = LoraConfig(
        task_type="TOKEN_CLS",
        r=rank,
        lora_alpha=2 * rank,
        lora_dropout=0.0,
        target_modules="all-linear",
        exclude_modules=["classifier"],
        modules_to_save=["classifier"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers for names that it has replaced
        return get_peft_model(model, config)


def merge_adapters(model: Any) -> Any:
    """The plain transformers model, with what the adapters have learnt in its weights."""
    return model.merge_and_unload()
