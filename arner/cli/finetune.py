"""`arner finetune`: labelled text in, a model folder out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arner.cli.inputs import expand
from arner.cli.training_options import FILES_HELP, MapOption, ReportFormat, parse_types, wants_json

if TYPE_CHECKING:
    from arner.training.loop import Progress

__all__ = ["finetune_command"]


class Precision(StrEnum):
    """Number formats of training."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"


class Device(StrEnum):
    """Where to train."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


def finetune_command(
    train: Annotated[
        list[str],
        typer.Argument(
            metavar="TRAIN",
            help=FILES_HELP,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Folder to make for the new model.", show_default=False),
    ] = None,
    eval: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Data to choose the best epoch by and to report on; may be given more than once. Without it a part of "
            "TRAIN is held out.",
            show_default=False,
        ),
    ] = None,
    base: Annotated[
        str, typer.Option(help="Model to start from: an embedded one, a local folder, or a Hugging Face id.")
    ] = "default",
    check: Annotated[
        bool, typer.Option("--check", help="Only read the data and report on it: labels, repairs, duplicates, leaks.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Settle the plan and estimate the time; write nothing.")
    ] = False,
    map: MapOption = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Times that the data is read, at most. By the size of the data.")
    ] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Peak rate. By the size of the model.")] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Sentences in a batch.")] = 16,
    accumulate: Annotated[
        int, typer.Option(min=1, help="Batches summed before the weights change: a large batch in little memory.")
    ] = 1,
    warmup: Annotated[float, typer.Option(min=0.0, max=0.99, help="Share of the steps in which the rate rises.")] = 0.1,
    weight_decay: Annotated[float, typer.Option(min=0.0, help="Pull of the weights towards zero.")] = 0.01,
    patience: Annotated[int, typer.Option(min=1, help="Epochs without a better F1 after which training ends.")] = 4,
    eval_share: Annotated[float, typer.Option(help="Share of TRAIN held out where --eval is not given.")] = 0.15,
    window: Annotated[int, typer.Option(min=16, help="Tokens that the model reads at once.")] = 256,
    seed: Annotated[int, typer.Option(min=0, help="The same seed and data give the same model.")] = 1,
    precision: Annotated[
        Precision, typer.Option(help="auto: bf16 or fp16 on a GPU that has it, else fp32.")
    ] = Precision.AUTO,
    device: Annotated[Device, typer.Option(help="auto: a GPU if there is one.")] = Device.AUTO,
    onnx: Annotated[
        bool, typer.Option(help="Also write the model as ONNX with 8-bit weights, which a CPU reads fastest.")
    ] = True,
    format: Annotated[
        ReportFormat, typer.Option(help="auto: tables on a terminal, JSON in a pipe.")
    ] = ReportFormat.AUTO,
) -> None:
    """Train a model on your own labelled text, starting from another one.

    Look at the data first, then at the plan, then train:

        arner finetune train.conll --eval dev.conll --check

        arner finetune train.conll --eval dev.conll --dry-run

        arner finetune train.conll --eval dev.conll -o my-model

        arner extract article.txt --model my-model

    The new model knows the types that TRAIN shows, and no others.

    A run that was stopped goes on when the same command is given again.

    Needs: pip install 'arner\\[train]'.
    """
    paths, held = expand(train), expand(eval) if eval else None
    types = parse_types(map)
    if check:
        from arner.training.data_report import check_data

        found = check_data(paths, eval=held, types=types, base=base, window=window)
        sys.stdout.write((found.model_dump_json() if wants_json(format) else found.summary()) + "\n")
        return
    if output is None and not dry_run:
        raise typer.BadParameter("name the folder for the new model", param_hint="--output")

    from arner.training.finetuning import finetune

    with _progress() as on_progress:
        report = finetune(
            paths,
            output or Path("unwritten"),
            base=base,
            eval=held,
            types=types,
            dry_run=dry_run,
            on_progress=on_progress,
            epochs=epochs,
            learning_rate=learning_rate,
            batch_size=batch_size,
            accumulate=accumulate,
            warmup=warmup,
            weight_decay=weight_decay,
            patience=patience,
            eval_share=eval_share,
            window=window,
            seed=seed,
            precision=precision.value,
            device=device.value,
            onnx=onnx,
        )
    if wants_json(format):
        sys.stdout.write(report.to_json() + "\n")
        return
    from rich.console import Console

    from arner.cli.training_tables import finetune_tables, plan_lines

    console = Console(highlight=False)
    console.print(report.data.summary(), markup=False)
    console.print("\n".join(plan_lines(report.plan)), markup=False)
    if report.evaluation is not None:
        for part in finetune_tables(report):
            console.print(part)


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None] | None]:
    """A progress bar with F1 and the time left on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("training"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[f1]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("training", total=None, f1="")

        def advance(progress: Progress) -> None:
            f1 = "" if progress.f1 is None else f"F1 {progress.f1:.3f}"
            bar.update(task, completed=progress.step, total=progress.steps, f1=f1)

        yield advance
