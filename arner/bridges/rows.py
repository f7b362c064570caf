"""Rows of a table read into columns: one row out for every row in, whatever it holds."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Unpack

from arner.bridges.columns import COLUMNS, error_values, values
from arner.bridges.settings import ExtractorSettings, fingerprint, kept_extractor, plain_settings
from arner.errors import InputError
from arner.stream import TextItem, as_date, as_item, cut_batches

if TYPE_CHECKING:
    from arner.extractor import Extractor

__all__ = ["TableReader"]

_BATCH_SIZE: Final = 16
_BATCH_LETTERS: Final = 200_000
"""Rows that the model reads together, and letters after which it takes fewer: they bound the memory."""


class TableReader:
    """Reads the rows of tables. A process loads the model when it reads its first row, and keeps it.

    A reader holds names and settings and nothing that it has loaded, so that it can be pickled and sent to processes
    and machines. It holds a digest of the files that it names, so that caches which go by the pickle notice a change.

    Args:
        text: name of the column with the texts.
        id: name of a column with ids, strings or whole numbers; documents carry them.
        date: name of a column with the days on which the texts were written: dates, or strings such as "2024-11-27".
        prefix: stands in front of the names of the new columns, for a table that has one of these names already.
        settings: arguments of `arner.Extractor`.

    Raises:
        InputError: an argument cannot be used.

    >>> reader = TableReader(text="body")
    >>> columns = reader.read({"body": ["زار فلاديمير بوتين كازاخستان.", None]})
    >>> [(r["subject"], r["polarity"], r["relation"], r["object"]) for r in columns["relations"][0]]
    [('فلاديمير بوتين', 'affirmed', 'visited', 'كازاخستان')]
    >>> columns["error"]
    [None, 'the text is missing']
    """

    def __init__(
        self,
        text: str = "text",
        *,
        id: str | None = None,
        date: str | None = None,
        prefix: str = "",
        **settings: Unpack[ExtractorSettings],
    ) -> None:
        self.text = text
        self.id = id
        self.date = date
        self.prefix = prefix
        self.settings = plain_settings(settings)
        self.made_of = fingerprint(self.settings)

    def __repr__(self) -> str:
        names = {"text": self.text, "id": self.id, "date": self.date, "prefix": self.prefix or None, **self.settings}
        shown = ", ".join(f"{name}={value!r}" for name, value in names.items() if value is not None)
        return f"{type(self).__name__}({shown})"

    def check_names(self, names: Iterable[str]) -> None:
        """See that a table has the columns that are read and none that would be written over.

        Args:
            names: the names of all columns of the table.

        Raises:
            InputError: a column is missing, or has the name of a new one.
        """
        names = list(names)
        for wanted in (self.text, self.id, self.date):
            if wanted is not None and wanted not in names:
                raise InputError(f"the table has no column {wanted!r}; it has {', '.join(map(repr, names))}")
        taken = [name for name in self.names if name in names]
        if taken:
            raise InputError(
                f"the table already has a column {taken[0]!r}, which would be lost; give the new ones a prefix, for "
                "example prefix='arner_'"
            )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the new columns."""
        return tuple(self.prefix + name for name in COLUMNS)

    def read(self, batch: Mapping[str, Sequence[object]]) -> dict[str, list[Any]]:
        """The new columns for some rows.

        A row that cannot be read (its text is missing, empty or no string; its id or date is none) has the reason in
        the column of errors, and nothing in the others. So has a row on which reading fails unexpectedly; where it
        fails on all of several rows, the fault is not theirs, and the exception goes on.

        Args:
            batch: the columns that the reader was told to read, by name, all of one length.

        Raises:
            ArnerError: the extractor cannot be made, as `arner.Extractor` says.
        """
        texts = list(batch[self.text])
        ids = [None] * len(texts) if self.id is None else list(batch[self.id])
        dates = [None] * len(texts) if self.date is None else list(batch[self.date])
        rows: list[tuple[Any, ...]] = [()] * len(texts)
        good: list[tuple[int, TextItem]] = []
        for number, (text, id, date) in enumerate(zip(texts, ids, dates, strict=True)):
            try:
                good.append((number, _item(text, id, date)))
            except InputError as error:
                rows[number] = error_values(str(error))
        for members in cut_batches(
            good, size=_BATCH_SIZE, weight=lambda member: len(member[1].text), most=_BATCH_LETTERS
        ):
            found = _read(kept_extractor(self.settings, self.made_of), [item for _, item in members])
            for (number, _), row in zip(members, found, strict=True):
                rows[number] = row
        return {name: [row[index] for row in rows] for index, name in enumerate(self.names)}


def _read(extractor: Extractor, items: list[TextItem]) -> list[tuple[Any, ...]]:
    try:
        return [values(document) for document in extractor.extract_batch(items)]
    except Exception:
        # One text among many must not stop a table of a billion: find it, and say so in its row.
        rows = []
        failures = 0
        for item in items:
            try:
                rows.append(values(extractor.extract_batch([item])[0]))
            except Exception as error:
                failures += 1
                rows.append(error_values(f"reading failed: {type(error).__name__}: {error}"))
        if 1 < failures == len(items):
            raise
        return rows


def _item(text: object, id: object, date: object) -> TextItem:
    if text is None:
        raise InputError("the text is missing")
    if isinstance(id, float) and id.is_integer():
        id = int(id)  # what pandas makes of whole numbers where one is missing
    if isinstance(id, int) and not isinstance(id, bool):
        id = str(id)
    text, id = as_item((text, id))
    return TextItem(text, id, _day(date))


def _day(date: object) -> datetime.date | None:
    if isinstance(date, str):
        if not date.strip():
            return None
        try:
            return datetime.datetime.fromisoformat(date).date()
        except ValueError:
            pass
    return as_date(date)
