"""Options that several subcommands take."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

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

ModelOption = Annotated[str, typer.Option(help="Name of an embedded model, a local folder, or a Hugging Face id.")]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")]
RulesOption = Annotated[
    list[str] | None,
    typer.Option(metavar="FILE", help="Your own rule file (TOML); may be given more than once.", show_default=False),
]
KnowledgeOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE", help="Your own knowledge file (JSON lines); may be given more than once.", show_default=False
    ),
]
MinScoreOption = Annotated[
    float, typer.Option(min=0.0, max=1.0, help="Leave out names and relations that score below.")
]
DateOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Day on which the texts were written.", show_default=False
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


EncodingOption = Annotated[str, typer.Option(help="Encoding of the files.", callback=checked_encoding)]
