"""Style sheets: files beside this one, made small."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

__all__ = ["style"]


@lru_cache
def style(*names: str) -> str:
    """The sheets of these names, one after another, without comments and line breaks.

    >>> style("colours").startswith(".arner { color-scheme: light dark;")
    True
    """
    folder = files("arner.export.html")
    sheets = "\n".join(folder.joinpath(f"{name}.css").read_text(encoding="utf-8") for name in names)
    return " ".join(re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL).split())
