"""`arner extract`: files in, entities and relations out."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from arner.cli.extract_run import ExtractRun
from arner.cli.options import (
    DateOption,
    DeviceOption,
    EncodingOption,
    KnowledgeOption,
    MinScoreOption,
    ModelOption,
    RulesOption,
)
from arner.cli.ray_run import extract_with_ray
from arner.cli.status import EXIT_SOME_FAILED, stoppable
from arner.inputs import STDIN, Source, expand, read_names, sources_of

if TYPE_CHECKING:
    from arner import export as exports
    from arner.extractor import Extractor

__all__ = ["extract_command"]

_OUTPUT: Final = "Output"
_LONG: Final = "Long runs"
_FAILURES: Final = "Inputs that cannot be read"


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


class Engine(StrEnum):
    """What reads: this machine, or a cluster."""

    LOCAL = "local"
    RAY = "ray"


def extract_command(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="Text files, patterns such as 'news/*.txt', or - for standard input, which is also read where no file "
            "is named. A .jsonl or .json file holds objects with a text and perhaps an id.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        Format,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"One of {', '.join(Format)}. auto: a table on a terminal, else what the ending of -o says, else "
            "jsonl.",
            rich_help_panel=_OUTPUT,
        ),
    ] = Format.AUTO,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write; it appears when all is done. Until then, FILE.partial and FILE.journal hold what is "
            "done.",
            show_default=False,
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    resume: Annotated[
        bool | None,
        typer.Option(
            "--resume/--restart",
            help="Go on with a run into -o that was stopped, or drop what it did. Without either, such a run is left "
            "as it is, and nothing is read.",
            show_default=False,
            rich_help_panel=_LONG,
        ),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            metavar="N",
            help="Processes that read, each with a model of its own. The output is the same.",
            rich_help_panel=_LONG,
        ),
    ] = 1,
    engine: Annotated[
        Engine,
        typer.Option(
            help="ray: read .parquet or .jsonl files with the Ray cluster of RAY_ADDRESS, or with Ray on this machine, "
            "and write a folder of Parquet files to -o; -j is the most workers.",
            rich_help_panel=_LONG,
        ),
    ] = Engine.LOCAL,
    model: ModelOption = "default",
    device: DeviceOption = "auto",
    rules: RulesOption = None,
    knowledge: KnowledgeOption = None,
    min_score: MinScoreOption = 0.0,
    date: DateOption = None,
    encoding: EncodingOption = "utf-8",
    errors: Annotated[
        OnError,
        typer.Option(
            help="skip: report an input that cannot be read and do the rest; stop: end at the first.",
            rich_help_panel=_FAILURES,
        ),
    ] = OnError.SKIP,
    failures: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where to list the inputs that failed, as JSON lines with source, error and message. "
            "With -o, OUTPUT.failures.jsonl by default, if there are any.",
            show_default=False,
            rich_help_panel=_FAILURES,
        ),
    ] = None,
    retry: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Read the inputs that such a list names, down to the line.",
            show_default=False,
            rich_help_panel=_FAILURES,
        ),
    ] = None,
    files_from: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Read the files that FILE (- for standard input) names: one a line, or as find -print0 writes them.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Find the entities in Arabic texts and the relations between them."""
    if engine is Engine.RAY:
        unused = {
            "--format": format not in (Format.AUTO, Format.PARQUET),
            "--resume": resume is not None,
            "--date": date is not None,
            "--encoding": encoding != "utf-8",
            "--errors": errors is OnError.STOP,
            "--failures": failures is not None,
            "--retry": retry is not None,
            "--files-from": files_from is not None,
        }
        settings = {"model": model, "device": device, "min_score": min_score}
        lists = {"rules": rules or (), "knowledge": knowledge or ()}
        if extract_with_ray(files, output, unused, workers=jobs if jobs > 1 else None, **settings, **lists):
            raise typer.Exit(EXIT_SOME_FAILED)
        return
    sources = _sources(files, files_from, retry)
    name = _chosen(format, output)
    if name == "parquet" and output is None and sys.stdout.isatty():
        raise typer.BadParameter("Parquet is no text for a terminal; name a file with -o", param_hint="--format")
    to_file = output is not None and (output.is_file() or not output.exists())
    if resume is not None and not to_file:
        raise typer.BadParameter("only a run into a file can be gone on with; name one with -o", param_hint="--resume")

    load = partial(_load, model, rules=rules, knowledge=knowledge, min_score=min_score, device=device, date=date)
    run = ExtractRun(
        sources=sources,
        format=_format(name),
        encoding=encoding,
        failures=failures,
        jobs=jobs,
        stop=errors is OnError.STOP,
        bar=output is not None or not sys.stdout.isatty(),
    )
    with stoppable(run.kept):
        failed = (
            run.into_file(output, load, resume) if output is not None and to_file else run.into_stream(output, load)
        )
    if failed:
        raise typer.Exit(EXIT_SOME_FAILED)


def _load(model: str, *, rules: list[str] | None, knowledge: list[str] | None, **options: Any) -> Extractor:
    from arner.extractor import Extractor

    return Extractor(model, rules=rules or (), knowledge=knowledge or (), **options)


def _sources(files: list[str] | None, files_from: str | None, retry: Path | None) -> list[Source]:
    paths = expand(files or ())
    if files_from is not None:
        paths += read_names(files_from)
    sources = sources_of(paths)
    if retry is not None:
        from arner.batch import read_failures

        sources += read_failures(retry)
    elif not files and files_from is None:
        if sys.stdin.isatty():
            raise typer.BadParameter("name a file, or - for standard input", param_hint="FILES")
        sources = sources_of([STDIN])
    return sources


def _chosen(format: Format, output: Path | None) -> str:
    """The name of the format: "table", or one that `arner.export` knows."""
    if format is not Format.AUTO:
        return format.value
    if output is None:
        return "table" if sys.stdout.isatty() else "jsonl"
    from arner.export import format_of

    known = format_of(output)
    return "jsonl" if known is None else known.name


def _format(name: str) -> exports.Format:
    from arner import export

    if name in export.FORMATS:
        return export.FORMATS[name]
    from arner.cli.tables import TableWriter

    return export.Format(name, (), TableWriter)
