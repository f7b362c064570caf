"""`arner extract --engine ray`: tables in, a folder of Parquet out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from arner.cli.status import report, tell
from arner.inputs import expand

__all__ = ["extract_with_ray"]


def extract_with_ray(
    files: list[str] | None, output: Path | None, unused: Mapping[str, bool], *, workers: int | None, **settings: Any
) -> bool:
    """Read the tables; whether any row could not be read.

    Args:
        files: names and patterns, as the command line has them.
        output: the folder to write.
        unused: options that have no meaning here → whether they were given.
        workers: the most actors.
        settings: arguments of `arner.Extractor`.
    """
    if not files or output is None:
        raise typer.BadParameter(
            "Ray reads .parquet or .jsonl files and writes a folder: name both, for example "
            "arner extract --engine ray 'news/*.parquet' -o read",
            param_hint="--engine",
        )
    for option, given in unused.items():
        if given:
            raise typer.BadParameter(f"Ray writes Parquet, in one go; it takes no {option}", param_hint="--engine")
    from arner import ray

    counts = ray.extract_files(expand(files), output, workers=workers, **settings)
    tell(f"{counts.rows:,} row{'s'[: counts.rows != 1]} in {output}")
    if counts.errors:
        report(f"{counts.errors:,} of them could not be read; the column 'error' says why")
    return counts.errors > 0
