"""What is wrong with a SPARQL query, in words."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["sparql_error"]

_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.S)
_LONGEST: Final = 120
"""Characters of what was expected that are told, of a list that may fill a page."""


def sparql_error(message: str, sparql: str) -> str:
    """The message of pyoxigraph with the line it speaks of.

    >>> sparql_error("error at 1:12: expected one of FROM, WHERE, ['a' ..= 'z']", "SELECT ?who WHRE { ?who ?p ?o }")
    "the query is wrong at line 1, column 12, at 'WHRE { ?who ?p ?o }'; expected there: FROM, WHERE"
    """
    found = _PLACE.fullmatch(message)
    if found is None:
        return f"the query is wrong: {message}"
    line, column = int(found[1]), int(found[2])
    lines = sparql.splitlines() or [""]
    rest = lines[line - 1][column - 1 :].strip()[:40] if line <= len(lines) else ""
    where = (
        f"the query is wrong at line {line}, column {column}, {f'at {rest!r}' if rest else 'at the end of the line'}"
    )
    if "Prefix not found" in found[3]:
        return f"{where}; the prefix is not declared: write PREFIX name: <IRI> before the query"
    # Lists of single letters help nobody.
    expected = re.sub(r"\[[^\]]*\](?:\s*\|[^,\]]*\])*,?\s*", "", found[3]).strip(" ,")
    if not expected or len(expected) > _LONGEST:
        return where
    return f"{where}; expected there: {expected}"
