"""Documents annotated with entities and relations: what relations of a model are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from arner.errors import LabelledDataError
from arner.schema import RelationType
from arner.training.data.files import read_utf8
from arner.training.data.json_values import json_values

__all__ = [
    "AnnotatedDocument",
    "AnnotatedEntity",
    "AnnotatedMention",
    "AnnotatedRelation",
    "annotated_document",
    "read_documents",
]

_PARTS: Final = ("text", "mentions", "entities", "relations")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _said(cls, value: Any) -> Any:
        """What is null is as good as left out."""
        return {key: item for key, item in value.items() if item is not None} if isinstance(value, dict) else value


class AnnotatedMention(_Record):
    """A place in the text that names an entity; `also` holds types that are as good as `type`."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)
    type: str
    also: tuple[str, ...] = Field(default=(), strict=False)
    kind: str = "name"
    entity: str


class AnnotatedEntity(_Record):
    """A thing that the text speaks of, with the names by which a model may call it."""

    id: str
    type: str
    name: str
    aliases: tuple[str, ...] = Field(default=(), strict=False)


class AnnotatedRelation(_Record):
    """A claim of the text. One that is optional is neither asked for nor counted against who finds it."""

    subject: str
    type: RelationType
    object: str
    polarity: Literal["affirmed", "negated"] = "affirmed"
    status: Literal["actual", "planned", "former", "suspended"] = "actual"
    role: str | None = None
    when: str | None = None
    iso: str | None = None
    optional: bool = False

    @model_validator(mode="before")
    @classmethod
    def _flat_date(cls, value: Any) -> Any:
        """A date may stand as words, or as an object of words and an ISO 8601 date."""
        if isinstance(value, dict) and isinstance(value.get("when"), dict):
            return {**value, "when": value["when"].get("text"), "iso": value["when"].get("iso")}
        return value

    @field_validator("type", mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        if value not in list(RelationType):
            raise ValueError(f"no relation type {value!r}; the types are {', '.join(RelationType)}")
        return RelationType(value)


class AnnotatedDocument(_Record):
    """A text with mentions, entities and relations: arner's own JSON, or the same with less said.

    >>> document = AnnotatedDocument.model_validate({
    ...     "text": "زار سامح باريس",
    ...     "mentions": [
    ...         {"start": 4, "end": 8, "type": "PER", "entity": "a"},
    ...         {"start": 9, "end": 14, "type": "LOC", "entity": "b"},
    ...     ],
    ...     "entities": [{"id": "a", "type": "PER", "name": "سامح"}, {"id": "b", "type": "LOC", "name": "باريس"}],
    ...     "relations": [{"subject": "a", "type": "visited", "object": "b"}],
    ... })
    >>> document.relations[0].optional
    False
    """

    id: str | None = None
    text: str
    mentions: tuple[AnnotatedMention, ...] = Field(default=(), strict=False)
    entities: tuple[AnnotatedEntity, ...] = Field(default=(), strict=False)
    relations: tuple[AnnotatedRelation, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _consistent(self) -> AnnotatedDocument:
        ids = {entity.id for entity in self.entities}
        if len(ids) != len(self.entities):
            raise ValueError("two entities have one id; give each its own")
        for mention in self.mentions:
            if not mention.start < mention.end <= len(self.text):
                raise ValueError(
                    f"the mention {mention.start}:{mention.end} is not within the text of {len(self.text)} characters; "
                    "offsets are half-open and count code points"
                )
            if mention.entity not in ids:
                raise ValueError(f"a mention points at the entity {mention.entity!r}, which is not in the list; add it")
        for relation in self.relations:
            for end in (relation.subject, relation.object):
                if end not in ids:
                    raise ValueError(
                        f"a {relation.type} relation points at the entity {end!r}, which is not in the list; add it"
                    )
        return self


def annotated_document(value: Any) -> AnnotatedDocument:
    """The document in a value of JSON.

    Raises:
        ValueError: it is none; the message is one line that says where.
    """
    try:
        return AnnotatedDocument.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the document"
        raise ValueError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None


def read_documents(paths: Iterable[Path | str]) -> list[AnnotatedDocument]:
    """The annotated documents of JSON files and of folders of them, in the order of their names.

    A document without an id has the name of its file, and its line where the file holds several.

    Raises:
        LabelledDataError: a path is missing, a folder holds no JSON file, or a file holds something else.
    """
    files: list[Path] = []
    for path in map(Path, paths):
        found = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not found:
            raise LabelledDataError("the folder holds no .json file; name the files themselves", path=path)
        files += found
    return [document for path in files for document in _documents(path)]


def _documents(path: Path) -> list[AnnotatedDocument]:
    values = list(json_values(read_utf8(path)[0], path))
    documents: list[AnnotatedDocument] = []
    for line, value in values:
        missing = [part for part in _PARTS if part not in value] if isinstance(value, dict) else _PARTS
        if missing:
            raise LabelledDataError(
                f"not a document annotated with {', '.join(_PARTS)}: it lacks {', '.join(missing)}",
                path=path,
                line=line,
            )
        try:
            document = annotated_document(value)
        except ValueError as error:
            raise LabelledDataError(str(error), path=path, line=line) from None
        name = path.stem if len(values) == 1 else f"{path.stem}:{line}"
        documents.append(document if document.id else document.model_copy(update={"id": name}))
    if not documents:
        raise LabelledDataError("holds no document; a list of documents must not be empty", path=path)
    return documents
