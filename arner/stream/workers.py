"""Texts read by several processes: in order, in bounded memory, each process with a model of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Final, TypeVar

from arner.errors import ArnerError

__all__ = ["map_in_processes"]

T = TypeVar("T")
R = TypeVar("R")

_AHEAD: Final = 2
"""Batches that a process has before it: the one that it reads and the next."""

_reader: Any = None


def _set_up(make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    global _reader
    _reader = make(*arguments)


def _apply(method: str, batch: Any) -> Any:
    return getattr(_reader, method)(batch)


def map_in_processes(
    make: Callable[..., Any], arguments: tuple[Any, ...], method: str, batches: Iterator[T], workers: int
) -> Iterator[Any]:
    """What a method gives for each batch, in the order of the batches.

    No more batches are taken than the processes have room for, so that a slow consumer slows the source down.

    Args:
        make: called once in every process, with `arguments`; gives the object whose method is called.
        arguments: must be picklable, like `make`, the batches and the results.
        method: name of the method, which takes a batch.
        batches: may be endless.
        workers: processes.

    Raises:
        ArnerError: a process died.
    """
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_set_up, initargs=(make, arguments)
    )
    running: deque[Future[Any]] = deque()
    number = 0
    try:
        for batch in batches:
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
        pool.shutdown(wait=True, cancel_futures=True)
