"""Files → documents for a graph, with a progress bar; what is no document is reported, and the rest is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from arner.batch import Meter, input_sizes
from arner.batch.journal import Checkpoint
from arner.cli.batch_bar import batch_bar
from arner.cli.status import report
from arner.errors import DocumentError, InputError
from arner.inputs import Failure, Input, expand, read_sources, sources_of
from arner.schema import Document

__all__ = ["DocumentReader"]


class DocumentReader:
    """Reads the documents of files.

    Args:
        files: paths and patterns.

    Attributes:
        failures: how many inputs were no documents.
    """

    def __init__(self, files: Sequence[str]) -> None:
        self._sources = sources_of(expand(files))
        self.failures = 0

    @contextmanager
    def documents(self) -> Iterator[Iterator[Document]]:
        """The documents, one by one, while a bar tells how far they are read."""
        with batch_bar(shown=True) as advance:
            yield self._read(Meter(input_sizes(self._sources), advance))

    def _read(self, meter: Meter) -> Iterator[Document]:
        count = 0
        for item in read_sources(self._sources):
            try:
                if isinstance(item, Failure):
                    raise InputError(item.reason)
                document = _document(item)
            except (InputError, DocumentError) as error:
                self.failures += 1
                report(f"{item.shown}: {error}")
                meter.tell(Checkpoint(count, self.failures, after=item.after))
                continue
            yield document
            count += 1
            meter.tell(Checkpoint(count, self.failures, after=item.after), document=document)
        meter.tell(Checkpoint(count, self.failures), converted=count)


def _document(item: Input) -> Document:
    if item.document is None:
        raise InputError("is no document that arner extract wrote, so it holds no entities")
    return Document.from_json(json.dumps(item.document))
