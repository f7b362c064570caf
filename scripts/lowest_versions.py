"""The lowest versions that pyproject.toml allows, one a line: of the core, and of the extras that are named.

python scripts/lowest_versions.py [EXTRA ...]
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

PROJECT: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]


def lowest(requirement: str) -> str:
    """The requirement with its floor as its only version.

    >>> lowest("ray[data]>=2.40,<3")
    'ray[data]==2.40'
    """
    match = re.fullmatch(r"([\w.-]+(?:\[[\w,]+\])?)>=([\w.]+)(?:,.*)?", requirement)
    if match is None:
        raise SystemExit(f"{requirement!r} in pyproject.toml has no floor: write NAME>=VERSION,<NEXT")
    return f"{match[1]}=={match[2]}"


def requirements(extra: str) -> list[str]:
    """What an extra needs, with that of the extras that it names."""
    found: list[str] = []
    for requirement in PROJECT["optional-dependencies"][extra]:
        inner = re.fullmatch(r"arner\[([\w,]+)\]", requirement)
        found += [item for name in inner[1].split(",") for item in requirements(name)] if inner else [requirement]
    return found


if __name__ == "__main__":
    for line in [*PROJECT["dependencies"], *(item for extra in sys.argv[1:] for item in requirements(extra))]:
        print(lowest(line))
