"""`arner evaluate`: how well a model reads labelled text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from arner.cli.options import DeviceOption
from arner.cli.training_options import FILES_HELP, MapOption, ReportFormat, parse_types, wants_json
from arner.inputs import expand

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
    compare: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL_B",
            help="A second model on the same files: how far apart the two are, and whether it is more than chance.",
            show_default=False,
        ),
    ] = None,
    map: MapOption = None,
    mistakes: Annotated[int, typer.Option(min=0, help="Mistakes shown in the table; JSON has them all.")] = 20,
    format: Annotated[
        ReportFormat, typer.Option(help="auto: a table on a terminal, JSON in a pipe.")
    ] = ReportFormat.AUTO,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Also write the report to this file, as JSON.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write a page with every mistake in its context, for a browser."),
    ] = None,
    device: DeviceOption = "auto",
    samples: Annotated[
        int, typer.Option(min=0, help="Resamplings for the confidence intervals; 0 leaves them and the test out.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Fixes the resamplings.")] = 1,
) -> None:
    """Compare what a model reads with labelled files.

    The main figure is the strict F1 of names (seqeval, IOB2): bounds and type are right.

    Documents with character spans are also scored by exact spans, and those annotated with relations by their triples.

    Types that the model knows and the files never show are not counted.

        arner evaluate my-model test.conll --html mistakes.html

        arner evaluate my-model test.conll --compare default

    Needs: pip install 'arner\\[evaluate]'; no torch where the model is an ONNX one.
    """
    from arner.training.evaluation.evaluating import evaluate

    types = parse_types(map)
    report = evaluate(model, expand(files), types=types, compare=compare, device=device, samples=samples, seed=seed)
    if output is not None:
        _write(output, report.to_json(indent=2) + "\n")
    if html is not None:
        _write(html, report.to_html())
    if wants_json(format):
        sys.stdout.write(report.to_json() + "\n")
        return
    from rich.console import Console

    from arner.cli.training_tables import evaluation_tables

    console = Console(highlight=False)
    for part in evaluation_tables(report, mistakes):
        console.print(part)


def _write(path: Path, content: str) -> None:
    from arner.export import atomic_file

    with atomic_file(path) as file:
        file.write(content)
