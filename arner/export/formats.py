"""The formats by name: what `save` and the command line can write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from arner.errors import InputError
from arner.export.conll import to_conll
from arner.export.csv import CsvWriter
from arner.export.cypher import CYPHER_HEAD, cypher_statements
from arner.export.graph import GraphWriter
from arner.export.keys import as_documents
from arner.export.parquet import ParquetWriter
from arner.export.rdf import RdfFormat, load_rdflib, to_rdf
from arner.export.writing import ListWriter, PieceWriter, Writer, atomic_file
from arner.schema import Document

__all__ = ["FORMATS", "Format", "format_of", "save"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Attributes:
        name: what users call it.
        suffixes: endings of its files; the first is the usual one.
        open: makes a writer for an open file: a binary one where `binary`, else a text file in UTF-8 that does not
            translate line ends. Raises `MissingExtraError` where a package is missing.
        binary: whether it writes bytes.
    """

    name: str
    suffixes: tuple[str, ...]
    open: Callable[[Any], Writer]
    binary: bool = False


def _json_line(document: Document) -> str:
    return document.to_json() + "\n"


def _pieces(render: Callable[[Document], str], head: str = "") -> Callable[[Any], Writer]:
    return lambda file: PieceWriter(file, render, head=head)


def _rdf(format: RdfFormat) -> Callable[[Any], Writer]:
    def open(file: Any) -> Writer:
        load_rdflib()  # a missing package is told before a text is read
        render = partial(to_rdf, format=format)
        return ListWriter(file, render) if format == "json-ld" else PieceWriter(file, render)

    return open


_ALL: Final = (
    Format("jsonl", (".jsonl", ".ndjson"), _pieces(_json_line)),
    Format("json", (".json",), lambda file: ListWriter(file, lambda document: document.to_json(indent=2))),
    Format("conll", (".conll", ".iob2", ".iob"), _pieces(to_conll)),
    Format("csv", (".csv",), CsvWriter),
    Format("excel-csv", (), lambda file: CsvWriter(file, spreadsheet=True)),
    Format("parquet", (".parquet",), ParquetWriter, binary=True),
    Format("turtle", (".ttl",), _rdf("turtle")),
    Format("json-ld", (".jsonld",), _rdf("json-ld")),
    Format("nquads", (".nq",), _rdf("nquads")),
    Format("graphml", (".graphml",), lambda file: GraphWriter(file, "graphml")),
    Format("gexf", (".gexf",), lambda file: GraphWriter(file, "gexf")),
    Format("cypher", (".cypher", ".cql"), _pieces(cypher_statements, CYPHER_HEAD)),
)

FORMATS: Final = {format.name: format for format in _ALL}
"""Every format under its name."""


def format_of(path: str | Path) -> Format | None:
    """The format that files with this ending have; None where the ending is not known.

    >>> format_of("out.TTL").name
    'turtle'
    >>> format_of("out.txt") is None
    True
    """
    suffix = Path(path).suffix.lower()
    return next((format for format in _ALL if suffix in format.suffixes), None)


def save(documents: Document | Iterable[Document], path: str | Path, *, format: str | None = None) -> None:
    """Write documents into one file, which appears only when all is written.

    Args:
        documents: one, or many; many are taken one by one.
        path: the file to write.
        format: a name in `FORMATS`; by default, what the file's ending says.

    Raises:
        InputError: no such format, or an ending that names none.
        MissingExtraError: the format needs a package that is not installed.
        OSError: the file cannot be written.
    """
    chosen = FORMATS.get(format) if format is not None else format_of(path)
    if chosen is None:
        what = f"unknown format {format!r}" if format is not None else f"{str(path)!r} has no known ending"
        raise InputError(f"{what}; name one of these formats: {', '.join(FORMATS)}")
    with atomic_file(Path(path), binary=chosen.binary) as file:
        writer = chosen.open(file)
        for document in as_documents(documents):
            writer.write(document)
        writer.close()
