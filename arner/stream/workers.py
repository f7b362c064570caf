"""Texts read by several processes: in order, in bounded memory, each process with a model of its own."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final, TypeVar

from arner.errors import ArnerError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["map_in_processes"]

T = TypeVar("T")
R = TypeVar("R")

_AHEAD: Final = 2
"""Batches that a process has before it: the one that it reads and the next."""

_reader: Any = None


def _set_up(parent: Connection, make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    global _reader
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _reader = make(*arguments)


def _end_with(parent: Connection) -> None:
    """End this process at once when the other end is closed: by the parent, or by its death, however it died."""
    try:
        parent.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


def _apply(method: str, batch: Any) -> Any:
    return getattr(_reader, method)(batch)


def map_in_processes(
    make: Callable[..., Any], arguments: tuple[Any, ...], method: str, batches: Iterator[T], workers: int
) -> Iterator[Any]:
    """What a method gives for each batch, in the order of the batches.

    No more batches are taken than the processes have room for, so that a slow consumer slows the source down. The
    processes take no notice of Ctrl-C, which is for this one; they end when the iterator is closed or this process
    ends, and do not wait for the batches that they read.

    Args:
        make: called once in every process, with `arguments`; gives the object whose method is called.
        arguments: must be picklable, like `make`, the batches and the results.
        method: name of the method, which takes a batch.
        batches: may be endless.
        workers: processes.

    Raises:
        ArnerError: a process died.
    """
    context = get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_set_up, initargs=(theirs, make, arguments))
    running: deque[Future[Any]] = deque()
    number = 0
    try:
        for batch in batches:
            with _no_interrupt():
                running.append(pool.submit(_apply, method, batch))
            if len(running) >= workers * _AHEAD:
                number += 1
                yield running.popleft().result()
        while running:
            number += 1
            yield running.popleft().result()
    except BrokenProcessPool as error:
        raise ArnerError(
            f"a process that reads texts died in batch {number}, perhaps for want of memory, or since the program that "
            'started it has no `if __name__ == "__main__":`; use fewer workers, or workers=1 to read in this process'
        ) from error
    finally:
        if running:
            ours.close()  # what they still read is not wanted
        pool.shutdown(wait=True, cancel_futures=True)
        ours.close()
        theirs.close()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold back Ctrl-C: a process that is started within never hears of it, and this one does right after."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
