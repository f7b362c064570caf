"""What a graph answers, written as a table for a terminal or as text for another program."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.table import Table

from arner.cli.console import table_console
from arner.cli.tables import clean
from arner.errors import InputError
from arner.export.statements import PREFIXES

if TYPE_CHECKING:
    from arner.kg import Answers, Question

__all__ = ["print_questions", "write_answers", "write_result"]

_LONGEST: Final = 160
"""Characters of a cell that are shown; other formats have all of it."""
_OF_ROWS: Final = {"json": "JSON", "csv": "CSV", "tsv": "TSV", "xml": "XML"}
_OF_TRIPLES: Final = {"turtle": "TURTLE", "ntriples": "N_TRIPLES"}


def write_result(result: Any, format: str) -> None:
    """Write what a query found to standard output.

    Args:
        result: pyoxigraph's solutions, truth value or triples.
        format: a value of `arner.cli.graph.ResultFormat`.

    Raises:
        InputError: the format is not one for what was found.
    """
    import pyoxigraph

    if isinstance(result, pyoxigraph.QueryTriples):
        name = "turtle" if format == "auto" else format
        if name not in _OF_TRIPLES:
            raise InputError(f"the query finds triples, which are written as {' or '.join(_OF_TRIPLES)}, not {name}")
        triples = sorted(result, key=str)  # so that the same graph gives the same text
        _write(
            pyoxigraph.serialize(triples, format=getattr(pyoxigraph.RdfFormat, _OF_TRIPLES[name]), prefixes=PREFIXES)
        )
        return
    name = format if format != "auto" else "table" if sys.stdout.isatty() else "json"
    if name in _OF_TRIPLES:
        raise InputError(f"the query finds no triples, so it is written as table, {', '.join(_OF_ROWS)}, not {name}")
    if name in _OF_ROWS:
        _write(result.serialize(format=getattr(pyoxigraph.QueryResultsFormat, _OF_ROWS[name])))
    elif isinstance(result, pyoxigraph.QueryBoolean):
        _write(b"true\n" if result else b"false\n")
    else:
        columns = [variable.value for variable in result.variables]
        _print(columns, ([_short(solution[column]) for column in columns] for solution in result))


def write_answers(answers: Answers, format: str, limit: int | None) -> None:
    """Write the answers to a question to standard output.

    Args:
        answers: the answers.
        format: a value of `arner.cli.graph.AnswerFormat`.
        limit: how many to write; all by default.
    """
    name = format if format != "auto" else "table" if sys.stdout.isatty() else "jsonl"
    rows = answers.rows[:limit]
    if name == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answers.columns)
        writer.writerows(rows)
    elif name == "jsonl":
        for row in rows:
            sys.stdout.write(json.dumps(dict(zip(answers.columns, row, strict=True)), ensure_ascii=False) + "\n")
    else:
        _print(answers.columns, ([value or "-" for value in row] for row in rows))
        if len(rows) < len(answers):
            sys.stdout.write(f"{len(answers) - len(rows):,} more\n")
    sys.stdout.flush()  # here, where a reader that has left is handled, and not when Python exits


def print_questions(questions: Iterable[Question]) -> None:
    """List questions with their parameters."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("question", "asks", "parameters"):
        table.add_column(heading)
    for question in questions:
        parameters = (f"{one.name}: {one.help}{' (required)' if one.required else ''}" for one in question.parameters)
        table.add_row(question.name, question.title, "\n".join(parameters))
    table_console(sys.stdout, width=160).print(table)


def _print(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, style="dim" if column == "evidence" else "")
    for row in rows:
        table.add_row(*(clean(cell if len(cell) <= _LONGEST else cell[: _LONGEST - 1] + "…") for cell in row))
    table_console(sys.stdout, width=160).print(table)


def _short(term: Any) -> str:
    """A term as people read it: an IRI with its prefix, the text of a literal."""
    import pyoxigraph

    if term is None:
        return "-"
    if not isinstance(term, pyoxigraph.NamedNode):
        return str(getattr(term, "value", term))
    iri: str = term.value
    # The longest that fits: wdt: and not wd:, where one is the beginning of the other.
    fitting = max(
        (pair for pair in PREFIXES.items() if iri.startswith(pair[1])), key=lambda pair: len(pair[1]), default=None
    )
    return iri if fitting is None else f"{fitting[0]}:{iri.removeprefix(fitting[1])}"


def _write(data: bytes) -> None:
    sys.stdout.write(data.decode("utf-8"))
    if not data.endswith(b"\n"):
        sys.stdout.write("\n")
    sys.stdout.flush()
