"""Rules and explanations as tables for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from arner.cli.console import table_console
from arner.cli.tables import clean, document_tables

if TYPE_CHECKING:
    from arner.relations import Explanation, FiredRule, NearMiss, Phrase, Rule

__all__ = ["print_explanation", "print_rules"]


def print_rules(rules: Sequence[Rule]) -> None:
    """A row for each rule; its patterns below each other."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("id, file", no_wrap=True)
    table.add_column("types")
    table.add_column("stage")
    table.add_column("score", justify="right")
    table.add_column("patterns")
    for rule in rules:
        patterns = dict.fromkeys(pattern.text for pattern in rule.patterns)
        table.add_row(
            Text(rule.id, style="bold").append(f"\n{Path(rule.file).name}:{rule.line}", style="not bold dim"),
            "\n".join(member.value for member in rule.types) or "-",
            rule.stage,
            f"{rule.score:g}",
            Text("\n").join(clean(pattern) for pattern in patterns),
        )
    console = table_console(sys.stdout)
    console.print(table)
    console.print(f"{len(rules)} rules", style="dim")


def print_explanation(explanation: Explanation) -> None:
    """The document, then the rules that fired, the phrases read as one name, and the near misses.

    Columns of Arabic stand between columns of Latin letters, as in the tables of a document.
    """
    console = table_console(sys.stdout)
    document = explanation.document
    for part in document_tables(document):
        console.print(part)
    names = {entity.id: entity.name for entity in document.entities}
    if explanation.fired:
        console.print(Line("rules that fired", align="left", style="dim"), _fired(explanation.fired, names))
    if explanation.phrases:
        console.print(Line("phrases read as one name", align="left", style="dim"), _phrases(explanation.phrases, names))
    if explanation.near_misses:
        console.print(Line("rules that nearly fired", align="left", style="dim"), _near(explanation.near_misses))
    if not explanation.fired and not explanation.near_misses:
        console.print("No rule has its trigger in this text, beside a name.", style="dim")


def _fired(fired: Iterable[FiredRule], names: dict[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("subject", "relation", "object", "rule", "trigger", "score", "words"):
        table.add_column(heading, justify="right" if heading == "score" else "left")
    for entry in fired:
        relation = entry.relation
        table.add_row(
            clean(names[relation.subject]),
            Text(relation.type.value, style="bold" if relation.polarity == "affirmed" else "red"),
            clean(names[relation.object]),
            entry.rule,
            clean(entry.trigger.text),
            f"{relation.score:g}",
            clean(entry.words.text),
        )
    return table


def _phrases(phrases: Iterable[Phrase], names: dict[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("words", "rule", "stands for"):
        table.add_column(heading)
    for phrase in phrases:
        table.add_row(clean(phrase.words.text), phrase.rule, clean("، ".join(names[id] for id in phrase.entities)))
    return table


def _near(misses: Iterable[NearMiss]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("rule", "trigger", "reason", "why not"):
        table.add_column(heading)
    for miss in misses:
        why = clean(miss.message)
        if miss.instead is not None:
            why.append(f" [{miss.instead}]", style="dim")
        table.add_row(miss.rule, clean(miss.trigger.text), Text(miss.reason.value, style="yellow"), why)
    return table
