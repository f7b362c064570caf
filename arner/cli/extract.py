"""`arner extract`: files in, entities and relations out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TextIO

import typer

from arner.cli.inputs import STDIN, Failure, Input, expand, read_inputs
from arner.cli.status import EXIT_SOME_FAILED, report
from arner.errors import InputError

if TYPE_CHECKING:
    from arner.cli.outputs import Writer

__all__ = ["extract_command"]

_BATCH_SIZE: Final = 8
"""Texts read at once: few enough that results and progress come steadily, enough to keep the model busy."""


class Format(StrEnum):
    """Shapes of the output."""

    AUTO = "auto"
    TABLE = "table"
    JSONL = "jsonl"
    JSON = "json"


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
        typer.Option(help="auto: a table on a terminal, JSON lines in a pipe or file (a list where it ends in .json)."),
    ] = Format.AUTO,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="File to write; it appears only when all is done."),
    ] = None,
    model: Annotated[
        str, typer.Option(help="Name of an embedded model, a local folder, or a Hugging Face id.")
    ] = "default",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")] = "auto",
    rules: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE", help="Your own rule file (TOML); may be given more than once.", show_default=False
        ),
    ] = None,
    knowledge: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Your own knowledge file (JSON lines); may be given more than once.",
            show_default=False,
        ),
    ] = None,
    min_score: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Leave out names and relations that score below.")
    ] = 0.0,
    date: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Day on which the texts were written.", show_default=False
        ),
    ] = None,
    encoding: Annotated[str, typer.Option(help="Encoding of the files.")] = "utf-8",
    errors: Annotated[
        OnError, typer.Option(help="skip: report an input that cannot be read and do the rest; stop: end at the first.")
    ] = OnError.SKIP,
) -> None:
    """Find the entities in Arabic texts and the relations between them."""
    paths = expand(files or [STDIN])
    if not files and sys.stdin.isatty():
        raise typer.BadParameter("name a file, or - for standard input", param_hint="FILES")
    if not _is_text_encoding(encoding):
        raise typer.BadParameter(f"unknown encoding {encoding!r}", param_hint="--encoding")

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
            report(f"{item.source}: {_reason(item.error)}")
            if errors is OnError.STOP:
                return

    with _opened(output) as file:
        writer = _writer(format, file, output)
        with _progress(paths, shown=output is not None or not sys.stdout.isatty()) as advance:
            for document in extractor.pipe(texts(), batch_size=_BATCH_SIZE):
                writer.write(document)
                advance()
        writer.close()
        if failures and errors is OnError.STOP:
            raise typer.Exit(EXIT_SOME_FAILED)  # within the block, so that no incomplete file is left
    if failures:
        raise typer.Exit(EXIT_SOME_FAILED)


def _is_text_encoding(name: str) -> bool:
    try:
        bytes(4).decode(name)
    except UnicodeError:
        return True
    except LookupError:  # unknown, or a codec such as rot13 that makes no text
        return False
    return True


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """The file to write to, or standard output."""
    if output is None:
        yield sys.stdout
        sys.stdout.flush()  # here, where a reader that has left is handled, and not when Python exits
        return
    from arner.cli.outputs import atomic_file

    with atomic_file(output) as file:
        yield file


def _writer(format: Format, file: TextIO, output: Path | None) -> Writer:
    from arner.cli.outputs import JsonLinesWriter, JsonListWriter, TableWriter

    if format is Format.AUTO:
        if output is not None:
            format = Format.JSON if output.suffix == ".json" else Format.JSONL
        else:
            format = Format.TABLE if file.isatty() else Format.JSONL
    match format:
        case Format.TABLE:
            return TableWriter(file)
        case Format.JSON:
            return JsonListWriter(file)
        case _:
            return JsonLinesWriter(file)


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
