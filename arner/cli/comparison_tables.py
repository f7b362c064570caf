"""Relations and a second model, as the tables of an evaluation."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from arner.cli.tables import clean
from arner.training.evaluation.compare import Comparison, Difference
from arner.training.evaluation.relation_scores import RelationReport

__all__ = ["comparison_tables", "relation_lines", "relation_mistakes"]


def relation_lines(report: RelationReport) -> Iterator[RenderableType]:
    """What stands below the table of relation types."""
    if report.interval is not None:
        sure = report.interval
        yield Text(f"relation F1 with {sure.level:.0%} confidence: {sure.low:.3f} to {sure.high:.3f}")
    rates = (f"{name} {score.correct} of {score.total}" for name, score in report.attributes.items() if score.total)
    yield Text(f"attributes that are right, of triples that are: {', '.join(rates) or 'none to compare'}")
    yield Text(f"optional triples read, not counted: {report.optional_found}", style="dim")
    yield Text(f"names as extract gives them, exact spans: F1 {report.names.f1:.3f}")


def relation_mistakes(report: RelationReport, count: int) -> Table:
    """The first `count` triples that are wrong or missed."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("subject", "relation", "object", "mistake", "rule"):
        table.add_column(column)
    for mistake in report.mistakes[:count]:
        relation = mistake.type.value + (" (negated)" if mistake.polarity == "negated" else "")
        cells = (
            clean(mistake.subject),
            relation,
            clean(mistake.object),
            mistake.kind.value,
            clean(mistake.rule or "-"),
        )
        table.add_row(*cells)
    return table


def comparison_tables(model: str, comparison: Comparison) -> Iterator[RenderableType]:
    """How far two models are apart, and what chance would do."""
    yield clean(f"A {model}, B {comparison.model}", "bold")
    table = Table("type", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("F1 of A", "F1 of B", "A - B", f"{comparison.level:.0%} interval", "p"):
        table.add_column(column, justify="right")
    rows = [*comparison.names_by_type.items(), ("all", comparison.names)]
    if comparison.relations is not None:
        rows.append(("relations", comparison.relations))
    for name, apart in rows:
        table.add_row(clean(name, "bold" if name == "all" else ""), *_cells(apart))
    yield table
    if comparison.names.p_value is not None:
        yield Text(
            f"p: approximate randomisation over {comparison.texts:,} texts, {comparison.rounds:,} rounds, two-sided; "
            "of types, each by itself",
            style="dim",
        )


def _cells(apart: Difference) -> Iterator[str]:
    yield from (f"{apart.first.f1:.3f}", f"{apart.second.f1:.3f}", f"{apart.difference:+.3f}")
    yield "-" if apart.low is None or apart.high is None else f"{apart.low:+.3f} to {apart.high:+.3f}"
    yield "-" if apart.p_value is None else f"{apart.p_value:.4f}"
