"""One thread that reads for all requests: a bounded queue, and batches across requests."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from arner.serve.problems import overloaded, stopping

if TYPE_CHECKING:
    from arner.extractor import TextItem
    from arner.serve.metrics import Metrics
    from arner.serve.settings import Settings

__all__ = ["Batcher", "Job"]

_log = logging.getLogger("arner.serve")

_LEARNING: Final = 0.2
"""Weight of the last batch in the estimate of the speed."""


@dataclass(eq=False, slots=True)
class Job:
    """The texts of one request. `results` come in their order; each is the JSON of one text."""

    waiting: deque[tuple[TextItem, Future[bytes]]]
    results: list[Future[bytes]]
    alone: Callable[[TextItem], bytes] | None
    queued_at: float
    chars: int = field(default=0)


class Batcher:
    """A queue before one thread that reads.

    Texts of several requests are read in one batch; a request with many texts takes turns with the others, so that it
    does not hold them up.

    Args:
        read: reads a batch; returns the JSON of each text.
        settings: sizes of batches and of the queue.
        metrics: told of what is read.
    """

    def __init__(
        self, read: Callable[[Sequence[TextItem]], Sequence[bytes]], settings: Settings, metrics: Metrics
    ) -> None:
        self._read = read
        self._settings = settings
        self._metrics = metrics
        self._changed = threading.Condition()
        self._jobs: OrderedDict[Job, None] = OrderedDict()
        self._texts = 0
        self._chars = 0
        self._in_work = 0
        self._speed: float | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="arner-reader", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def measure(self, item: TextItem) -> None:
        """Read a batch of one text over and over, so that the speed is known before the first request comes.

        Without it, a rush at the start would be accepted beyond what can be read in time.
        """
        items = [item] * self._settings.batch_texts
        self._read(items)  # the first time is slower
        begin = time.monotonic()
        self._read(items)
        self._speed = sum(len(item.text) for item in items) / max(time.monotonic() - begin, 1e-6)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def ready(self) -> bool:
        """Whether texts are taken and read."""
        return self._thread.is_alive() and not self._closing

    def submit(
        self,
        items: Sequence[TextItem],
        *,
        alone: Callable[[TextItem], bytes] | None = None,
        promised: bool = False,
    ) -> Job:
        """Put the texts of a request into the queue, all or none.

        Args:
            items: the texts.
            alone: reads each of them in place of the batch.
            promised: the texts belong to a request that was accepted before, so a full queue takes them too.

        Raises:
            RefusalError: the queue is full, or the server stops.
        """
        chars = sum(len(item.text) for item in items)
        with self._changed:
            if self._closing:
                raise stopping()
            if not promised and self._full(len(items), chars):
                raise overloaded(self._wait() if self._speed else 5)
            job = Job(deque((item, Future()) for item in items), [], alone, time.monotonic(), chars)
            job.results = [future for _, future in job.waiting]
            self._jobs[job] = None
            self._count(len(items), chars)
            self._changed.notify()
        return job

    def cancel(self, job: Job) -> None:
        """Take back what has not been read of a job: its client left, or its time is over."""
        with self._changed:
            if self._jobs.pop(job, job) is None:
                self._count(-len(job.waiting), -job.chars)
        for _, future in job.waiting:
            future.cancel()

    def close(self) -> None:
        """Read what is in the queue, then stop. Returns when the thread has ended."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def abandon(self) -> None:
        """Take back all that waits; for a stop that may not last."""
        with self._changed:
            jobs = list(self._jobs)
        for job in jobs:
            self.cancel(job)

    def _full(self, texts: int, chars: int) -> bool:
        limits = self._settings
        return (
            self._texts + texts > limits.queue_texts
            or (self._texts > 0 and self._chars + chars > limits.queue_chars)
            or self._wait() > limits.max_wait
        )

    def _wait(self) -> float:
        """Seconds that what waits and what is in work are estimated to need."""
        return (self._chars + self._in_work) / self._speed if self._speed else 0.0

    def _count(self, texts: int, chars: int) -> None:
        self._texts += texts
        self._chars += chars
        self._metrics.queue_texts.set(self._texts)
        self._metrics.queue_characters.set(self._chars)

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            if not batch:
                continue
            begin = time.monotonic()
            self._answer(batch)
            seconds = time.monotonic() - begin
            with self._changed:
                chars, self._in_work = self._in_work, 0
                if seconds > 0 and chars:
                    speed = chars / seconds
                    self._speed = speed if self._speed is None else self._speed + _LEARNING * (speed - self._speed)
            self._metrics.batch_texts.observe(len(batch))
            self._metrics.batch_seconds.observe(seconds)

    def _next_batch(self) -> list[tuple[Job, TextItem, Future[bytes]]] | None:
        """The texts to read next, perhaps none since all were taken back; None when the queue is closed and empty."""
        with self._changed:
            while not self._jobs and not self._closing:
                self._changed.wait()
            if not self._jobs:
                return None
            self._let_others_join()
            batch: list[tuple[Job, TextItem, Future[bytes]]] = []
            chars = 0
            while self._jobs and len(batch) < self._settings.batch_texts:
                job = next(iter(self._jobs))
                item, future = job.waiting[0]
                if batch and (chars + len(item.text) > self._settings.batch_chars or job.alone or batch[0][0].alone):
                    break
                del self._jobs[job]
                job.waiting.popleft()
                job.chars -= len(item.text)
                if job.waiting:
                    self._jobs[job] = None  # to the end of the line
                self._count(-1, -len(item.text))
                if future.set_running_or_notify_cancel():
                    batch.append((job, item, future))
                    chars += len(item.text)
            self._in_work = chars
            return batch

    def _let_others_join(self) -> None:
        """Wait a moment while the queue does not fill a batch."""
        limits = self._settings
        end = next(iter(self._jobs)).queued_at + limits.batch_window
        while not self._closing and self._texts < limits.batch_texts and self._chars < limits.batch_chars:
            left = end - time.monotonic()
            if left <= 0:
                return
            self._changed.wait(left)
            if not self._jobs:  # taken back meanwhile
                return

    def _answer(self, batch: list[tuple[Job, TextItem, Future[bytes]]]) -> None:
        begin = time.monotonic()
        for job, _, _ in batch:
            self._metrics.queue_seconds.observe(begin - job.queued_at)
        items = [item for _, item, _ in batch]
        alone = batch[0][0].alone
        if alone is None and len(batch) > 1:
            try:
                results = self._read(items)
            except Exception:  # whatever it is, it must not take the other requests with it
                _log.exception("a batch of %d texts failed; its texts are read one by one", len(batch))
            else:
                for (_, item, future), result in zip(batch, results, strict=True):
                    self._done(item, future, result)
                return
        for _, item, future in batch:
            try:
                result = self._read([item])[0] if alone is None else alone(item)
            except Exception as error:  # told to the client whose text it is; the thread goes on
                self._metrics.failures.inc()
                future.set_exception(error)
            else:
                self._done(item, future, result)

    def _done(self, item: TextItem, future: Future[bytes], result: bytes) -> None:
        self._metrics.texts.inc()
        self._metrics.characters.inc(len(item.text))
        future.set_result(result)
