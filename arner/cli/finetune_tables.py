"""The plan and the report of a fine-tuning run for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from arner.cli.tables import clean
from arner.cli.training_tables import evaluation_tables
from arner.training.output.report import FinetunePlan, FinetuneReport

__all__ = ["finetune_tables", "plan_lines"]


def plan_lines(plan: FinetunePlan) -> Iterator[str]:
    """What a run does, in lines."""
    held = "held out of the training data" if plan.held_out else "evaluation data"
    kept, new = (", ".join(types) or "none" for types in (plan.kept_types, plan.new_types))
    yield f"base {plan.base}; types that it knows: {kept}; new types: {new}"
    if plan.unmarked_types:
        yield f"goes on to know {', '.join(plan.unmarked_types)}, which the data never marks"
    if plan.dropped_types:
        yield f"will not know {', '.join(plan.dropped_types)} any more, since the data never shows them"
    rehearsal = f", {plan.rehearsal_sentences:,} to rehearse" if plan.rehearsal_sentences else ""
    yield f"{plan.train_sentences:,} sentences to learn from{rehearsal}, {plan.eval_sentences:,} to judge by ({held})"
    yield (
        f"at most {plan.epochs} epochs, {plan.steps:,} steps, batches of {plan.batch_tokens:,} tokens, on "
        f"{plan.device} in {plan.precision}"
    )
    share = "" if plan.trained_parameters == plan.parameters else f", {plan.trained_parameters / 1e6:.1f} trained"
    yield f"{plan.parameters / 1e6:.0f} million parameters{share}"
    if plan.activation_bytes is not None:
        both = (plan.memory_bytes + plan.activation_bytes) / 1e9
        yield (
            f"memory: {both:.1f} GB: {plan.memory_bytes / 1e9:.1f} for weights and optimiser, "
            f"{plan.activation_bytes / 1e9:.1f} for the largest batch; Python and torch come on top, about 0.9 on a CPU"
        )
    if plan.seconds is not None:
        yield f"estimated time for all steps: {plan.seconds / 60:.1f} minutes (early stopping may end it before)"


def finetune_tables(report: FinetuneReport) -> Iterator[RenderableType]:
    """The figures of a run that has ended."""
    assert report.evaluation is not None
    yield from evaluation_tables(report.evaluation, mistakes=0)
    if report.base_score is not None:
        yield Text(f"the base model on the same data: strict F1 {report.base_score.f1:.3f}")
    if report.retention is not None:
        kept = report.retention
        yield Text(
            f"types that the data never marks: {kept.correct:,} of the base model's {kept.gold:,} names are found as "
            f"before, {kept.predicted - kept.correct:,} others"
        )
    if report.calibration is not None:
        yield Text(f"calibration error of the scores: {report.calibration.error:.3f}")
    yield Text(f"best epoch {report.best_epoch} of {len(report.epochs)}, {report.seconds or 0:.0f} seconds of training")
    for note in report.notes:
        yield clean(f"note: {note}")
    yield clean(f"wrote {report.output}; read with it: arner extract article.txt --model {report.output}")
