"""Reports of evaluation and fine-tuning as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from arner.cli.tables import clean
from arner.training.evaluation import EvaluationReport
from arner.training.finetune_report import FinetunePlan, FinetuneReport
from arner.training.mistakes import Mistake
from arner.training.scores import Score

__all__ = ["evaluation_tables", "finetune_tables", "plan_lines"]


def evaluation_tables(report: EvaluationReport, mistakes: int) -> Iterator[RenderableType]:
    """The figures, notes on what was counted, and the first `mistakes` mistakes."""
    yield clean(f"{report.model}: {report.texts:,} texts, {report.tokens:,} tokens", "bold")
    yield _scores("type", report.strict_by_type, report.strict)
    if len(report.strict_by_file) > 1:
        yield _scores("file", report.strict_by_file, report.strict)
    if report.interval is not None:
        sure = report.interval
        yield Text(f"strict F1 with {sure.level:.0%} confidence: {sure.low:.3f} to {sure.high:.3f}")
    yield Text(f"lenient F1, as seqeval counts by default: {report.lenient.f1:.3f}")
    if report.spans is not None:
        yield Text(f"exact character spans, clitics outside: F1 {report.spans.f1:.3f}")
    if report.ignored_types:
        yield clean(f"not counted, since the data never shows them: {', '.join(report.ignored_types)}", "dim")
    if report.unknown_types:
        hint = "types of the data that the model does not know: "
        yield clean(f"{hint}{', '.join(report.unknown_types)} (is it another name? --map {report.unknown_types[0]}=…)")
    if report.repairs:
        yield clean(f"repairs in the data: {len(report.repairs)}; list them with --format json", "dim")
    if report.mistakes:
        counts = ", ".join(f"{kind} {count}" for kind, count in report.mistakes_by_kind.items())
        yield Text(f"mistakes: {counts}")
        if mistakes:
            yield _mistakes(report.mistakes[:mistakes])
        if mistakes < len(report.mistakes):
            yield Text(f"{len(report.mistakes) - mistakes} more: --mistakes N, or --format json for all", style="dim")


def _scores(title: str, scores: Mapping[str, Score], total: Score) -> Table:
    table = Table(title, box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("precision", "recall", "strict F1", "in the data", "found", "correct"):
        table.add_column(column, justify="right")
    for name, score in (*scores.items(), ("all", total)):
        figures = (f"{figure:.3f}" for figure in (score.precision, score.recall, score.f1))
        counts = (f"{count:,}" for count in (score.gold, score.predicted, score.correct))
        table.add_row(clean(name, "bold" if name == "all" else ""), *figures, *counts)
    return table


def _mistakes(mistakes: tuple[Mistake, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    # A column of Latin letters parts any two of Arabic, which a terminal would swap.
    for column in ("where", "mistake", "in the data", "type", "found", "type", "around"):
        table.add_column(column)
    for mistake in mistakes:
        table.add_row(
            clean(PurePath(mistake.source).name),  # the whole path is in the JSON
            mistake.kind.value,
            clean(mistake.gold or "-"),
            clean(mistake.gold_type or "-"),
            clean(mistake.predicted or "-"),
            clean(mistake.predicted_type or "-"),
            clean(mistake.context, "dim"),
        )
    return table


def plan_lines(plan: FinetunePlan) -> Iterator[str]:
    """What a run does, in lines."""
    held = "held out of the training data" if plan.held_out else "evaluation data"
    kept, new = (", ".join(types) or "none" for types in (plan.kept_types, plan.new_types))
    yield f"base {plan.base}; types that it knows: {kept}; new types: {new}"
    if plan.dropped_types:
        yield f"will not know {', '.join(plan.dropped_types)} any more, since the data never shows them"
    yield f"{plan.train_sentences:,} sentences to learn from, {plan.eval_sentences:,} to judge by ({held})"
    yield f"at most {plan.epochs} epochs, {plan.steps:,} steps, on {plan.device} in {plan.precision}"
    memory = f"{plan.memory_bytes / 1e9:.1f} GB for weights and optimiser, activations on top"
    yield f"{plan.parameters / 1e6:.0f} million parameters: {memory}"
    if plan.seconds is not None:
        yield f"estimated time for all steps: {plan.seconds / 60:.1f} minutes (early stopping may end it before)"


def finetune_tables(report: FinetuneReport) -> Iterator[RenderableType]:
    """The figures of a run that has ended."""
    assert report.evaluation is not None
    yield from evaluation_tables(report.evaluation, mistakes=0)
    if report.base_score is not None:
        yield Text(f"the base model on the same data: strict F1 {report.base_score.f1:.3f}")
    yield Text(f"best epoch {report.best_epoch} of {len(report.epochs)}, {report.seconds or 0:.0f} seconds of training")
    for note in report.notes:
        yield clean(f"note: {note}")
    yield clean(f"wrote {report.output}; read with it: arner extract article.txt --model {report.output}")
