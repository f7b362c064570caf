"""`arner schema`: the JSON Schema of what `arner extract` writes."""

from __future__ import annotations

import json
import sys

__all__ = ["schema_command"]


def schema_command() -> None:
    """Print the JSON Schema of a document."""
    from arner.schema import Document

    json.dump(Document.model_json_schema(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
