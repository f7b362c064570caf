"""What a run would take: the time of its steps, measured on two batches, and the memory, activations among it."""

from __future__ import annotations

from typing import Any

from arner.training.tuning.loop import TrainingRun

__all__ = ["activation_bytes", "run_seconds", "weight_bytes"]


def run_seconds(run: TrainingRun) -> float:
    """Seconds of all epochs, without evaluation: from the time of a small batch and of the largest."""
    batches = run.batches(0)
    widths = [run.width(batch) for batch in batches]
    ranked = sorted(range(len(batches)), key=widths.__getitem__)
    small, large = ranked[len(ranked) // 4], ranked[-1]
    low, high = run.step_seconds(batches[small]), run.step_seconds(batches[large])
    slope = max(0.0, high - low) / max(1, widths[large] - widths[small])
    return run.epochs * sum(max(0.0, low + slope * (width - widths[small])) for width in widths)


def weight_bytes(model: Any) -> int:
    """Bytes of weights; for those that are trained also of gradient, Adam's two averages, the base model's weight."""
    total = 0
    for weight in model.parameters():
        total += weight.numel() * weight.element_size() * (5 if weight.requires_grad else 1)
    return total


def activation_bytes(run: TrainingRun, model: Any) -> int:
    """Bytes that the largest batch keeps for its way back, measured on that batch; the weights are not among them."""
    import torch

    batches = run.batches(0)
    largest = max(batches, key=run.width)
    known = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    seen: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            seen[storage.data_ptr()] = storage.nbytes()
        return tensor

    model.train()  # with dropout, whose masks are kept too
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor), run.autocast():
        loss, _ = run.loss(largest, torch.device("cpu"))
        del loss
    return sum(seen.values())
