"""The folder of a store on disk: it is read as it is, and replaced as a whole by one that is written beside it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arner.errors import InputError
from arner.export.statements import full_iri
from arner.kg import terms

if TYPE_CHECKING:
    from pyoxigraph import Store

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such call, and no lock is held there
    fcntl = None  # type: ignore[assignment]

__all__ = ["is_there", "open_to_read", "replaced"]


def is_there(path: Path) -> bool:
    """Whether there is a store to read.

    Raises:
        InputError: something else is there.
    """
    _put_back(path)
    if not path.exists():
        return False
    if not (path / "CURRENT").is_file():
        raise InputError(f"{path}: is there, and is no knowledge graph; name another path")
    return True


def open_to_read(path: Path) -> Store:
    """The store at a path. Many may read it at once; what is written meanwhile is not seen.

    Raises:
        InputError: it is broken, or no graph that arner wrote.
    """
    oxigraph = terms.load_pyoxigraph()
    try:
        store: Store = oxigraph.Store.read_only(str(path))
    except (OSError, RuntimeError) as error:  # RocksDB calls a broken file a RuntimeError
        raise InputError(f"{path}: cannot be read as a knowledge graph: {error}") from error
    check(store, path)
    return store


def check(store: Store, path: Path) -> None:
    """Raise unless a store is a graph of this version."""
    oxigraph: Any = terms.load_pyoxigraph()
    node = oxigraph.NamedNode(terms.ENTITIES)
    found = next(store.quads_for_pattern(node, oxigraph.NamedNode(terms.VERSION), None, node), None)
    version = None if found is None else found.object.value
    if version is None:
        raise InputError(
            f"{path}: is a store, and no knowledge graph that arner wrote (no {full_iri('arner:graphVersion')})"
        )
    if version != terms.VERSION_NOW:
        raise InputError(
            f"{path}: has version {version} of the graph, and this arner reads {terms.VERSION_NOW}; build it anew"
        )


@contextmanager
def replaced(path: Path) -> Iterator[Store]:
    """A store to write into, which takes the place of the one at a path when the block ends well.

    It begins as a copy, whose files are those of the original as long as they do not change. Where the block fails or
    the process is killed, the original stays as it was.

    Raises:
        InputError: another process is writing this graph, or what is there is no graph.
        OSError: the folder cannot be written.
    """
    oxigraph = terms.load_pyoxigraph()
    partial = path.with_name(f".{path.name}.partial")
    with _alone(path):
        shutil.rmtree(partial, ignore_errors=True)  # of a process that was killed
        store: Any = None
        try:
            if is_there(path):
                open_to_read(path).backup(str(partial))
            store = oxigraph.Store(str(partial))
            yield store
            store.flush()
            store = None  # which closes it
            _swap(partial, path)
        except BaseException:
            store = None
            raise
        finally:
            _remove(partial)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """A block that only one process runs for a path."""
    lock = path.with_name(f".{path.name}.lock")
    with lock.open("wb") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(f"{path}: another process is adding to this graph; wait until it ends") from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _remove(folder: Path) -> None:
    """Remove a folder, into which a store that is held by the traceback of a failure may still write for a moment."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)


def _swap(partial: Path, path: Path) -> None:
    before = _aside(path)
    shutil.rmtree(before, ignore_errors=True)
    if path.exists():
        os.rename(path, before)
    os.rename(partial, path)
    shutil.rmtree(before, ignore_errors=True)


def _put_back(path: Path) -> None:
    """Where a process was killed between the two steps of a swap, nothing is at the path: the earlier store returns."""
    if not path.exists() and _aside(path).exists():
        os.rename(_aside(path), path)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.before")
