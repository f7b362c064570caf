"""`arner suggest`: which sentences to annotate next."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from arner.cli.options import DeviceOption, ModelOption
from arner.inputs import expand
from arner.training.suggest.formats import SuggestionFormat

__all__ = ["suggest_command"]


def suggest_command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help='Unlabelled text: text files, .json or .jsonl with a "text", or folders of such.',
        ),
    ],
    number: Annotated[int, typer.Option("--number", "-n", min=1, help="Sentences to choose, at most.")] = 100,
    model: ModelOption = "default",
    labelled: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Labelled files, as for finetune; what stands there is not suggested again. May be repeated.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        SuggestionFormat, typer.Option(help="The tool that opens the file; Label Studio imports a JSON list.")
    ] = SuggestionFormat.DOCCANO,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write. Standard output by default.")
    ] = None,
    device: DeviceOption = "auto",
    seed: Annotated[int, typer.Option(min=0, help="Settles ties.")] = 1,
) -> None:
    """Choose the sentences that would teach a model most, and write them for an annotation tool.

    The choice is of sentences in which the model is unsure of many different words.

    The names that the model finds stand in the file as labels to begin from.

        arner suggest news/ -n 200 --model my-model --labelled train.conll -o next.jsonl

        arner suggest news.jsonl --format label-studio -o tasks.json

    The labelled export is what arner finetune reads. Needs no torch for an ONNX model.
    """
    from arner.training.suggest.suggesting import suggest

    paths = [Path(path) for path in expand(files)]
    found = suggest(
        paths, model=model, n=number, labelled=expand(labelled) if labelled else None, device=device, seed=seed
    )
    if output is None:
        sys.stdout.write(found.to_text(format))
    else:
        found.save(output, format)
    where = "" if output is None else f" → {output}"
    typer.echo(f"{len(found.suggestions):,} of {found.sentences:,} sentences{where}", err=True)
