"""What follows training: temperature, evaluation of the folder as it is, pictures, and the card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from arner.knowledge import load_knowledge
from arner.ner.hub import hub_id
from arner.ner.models import load_recognizer
from arner.training.evaluation.evaluating import EvaluationReport, evaluate_texts
from arner.training.evaluation.predictions import predict
from arner.training.evaluation.score_calibration import calibrate
from arner.training.evaluation.scores import Score, span_scores, tag_spans
from arner.training.output.card import model_card
from arner.training.output.folder import write_about
from arner.training.output.pictures import draw_calibration, draw_confusion, draw_learning_curve
from arner.training.output.report import FinetuneReport
from arner.training.tuning.base import Base
from arner.training.tuning.config import FinetuneConfig
from arner.training.tuning.heads import LabelPlan, open_labels
from arner.training.tuning.logs import Epoch
from arner.training.tuning.material import Material

if TYPE_CHECKING:
    from arner.ner.recognizer import Recognizer

__all__ = ["finish_model"]

_NONE = "no name"


def finish_model(
    report: FinetuneReport,
    start: Base,
    plan: LabelPlan,
    material: Material,
    config: FinetuneConfig,
    *,
    window: int,
    stride: int,
    types: Mapping[str, str] | None,
) -> FinetuneReport:
    """Completes the folder of a trained model, and its report.

    Args:
        report: with output, epochs and plan.
        types: other names for types of the data.
    """
    assert report.output is not None and report.best_epoch is not None  # the model is written before
    output, device = Path(report.output), report.plan.device
    knowledge = load_knowledge()
    passages = material.passages(material.judge)
    recogniser = load_recognizer(str(output), device=device, is_name=knowledge.is_name)
    allowed = []
    for text in passages:
        rows = np.zeros((len(text.words), len(plan.labels)), dtype=bool)
        free = (0,) if config.complete else open_labels(plan.labels, material.marked[text.source.file])
        for number, label in enumerate(text.labels):
            rows[number, list(free) if label not in plan.labels[1:] else plan.labels.index(label)] = True
        allowed.append(rows)
    calibration = calibrate(recogniser, passages, allowed, material.judged)
    write_about(start, output, window=window, stride=stride, temperature=calibration.temperature)
    recogniser = load_recognizer(str(output), device=device, is_name=knowledge.is_name)
    before = None
    if start.scheme is not None:
        before = load_recognizer(start.name, device=device, is_name=knowledge.is_name)
    evaluation = evaluate_texts(recogniser, material.judge, seed=config.seed)
    report = report.model_copy(
        update={
            "base_score": before and evaluate_texts(before, material.judge, types=types, samples=0).strict,
            "evaluation": evaluation,
            "retention": before and _retention(before, recogniser, material, plan),
            "calibration": calibration,
        }
    )
    epochs = [Epoch(**epoch.model_dump()) for epoch in report.epochs]
    base_f1 = report.base_score.f1 if report.base_score else None
    draw_learning_curve(output / "learning_curve.png", epochs, report.best_epoch or 1, base_f1)
    draw_confusion(output / "confusion.png", _confusion(evaluation), list(evaluation.strict_by_type), _NONE)
    draw_calibration(output / "calibration.png", calibration.bins, calibration.error)
    card = model_card(
        report, config, licence=start.licence, hub_id=hub_id(start.name)[0] if start.folder is None else None
    )
    (output / "README.md").write_text(card, encoding="utf-8")
    return report


def _retention(before: Recognizer, after: Recognizer, material: Material, plan: LabelPlan) -> Score | None:
    """Names of the types that the data never shows: those of the new model against the base model's.

    They are looked for in the evaluation text, and in the rehearsal text that was kept back.
    """
    if not plan.unmarked:
        return None
    found = [
        [
            {name for name in tag_spans(reading.labels) if name[2] in plan.unmarked}
            for reading in predict(recogniser, [*material.judge, *material.remember])
        ]
        for recogniser in (before, after)
    ]
    return span_scores(*found)["all"]


def _confusion(evaluation: EvaluationReport) -> Counter[tuple[str, str]]:
    """(type in the data, type found) → names; a name that overlaps another is one with it, whatever its bounds."""
    counts: Counter[tuple[str, str]] = Counter()
    for kind, score in evaluation.strict_by_type.items():
        counts[kind, kind] += score.correct
    for mistake in evaluation.mistakes:
        counts[mistake.gold_type or _NONE, mistake.predicted_type or _NONE] += 1
    return counts
