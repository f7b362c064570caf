"""Whose run a folder holds: one of these data and options, another's, a finished one, or none."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arner.errors import InputError
from arner.training.data.labelled import LabelledText
from arner.training.output.report import FinetuneReport
from arner.training.tuning.base import Base
from arner.training.tuning.checkpoint import write_atomic
from arner.training.tuning.config import FinetuneConfig
from arner.training.tuning.heads import LabelPlan

__all__ = ["Claim", "check_output"]

_RUN = "run.json"
_REPORT = "finetune.json"


class Claim:
    """The right of one run to a folder, told by its options, its data and its base model.

    Args:
        output: the folder of the model.
    """

    def __init__(
        self,
        output: Path,
        config: FinetuneConfig,
        base: Base,
        plan: LabelPlan,
        parts: Sequence[Sequence[LabelledText]],
        hardware: Any,
    ) -> None:
        self._output = output
        self.checkpoints = output / "checkpoints"
        run = {
            "config": config.model_dump(mode="json", exclude={"save_seconds", "tensorboard"}),
            "base": base.name,
            "weights": base.fingerprint,
            "labels": plan.labels,
            "data": [_digest(part) for part in parts],
            "hardware": [hardware.device, hardware.precision],
        }
        self._run = json.loads(json.dumps(run))

    def finished(self) -> FinetuneReport | None:
        """The report of this very run, if it has ended.

        Raises:
            InputError: the folder is a file, or holds something else.
        """
        output = self._output
        check_output(output)
        path = output / _REPORT
        if path.is_file() and not (self.checkpoints / _RUN).is_file():
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["run"] != self._run:
                raise InputError(
                    f"{output} is not empty: it holds a model of other data or options "
                    f"({self._differences(kept['run'])}). Name another folder for the new model, or empty it first"
                )
            shutil.rmtree(self.checkpoints, ignore_errors=True)
            return FinetuneReport.model_validate(kept["report"])
        return None

    def take(self) -> None:
        """Makes the folder this run's own, so that no other goes on from its checkpoint.

        Raises:
            InputError: it holds an unfinished run of other data or options.
        """
        path = self.checkpoints / _RUN
        if path.is_file():
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept != self._run:
                raise InputError(
                    f"{self._output} holds an unfinished run with other data or options ({self._differences(kept)}). "
                    f"Call it with those to go on, name another folder, or delete {self.checkpoints}"
                )
            return
        write_atomic(path, json.dumps(self._run, indent=2) + "\n")

    def finish(self, report: FinetuneReport) -> None:
        """Keeps the report, and drops the checkpoint."""
        kept = {"run": self._run, "report": report.model_dump(mode="json")}
        write_atomic(self._output / _REPORT, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        (self.checkpoints / _RUN).unlink()  # from here on the run counts as ended
        shutil.rmtree(self.checkpoints)

    def _differences(self, kept: dict[str, Any]) -> str:
        """What differs between that run and this one, by name."""
        ours, theirs = ({**run.get("config", {}), **run} for run in (self._run, kept))
        names = [name for name in sorted(ours) if name != "config" and ours[name] != theirs.get(name)]
        return "other " + ", ".join(names)


def check_output(output: Path) -> None:
    """Checks that a folder is free for a model, or holds a run of arner.

    Raises:
        InputError: it is a file, or holds something else.
    """
    if output.exists() and not output.is_dir():
        raise InputError(f"{output} is a file; name a folder for the new model")
    if not output.is_dir() or not any(output.iterdir()):
        return
    if not (output / "checkpoints").is_dir() and not (output / _REPORT).is_file():
        raise InputError(f"{output} is not empty; name another folder for the new model, or empty it first")


def _digest(texts: Sequence[LabelledText]) -> str:
    """Tells texts from others, wherever their files lie."""
    digest = hashlib.sha256()
    files: dict[str, int] = {}
    for text in texts:
        number = files.setdefault(text.source.file, len(files))
        digest.update(json.dumps([number, text.key, text.labels]).encode())
    return digest.hexdigest()
