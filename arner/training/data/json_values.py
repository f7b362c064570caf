"""The values of a JSON or JSON-lines file with the line of each; what is broken, or said twice, is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from arner.errors import LabelledDataError
from arner.training.data.files import shown

__all__ = ["json_values"]

_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_CUT_SHORT: Final = "; is the file cut short? Export it again"


def json_values(content: str, path: Path) -> Iterator[tuple[int, Any]]:
    """Each value with its line: of a list its members, else one value a line, or one over many lines.

    Raises:
        LabelledDataError: what is no JSON, or JSON that no two programs read alike; with file and line.
    """
    begin = len(content) - len(content.lstrip())
    if content.startswith("[", begin):
        yield from _members(content, path, begin)
        return
    if path.suffix.lower() == ".json" and not _is_lines(content):
        yield 1, _parsed(content, path, 1)
        return
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield number, _parsed(line, path, number)


def _is_lines(content: str) -> bool:
    """Whether the first line is a value by itself, as in JSON lines under the name .json."""
    first = content.strip().partition("\n")[0]
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def _members(content: str, path: Path, begin: int) -> Iterator[tuple[int, Any]]:
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    at = _skip(content, begin + 1)
    line, counted = 1 + content.count("\n", 0, at), at
    if not content.startswith("]", at):
        while True:
            value, end = _decoded(decoder, content, at, path, line)
            _check_letters(value, content[at:end], path, line)
            yield line, value
            at = _skip(content, end)
            line, counted = line + content.count("\n", counted, at), at
            if content.startswith("]", at):
                break
            if not content.startswith(",", at):
                problem = f"expected a comma or ] behind a member of the list, found {shown(content[at : at + 20])}"
                raise LabelledDataError(
                    f"not JSON: {problem}" + (_CUT_SHORT if at == len(content) else "; put a comma between members"),
                    path=path,
                    line=line,
                )
            at = _skip(content, at + 1)
            line, counted = line + content.count("\n", counted, at), at
    rest = _skip(content, at + 1)
    if rest < len(content):
        raise LabelledDataError(
            f"not JSON: {shown(content[rest : rest + 20])} stands behind the end of the list; "
            "put all texts into one list, or one object on each line",
            path=path,
            line=line + content.count("\n", counted, rest),
        )


def _skip(content: str, at: int) -> int:
    match = _BLANK.match(content, at)
    assert match is not None  # it also matches nothing
    return match.end()


def _parsed(text: str, path: Path, line: int) -> Any:
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    begin = _skip(text, 0)
    value, end = _decoded(decoder, text, begin, path, line)
    end = _skip(text, end)
    if end < len(text):
        raise LabelledDataError(
            f"not JSON: {shown(text[end : end + 20])} stands behind the end of the object; put one object on each line",
            path=path,
            line=line + text.count("\n", 0, end),
        )
    _check_letters(value, text, path, line)
    return value


def _decoded(decoder: json.JSONDecoder, text: str, at: int, path: Path, line: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, at)
    except json.JSONDecodeError as error:
        over = error.lineno - 1 - text.count("\n", 0, at)  # lines since the value began
        hint = ""
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            lines = path.suffix.lower() not in (".json",) and text.strip() in ("{", "[")
            hint = "; write one object a line, or name the file .json" if lines else _CUT_SHORT
        raise LabelledDataError(
            f"not JSON: {error.msg} at column {error.colno}{hint or '; correct it, or export the file again'}",
            path=path,
            line=line + max(0, over),
        ) from None
    except RecursionError:
        problem = "nested too deeply; a labelled text is an object with a text and a list of labels"
    except ValueError as error:  # a key twice, or a number of thousands of digits
        problem = str(error)
    raise LabelledDataError(f"not JSON: {problem}", path=path, line=line) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {shown(twice)} stands twice in one object; leave one")
    return value


def _check_letters(value: Any, source: str, path: Path, line: int) -> None:
    if _SURROGATE.search(source) is None:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        half = error.object[error.start].encode("ascii", "backslashreplace").decode("ascii")
        raise LabelledDataError(
            f"holds half a surrogate pair ({half}), which is no character; write both halves, or leave it out",
            path=path,
            line=line,
        ) from None
