"""Triples as a Parquet file: the columns of the CSV, typed. Needs `arner[parquet]`."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, Final

from arner.errors import MissingExtraError
from arner.export.triple_rows import TripleRow, triple_rows
from arner.schema import Document

__all__ = ["ParquetWriter"]

_ROWS_IN_MEMORY: Final = 10_000


class _Sink(io.RawIOBase):
    """The file, until it is closed. pyarrow writes a footer when it is forgotten, as it is after a failure."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data) if self._file.closed else self._file.write(data)


class ParquetWriter:
    """Rows of triples, written in groups so that memory stays bounded.

    Args:
        file: where to write bytes.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """

    def __init__(self, file: BinaryIO) -> None:
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError as error:
            raise MissingExtraError("Writing Parquet", "parquet") from error
        types = {"evidence_start": pyarrow.int64(), "evidence_end": pyarrow.int64(), "score": pyarrow.float64()}
        self._schema: Any = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in TripleRow._fields])
        self._table: Any = pyarrow.table
        self._file: Any = parquet.ParquetWriter(_Sink(file), self._schema)
        self._rows: list[TripleRow] = []

    def write(self, document: Document) -> None:
        """Take the triples of one document."""
        self._rows += triple_rows(document)
        if len(self._rows) >= _ROWS_IN_MEMORY:
            self._flush()

    def close(self) -> None:
        """Write the last rows and the file's footer."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        columns = {name: [row[i] for row in self._rows] for i, name in enumerate(TripleRow._fields)}
        self._file.write_table(self._table(columns, schema=self._schema))
        self._rows.clear()
