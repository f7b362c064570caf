"""What the measurements were made on."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["describe", "folder_name"]

_PACKAGES = ("arner", "onnxruntime", "tokenizers", "torch", "transformers", "spacy", "gliner", "stanza")


def describe() -> dict[str, object]:
    """Processor, cores, memory, system and versions."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        "gpu": _gpu(),
        "packages": {name: found for name in _PACKAGES if (found := _version(name)) is not None},
    }


def folder_name() -> str:
    """A name for the folder of this machine's results: processor and cores.

    >>> "/" in folder_name()
    False
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    name = re.sub(r"[^a-z0-9]+", "-", f"{_processor()} {cores} cores".lower())
    return name.strip("-")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        found = re.search(r"model name\s*: (.+)", info.read_text())
        if found is not None:
            return found[1].strip()
    return platform.processor() or platform.machine()


def _gpu() -> str | None:
    try:
        import torch
    except ImportError:
        return None
    return str(torch.cuda.get_device_name()) if torch.cuda.is_available() else None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
