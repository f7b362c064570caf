"""How far a batch is, for whoever wants to show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from arner.batch.journal import Checkpoint
from arner.schema import Document

__all__ = ["Meter", "Progress"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is.

    Attributes:
        documents: documents done, those of an earlier run of the batch too.
        failures: inputs that failed, likewise.
        words: words read in this run.
        bytes: bytes of the inputs that are done.
        total_bytes: bytes of all inputs whose size is known.
        converted: documents that are written in the output's format; 0 while texts are read.
    """

    documents: int
    failures: int
    words: int
    bytes: int
    total_bytes: int
    converted: int = 0


class Meter:
    """Counts, and tells a listener.

    Args:
        sizes: bytes of each input; 0 where they are not known.
        listener: called with each step.
    """

    def __init__(self, sizes: Sequence[int], listener: Callable[[Progress], None] | None) -> None:
        self._before = [0, *accumulate(sizes)]  # bytes before each input, and of all
        self._listener = listener
        self._words = 0

    def tell(self, state: Checkpoint, *, document: Document | None = None, converted: int = 0) -> None:
        """Tell of a state.

        Args:
            state: of it, the documents, failures and the place in the inputs count.
            document: one that was read just now.
            converted: documents that are in the output's format.
        """
        if self._listener is None:
            return
        if document is not None:
            self._words += len(document.text.split())
        done = self._before[min(state.after.file, len(self._before) - 1)] + state.after.bytes
        self._listener(Progress(state.documents, state.failures, self._words, done, self._before[-1], converted))
