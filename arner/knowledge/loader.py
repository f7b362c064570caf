"""Loading: the built-in data files and the user's own, merged record by record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from arner.errors import KnowledgeError
from arner.knowledge.records import Record, extend, parse_record, read_records
from arner.knowledge.store import Knowledge

__all__ = ["load_knowledge"]

_DATA: Final = Path(__file__).parent / "data"
_FILES: Final = (
    "countries.jsonl",
    "places.jsonl",
    "cities.jsonl",
    "organisations.jsonl",
    "people.jsonl",
    "demonyms.jsonl",
    "bodies.jsonl",
    "titles.jsonl",
)


def load_knowledge(extra: Sequence[Path | str] = ()) -> Knowledge:
    """The built-in knowledge, with the user's files on top.

    Args:
        extra: JSON-lines files in the form of the built-in ones. A record with a new id is added, one with a known id
            replaces it, ``{"id": …, "extend": true, "aliases": […]}`` adds to it, and ``{"id": …, "off": true}``
            removes it.

    Raises:
        KnowledgeError: a file is missing or broken; says file and line.

    >>> load_knowledge() is load_knowledge()
    True
    """
    return _built_in() if not extra else _merge([*(_DATA / name for name in _FILES), *map(Path, extra)])


@lru_cache(maxsize=1)
def _built_in() -> Knowledge:
    return _merge([_DATA / name for name in _FILES])


@lru_cache(maxsize=1)
def _name_parts() -> frozenset[str]:
    lines = (_DATA / "name_parts.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _merge(paths: Iterable[Path]) -> Knowledge:
    records: dict[str, Record] = {}
    origin: dict[str, tuple[Path, int]] = {}
    for path in paths:
        for line, fields in read_records(path):
            _apply(records, origin, fields, path, line)
    _check_references(records, origin)
    return Knowledge(records.values(), _name_parts)


def _apply(
    records: dict[str, Record], origin: dict[str, tuple[Path, int]], fields: dict[str, Any], path: Path, line: int
) -> None:
    identity = fields["id"]
    if fields.get("off") is True:
        if identity not in records:
            raise KnowledgeError(f"cannot switch off {identity!r}: no record has that id", path=path, line=line)
        del records[identity]
        return
    if fields.get("extend") is True:
        if identity not in records:
            raise KnowledgeError(f"cannot extend {identity!r}: no record has that id", path=path, line=line)
        records[identity] = extend(records[identity], fields, path, line)
        return
    if identity in records and origin[identity][0] == path:
        raise KnowledgeError(
            f"the id {identity!r} is used twice, first on line {origin[identity][1]}", path=path, line=line
        )
    records[identity] = parse_record(fields, path, line)
    origin[identity] = path, line


def _check_references(records: dict[str, Record], origin: dict[str, tuple[Path, int]]) -> None:
    from arner.knowledge.records import DemonymStem

    for record in list(records.values()):
        if isinstance(record, DemonymStem) and record.country not in records:
            path, line = origin[record.id]
            if path.parent == _DATA:  # its country was switched off
                del records[record.id]
                continue
            raise KnowledgeError(
                f"record {record.id!r}: country {record.country!r} is the id of no record", path=path, line=line
            )
