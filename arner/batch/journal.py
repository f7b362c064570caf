"""The two files beside an output that is being made: the documents so far, and the journal of how far they go.

`OUT.partial` holds documents as JSON lines, whatever the output's format is. `OUT.journal` holds JSON lines too: first
what the batch is (`header`), then failures as they come, and checkpoints. A checkpoint says how many documents and
failures were complete, how long `OUT.partial` was, and where the inputs go on; it is written only after the documents
before it are on the disk. What stands behind the last checkpoint is dropped when the batch is gone on with, and done
again: so nothing is lost or done twice, wherever the process or the machine stopped.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from arner.batch.locking import lock
from arner.errors import ResumeError
from arner.inputs import Position

__all__ = ["Checkpoint", "Journal", "json_line"]

_INTERVAL: Final = 1.0
"""Seconds of work that a crash may cost, unless the disk is slow."""
_SHARE: Final = 0.05
"""Of the time that may go into waiting for the disk: where it is slow, checkpoints are rarer."""
_LONGEST: Final = 10.0
"""Seconds between two checkpoints, at most."""
_VERSION: Final = 1
_START: Final = b'{"journal": '


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a batch is.

    Attributes:
        documents: documents written.
        failures: inputs that failed.
        bytes: length of the documents' file.
        after: where the inputs go on.
        finished: whether that is their end.
    """

    documents: int = 0
    failures: int = 0
    bytes: int = 0
    after: Position = field(default_factory=Position)
    finished: bool = False


class Journal:
    """The documents and the journal of one output. Only one process holds them at a time.

    Args:
        output: the file that is being made.

    Raises:
        ResumeError: another process holds them.
        OSError: the folder cannot be written to.
    """

    def __init__(self, output: Path) -> None:
        self.documents_path, self.path = self.paths(output)
        self._journal = lock(self.path)
        self._documents: IO[bytes] | None = None
        self._next_save = 0.0
        self._length = 0  # of the journal, up to its last whole checkpoint
        self.state = Checkpoint()

    @staticmethod
    def paths(output: Path) -> tuple[Path, Path]:
        """The documents' file and the journal of an output."""
        return output.with_name(output.name + ".partial"), output.with_name(output.name + ".journal")

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of both files, which stay. A disk that is full is no error here: the last checkpoint holds."""
        with suppress(OSError):
            self._journal.flush()
        if os.fstat(self._journal.fileno()).st_size == 0:  # nothing was begun, or there was no room for the first line
            if self._documents is not None:
                self.documents_path.unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)
        for file in (self._documents, self._journal):
            if file is not None:
                with suppress(OSError):
                    file.close()

    def header(self) -> dict[str, Any] | None:
        """What the unfinished batch is, and `state` becomes how far it is; None where there is none.

        Raises:
            ResumeError: the journal is damaged, or another version of arner wrote it.
        """
        self._journal.seek(0)
        line = self._journal.readline()
        if line and not (line.startswith(_START) or _START.startswith(line)):
            raise ResumeError(
                f"{self.path}: is no journal of arner, which writes there; move it away, or name another -o"
            )
        head = _parsed(line)
        if head is None:  # the process died before anything was done
            return None
        if head["journal"] != _VERSION:
            raise ResumeError(f"{self.path}: another version of arner wrote this journal; start anew with --restart")
        held = self.documents_path.stat().st_size if self.documents_path.exists() else 0
        self.state, self._length = Checkpoint(), self._journal.tell()
        for line in iter(self._journal.readline, b""):
            entry = _parsed(line)
            if entry is None:
                break  # the process died here
            if "failed" in entry:
                continue
            state = _checkpoint(entry)
            if state.bytes > held and not state.finished:
                continue  # the machine died, and the disk had not got them all
            self.state, self._length = state, self._journal.tell()
        batch: dict[str, Any] = head["batch"]
        return batch

    def begin(self, batch: dict[str, Any]) -> None:
        """Start anew."""
        self.state = Checkpoint()
        self._journal.seek(0)
        self._journal.truncate()
        self._documents = self.documents_path.open("wb")
        self._write({"journal": _VERSION, "batch": batch})
        self.save()

    def go_on(self) -> None:
        """Go on after `state`, which `header` has set."""
        self._journal.seek(self._length)
        self._journal.truncate()
        if self.state.finished:
            return
        self._documents = os.fdopen(os.open(self.documents_path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        self._documents.seek(self.state.bytes)
        self._documents.truncate()

    def add(self, document: str, after: Position) -> None:
        """Put a document (JSON on one line) behind the others."""
        assert self._documents is not None, "begin() or go_on() comes first"
        line = document.encode() + b"\n"
        self._documents.write(line)
        was = self.state
        # One assignment: whatever interrupts us, the state is that of a whole document.
        self.state = Checkpoint(was.documents + 1, was.failures, was.bytes + len(line), after)
        self._save_at_times()

    def fail(self, record: dict[str, Any], after: Position) -> None:
        """Put down an input that failed."""
        was = self.state
        self._write({"failed": record, "number": was.failures + 1})
        self.state = Checkpoint(was.documents, was.failures + 1, was.bytes, after)
        self._save_at_times()

    def finish(self, after: Position) -> None:
        """Put down that all inputs are done."""
        was = self.state
        self.state = Checkpoint(was.documents, was.failures, was.bytes, after, finished=True)
        self.save()

    def failures(self) -> Iterator[dict[str, Any]]:
        """The failures so far, in order."""
        self._journal.flush()
        with self.path.open("rb") as file:
            last = 0
            for line in file:
                entry = _parsed(line)
                # One that was interrupted between the line and the state has its number twice.
                if entry is not None and "failed" in entry and last < entry["number"] <= self.state.failures:
                    last = entry["number"]
                    yield entry["failed"]

    def save(self) -> None:
        """Write a checkpoint, behind the documents that it speaks of."""
        began = time.monotonic()
        state = self.state
        if self._documents is not None:
            self._documents.flush()
            os.fsync(self._documents.fileno())
        self._write({**asdict(state), "after": asdict(state.after)})
        self._journal.flush()
        os.fsync(self._journal.fileno())
        now = time.monotonic()
        self._next_save = now + max(_INTERVAL, min((now - began) / _SHARE, _LONGEST))

    def _save_at_times(self) -> None:
        if time.monotonic() >= self._next_save:
            self.save()

    def _write(self, entry: dict[str, Any]) -> None:
        self._journal.write(json_line(entry))

    def close_documents(self) -> None:
        """Nothing more is added."""
        if self._documents is not None:
            self._documents.close()
            self._documents = None

    def remove(self) -> None:
        """The output is in its place: nothing is left beside it."""
        self.documents_path.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


def _checkpoint(entry: dict[str, Any]) -> Checkpoint:
    return Checkpoint(**{**entry, "after": Position(**entry["after"])})


def _parsed(line: bytes) -> dict[str, Any] | None:
    """A whole line as an object; None for one that is cut off."""
    if not line.endswith(b"\n"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def json_line(value: object) -> bytes:
    """JSON on a line; Arabic as it is, but a file name that is no UTF-8 with escapes, so that it can be read back."""
    try:
        return json.dumps(value, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value).encode() + b"\n"
