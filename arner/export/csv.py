"""Triples as CSV (RFC 4180): one row a relation, with a header."""

from __future__ import annotations

import csv
import io
from typing import Final, TextIO

from arner.export.triple_rows import TripleRow, triple_rows
from arner.schema import Document

__all__ = ["CsvWriter", "to_csv"]

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these."""


class CsvWriter:
    """Rows of triples under a header.

    Args:
        file: where to write; it must not translate line ends.
        spreadsheet: write a byte order mark, without which Excel shows Arabic as question marks, and an apostrophe in
            front of a cell that a spreadsheet would run as a formula. Without it, cells are exactly what the text says.
    """

    def __init__(self, file: TextIO, *, spreadsheet: bool = False) -> None:
        self._file = file
        self._spreadsheet = spreadsheet
        if spreadsheet:
            file.write("\ufeff")
        self._rows = csv.writer(file)
        self._rows.writerow(TripleRow._fields)

    def write(self, document: Document) -> None:
        """Write the triples of one document."""
        for row in triple_rows(document):
            self._rows.writerow([_inert(cell) for cell in row] if self._spreadsheet else row)
        self._file.flush()

    def close(self) -> None:
        """Nothing follows the last row."""


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def to_csv(document: Document, *, spreadsheet: bool = False) -> str:
    """The triples of a document as CSV.

    Args:
        document: what to write.
        spreadsheet: make it safe and readable for Excel and its like; see `CsvWriter`.

    >>> to_csv(Document(text="زار بوتين أستانا."))[:24]
    'document,subject,subject'
    """
    file = io.StringIO(newline="")
    CsvWriter(file, spreadsheet=spreadsheet).write(document)
    return file.getvalue()
