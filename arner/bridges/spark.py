"""A function for ``DataFrame.mapInPandas`` of Spark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Unpack

from arner.bridges.columns import arrow_schema, ddl
from arner.bridges.rows import TableReader
from arner.bridges.settings import ExtractorSettings
from arner.errors import MissingExtraError

__all__ = ["ExtractPartitions", "extract_partitions"]


class ExtractPartitions(TableReader):
    """What `extract_partitions` gives."""

    def __call__(self, frames: Iterable[Any]) -> Iterator[Any]:
        """Each pandas frame with the new columns behind its own; what ``mapInPandas`` calls with a partition.

        Raises:
            InputError: a column is missing, or has the name of a new one.
            ArnerError: the extractor cannot be made.
        """
        for frame in frames:
            self.check_names(frame.columns)
            wanted = [name for name in (self.text, self.id, self.date) if name is not None]
            columns = self.read({name: _values(frame[name]) for name in wanted})
            yield frame.assign(**{name: _series(frame, values) for name, values in columns.items()})

    @property
    def ddl(self) -> str:
        """The new columns in Spark's language for schemas; put it behind those of the table."""
        return ddl(self.prefix)

    def schema(self, frame: Any) -> Any:
        """The schema of the result as a ``StructType``: the columns of a Spark frame, then the new ones.

        Raises:
            InputError: a column is missing, or has the name of a new one.
            MissingExtraError: pyspark is not installed.
        """
        try:
            from pyspark.sql.pandas.types import from_arrow_schema
            from pyspark.sql.types import StructType
        except ImportError as error:
            raise MissingExtraError("Reading Spark frames", "spark") from error
        self.check_names(frame.columns)
        return StructType([*frame.schema.fields, *from_arrow_schema(arrow_schema(self.prefix)).fields])


def extract_partitions(
    text: str = "text",
    *,
    id: str | None = None,
    date: str | None = None,
    prefix: str = "",
    **settings: Unpack[ExtractorSettings],
) -> ExtractPartitions:
    """A function for ``mapInPandas`` that reads the rows of a Spark frame. Arguments: see `TableReader`.

    .. code-block:: python

        extract = extract_partitions(text="body", id="url")
        read = frame.mapInPandas(extract, schema=extract.schema(frame))
    """
    return ExtractPartitions(text, id=id, date=date, prefix=prefix, **settings)


def _values(series: Any) -> list[Any]:
    """The values of a pandas column, with None for whatever pandas takes for missing."""
    objects = series.astype(object)
    return objects.where(series.notna(), None).tolist()  # type: ignore[no-any-return]


def _series(frame: Any, values: list[Any]) -> Any:
    import pandas

    return pandas.Series(values, index=frame.index, dtype=object)
