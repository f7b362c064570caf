"""`arner extract`: files in, entities and relations out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from arner.cli.inputs import STDIN, Failure, Input, expand, read_inputs, reason
from arner.cli.options import (
    DateOption,
    DeviceOption,
    EncodingOption,
    KnowledgeOption,
    MinScoreOption,
    ModelOption,
    RulesOption,
)
from arner.cli.status import EXIT_SOME_FAILED, report
from arner.errors import InputError

if TYPE_CHECKING:
    from arner import export as exports
    from arner.export import Writer

__all__ = ["extract_command"]

_BATCH_SIZE: Final = 8
"""Texts read at once: few enough that results and progress come steadily, enough to keep the model busy."""


class Format(StrEnum):
    """Shapes of the output: a choice by itself, a table for people, and all that `arner.export` knows."""

    AUTO = "auto"
    TABLE = "table"
    JSONL = "jsonl"
    JSON = "json"
    CONLL = "conll"
    CSV = "csv"
    EXCEL_CSV = "excel-csv"
    PARQUET = "parquet"
    TURTLE = "turtle"
    JSON_LD = "json-ld"
    NQUADS = "nquads"
    GRAPHML = "graphml"
    GEXF = "gexf"
    CYPHER = "cypher"


class OnError(StrEnum):
    """What to do about an input that cannot be read."""

    SKIP = "skip"
    STOP = "stop"


def extract_command(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILES]...",
            help="Text files, patterns such as 'news/*.txt', or - for standard input (also read where no file is named "
            "and it is a pipe). A .jsonl or .json file holds objects with a text and perhaps an id.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        Format,
        typer.Option(help="auto: a table on a terminal, else what the output file's ending says, else JSON lines."),
    ] = Format.AUTO,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="File to write; it appears only when all is done."),
    ] = None,
    model: ModelOption = "default",
    device: DeviceOption = "auto",
    rules: RulesOption = None,
    knowledge: KnowledgeOption = None,
    min_score: MinScoreOption = 0.0,
    date: DateOption = None,
    encoding: EncodingOption = "utf-8",
    errors: Annotated[
        OnError, typer.Option(help="skip: report an input that cannot be read and do the rest; stop: end at the first.")
    ] = OnError.SKIP,
) -> None:
    """Find the entities in Arabic texts and the relations between them."""
    paths = expand(files or [STDIN])
    if not files and sys.stdin.isatty():
        raise typer.BadParameter("name a file, or - for standard input", param_hint="FILES")
    name = _chosen(format, output)
    if name == "parquet" and output is None and sys.stdout.isatty():
        raise typer.BadParameter("Parquet is no text for a terminal; name a file with -o", param_hint="--format")

    from arner.extractor import Extractor, check_text

    extractor = Extractor(
        model, rules=rules or (), knowledge=knowledge or (), min_score=min_score, device=device, date=date
    )
    failures = 0

    def texts() -> Iterator[tuple[str, str | None]]:
        nonlocal failures
        for item in read_inputs(paths, encoding):
            if isinstance(item, Input):
                try:
                    yield check_text(item.text), item.id
                    continue
                except InputError as error:
                    item = Failure(item.source, error)
            failures += 1
            report(f"{item.source}: {reason(item.error)}")
            if errors is OnError.STOP:
                return

    with _opened_writer(name, output) as writer:
        with _progress(paths, shown=output is not None or not sys.stdout.isatty()) as advance:
            for document in extractor.pipe(texts(), batch_size=_BATCH_SIZE):
                writer.write(document)
                advance()
        writer.close()
        if failures and errors is OnError.STOP:
            raise typer.Exit(EXIT_SOME_FAILED)  # within the block, so that no incomplete file is left
    if failures:
        raise typer.Exit(EXIT_SOME_FAILED)


def _chosen(format: Format, output: Path | None) -> str:
    """The name of the format: "table", or one that `arner.export` knows."""
    if format is not Format.AUTO:
        return format.value
    if output is None:
        return "table" if sys.stdout.isatty() else "jsonl"
    from arner.export import format_of

    known = format_of(output)
    return "jsonl" if known is None else known.name


@contextmanager
def _opened_writer(name: str, output: Path | None) -> Iterator[Writer]:
    """A writer to the file, or to standard output."""
    from arner.export import FORMATS, atomic_file

    format = FORMATS.get(name)
    binary = format is not None and format.binary
    if output is None:
        yield _writer(format, sys.stdout.buffer if binary else sys.stdout)
        sys.stdout.flush()  # here, where a reader that has left is handled, and not when Python exits
        return
    with atomic_file(output, binary=binary) as file:
        yield _writer(format, file)


def _writer(format: exports.Format | None, file: Any) -> Writer:
    if format is not None:
        return format.open(file)
    from arner.cli.tables import TableWriter

    return TableWriter(file)


@contextmanager
def _progress(paths: list[str], *, shown: bool) -> Iterator[Callable[[], None]]:
    """A progress bar on standard error, where that is a terminal and the documents do not go to it too."""
    if not shown or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    one_text_per_file = not any(path.endswith((".json", ".jsonl")) for path in paths)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=len(paths) if one_text_per_file else None)
        yield lambda: progress.advance(task)
