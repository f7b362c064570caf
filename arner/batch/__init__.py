"""Many files into one output: in order, in bounded memory, interrupted anywhere and gone on with.

`Batch` is what `arner extract -o` runs. `read_documents` is its inner half: texts → documents, with what fails in its
place.
"""

from __future__ import annotations

from arner.batch.failures import failure_record, read_failures, write_failures
from arner.batch.placing import whole_file
from arner.batch.progress import Meter, Progress
from arner.batch.reading import Read, read_documents
from arner.batch.running import Batch, BatchReport
from arner.batch.settings import input_sizes

__all__ = [
    "Batch",
    "BatchReport",
    "Meter",
    "Progress",
    "Read",
    "failure_record",
    "input_sizes",
    "read_documents",
    "read_failures",
    "whole_file",
    "write_failures",
]
