"""Records: JSON lines read, checked and turned into known entities, demonym stems, titles and modifiers.

A record is one JSON object on one line. Blank lines and lines that begin with ``#`` are skipped. What a record is
follows from the field that it carries: ``type`` an entity, ``demonym`` a demonym, ``body`` a head noun of state bodies,
``title`` a title, ``modifier`` a modifier of titles. ``{"id": …, "off": true}`` switches a record off;
``{"id": …, "extend": true, "aliases": […]}`` (or ``forms``) adds to one that an earlier file holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from arner.errors import KnowledgeError
from arner.knowledge.models import Body, KnownEntity, Modifier, Title
from arner.schema import ENTITY_TYPES, RelationType

__all__ = ["DemonymStem", "Record", "extend", "parse_record", "read_records"]

_ENTITY: Final = frozenset("id type name name_en wikidata aliases kind country ambiguous note".split())
_DEMONYM: Final = frozenset("id demonym country plural ambiguous not".split())
_BODY: Final = frozenset("id body not_after".split())
_TITLE: Final = frozenset("id title forms role relation needs status inverse name_en note".split())
_MODIFIER: Final = frozenset("id modifier forms note".split())
_NEEDS: Final = (None, "country", "organisation", "any")
_STATUS: Final = (None, "former", "acting", "planned", "actual")
_QID: Final = re.compile(r"Q[1-9][0-9]*")
_RELATIONS: Final = frozenset(relation.value for relation in RelationType)


@dataclass(frozen=True, slots=True)
class DemonymStem:
    """The masculine singular of a demonym, from which the other forms follow.

    Attributes:
        plurals: broken plurals (أفغان), which no rule gives.
        ambiguous: whether every form is ambiguous; or the broken plurals that are.
        excluded: spellings that would match and are other words (اليمنى is no Yemeni).
    """

    id: str
    stem: str
    country: str
    plurals: tuple[str, ...] = ()
    ambiguous: bool | frozenset[str] = False
    excluded: frozenset[str] = frozenset()


Record = KnownEntity | DemonymStem | Body | Title | Modifier


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each JSON object of a file with its line number, counted from 1.

    Raises:
        KnowledgeError: the file cannot be read, is not UTF-8, or holds a line that is not a JSON object with an id.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", path=path) from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"is not UTF-8 text (byte {error.start}); save it as UTF-8", path=path) from error
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            message = f"not a JSON object on one line: {reason}"
            raise KnowledgeError(message, path=path, line=number) from error
        if not isinstance(fields, dict):
            raise KnowledgeError('not a JSON object; a line looks like {"id": …, …}', path=path, line=number)
        identity = fields.get("id")
        if not isinstance(identity, str) or not identity.strip():
            message = 'the record has no "id"; give it a text that no other record has'
            raise KnowledgeError(message, path=path, line=number)
        yield number, fields


class _Reader:
    """Typed access to the fields of one record, with an error that says file, line and field."""

    def __init__(self, fields: dict[str, Any], allowed: frozenset[str], path: Path, line: int) -> None:
        self.fields, self.path, self.line = fields, path, line
        if not fields.keys() <= allowed:
            unknown = ", ".join(sorted(fields.keys() - allowed))
            self.fail(f"unknown field {unknown}; known are {', '.join(sorted(allowed))}")

    def fail(self, message: str) -> None:
        raise KnowledgeError(f"record {self.fields['id']!r}: {message}", path=self.path, line=self.line)

    def text(self, field: str) -> str:
        value = self.fields.get(field)
        if not isinstance(value, str) or not value.strip():
            self.fail(f"{field} must be a text that is not empty, not {value!r}")
        return str(value)

    def optional(self, field: str) -> str | None:
        return None if self.fields.get(field) is None else self.text(field)

    def texts(self, field: str) -> tuple[str, ...]:
        value = self.fields.get(field) or ()
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item.strip() for item in value):
            self.fail(f"{field} must be a list of texts that are not empty, not {value!r}")
        return tuple(value)

    def flag(self, field: str) -> bool:
        value = self.fields.get(field, False)
        if not isinstance(value, bool):
            self.fail(f"{field} must be true or false, not {value!r}")
        return bool(value)

    def one_of(self, field: str, values: tuple[str | None, ...] | frozenset[str]) -> Any:
        value = self.fields.get(field)
        if value not in values:
            self.fail(f"{field} must be one of {', '.join(sorted(filter(None, values)))}, not {value!r}")
        return value


def parse_record(fields: dict[str, Any], path: Path, line: int) -> Record:
    """The record that the fields describe.

    Raises:
        KnowledgeError: a field is missing, unknown or of the wrong form; says file and line.
    """
    if "demonym" in fields:
        return _demonym(_Reader(fields, _DEMONYM, path, line))
    if "body" in fields:
        read = _Reader(fields, _BODY, path, line)
        if not read.texts("body"):
            read.fail("body must list at least one noun")
        return Body(read.text("id"), read.texts("body"), read.texts("not_after"))
    if "title" in fields:
        return _title(_Reader(fields, _TITLE, path, line))
    if "modifier" in fields:
        read = _Reader(fields, _MODIFIER, path, line)
        return Modifier(read.text("id"), read.one_of("modifier", _STATUS[1:]), read.texts("forms"))
    if "type" in fields:
        return _entity(_Reader(fields, _ENTITY, path, line))
    raise KnowledgeError(
        f'record {fields["id"]!r} is neither an entity ("type"), a demonym ("demonym"), a body ("body"), a title '
        '("title") nor a modifier ("modifier")',
        path=path,
        line=line,
    )


def _entity(read: _Reader) -> KnownEntity:
    entity = KnownEntity(
        id=read.text("id"),
        type=read.one_of("type", ENTITY_TYPES),
        name=read.text("name"),
        name_en=read.optional("name_en"),
        wikidata=read.optional("wikidata"),
        aliases=read.texts("aliases"),
        kind=read.optional("kind"),
        country=read.optional("country"),
        ambiguous=frozenset(read.texts("ambiguous")),
    )
    if entity.wikidata is not None and not _QID.fullmatch(entity.wikidata):
        read.fail(f"wikidata must look like Q159, not {entity.wikidata!r}")
    stray = entity.ambiguous.difference(entity.names)
    if stray:
        read.fail(f"ambiguous lists {min(stray)!r}, which is neither the name nor an alias")
    return entity


def _demonym(read: _Reader) -> DemonymStem:
    value = read.fields.get("ambiguous", False)
    ambiguous = read.flag("ambiguous") if isinstance(value, bool) else frozenset(read.texts("ambiguous"))
    return DemonymStem(
        id=read.text("id"),
        stem=read.text("demonym"),
        country=read.text("country"),
        plurals=read.texts("plural"),
        ambiguous=ambiguous,
        excluded=frozenset(read.texts("not")),
    )


def _title(read: _Reader) -> Title:
    relation = read.optional("relation")
    if relation is not None and relation not in _RELATIONS:
        read.fail(f"relation {relation!r} is none of the {len(_RELATIONS)} relation types")
    title = read.text("title")
    return Title(
        id=read.text("id"),
        title=title,
        forms=read.texts("forms") or (title,),
        role=read.text("role"),
        relation=relation,
        needs=read.one_of("needs", _NEEDS),
        status=read.one_of("status", _STATUS),
        inverse=read.flag("inverse"),
        name_en=read.optional("name_en"),
        note=read.optional("note"),
    )


def extend(record: Record, fields: dict[str, Any], path: Path, line: int) -> Record:
    """The record with the names or forms of an ``extend`` line added.

    Raises:
        KnowledgeError: the line holds a field that cannot be extended.
    """
    rest = {name: value for name, value in fields.items() if name != "extend"}
    if isinstance(record, KnownEntity):
        read = _Reader(rest, frozenset(("id", "aliases", "ambiguous")), path, line)
        aliases = dict.fromkeys((*record.aliases, *read.texts("aliases")))
        return replace(record, aliases=tuple(aliases), ambiguous=record.ambiguous.union(read.texts("ambiguous")))
    if isinstance(record, DemonymStem):
        read = _Reader(rest, frozenset(("id", "plural")), path, line)
        return replace(record, plurals=tuple(dict.fromkeys((*record.plurals, *read.texts("plural")))))
    if isinstance(record, Body):
        read = _Reader(rest, frozenset(("id", "body", "not_after")), path, line)
        forms = dict.fromkeys((*record.forms, *read.texts("body")))
        not_after = dict.fromkeys((*record.not_after, *read.texts("not_after")))
        return replace(record, forms=tuple(forms), not_after=tuple(not_after))
    read = _Reader(rest, frozenset(("id", "forms")), path, line)
    return replace(record, forms=tuple(dict.fromkeys((*record.forms, *read.texts("forms")))))
