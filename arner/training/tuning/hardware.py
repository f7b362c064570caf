"""Where a run takes place and in which numbers: what the options ask for, or the best that the machine computes in."""

from __future__ import annotations

from dataclasses import dataclass

from arner.errors import InputError
from arner.training.tuning.config import FinetuneConfig

__all__ = ["Hardware", "choose_hardware", "cpu_has_bf16"]


@dataclass(frozen=True, slots=True)
class Hardware:
    """Where a run takes place ("cpu" or "cuda") and in which numbers ("fp32", "bf16", "fp16")."""

    device: str
    precision: str


def choose_hardware(config: FinetuneConfig) -> Hardware:
    """What the options ask for, or the best that there is.

    Raises:
        InputError: the device or the precision asked for is not there.
    """
    import torch

    there = torch.cuda.is_available()
    if config.device == "cuda" and not there:
        raise InputError("device 'cuda' is not available: torch sees no GPU. Use device='cpu'")
    device = "cuda" if there and config.device != "cpu" else "cpu"
    precision = config.precision
    bf16 = torch.cuda.is_bf16_supported(including_emulation=False) if device == "cuda" else cpu_has_bf16()
    if precision == "auto":
        precision = "bf16" if bf16 else "fp16" if device == "cuda" else "fp32"
    elif precision == "fp16" and device == "cpu":
        raise InputError("precision 'fp16' needs a GPU; use 'auto' or 'fp32'")
    elif precision == "bf16" and not bf16:
        where = "this GPU" if device == "cuda" else "this CPU (no AMX), where it would be slower than fp32"
        other = "fp16" if device == "cuda" else "fp32"
        raise InputError(f"precision 'bf16' is not supported by {where}; use 'auto' or '{other}'")
    return Hardware(device, precision)


def cpu_has_bf16() -> bool:
    """Whether this CPU multiplies matrices of bfloat16 faster than those of 32-bit floats: Intel's AMX does.

    Without AMX, torch computes bfloat16 on any CPU too, in emulation or with the dot products of AVX-512, and gains
    nothing or loses. A torch too old to tell counts as one on a CPU without.
    """
    import torch

    capabilities = getattr(torch.cpu, "get_capabilities", None)
    return bool(capabilities and capabilities().get("amx_bf16"))
