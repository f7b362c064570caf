"""Options that several subcommands take."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import typer

from arner.cli.completing import devices, encoding_names, model_names

__all__ = [
    "DateOption",
    "DeviceOption",
    "EncodingOption",
    "KnowledgeOption",
    "MinScoreOption",
    "ModelOption",
    "RulesOption",
    "checked_encoding",
]

_READING: Final = "How texts are read"

ModelOption = Annotated[
    str,
    typer.Option(
        metavar="MODEL",
        help="Name of an embedded model, a local folder, or a Hugging Face id.",
        autocompletion=model_names,
        rich_help_panel=_READING,
    ),
]
DeviceOption = Annotated[
    str,
    typer.Option(metavar="DEVICE", help="auto, cpu, cuda or cuda:N.", autocompletion=devices, rich_help_panel=_READING),
]
RulesOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE",
        help="Your own rule file (TOML); may be given more than once.",
        show_default=False,
        rich_help_panel=_READING,
    ),
]
KnowledgeOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE",
        help="Your own knowledge file (JSON lines); may be given more than once.",
        show_default=False,
        rich_help_panel=_READING,
    ),
]
MinScoreOption = Annotated[
    float,
    typer.Option(
        min=0.0,
        max=1.0,
        metavar="SCORE",
        help="Leave out names and relations that score below, 0 to 1.",
        rich_help_panel=_READING,
    ),
]
DateOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="Day on which the texts were written, for words such as أمس.",
        show_default=False,
        rich_help_panel=_READING,
    ),
]


def checked_encoding(name: str) -> str:
    """The name itself, where Python knows a text encoding by it."""
    try:
        bytes(4).decode(name)
    except UnicodeError:
        pass
    except LookupError:  # unknown, or a codec such as rot13 that makes no text
        raise typer.BadParameter(f"unknown encoding {name!r}", param_hint="--encoding") from None
    return name


EncodingOption = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Encoding of the files.",
        callback=checked_encoding,
        autocompletion=encoding_names,
        rich_help_panel=_READING,
    ),
]
