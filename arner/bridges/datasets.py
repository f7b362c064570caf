"""A function for ``datasets.map`` of Hugging Face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from arner.bridges.columns import arrow_schema
from arner.bridges.rows import TableReader
from arner.errors import MissingExtraError

__all__ = ["Extract"]


class Extract(TableReader):
    """Reads the rows of a ``datasets.Dataset``: give it to ``map`` with ``batched=True``. Arguments: see `TableReader`.

    It works in several processes (``num_proc``) and on streams (``IterableDataset``). ``datasets`` finds what it has
    done before by a hash of the function: that of an `Extract` is the same in every run, and another as soon as an
    argument, a rule file or arner's version is.

    >>> from datasets import Dataset
    >>> news = Dataset.from_dict({"text": ["زار فلاديمير بوتين كازاخستان.", ""]})
    >>> extract = Extract()
    >>> read = news.map(extract, batched=True, features=extract.features(news.features))
    >>> read["relations"][0][0]["object"], read["error"][1]
    ('كازاخستان', 'the text is empty: it has no visible character')
    """

    def __call__(self, batch: Mapping[str, Sequence[object]]) -> dict[str, list[Any]]:
        """The new columns for a batch of rows.

        Raises:
            InputError: a column is missing, or has the name of a new one.
            ArnerError: the extractor cannot be made.
        """
        self.check_names(batch.keys())
        return self.read(batch)

    def features(self, features: Mapping[str, Any] | None = None) -> Any:
        """The types of a dataset's columns with those of the new ones, for the argument ``features`` of ``map``.

        Without it, ``datasets`` guesses types from the first rows, and fails later where those found nothing.

        Args:
            features: those of the dataset; None gives the new columns alone.

        Raises:
            MissingExtraError: datasets is not installed.
        """
        try:
            from datasets import Features
        except ImportError as error:
            raise MissingExtraError("Reading datasets", "train") from error
        return Features({**(features or {}), **Features.from_arrow_schema(arrow_schema(self.prefix))})
