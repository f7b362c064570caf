"""What `arner finetune` and `arner evaluate` share: the shape of their output, and other names for types."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Final

import typer

__all__ = ["FILES_HELP", "Device", "MapOption", "Onnx", "Precision", "ReportFormat", "parse_types", "wants_json"]

FILES_HELP: Final = (
    "Labelled text: CoNLL (a token and its tag on a line), .jsonl or .json (arner, doccano, Label Studio, Prodigy), "
    "a datasets folder, .arrow or .parquet."
)
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="THEIRS=OURS",
        help="Another name for a type, such as PERS=PER; may be given more than once.",
        show_default=False,
    ),
]


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


class Onnx(StrEnum):
    """ONNX copies of a trained model."""

    BOTH = "both"
    INT8 = "int8"
    FP32 = "fp32"
    NONE = "none"


class ReportFormat(StrEnum):
    """Shapes of a report."""

    AUTO = "auto"
    TABLE = "table"
    JSON = "json"


def wants_json(format: ReportFormat) -> bool:
    """Whether the report goes out as JSON: where it is asked for, or standard output is no terminal."""
    return format is ReportFormat.JSON or (format is ReportFormat.AUTO and not sys.stdout.isatty())


def parse_types(arguments: Sequence[str] | None) -> dict[str, str]:
    """``THEIRS=OURS`` arguments as a mapping.

    Raises:
        typer.BadParameter: an argument of another form.

    >>> parse_types(["PERS=PER", "GPE=LOC"])
    {'PERS': 'PER', 'GPE': 'LOC'}
    """
    types: dict[str, str] = {}
    for argument in arguments or ():
        theirs, _, ours = argument.partition("=")
        if not theirs or not ours:
            raise typer.BadParameter(f"{argument!r} is not of the form PERS=PER", param_hint="--map")
        types[theirs] = ours
    return types
