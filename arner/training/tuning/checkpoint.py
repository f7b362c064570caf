"""Files that a killed run leaves whole: tensors and state in one safetensors file, replaced in one step."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["read_state", "read_tensors", "write_atomic", "write_tensors"]


def write_tensors(path: Path, tensors: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Writes torch tensors, and with them a state that JSON can hold.

    Whoever reads `path` sees the old file or the new one, and never a part: the new one is written beside it, is on the
    disk, and then takes its name.
    """
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    whole = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    save_file(whole, new, metadata={"state": json.dumps(state)})
    _onto_disk(new)
    new.replace(path)


def write_atomic(path: Path, text: str) -> None:
    """Writes a text file, or leaves the one that was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    _onto_disk(new)
    new.replace(path)


def _onto_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def read_state(path: Path) -> dict[str, Any]:
    """The state in a file of `write_tensors`."""
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        state: dict[str, Any] = json.loads(file.metadata()["state"])
    return state


def read_tensors(path: Path) -> dict[str, Any]:
    """The tensors in a file of `write_tensors`, on the CPU."""
    from safetensors.torch import load_file

    tensors: dict[str, Any] = load_file(path)
    return tensors
