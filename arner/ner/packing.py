"""Sequences end to end in one row, without padding: every product reads real tokens only, and attention stays within.

Attention is that of torch for sequences of different lengths (`torch.nn.attention.varlen`, a flash kernel) on a GPU; on
a CPU, one `scaled_dot_product_attention` for each sequence, which computes the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain, pairwise
from typing import Any, Final

import numpy as np

__all__ = ["can_pack", "pack_attention", "packed_inputs"]

_NAME: Final = "arner_packed"
_FROM_ZERO: Final = frozenset({"bert", "electra"})
_BEHIND_PAD: Final = frozenset({"roberta", "xlm-roberta"})
"""Families whose positions can be given: some count from 0, others begin behind the id of the padding token."""


def can_pack(model: Any) -> bool:
    """Whether a transformers model takes packed sequences, and this torch and transformers have what that needs."""
    import transformers

    try:
        from torch.nn.attention.varlen import varlen_attn  # noqa: F401
    except ImportError:
        return False
    return (
        model.config.model_type in _FROM_ZERO | _BEHIND_PAD
        and getattr(model, "_supports_attention_backend", False)
        and hasattr(transformers, "AttentionInterface")
    )


def pack_attention(model: Any) -> None:
    """Lets the model compute attention within packed sequences; from then on it reads `packed_inputs` only."""
    import transformers

    transformers.AttentionInterface.register(_NAME, _attention)
    model.set_attn_implementation(_NAME)


def packed_inputs(batch: Sequence[Sequence[int]], model: Any) -> tuple[dict[str, Any], int]:
    """What the model is given for a batch, as tensors on the CPU, and the length of the longest sequence."""
    import torch

    start = model.config.pad_token_id + 1 if model.config.model_type in _BEHIND_PAD else 0
    lengths = [len(sequence) for sequence in batch]
    places = np.concatenate([np.arange(start, start + length) for length in lengths])
    bounds = np.array(list(accumulate(lengths, initial=0)), dtype=np.int32)
    arrays = {
        "input_ids": np.fromiter(chain.from_iterable(batch), dtype=np.int64, count=sum(lengths))[None],
        "position_ids": places[None],
        "cu_seq_lens_q": bounds,
    }
    return {name: torch.from_numpy(array) for name, array in arrays.items()}, max(lengths)


def _attention(
    module: Any,  # noqa: ARG001
    query: Any,
    key: Any,
    value: Any,
    attention_mask: Any,  # noqa: ARG001
    *,
    scaling: float | None = None,
    cu_seq_lens_q: Any,
    max_length_q: int,
    **_: Any,
) -> tuple[Any, None]:
    """Attention in the form that transformers asks for: (1, heads, tokens, size) → (1, tokens, heads, size)."""
    if query.is_cuda:
        from torch.nn.attention.varlen import varlen_attn

        rows = (states[0].transpose(0, 1).contiguous() for states in (query, key, value))
        found = varlen_attn(*rows, cu_seq_lens_q, cu_seq_lens_q, max_length_q, max_length_q, scale=scaling)
        return found[None], None
    import torch

    parts = [
        torch.nn.functional.scaled_dot_product_attention(
            query[:, :, a:b], key[:, :, a:b], value[:, :, a:b], scale=scaling
        )
        for a, b in pairwise(cu_seq_lens_q.tolist())
    ]
    return torch.cat(parts, dim=2).transpose(1, 2), None
