"""What decides the results of a batch, written down so that it can be compared when the batch is gone on with."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arner._version import __version__
from arner.inputs import STDIN, Position, Source
from arner.ner.models import find_folder

if TYPE_CHECKING:
    from arner.extractor import Extractor, ExtractorOptions

__all__ = ["can_be_read_again", "describe", "describe_inputs", "differences", "input_sizes"]

_PACKAGE = Path(__file__).resolve().parent.parent


def describe(extractor: Extractor, *, encoding: str, format: str) -> dict[str, Any]:
    """The settings under the names that a user knows them by; files by the digest of what they hold."""
    options = extractor.options
    built_in = [*_PACKAGE.glob("relations/rules/*.toml"), *_PACKAGE.glob("knowledge/data/*.jsonl")]
    return {
        "arner": __version__,
        "built-in rules and knowledge": _digest(sorted(built_in)),
        "--model": extractor.model,
        "model files": _digest(_model_files(options)),
        "--rules": [[str(path), _digest([path])] for path in options.rules],
        "--knowledge": [[str(path), _digest([path])] for path in options.knowledge],
        "--min-score": options.min_score,
        "--date": None if options.date is None else options.date.isoformat(),
        "--device": extractor.device,
        "--encoding": encoding,
        "--format": format,
    }


def _model_files(options: ExtractorOptions) -> list[Path]:
    """The files of an embedded or local model; none for a Hugging Face id, of which the name must do."""
    folder = find_folder(options.model)
    if folder is None:
        return []
    weights = [folder / name for name in ("model_int8.onnx", "model.onnx", "model.safetensors")]
    if options.device.startswith("cuda"):
        weights.reverse()
    files = [folder / name for name in ("config.json", "tokenizer.json", "arner.json")]
    return [path for path in files if path.is_file()] + [path for path in weights if path.is_file()][:1]


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        status = path.stat()
        digest.update(f"{path.name}\0".encode("utf-8", "surrogateescape"))
        digest.update(_file_digest(path, status.st_size, status.st_mtime_ns))
    return digest.hexdigest()[:32]


@lru_cache(maxsize=1024)
def _file_digest(path: Path, size: int, changed: int) -> bytes:  # noqa: ARG001 - they are a part of the key
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def describe_inputs(sources: Sequence[Source]) -> list[list[Any]]:
    """Each source as path, size in bytes, time of its last change (ns), and the parts of it that are read."""
    return [
        [source.path, *_size_and_time(source.path), None if source.parts is None else sorted(source.parts)]
        for source in sources
    ]


def input_sizes(sources: Sequence[Source]) -> list[int]:
    """Bytes of each source; 0 where they are not known."""
    return [_size_and_time(source.path)[0] or 0 for source in sources]


def _size_and_time(path: str) -> tuple[int | None, int | None]:
    """None and None for what is not there, or is no file whose bytes can be read twice."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None, None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else (None, None)


def can_be_read_again(source: Source) -> bool:
    """Whether the source can be read again from a place on: standard input, pipes and devices cannot.

    What is not there counts as regular: it fails the same way again.
    """
    if source.path == STDIN:
        return False
    try:
        mode = os.stat(source.path).st_mode
    except (OSError, ValueError):
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def differences(before: dict[str, Any], now: dict[str, Any], done: Position) -> list[str]:
    """What has changed between two descriptions of a batch, in words. Inputs that are not begun may have changed.

    >>> was = {"settings": {"--date": None}, "inputs": [["a.txt", 9, 1, None]]}
    >>> differences(was, {"settings": {"--date": "2024-11-27"}, "inputs": []}, Position())
    ['--date was not given and is 2024-11-27', 'there were 1 inputs and are 0']
    """
    return [*_changed_settings(before["settings"], now["settings"]), *_changed_inputs(before, now, done)]


def _changed_settings(before: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for name, value in now.items():
        was = before.get(name)
        if was == value:
            continue
        if isinstance(value, list):  # of files and their digests
            were, are = [path for path, _ in was or ()], [path for path, _ in value]
            if were != are:
                yield f"{name} was {_shown(were)} and is {_shown(are)}"
            else:
                changed = [path for (path, old), (_, new) in zip(was or (), value, strict=True) if old != new]
                yield f"{name}: {', '.join(changed)} holds something else now"
        elif not name.startswith("-") and name != "arner":
            yield f"{name}: they hold something else now"
        else:
            yield f"{name} was {_shown(was)} and is {_shown(value)}"


def _shown(value: object) -> str:
    if value is None or value == []:
        return "not given"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _changed_inputs(before: dict[str, Any], now: dict[str, Any], done: Position) -> Iterator[str]:
    was, are = before["inputs"], now["inputs"]
    if len(was) != len(are):
        yield f"there were {len(was)} inputs and are {len(are)}"
    for number, (old, new) in enumerate(zip(was, are, strict=False), 1):
        if old[0] != new[0] or old[3] != new[3]:
            yield f"input {number} was {_named(old)} and is {_named(new)}"
            return
    begun = done.file + (done.parts > 0)
    for old, new in zip(was[:begun], are, strict=False):
        if old[1:3] != new[1:3]:
            yield f"{new[0]} has changed since it was read"
            return


def _named(entry: Sequence[Any]) -> str:
    return str(entry[0]) if entry[3] is None else f"{entry[0]} (lines or members {', '.join(map(str, entry[3][:5]))}…)"
