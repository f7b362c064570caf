"""The loss of partial labels, with the base model's opinion of what the labels leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import torch

__all__ = ["partial_label_loss"]

_SMALLEST: Final = 1e-30
"""A probability that is as good as none."""


def partial_label_loss(
    logits: torch.Tensor,
    allowed: torch.Tensor,
    weights: torch.Tensor | None = None,
    *,
    teacher: torch.Tensor | None = None,
    distil: float = 1.0,
    temperature: float = 1.0,
) -> torch.Tensor:
    """Sum over the words of ``-log sum of p(label) over the allowed labels``, weighted.

    Where labels are left open and a teacher is given, the words also learn from it how the probability is shared among
    the open labels: ``- sum of q(label) log p(label)``, with q and p normalised over the allowed labels that the
    teacher knows, times the probability that the teacher gives those (Hinton et al. 2015; learning without forgetting,
    Li & Hoiem 2016). With one allowed label that term is 0. A teacher that is sure says little beyond its first choice;
    a temperature makes q and p softer, so that its doubts are learnt too.

    Args:
        logits: (words, labels).
        allowed: (words, labels), which labels the annotation allows; at least one a word.
        weights: (words,).
        teacher: (words, labels), the teacher's probabilities; 0 for labels that it does not know.
        distil: weight of the teacher's term.
        temperature: of q and p, 1 or more; the term is multiplied by its square, so that its gradient keeps its size.
    """
    import torch

    logits = logits.float()
    free = torch.logsumexp(logits, -1)
    inside = torch.logsumexp(logits.masked_fill(~allowed, -torch.inf), -1)
    loss = free - inside
    if teacher is not None and distil > 0:
        loss = loss + distil * _divergence(torch, logits, allowed & (teacher > 0), teacher, temperature)
    return (loss if weights is None else loss * weights).sum()


def _divergence(
    torch: Any, logits: torch.Tensor, known: torch.Tensor, teacher: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Kullback-Leibler divergence of p from q over the known labels, times the teacher's probability of those."""
    mass = (teacher * known).sum(-1)
    q = teacher ** (1 / temperature) * known
    q = q / q.sum(-1, keepdim=True).clamp(min=_SMALLEST)
    some = known.any(-1, keepdim=True)
    # A word without a known label would give a difference of infinities, and its gradient would be no number.
    p = torch.log_softmax((logits / temperature).masked_fill(~known & some, -torch.inf), -1)
    terms = torch.where(known, q * (torch.log(q.clamp(min=_SMALLEST)) - torch.where(known, p, 0.0)), 0.0)
    divergence: torch.Tensor = temperature**2 * mass * terms.sum(-1)
    return divergence
