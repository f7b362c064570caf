"""Label sets: which labels a fine-tuned model has, the rows of its classifier, and what a word's annotation allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from arner.errors import ModelFormatError
from arner.ner.labels import LabelScheme

__all__ = ["LabelPlan", "fit_head", "open_labels", "plan_labels"]


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """The labels of the new model (IOB2), and what becomes of the base model's types.

    Attributes:
        labels: in the order of the model's outputs.
        kept: types that the base model knows and the data shows.
        unmarked: types of the base model that the data never shows and the new model goes on to know.
        new: types that the base model does not know.
        dropped: types of the base model that the data never shows; the new model does not know them.
    """

    labels: tuple[str, ...]
    kept: tuple[str, ...]
    unmarked: tuple[str, ...]
    new: tuple[str, ...]
    dropped: tuple[str, ...]


def plan_labels(base: LabelScheme | None, types: Sequence[str], *, complete: bool = False) -> LabelPlan:
    """Labels for the types of the base model, in its order, and then the new ones of the data.

    Args:
        base: labels of the base model, or None where it has no trained classifier.
        types: types of the training data.
        complete: whether the data mark every name. Then a type that they never show is dropped: all its names are
            unmarked, and training on them would teach the model that they are none.

    >>> base = LabelScheme(("O", "B-PER", "I-PER", "B-LOC", "I-LOC"))
    >>> plan_labels(base, ["COMPANY", "LOC"]).labels
    ('O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-COMPANY', 'I-COMPANY')
    >>> plan_labels(base, ["COMPANY", "LOC"], complete=True).dropped
    ('PER',)
    """
    known = () if base is None else base.types
    new = tuple(kind for kind in types if kind not in known)
    absent = tuple(kind for kind in known if kind not in types)
    stay = tuple(kind for kind in known if kind in types or not complete)
    return LabelPlan(
        labels=("O", *(f"{prefix}-{kind}" for kind in (*stay, *new) for prefix in "BI")),
        kept=tuple(kind for kind in known if kind in types),
        unmarked=() if complete else absent,
        new=new,
        dropped=absent if complete else (),
    )


def open_labels(labels: Sequence[str], marked: Iterable[str]) -> tuple[int, ...]:
    """Indices of the labels that an unmarked word may have: O, and those of types that its file never marks.

    >>> open_labels(("O", "B-PER", "I-PER", "B-LOC", "I-LOC"), {"LOC"})
    (0, 1, 2)
    """
    marked = set(marked)
    return tuple(index for index, label in enumerate(labels) if label == "O" or label[2:] not in marked)


def fit_head(model: Any, base: LabelScheme | None, plan: LabelPlan, seed: int) -> None:
    """Gives a transformers token-classification model the classifier and the labels of the plan, in place.

    The row of a label that the base model has is taken over (of a bare label or one of BIOES, the nearest). The rows of
    a new type begin as the mean of the base model's rows for a beginning or an inside, with a little noise: a new kind
    of name looks at first like any name.

    Args:
        seed: fixes the noise.

    Raises:
        ModelFormatError: the model has no linear layer named `classifier`.
    """
    import torch

    old = getattr(model, "classifier", None)
    if not isinstance(old, torch.nn.Linear):
        raise ModelFormatError(
            f"models of the type {model.config.model_type!r} cannot be fine-tuned here: their classifier is no linear "
            "layer. BERT, RoBERTa, XLM-RoBERTa, ELECTRA, DistilBERT and DeBERTa have one"
        )
    generator = torch.Generator().manual_seed(seed)
    new = torch.nn.Linear(old.in_features, len(plan.labels))
    noise = float(getattr(model.config, "initializer_range", 0.02))
    with torch.no_grad():
        new.weight.normal_(0.0, noise, generator=generator)
        new.bias.zero_()
        if base is not None:
            for row, label in enumerate(plan.labels):
                known = label == "O" or label[2:] not in plan.new
                sources = _sources(base, label, known=known)
                if sources:
                    new.weight[row] = old.weight[sources].mean(0) + (0.0 if known else new.weight[row])
                    new.bias[row] = old.bias[sources].mean()
    model.classifier = new
    model.num_labels = len(plan.labels)
    model.config.id2label = dict(enumerate(plan.labels))
    model.config.label2id = {label: index for index, label in enumerate(plan.labels)}


def _sources(base: LabelScheme, label: str, *, known: bool) -> list[int]:
    """Rows of the base model to begin a label's row with: its own, or those of all types for a new type."""
    if label == "O":
        return [index for index, (position, _) in enumerate(base.parts) if position == "O"]
    for position in ("B", "S", "I") if label[0] == "B" else ("I", "E", "B"):
        rows = [
            index
            for index, (other, kind) in enumerate(base.parts)
            if other == position and (not known or kind == label[2:])
        ]
        if rows:
            return rows
    return []
