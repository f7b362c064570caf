"""The result of a run: a document with its mentions, entities and relations, frozen and self-consistent."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from arner.errors import DocumentError
from arner.schema.relation_types import RelationType

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from arner.export import RdfFormat

__all__ = ["SCHEMA_VERSION", "Document", "Entity", "Mention", "MentionKind", "Relation", "Span", "Triple", "When"]

SCHEMA_VERSION: Final = "1"
"""Version of the JSON shape. It changes only when a reader of the old shape would break."""

Polarity = Literal["affirmed", "negated"]
Status = Literal["actual", "planned", "former", "suspended"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MentionKind(StrEnum):
    """How a mention names its entity."""

    NAME = "name"
    DEMONYM = "demonym"
    NOMINAL = "nominal"


class Span(_Frozen):
    """A stretch of the text: half-open offsets in code points of the text as given.

    >>> Span(start=0, end=5, text="بوتين")
    Span(start=0, end=5, text='بوتين')
    """

    start: int = Field(ge=0, description="first code point")
    end: int = Field(ge=1, description="one past the last code point")
    text: str = Field(description="text[start:end]")


class Mention(Span):
    """A place in the text that speaks of an entity."""

    type: str = Field(description="PER, LOC, ORG, MISC, or a label of the model's own")
    kind: MentionKind = MentionKind.NAME
    entity: str = Field(description="id of the entity")
    score: float = Field(ge=0.0, le=1.0, description="the model's probability of the mention's label")


class Entity(_Frozen):
    """One thing in the world, however often and however variously it is mentioned."""

    id: str
    type: str = Field(description="PER, LOC, ORG, MISC, or a label of the model's own")
    name: str = Field(description="canonical Arabic name")
    name_en: str | None = Field(default=None, description="English name, where known")
    wikidata: str | None = Field(default=None, pattern=r"^Q[1-9][0-9]*$", description="Wikidata id, where known")
    aliases: tuple[str, ...] = Field(default=(), description="the other ways in which the text writes it")
    mentions: tuple[int, ...] = Field(description="indices into the document's mentions")


class When(_Frozen):
    """The words that date a relation, with an ISO 8601 value where they settle one.

    A period is an interval: ``2014/2016`` of «بين 2014 و2016»; «منذ 2015» gives where it began, ``2015``.
    """

    text: str
    iso: str | None = Field(
        default=None, description="ISO 8601 day, month, year or interval, where the words settle one"
    )


class Relation(_Frozen):
    """A claim that the text makes about two entities."""

    subject: str = Field(description="id of the subject entity")
    type: RelationType
    object: str = Field(description="id of the object entity")
    polarity: Polarity = "affirmed"
    status: Status = "actual"
    role: str | None = Field(default=None, description="the words that name the post")
    when: When | None = None
    evidence: Span = Field(description="the words that state the claim")
    trigger: Span | None = Field(default=None, description="the word that the rule hung on")
    score: float = Field(ge=0.0, le=1.0)
    rule: str = Field(description="id of the rule that found it")


class Triple(NamedTuple):
    """A relation as names: the short form, for a table or a quick look."""

    subject: str
    type: str
    object: str
    polarity: str


class Document(_Frozen):
    """A text with what was read out of it.

    Offsets are code points of `text`; ``text[m.start:m.end] == m.text`` holds for every span, and every id that a
    mention or relation uses is an entity's. A document that breaks either is refused.

    Raises:
        DocumentError: from `from_json`, where the JSON is not a document or is inconsistent.
    """

    id: str | None = None
    text: str
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    model: str = Field(default="", description="name and version of the model that found the mentions")
    schema_version: Literal["1"] = SCHEMA_VERSION

    @model_validator(mode="after")
    def _consistent(self) -> Document:
        ids = {entity.id for entity in self.entities}
        if len(ids) != len(self.entities):
            raise ValueError("two entities have one id")
        for mention in self.mentions:
            self._check_span(mention)
            if mention.entity not in ids:
                raise ValueError(f"mention {mention.text!r} points at entity {mention.entity!r}, which is not there")
        for entity in self.entities:
            for index in entity.mentions:
                if not 0 <= index < len(self.mentions) or self.mentions[index].entity != entity.id:
                    raise ValueError(f"entity {entity.id!r} lists mention {index}, which is not one of its own")
        for relation in self.relations:
            for end in (relation.subject, relation.object):
                if end not in ids:
                    raise ValueError(f"a {relation.type} relation points at entity {end!r}, which is not there")
            self._check_span(relation.evidence)
            if relation.trigger is not None:
                self._check_span(relation.trigger)
        return self

    def _check_span(self, span: Span) -> None:
        if not span.start < span.end <= len(self.text) or self.text[span.start : span.end] != span.text:
            raise ValueError(f"span {span.start}:{span.end} does not hold {span.text!r}")

    @cached_property
    def _by_id(self) -> dict[str, Entity]:
        return {entity.id: entity for entity in self.entities}

    def __getitem__(self, entity_id: str) -> Entity:
        """The entity with that id; raises `KeyError` for an unknown one."""
        return self._by_id[entity_id]

    def triples(self) -> Iterator[Triple]:
        """Each relation as (subject name, type, object name, polarity), in the order of the text."""
        for relation in self.relations:
            yield Triple(
                self[relation.subject].name, relation.type.value, self[relation.object].name, relation.polarity
            )

    def to_json(self, *, indent: int | None = None) -> str:
        """The document as JSON text: one line unless `indent` is given, Arabic letters as they are."""
        return self.model_dump_json(indent=indent)

    @classmethod
    def from_json(cls, data: str | bytes) -> Document:
        """The document that `to_json` wrote.

        Raises:
            DocumentError: the JSON is malformed, or is not a consistent document.
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the document"
            raise DocumentError(f"not an arner document: {where}: {first['msg']}") from error

    def __repr__(self) -> str:
        beginning = " ".join(self.text.split())
        if len(beginning) > 40:
            beginning = beginning[:39] + "…"
        return (
            f"Document({beginning!r}, {len(self.mentions)} mentions, {len(self.entities)} entities, "
            f"{len(self.relations)} relations)"
        )

    __str__ = __repr__

    # The methods below hand over to `arner.export`, which stands above this layer. These imports are the one way up in
    # the library, so that what users look for on a document is found there; see docs/ARCHITECTURE.md.

    def to_conll(self, *, clitics: Literal["attached", "separate"] = "attached") -> str:
        """Words with IOB2 tags, a word a line; see `arner.export.to_conll`."""
        from arner import export

        return export.to_conll(self, clitics=clitics)

    def to_rdf(self, format: RdfFormat = "turtle") -> str:
        """RDF as "turtle", "json-ld", "nquads" or "ntriples"; see `arner.export.to_rdf`. Needs `arner[rdf]`."""
        from arner import export

        return export.to_rdf(self, format)

    def to_html(self, *, full_page: bool = True) -> str:
        """One self-contained HTML page; or, without `full_page`, the piece of HTML that a notebook shows."""
        from arner import export

        return export.document_page(self) if full_page else export.document_html(self)

    def graph(self) -> networkx.MultiDiGraph:
        """Entities as nodes, relations as edges; see `arner.export.to_graph`. Needs `arner[graph]`."""
        from arner import export

        return export.to_graph(self)

    def plot(self, *, ax: Axes | None = None) -> Figure:
        """The graph as a matplotlib figure; see `arner.export.plot`. Needs `arner[graph]`."""
        from arner import export

        return export.plot(self, ax=ax)

    def _repr_html_(self) -> str:
        return self.to_html(full_page=False)
