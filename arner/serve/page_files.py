"""The page at `/` and its files: read once, sent with a policy that allows nothing but them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from arner.export.html.style import style
from arner.export.labels import ARABIC_RELATIONS, ARABIC_STATUS, ARABIC_TYPES

__all__ = ["PAGE_POLICY", "page_file", "page_paths"]

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    tag: str


@lru_cache
def _files() -> dict[str, _File]:
    """The files by path."""
    folder = files("arner.serve").joinpath("page")
    labels = {
        "relations": {type.value: words for type, words in ARABIC_RELATIONS.items()},
        "types": ARABIC_TYPES,
        "status": ARABIC_STATUS,
    }
    contents = {
        "/": (folder.joinpath("index.html").read_text(encoding="utf-8"), "text/html"),
        "/page/page.css": (
            style("colours", "page") + folder.joinpath("page.css").read_text(encoding="utf-8"),
            "text/css",
        ),
        "/page/labels.json": (json.dumps(labels, ensure_ascii=False), "application/json"),
    }
    for name in ("page.js", "words.js", "relations.js"):
        contents[f"/page/{name}"] = (folder.joinpath(name).read_text(encoding="utf-8"), "text/javascript")
    return {
        path: _File(text.encode(), media_type, f'"{sha256(text.encode()).hexdigest()[:16]}"')
        for path, (text, media_type) in contents.items()
    }


def page_paths() -> tuple[str, ...]:
    """The paths that the page consists of.

    >>> page_paths()[0]
    '/'
    """
    return tuple(_files())


async def page_file(request: Request) -> Response:
    """A file of the page; nothing where the browser has it already."""
    file = _files()[request.scope["route"].path]
    headers = {"content-security-policy": PAGE_POLICY, "cache-control": "no-cache", "etag": file.tag}
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
