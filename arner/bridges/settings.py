"""How the extractor of a table is made, what it is made from, and the one of it that a process keeps."""

from __future__ import annotations

import os
import threading
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, cast

from arner._version import __version__
from arner.errors import InputError
from arner.stream import as_paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arner.extractor import Extractor

__all__ = ["ExtractorSettings", "fingerprint", "kept_extractor", "plain_settings"]


class ExtractorSettings(TypedDict, total=False):
    """Arguments of `arner.Extractor`, as the bridges hand them on. Paths must be there on every machine that reads.

    `threads` is 1 unless it is given: tables are read by many processes, which would fight for the cores otherwise.
    """

    model: str | Path
    rules: str | Path | Iterable[str | Path]
    knowledge: str | Path | Iterable[str | Path]
    min_score: float
    device: str
    threads: int


_THREADS: Final = 1

_kept: tuple[object, Extractor] | None = None
_lock = threading.Lock()


def fingerprint(settings: ExtractorSettings) -> tuple[str, ...]:
    """What is another where the same settings would read otherwise: arner's version, contents of files, a model."""
    parts = [__version__]
    for path in (*as_paths(settings.get("rules", ())), *as_paths(settings.get("knowledge", ()))):
        # A path may be one that only the machines of a cluster have.
        parts.append(sha256(path.read_bytes()).hexdigest() if path.is_file() else "absent")
    folder = Path(settings.get("model", "default"))
    if folder.is_dir():
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            stat = path.stat()
            parts.append(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}")
    return tuple(parts)


def plain_settings(settings: ExtractorSettings) -> ExtractorSettings:
    """The settings in an order and in types of their own, so that equal ones are pickled alike.

    Raises:
        InputError: one of them is unknown.
    """
    plain: dict[str, object] = {}
    for name, value in sorted(settings.items()):
        if name not in ExtractorSettings.__annotations__:
            raise InputError(f"unknown setting {name!r}; there are {', '.join(ExtractorSettings.__annotations__)}")
        if name in ("rules", "knowledge"):
            plain[name] = tuple(map(str, as_paths(cast("Iterable[str]", value))))
        else:
            plain[name] = str(value) if isinstance(value, Path) else value
    return cast("ExtractorSettings", plain)


def kept_extractor(settings: ExtractorSettings, made_of: tuple[str, ...]) -> Extractor:
    """The extractor with these settings: loaded at the first call of a process and kept until others are asked for.

    Args:
        settings: as `plain_settings` gives them.
        made_of: their `fingerprint`.

    Raises:
        ArnerError: as `arner.Extractor` does.
    """
    global _kept
    # A process that was forked must not use what its parent loaded.
    key = (os.getpid(), tuple(settings.items()), made_of)
    with _lock:
        if _kept is None or _kept[0] != key:
            from arner.extractor import Extractor

            _kept = None  # so that two models are never in memory at once
            _kept = key, Extractor(**cast("ExtractorSettings", {"threads": _THREADS, **settings}))
        return _kept[1]
