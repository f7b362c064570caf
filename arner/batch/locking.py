"""A file that one process holds at a time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from arner.errors import ResumeError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such call, and no lock is held there
    fcntl = None  # type: ignore[assignment]

__all__ = ["lock"]


def lock(path: Path) -> IO[bytes]:
    """The file, open to be read and written, and locked until it is closed or the process ends, however it ends.

    It is made where there is none.

    Raises:
        ResumeError: another process holds it.
        OSError: it cannot be made or opened.
    """
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        try:
            if fcntl is not None:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise ResumeError(f"{path}: another process is writing this output; wait until it ends") from None
            # The one that held it may have removed it since we opened it.
            if os.fstat(file.fileno()).st_nlink:
                return file
        except BaseException:
            file.close()
            raise
        file.close()
