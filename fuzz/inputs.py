"""Target: the files that `arner extract` is given."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from arner.inputs import Failure, read_inputs

__all__ = ["command_input"]


@lru_cache(maxsize=1)
def _folder() -> Path:
    memory = Path("/dev/shm")  # noqa: S108  # a folder in memory, where there is one
    folder = tempfile.mkdtemp(prefix="arner-fuzz-", dir=memory if memory.is_dir() else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def command_input(data: bytes) -> None:
    """A text, JSON lines or JSON, in one of several encodings: the first byte says which."""
    first = data[0] if data else 0
    ending = (".txt", ".jsonl", ".json")[first % 3]
    encoding = ("utf-8", "utf-16", "windows-1256", "utf-8-sig", "utf-32")[first // 3 % 5]
    path = _folder() / f"news{ending}"
    path.write_bytes(data[1:])
    for item in read_inputs([str(path)], encoding):
        assert str(item.error) if isinstance(item, Failure) else isinstance(item.text, str)
