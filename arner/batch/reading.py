"""Inputs in, documents and failures out: one for one, in the order of the inputs, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from arner.errors import ArnerError, InputError
from arner.inputs import Failure, Input, Position
from arner.schema import Document
from arner.stream import check_text

if TYPE_CHECKING:
    from arner.extractor import Extractor

__all__ = ["Read", "read_documents"]

_FAILURES_WAITING: Final = 1000
"""Failures that may wait behind a text that is being read; more of them in a row, and the texts are waited for."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document, and the place behind its input."""

    document: Document
    after: Position


def read_documents(
    extractor: Extractor,
    inputs: Iterator[Input | Failure],
    *,
    batch_size: int | None = None,
    workers: int = 1,
) -> Generator[Read | Failure, None, None]:
    """What the extractor makes of each input, or why it could not.

    A text on which the extractor itself fails is a failure like one that cannot be decoded: the others of its batch are
    read one by one, and the rest is done.

    Args:
        extractor: reads the texts.
        inputs: may be endless; only a few batches are taken ahead.
        batch_size: texts that are read together; see `Extractor.pipe`.
        workers: processes that read.

    Raises:
        ArnerError: a process that reads died.
    """
    stream = _Stream(inputs)
    while (first := (yield from stream.up_to_a_text())) is not None:
        try:
            for document in extractor.pipe(stream.texts(first), batch_size=batch_size, workers=workers):
                yield from stream.failures_in_front()
                yield Read(document, stream.take().after)
        except ArnerError:
            raise
        except Exception:
            # The pipe does not say which text it was: each of those that it held is read alone.
            while stream.waiting:
                yield from stream.failures_in_front()
                if stream.waiting:
                    yield _alone(extractor, stream.take())
        yield from stream.failures_in_front()
    if stream.broken is not None:
        raise stream.broken


def _alone(extractor: Extractor, item: Input) -> Read | Failure:
    try:
        return Read(extractor.extract(item.text, id=item.id), item.after)
    except ArnerError:
        raise
    except Exception as error:
        return Failure(error, item.source, item.after, item.part)


class _Stream:
    """The inputs, and those of them that are on their way through the extractor."""

    def __init__(self, inputs: Iterator[Input | Failure]) -> None:
        self._inputs = inputs
        self.waiting: deque[Input | Failure] = deque()
        self._failures = 0
        self.broken: Exception | None = None

    def _next(self) -> Input | Failure | None:
        """The next input, its text checked; None at the end, and where the source itself breaks, which is kept."""
        if self.broken is not None:
            return None
        try:
            item = next(self._inputs, None)
        except Exception as error:
            self.broken = error
            return None
        if isinstance(item, Input):
            try:
                check_text(item.text)
            except InputError as error:
                return Failure(error, item.source, item.after, item.part)
        return item

    def up_to_a_text(self) -> Generator[Failure, None, Input | None]:
        """The failures in front of the next text; returns that text."""
        while isinstance(item := self._next(), Failure):
            yield item
        return item

    def texts(self, first: Input) -> Iterator[tuple[str, str | None]]:
        """The texts from one on, for a pipe, which takes some of them ahead."""
        item: Input | Failure | None = first
        while item is not None:
            self.waiting.append(item)
            if isinstance(item, Input):
                yield item.text, item.id
            else:
                self._failures += 1
                if self._failures >= _FAILURES_WAITING:
                    return
            item = self._next()

    def failures_in_front(self) -> Iterator[Failure]:
        """The failures before the first text that waits."""
        while self.waiting and isinstance(item := self.waiting[0], Failure):
            self.waiting.popleft()
            self._failures -= 1
            yield item

    def take(self) -> Input:
        """The first text that waits."""
        item = self.waiting.popleft()
        assert isinstance(item, Input)
        return item
