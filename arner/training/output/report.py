"""What a fine-tuning run settles beforehand and reports afterwards."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from arner.training.data.report import DataReport
from arner.training.evaluation.evaluating import EvaluationReport
from arner.training.evaluation.score_calibration import Calibration
from arner.training.evaluation.scores import Score

__all__ = ["EpochReport", "FinetunePlan", "FinetuneReport", "OnnxCheck"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class FinetunePlan(_Frozen):
    """What a run does, as settled from options, data, model and hardware."""

    base: str
    labels: tuple[str, ...] = Field(description="labels of the new model, in the order of its outputs")
    kept_types: tuple[str, ...] = Field(description="types that the base model knows and the data shows")
    unmarked_types: tuple[str, ...] = Field(
        description="types of the base model that the data never shows; the new model goes on to know them"
    )
    new_types: tuple[str, ...] = Field(description="types that the base model does not know")
    dropped_types: tuple[str, ...] = Field(
        description="types of the base model that the data never shows; the new model does not know them"
    )
    train_sentences: int
    rehearsal_sentences: int = Field(description="sentences of the rehearsal data that are learnt beside them")
    eval_sentences: int
    held_out: bool = Field(description="whether the evaluation data is a part of the training data that was held out")
    epochs: int = Field(description="at most")
    steps: int = Field(description="optimiser steps, at most")
    batch_tokens: int = Field(description="tokens of a batch, padding included")
    learning_rate: float
    layer_decay: float = Field(default=1.0, description="share of a layer's rate at which the layer below it learns")
    device: str
    precision: str
    parameters: int
    trained_parameters: int = Field(description="fewer than all where low-rank adapters are trained")
    memory_bytes: int = Field(description="weights, gradients, optimiser, and the base model's weights")
    activation_bytes: int | None = Field(
        default=None, description="what the largest batch keeps for its way back; from a dry run only"
    )
    seconds: float | None = Field(default=None, description="estimate for all steps; from a dry run only")


class EpochReport(_Frozen):
    """An epoch: its number from 1, mean training loss a word, strict scores on the evaluation data by words."""

    number: int
    loss: float
    precision: float
    recall: float
    f1: float


class OnnxCheck(_Frozen):
    """An ONNX copy of the model, compared with the full model on words of the evaluation data."""

    file: str
    bytes: int
    words: int = Field(description="words that were compared")
    agreement: float = Field(description="share of the words that get the same label, 0 to 1")
    difference: float = Field(description="largest difference of a label's probability")


class FinetuneReport(_Frozen):
    """What a run did. After a dry run there are data and plan only."""

    output: str | None = None
    data: DataReport
    plan: FinetunePlan
    epochs: tuple[EpochReport, ...] = ()
    best_epoch: int | None = None
    share: float | None = Field(
        default=None, description="of the trained weights in the mean with those of the base model; 1 is no mean"
    )
    base_score: Score | None = Field(
        default=None,
        description="strict score of the base model on the evaluation data; none where it has no classifier",
    )
    evaluation: EvaluationReport | None = Field(
        default=None, description="the new model, as it is in the folder, on the evaluation data"
    )
    retention: Score | None = Field(
        default=None,
        description="names of the unmarked types: those of the new model against those that the base model finds in "
        "the evaluation text and in rehearsal text that was kept back; none where there is no such type",
    )
    calibration: Calibration | None = None
    onnx: tuple[OnnxCheck, ...] = ()
    seconds: float | None = Field(default=None, description="of training, since the start or the last resumption")
    notes: tuple[str, ...] = ()

    def to_json(self, *, indent: int | None = None) -> str:
        """The report as JSON text, Arabic letters as they are."""
        return self.model_dump_json(indent=indent)
