"""Inputs that failed, as JSON lines that can be read again as a list of inputs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from arner.batch.journal import json_line
from arner.errors import InputError
from arner.inputs import Failure, Source

__all__ = ["failure_record", "failures_path", "read_failures", "write_failures"]


def failures_path(output: Path) -> Path:
    """Where the failures of an output are listed, unless another place is named.

    >>> failures_path(Path("out.csv")).name
    'out.csv.failures.jsonl'
    """
    return output.with_name(output.name + ".failures.jsonl")


def failure_record(failure: Failure) -> dict[str, Any]:
    """A failure as the manifest lists it.

    Fields: `source` (as messages name it), `path`, `part` (line or list member from 1, or null for a whole file), `id`
    (that the text of the whole file takes), `error` (class of the exception), `message`.
    """
    return {
        "source": failure.shown,
        "path": failure.source.path,
        "part": failure.part,
        "id": failure.source.id,
        "error": type(failure.error).__name__,
        "message": failure.reason,
    }


def write_failures(file: IO[bytes], records: Iterable[dict[str, Any]]) -> None:
    """Put records into an open file, one a line."""
    for record in records:
        file.write(json_line(record))


def read_failures(path: str | Path) -> list[Source]:
    """The inputs that a manifest lists, to read them again: whole files, or the lines and members that failed.

    Raises:
        InputError: the file is no manifest of failures.
        OSError: it cannot be read.
    """
    parts: dict[tuple[str, str | None], set[int] | None] = {}
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                entry = json.loads(line)
                key, part = (entry["path"], entry["id"]), entry["part"]
                if not isinstance(key[0], str) or not isinstance(part, int | None):
                    raise TypeError
            except (ValueError, KeyError, TypeError):
                raise InputError(
                    f"{path}:{number}: not a line of a list of failures, as --failures writes it"
                ) from None
            known = parts.setdefault(key, set())
            if part is None or known is None:
                parts[key] = None
            else:
                known.add(part)
    return [Source(name, id, None if wanted is None else frozenset(wanted)) for (name, id), wanted in parts.items()]
