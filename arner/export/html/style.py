"""Style sheets and the script of the page: files beside this one; style sheets are made small."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

__all__ = ["script", "style"]


@lru_cache
def style(*names: str) -> str:
    """The sheets of these names, one after another, without comments and line breaks.

    >>> style("colours").startswith(".arner { color-scheme: light dark;")
    True
    """
    folder = files("arner.export.html")
    sheets = "\n".join(folder.joinpath(f"{name}.css").read_text(encoding="utf-8") for name in names)
    return " ".join(re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL).split())


@lru_cache
def script() -> str:
    """The script of the page. It is the same for all documents, so that a policy can name it by its hash.

    >>> "innerHTML" in script() or "</" in script()
    False
    """
    return files("arner.export.html").joinpath("page.js").read_text(encoding="utf-8")
