"""What a fine-tuning run settles beforehand and reports afterwards."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from arner.training.data_report import DataReport
from arner.training.evaluation import EvaluationReport
from arner.training.scores import Score

__all__ = ["EpochReport", "FinetunePlan", "FinetuneReport"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class FinetunePlan(_Frozen):
    """What a run does, as settled from options, data, model and hardware."""

    base: str
    labels: tuple[str, ...] = Field(description="labels of the new model, in the order of its outputs")
    kept_types: tuple[str, ...] = Field(description="types that the base model knows; their rows are taken over")
    new_types: tuple[str, ...] = Field(description="types that the base model does not know")
    dropped_types: tuple[str, ...] = Field(
        description="types of the base model that the data never shows; the new model does not know them"
    )
    train_sentences: int
    eval_sentences: int
    held_out: bool = Field(description="whether the evaluation data is a part of the training data that was held out")
    epochs: int = Field(description="at most")
    steps: int = Field(description="optimiser steps, at most")
    learning_rate: float
    device: str
    precision: str
    parameters: int
    memory_bytes: int = Field(description="weights, gradients and optimiser; activations come on top")
    seconds: float | None = Field(default=None, description="estimate for all steps; from a dry run only")


class EpochReport(_Frozen):
    """An epoch: its number from 1, mean training loss, strict F1 on the evaluation data by words."""

    number: int
    loss: float
    f1: float


class FinetuneReport(_Frozen):
    """What a run did. After a dry run there are data and plan only."""

    output: str | None = None
    data: DataReport
    plan: FinetunePlan
    epochs: tuple[EpochReport, ...] = ()
    best_epoch: int | None = None
    base_score: Score | None = Field(
        default=None,
        description="strict score of the base model on the evaluation data; none where it has no classifier",
    )
    evaluation: EvaluationReport | None = Field(
        default=None, description="the new model, as it is in the folder, on the evaluation data"
    )
    seconds: float | None = Field(default=None, description="of training, since the start or the last resumption")
    notes: tuple[str, ...] = ()

    def to_json(self, *, indent: int | None = None) -> str:
        """The report as JSON text, Arabic letters as they are."""
        return self.model_dump_json(indent=indent)
