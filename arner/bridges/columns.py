"""The columns that reading adds to a table: their types, said once for Arrow, and the values for one row."""

from __future__ import annotations

from typing import Any, Final

from arner.errors import MissingExtraError
from arner.export.triple_rows import TripleRow, triple_rows
from arner.schema import Document

__all__ = ["COLUMNS", "arrow_schema", "ddl", "error_values", "values"]

COLUMNS: Final = ("document", "mentions", "entities", "relations", "error")
"""Names of the columns. `document` is the document's JSON; `error` says why a row could not be read."""

_MENTION: Final = {"start": int, "end": int, "text": str, "type": str, "kind": str, "entity": str, "score": float}
_ENTITY: Final = {
    "id": str,
    "type": str,
    "name": str,
    "name_en": str,
    "wikidata": str,
    "aliases": [str],
    "mentions": [int],
}
_NUMBERS: Final[dict[str, type]] = {"evidence_start": int, "evidence_end": int, "score": float}
_RELATION: Final = {
    **{name: _NUMBERS.get(name, str) for name in TripleRow._fields[1:]},
    "subject_id": str,
    "object_id": str,
}
_TYPES: Final[dict[str, Any]] = {
    "document": str,
    "mentions": [_MENTION],
    "entities": [_ENTITY],
    "relations": [_RELATION],
    "error": str,
}
_DDL: Final = {str: "STRING", int: "BIGINT", float: "DOUBLE"}


def values(document: Document) -> tuple[Any, ...]:
    """The values of the columns for a document.

    >>> values(Document(text="زار"))[1:]
    ([], [], [], None)
    """
    mentions = [mention.model_dump(mode="json") for mention in document.mentions]
    entities = [entity.model_dump(mode="json") for entity in document.entities]
    relations = [
        {**row._asdict(), "subject_id": relation.subject, "object_id": relation.object}
        for row, relation in zip(triple_rows(document), document.relations, strict=True)
    ]
    for row in relations:
        del row["document"]
    return document.to_json(), mentions, entities, relations, None


def error_values(reason: str) -> tuple[Any, ...]:
    """The values of the columns for a row that could not be read.

    >>> error_values("the text is empty")
    (None, None, None, None, 'the text is empty')
    """
    return None, None, None, None, reason


def arrow_schema(prefix: str = "") -> Any:
    """The columns as a `pyarrow.Schema`; every value may be null.

    Args:
        prefix: stands in front of each name.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError("Arrow columns", "parquet") from error

    plain = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}

    def arrow(type: Any) -> Any:
        if isinstance(type, list):
            return pyarrow.list_(arrow(type[0]))
        if isinstance(type, dict):
            return pyarrow.struct([(name, arrow(member)) for name, member in type.items()])
        return plain[type]

    return pyarrow.schema([(prefix + name, arrow(type)) for name, type in _TYPES.items()])


def ddl(prefix: str = "") -> str:
    """The columns in Spark's language for schemas.

    >>> ddl("arner_").split(", ")[0]
    'arner_document STRING'
    """

    def spark(type: Any) -> str:
        if isinstance(type, list):
            return f"ARRAY<{spark(type[0])}>"
        if isinstance(type, dict):
            return f"STRUCT<{', '.join(f'{name}: {spark(member)}' for name, member in type.items())}>"
        return _DDL[type]

    return ", ".join(f"{prefix}{name} {spark(type)}" for name, type in _TYPES.items())
