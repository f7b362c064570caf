"""What goes over the wire: the shapes of requests and answers, with examples for the OpenAPI description."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from arner.relations import Explanation
from arner.schema import Document

__all__ = [
    "EXPLAIN_EXAMPLES",
    "EXTRACT_EXAMPLES",
    "Documents",
    "ExplainAnswer",
    "ExplainRequest",
    "ExtractRequest",
    "Health",
    "ManyTexts",
    "OneText",
    "Pieces",
    "TextWithOptions",
]

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> object:
    """A day as ISO 8601 writes it; a number or a moment is no day."""
    if value is not None and not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise ValueError("must be a day such as 2024-11-27")
    return value


Text = Annotated[
    str,
    Field(
        description="a text with at least one visible character; offsets in the answer count its code points",
        json_schema_extra={"pattern": r"\S"},
    ),
]
Id = Annotated[str | None, Field(description="a name for the document, kept as it is")]
Day = Annotated[
    datetime.date | None,
    BeforeValidator(_day),
    Field(description="the day on which the text was written, for words such as أمس"),
]
MinScore = Annotated[
    Annotated[float, Field(ge=0, le=1, strict=True)] | None,
    Field(description="names and relations that score below are left out"),
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OneText(_Request):
    """One text, answered with its document."""

    text: Text
    id: Id = None
    date: Day = None
    min_score: MinScore = None


class TextWithOptions(_Request):
    """One of many texts; its own date and least score replace those of the request."""

    text: Text
    id: Id = None
    date: Day = None
    min_score: MinScore = None


def _form(value: object) -> str:
    return "str" if isinstance(value, str) else "object"


Member = Annotated[Annotated[Text, Tag("str")] | Annotated[TextWithOptions, Tag("object")], Discriminator(_form)]


class ManyTexts(_Request):
    """Several texts, answered with a document each, in their order."""

    texts: Annotated[list[Member], Field(min_length=1)]
    date: Day = None
    min_score: MinScore = None


def _number(value: object) -> str:
    return "many" if isinstance(value, dict) and "texts" in value else "one"


ExtractRequest = Annotated[Annotated[OneText, Tag("one")] | Annotated[ManyTexts, Tag("many")], Discriminator(_number)]


class ExplainRequest(OneText):
    """One text to explain."""

    html: bool = Field(default=False, strict=True, description="give the coloured text and the graph as HTML too")


class Documents(BaseModel):
    """The documents of several texts, in their order."""

    documents: tuple[Document, ...]


class Pieces(BaseModel):
    """Parts of a page, escaped, without script and style."""

    text: str = Field(description="the text, mentions in <mark>; the evidence of relation n, from 1, has the class vn")
    graph: str = Field(description="the graph as SVG, relation n in a group of the class rn; empty without relations")


class ExplainAnswer(BaseModel):
    """An explanation, and the document as pieces of HTML where they were asked for."""

    explanation: Explanation
    html: Pieces | None = None


class Health(BaseModel):
    """The state of the server."""

    live: bool = Field(description="the thread that reads is alive")
    ready: bool = Field(description="texts are taken")
    status: Literal["ok", "stopping", "failed"]
    version: str = Field(description="version of arner")
    model: str = Field(description="name and version of the model")


_SENTENCE: Final = "وصل الرئيس الروسي فلاديمير بوتين، الأربعاء، إلى كازاخستان في زيارة رسمية."
EXTRACT_EXAMPLES: Final[dict[str, Any]] = {
    "one": {"summary": "one text", "value": {"text": _SENTENCE, "id": "visit", "date": "2024-11-27"}},
    "many": {
        "summary": "several texts",
        "value": {
            "texts": [
                _SENTENCE,
                {"text": "التقى سامح شكري نظيره التركي في أنقرة أمس.", "date": "2024-10-02"},
            ],
            "min_score": 0.5,
        },
    },
}
EXPLAIN_EXAMPLES: Final[dict[str, Any]] = {"one": EXTRACT_EXAMPLES["one"]}
