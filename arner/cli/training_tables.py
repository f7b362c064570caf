"""The report of an evaluation as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from arner.cli.comparison_tables import comparison_tables, relation_lines, relation_mistakes
from arner.cli.tables import clean
from arner.training.evaluation.evaluating import EvaluationReport
from arner.training.evaluation.mistakes import Mistake
from arner.training.evaluation.scores import Score

__all__ = ["evaluation_tables"]


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
            more = f"{len(report.mistakes) - mistakes} more: --mistakes N, or --html FILE or --format json for all"
            yield Text(more, style="dim")
    if report.relations is not None:
        yield _scores("relation", report.relations.relations_by_type, report.relations.relations, "F1")
        yield from relation_lines(report.relations)
        if mistakes and report.relations.mistakes:
            yield relation_mistakes(report.relations, mistakes)
    if report.comparison is not None:
        yield from comparison_tables(report.model, report.comparison)


def _scores(title: str, scores: Mapping[str, Score], total: Score, figure: str = "strict F1") -> Table:
    table = Table(title, box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("precision", "recall", figure, "in the data", "found", "correct"):
        table.add_column(column, justify="right")
    for name, score in (*scores.items(), ("all", total)):
        figures = (f"{rate:.3f}" for rate in (score.precision, score.recall, score.f1))
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
