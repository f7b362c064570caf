"""`arner view`: one text in, one HTML page out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from arner.cli.options import DateOption, DeviceOption, EncodingOption, KnowledgeOption, ModelOption, RulesOption
from arner.errors import DocumentError, InputError
from arner.inputs import Failure, read_inputs

__all__ = ["view_command"]


def view_command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A text file, - for standard input, or a .json or .jsonl file of one object with a text and perhaps "
            "an id. What arner extract wrote is shown as it is.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="File to write; standard output by default."),
    ] = None,
    model: ModelOption = "default",
    device: DeviceOption = "auto",
    rules: RulesOption = None,
    knowledge: KnowledgeOption = None,
    date: DateOption = None,
    encoding: EncodingOption = "utf-8",
) -> None:
    """Show a text with its entities and relations as one HTML page that needs no network.

    The page holds the text with coloured names, the relations with the words that state them, the graph, a timeline and
    the entities.
    """
    inputs = list(read_inputs([file], encoding))
    if len(inputs) != 1:
        raise InputError(f"{file}: holds {len(inputs)} texts; a page shows one")
    item = inputs[0]
    if isinstance(item, Failure):
        raise InputError(f"{item.shown}: {item.reason}")

    from arner.export import atomic_file, document_page
    from arner.schema import Document

    if item.document is not None:
        try:
            document = Document.from_json(json.dumps(item.document))
        except DocumentError as error:
            raise InputError(f"{item.shown}: {error}") from error
    else:
        from arner.extractor import Extractor, check_text

        text = check_text(item.text)
        extractor = Extractor(model, rules=rules or (), knowledge=knowledge or (), device=device, date=date)
        document = extractor.extract(text, id=item.id)
    page = document_page(document)
    if output is None:
        sys.stdout.write(page)
        sys.stdout.flush()  # here, where a reader that has left is handled, and not when Python exits
    else:
        with atomic_file(output) as target:
            target.write(page)
