"""A document as tables for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final, TextIO

from rich import box
from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from arner.cli.console import table_console
from arner.schema import Document, Relation

__all__ = ["TableWriter", "clean", "document_tables"]

_COLOURS: Final = {"PER": "cyan", "LOC": "green", "ORG": "magenta", "MISC": "yellow"}
_EVIDENCE_LENGTH: Final = 160
"""Characters of evidence shown: the rest is in the JSON."""
_STEER: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional classes of the characters that turn the direction of what follows them."""


class TableWriter:
    """Tables of entities and relations for a person to read."""

    def __init__(self, file: TextIO) -> None:
        self._console = table_console(file)

    def write(self, document: Document) -> None:
        """Write one document."""
        for part in document_tables(document):
            self._console.print(part)

    def close(self) -> None:
        """Nothing follows the last table."""


def document_tables(document: Document) -> Iterator[RenderableType]:
    """A heading, a table of entities and a table of relations.

    A terminal that reorders right-to-left text swaps two Arabic cells that stand side by side, since only blanks are
    between them. So a column of Latin letters stands between any two columns of Arabic.
    """
    entities, relations = len(document.entities), len(document.relations)
    counts = f"{entities} {'entity' if entities == 1 else 'entities'}, {relations} relation{'s'[: relations != 1]}"
    yield Rule(clean(f"{document.id or 'text'}: {counts}"), align="left", style="dim")
    if document.entities:
        yield _entities(document)
    if document.relations:
        yield _relations(document)


def _entities(document: Document) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("entity")
    table.add_column("type")
    table.add_column("mentions", justify="right")
    table.add_column("Wikidata")
    table.add_column("English name")
    table.add_column("also written as")
    for entity in document.entities:
        table.add_row(
            clean(entity.name, _COLOURS.get(entity.type, "blue")),
            clean(entity.type),
            str(len(entity.mentions)),
            entity.wikidata or "-",
            clean(entity.name_en or "-"),
            clean("، ".join(alias for alias in entity.aliases if alias != entity.name)),
        )
    return table


def _relations(document: Document) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("subject")
    table.add_column("relation")
    table.add_column("object")
    table.add_column("claim")
    table.add_column("evidence", style="dim")
    for relation in document.relations:
        subject, object = document[relation.subject], document[relation.object]
        evidence = relation.evidence.text
        if len(evidence) > _EVIDENCE_LENGTH:
            evidence = evidence[: _EVIDENCE_LENGTH - 1] + "…"
        table.add_row(
            clean(subject.name, _COLOURS.get(subject.type, "blue")),
            Text(relation.type.value, style="bold"),
            clean(object.name, _COLOURS.get(object.type, "blue")),
            Text(_claim(relation), style="red" if relation.polarity == "negated" else ""),
            clean(evidence),
        )
    return table


def _claim(relation: Relation) -> str:
    """Polarity, and what else differs from a plain statement of the present."""
    parts: list[str] = [relation.polarity]
    if relation.status != "actual":
        parts.append(relation.status)
    if relation.when is not None and relation.when.iso is not None:
        parts.append(relation.when.iso)
    return ", ".join(parts)


def clean(text: str, style: str = "") -> Text:
    """Text on one line and without characters that would steer the terminal."""
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in text if unicodedata.bidirectional(c) not in _STEER)
    return Text(" ".join("".join(kept).split()), style=style)
