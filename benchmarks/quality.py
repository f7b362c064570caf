"""Strict F1 by type of every model named, on every file given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arner.training.evaluation.evaluating import evaluate

__all__ = ["quality"]


def quality(models: Sequence[str], data: Sequence[Path], device: str) -> list[dict[str, Any]]:
    """A row for each model and file, with `arner.evaluate`; by default it counts only types that the file has."""
    rows: list[dict[str, Any]] = []
    for path in data:
        for model in models:
            report = evaluate(model, path, device=device)
            rows.append(
                {
                    "data": path.name if path.is_file() else path.as_posix().rsplit("/", 2)[-1],
                    "model": model,
                    "texts": report.texts,
                    "precision": report.strict.precision,
                    "recall": report.strict.recall,
                    "f1": report.strict.f1,
                    "interval": None if report.interval is None else report.interval.model_dump(),
                    "by_type": {kind: score.f1 for kind, score in report.strict_by_type.items()},
                }
            )
    return rows
