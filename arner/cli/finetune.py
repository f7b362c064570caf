"""`arner finetune`: labelled text in, a model folder out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from arner.cli.training_bar import training_bar
from arner.cli.training_options import (
    FILES_HELP,
    Device,
    MapOption,
    Onnx,
    Precision,
    ReportFormat,
    parse_types,
    wants_json,
)
from arner.inputs import expand

__all__ = ["finetune_command"]

_DATA, _OLD, _COURSE, _MACHINE, _OUTPUT = "Data", "Old types", "Course of training", "Machine", "Output"


def finetune_command(
    train: Annotated[list[str], typer.Argument(metavar="TRAIN", help=FILES_HELP)],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Folder to make for the new model.",
            show_default=False,
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    eval: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Data to choose the best epoch by and to report on; may be given more than once. Without it a part of "
            "TRAIN is held out.",
            show_default=False,
            rich_help_panel=_DATA,
        ),
    ] = None,
    base: Annotated[
        str,
        typer.Option(
            help="Model to start from: an embedded one, a local folder, or a Hugging Face id; "
            "owner/name@revision pins it.",
            rich_help_panel=_DATA,
        ),
    ] = "default",
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Only read the data and report on it: labels, repairs, duplicates, leaks.",
            rich_help_panel=_DATA,
        ),
    ] = False,
    map: MapOption = None,
    eval_share: Annotated[
        float, typer.Option(help="Share of TRAIN held out where --eval is not given.", rich_help_panel=_DATA)
    ] = 0.15,
    window: Annotated[
        int,
        typer.Option(
            min=16, help="Tokens that the model reads at once; longer text is read in parts.", rich_help_panel=_DATA
        ),
    ] = 256,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete",
            help="TRAIN marks every name: unmarked words are no names, and types that it never shows are forgotten. "
            "Without this, an unmarked word may be of any type that its file never shows.",
            rich_help_panel=_OLD,
        ),
    ] = False,
    rehearsal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="More text that keeps old types in mind: labelled data of them, or plain text (.txt, a passage on a "
            "line) that the base model labels. May be given more than once.",
            show_default=False,
            rich_help_panel=_OLD,
        ),
    ] = None,
    rehearse: Annotated[
        bool,
        typer.Option(
            help="Where --rehearsal is not given and TRAIN leaves types unmarked: read the text in the base model's "
            "folder beside TRAIN, so that those types are not forgotten.",
            rich_help_panel=_OLD,
        ),
    ] = True,
    distil: Annotated[
        float,
        typer.Option(
            min=0.0,
            help="Weight of what the base model says of unmarked words. 0: it says nothing, and old types fade.",
            rich_help_panel=_OLD,
        ),
    ] = 3.0,
    temperature: Annotated[
        float,
        typer.Option(
            min=1.0,
            help="Softens what the base model says, so that it also tells how sure it is; 1 takes it as it is.",
            rich_help_panel=_OLD,
        ),
    ] = 3.0,
    layer_decay: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            max=1.0,
            help="A layer learns at this share of the rate of the one above it. By default 0.75 where the data leave "
            "types of the base model unmarked, else 1.",
            show_default=False,
            rich_help_panel=_OLD,
        ),
    ] = None,
    average: Annotated[
        bool,
        typer.Option(
            help="Take the mean of old and new weights that reads the evaluation data best; of equals, the one "
            "nearest to the old weights.",
            rich_help_panel=_OLD,
        ),
    ] = True,
    weight_decay: Annotated[
        float, typer.Option(min=0.0, help="Pull of the weights towards the base model's.", rich_help_panel=_OLD)
    ] = 0.01,
    epochs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Times that the data is read, at most. By the size of the data: 3 to 15.",
            rich_help_panel=_COURSE,
        ),
    ] = None,
    patience: Annotated[
        int,
        typer.Option(min=1, help="Epochs without a better F1 after which training ends.", rich_help_panel=_COURSE),
    ] = 4,
    learning_rate: Annotated[
        float | None,
        typer.Option(
            help="Peak rate. By the size of the model: 1e-4, or 5e-5 for wide ones. Lower it where the F1 jumps about.",
            rich_help_panel=_COURSE,
        ),
    ] = None,
    warmup: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=0.99,
            help="Share of the steps in which the rate rises; then it falls.",
            rich_help_panel=_COURSE,
        ),
    ] = 0.1,
    batch_tokens: Annotated[
        int | None,
        typer.Option(
            min=16,
            help="Tokens of a batch, padding included. By the size of the data: 512 to 4096. Halve it, and double "
            "--accumulate, where memory runs out.",
            rich_help_panel=_COURSE,
        ),
    ] = None,
    accumulate: Annotated[
        int,
        typer.Option(
            min=1,
            help="Batches summed before the weights change: a large batch in little memory.",
            rich_help_panel=_COURSE,
        ),
    ] = 1,
    lora: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="RANK",
            help="Train low-rank adapters of that rank (8 or 16) in place of all weights, and merge them at the end: "
            "less memory for large models. Needs: pip install 'arner\\[lora]'.",
            show_default=False,
            rich_help_panel=_COURSE,
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            min=0, help="The same seed and data give the same model on the same machine.", rich_help_panel=_COURSE
        ),
    ] = 1,
    device: Annotated[
        Device, typer.Option(help="auto: a GPU if there is one.", rich_help_panel=_MACHINE)
    ] = Device.AUTO,
    precision: Annotated[
        Precision,
        typer.Option(
            help="auto: bf16 on a GPU or a CPU (AMX) that computes in it, fp16 on other GPUs, else fp32.",
            rich_help_panel=_MACHINE,
        ),
    ] = Precision.AUTO,
    save_seconds: Annotated[
        float,
        typer.Option(
            min=0.0,
            help="Seconds between checkpoints within an epoch: so much work a kill costs at most.",
            rich_help_panel=_MACHINE,
        ),
    ] = 120.0,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Settle the plan, measure time and memory of a step, and write nothing.",
            rich_help_panel=_MACHINE,
        ),
    ] = False,
    onnx: Annotated[
        Onnx,
        typer.Option(
            help="ONNX copies to write: with 8-bit weights, which a CPU reads fastest, in 32 bits, or both.",
            rich_help_panel=_OUTPUT,
        ),
    ] = Onnx.BOTH,
    tensorboard: Annotated[
        bool | None,
        typer.Option(
            help="Write a TensorBoard log beside the CSV log. Where tensorboard is installed.",
            show_default=False,
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    format: Annotated[
        ReportFormat, typer.Option(help="auto: tables on a terminal, JSON in a pipe.", rich_help_panel=_OUTPUT)
    ] = ReportFormat.AUTO,
) -> None:
    """Train a model on your own labelled text, starting from another one.

    Look at the data first, then at the plan, then train:

        arner finetune train.conll --eval dev.conll --check

        arner finetune train.conll --eval dev.conll --dry-run

        arner finetune train.conll --eval dev.conll -o my-model

        arner extract article.txt --model my-model

    The new model knows the types that TRAIN shows, and goes on to know those of the base model. TRAIN need not mark
    the old types: what it leaves unmarked, the base model labels.

    A run that was stopped, even by kill -9, goes on when the same command is given again, and ends at the same weights.

    FOLDER holds the model (safetensors and ONNX), a card with figures (README.md), pictures, and logs/.

    Needs: pip install 'arner\\[train]'.
    """
    paths, held = expand(train), expand(eval) if eval else None
    types = parse_types(map)
    if check:
        from arner.training.data.report import check_data

        found = check_data(paths, eval=held, types=types, base=base, window=window)
        sys.stdout.write((found.model_dump_json() if wants_json(format) else found.summary()) + "\n")
        return
    if output is None and not dry_run:
        raise typer.BadParameter("name the folder for the new model", param_hint="--output")

    from arner.training.finetuning import finetune

    with training_bar() as on_progress:
        report = finetune(
            paths,
            output or Path("unwritten"),
            base=base,
            eval=held,
            rehearsal=expand(rehearsal) if rehearsal else None,
            types=types,
            dry_run=dry_run,
            on_progress=on_progress,
            epochs=epochs,
            learning_rate=learning_rate,
            batch_tokens=batch_tokens,
            accumulate=accumulate,
            warmup=warmup,
            weight_decay=weight_decay,
            patience=patience,
            eval_share=eval_share,
            window=window,
            complete=complete,
            rehearse=rehearse,
            distil=distil,
            temperature=temperature,
            layer_decay=layer_decay,
            average=average,
            lora=lora,
            seed=seed,
            precision=precision.value,
            device=device.value,
            save_seconds=save_seconds,
            onnx=onnx.value,
            tensorboard=tensorboard,
        )
    if wants_json(format):
        sys.stdout.write(report.to_json() + "\n")
        return
    from rich.console import Console

    from arner.cli.finetune_tables import finetune_tables, plan_lines

    console = Console(highlight=False)
    console.print(report.data.summary(), markup=False)
    console.print("\n".join(plan_lines(report.plan)), markup=False)
    if report.evaluation is not None:
        for part in finetune_tables(report):
            console.print(part)
