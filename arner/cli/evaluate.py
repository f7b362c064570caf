"""`arner evaluate`: how well a model reads labelled text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from arner.cli.inputs import expand
from arner.cli.options import DeviceOption
from arner.cli.training_options import FILES_HELP, MapOption, ReportFormat, parse_types, wants_json

__all__ = ["evaluate_command"]


def evaluate_command(
    model: Annotated[
        str, typer.Argument(help="Name of an embedded model (default), a local folder, or a Hugging Face id.")
    ],
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help=FILES_HELP,
        ),
    ],
    map: MapOption = None,
    mistakes: Annotated[int, typer.Option(min=0, help="Mistakes shown in the table; JSON has them all.")] = 20,
    format: Annotated[
        ReportFormat, typer.Option(help="auto: a table on a terminal, JSON in a pipe.")
    ] = ReportFormat.AUTO,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Also write the report to this file, as JSON.")
    ] = None,
    device: DeviceOption = "auto",
    samples: Annotated[
        int, typer.Option(min=0, help="Resamplings for the confidence interval; 0 leaves it out.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Fixes the resamplings.")] = 1,
) -> None:
    """Compare the names that a model finds with those in labelled files.

    The main figure is the strict F1 (seqeval, IOB2): bounds and type are right.

    Documents with character spans are also scored by exact spans.

    Types that the model knows and the files never show are not counted.

    Needs: pip install 'arner\\[train]'.
    """
    from arner.training.evaluation import evaluate

    report = evaluate(model, expand(files), types=parse_types(map), device=device, samples=samples, seed=seed)
    if output is not None:
        from arner.export import atomic_file

        with atomic_file(output) as file:
            file.write(report.to_json(indent=2) + "\n")
    if wants_json(format):
        sys.stdout.write(report.to_json() + "\n")
        return
    from rich.console import Console

    from arner.cli.training_tables import evaluation_tables

    console = Console(highlight=False)
    for part in evaluation_tables(report, mistakes):
        console.print(part)
