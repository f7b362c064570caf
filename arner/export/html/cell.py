"""A document as a self-contained piece of HTML, for a notebook's output cell."""

from __future__ import annotations

from typing import Final

from arner.export.html.markup import KNOWN_TYPES, escaped, marked_text
from arner.export.html.style import style
from arner.schema import Document, Relation

__all__ = ["document_html"]

_LIMIT: Final = 20_000
"""Characters of text shown: a browser grows slow on a book in an output cell."""


def document_html(document: Document, *, limit: int = _LIMIT) -> str:
    """The text from right to left with its mentions coloured, and its relations as a table.

    The markup needs no script and no file from elsewhere, follows a light or dark theme, and escapes all text.

    Args:
        document: the document to show.
        limit: how many characters of the text to show at most.

    >>> from arner.schema import Document
    >>> "1 &lt; 2" in document_html(Document(text="1 < 2"))
    True
    """
    return (
        f"<div class='arner' dir='ltr'><style>{style('colours', 'cell')}</style>"
        "<div class='arner-text' dir='rtl' lang='ar' tabindex='0' role='group' aria-label='النص'>"
        f"{marked_text(document, limit=limit)}</div>"
        f"{_note(document, limit)}{_table(document)}</div>"
    )


def _note(document: Document, limit: int) -> str:
    """The legend, and what is not shown."""
    marks = "".join(f"<mark class='{label}'>{label}</mark>" for label in KNOWN_TYPES)
    parts = [f"{marks} names; only underlined: demonyms and descriptions", escaped(document.model)]
    if len(document.text) > limit:
        parts.append(f"{len(document.text) - limit:,} more characters not shown")
    return f"<div class='arner-note'>{' · '.join(filter(None, parts))}</div>"


def _table(document: Document) -> str:
    if not document.relations:
        return ""
    rows = "".join(_row(document, relation) for relation in document.relations)
    head = "<tr><th>subject</th><th>relation</th><th>object</th><th>claim</th><th dir='rtl'>evidence</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _row(document: Document, relation: Relation) -> str:
    claim: list[str] = [relation.polarity]
    if relation.status != "actual":
        claim.append(relation.status)
    if relation.when is not None:
        claim.append(relation.when.iso or relation.when.text)
    return (
        f"<tr class='{relation.polarity}'>{_name(document, relation.subject)}"
        f"<td class='short'>{relation.type.value}</td>"
        f"{_name(document, relation.object)}<td class='short'>{escaped(', '.join(claim))}</td>"
        f"<td class='evidence' dir='rtl' lang='ar'>{escaped(relation.evidence.text)}</td></tr>"
    )


def _name(document: Document, entity_id: str) -> str:
    entity = document[entity_id]
    return f"<td title='{escaped(entity.name_en or '')}'><bdi>{escaped(entity.name)}</bdi></td>"
