"""`arner models`: the models that are there without a network."""

from __future__ import annotations

import json
import sys

__all__ = ["models_command"]


def models_command() -> None:
    """List the embedded models: a table on a terminal, JSON lines in a pipe."""
    from arner.ner.models import available_models

    models = available_models()
    if not sys.stdout.isatty():
        for model in models:
            row = {
                "name": model.name,
                "version": model.version,
                "labels": list(model.labels),
                "size_bytes": model.size_bytes,
                "licence": model.licence,
                "description": model.description,
                "path": str(model.path),
            }
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return

    from rich.console import Console
    from rich.table import Table

    table = Table("name", "version", "labels", "size", "licence", "description")
    for model in models:
        size = f"{model.size_bytes / 1e6:.0f} MB"
        table.add_row(model.name, model.version, " ".join(model.labels), size, model.licence, model.description)
    Console().print(table)
    hint = "Any local folder or Hugging Face id of a token-classification model works as --model too."
    Console().print(hint, style="dim")
