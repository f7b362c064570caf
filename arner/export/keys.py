"""Names for documents and entities that stay unique outside of their document."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from arner.schema import Document, Entity

__all__ = ["as_documents", "document_key", "entity_key"]


def document_key(document: Document) -> str:
    """The document's id, or, where it has none, a digest of its text: the same text always gets the same key.

    >>> document_key(Document(id="visit", text="زار بوتين أستانا."))
    'visit'
    >>> document_key(Document(text="زار بوتين أستانا."))
    'text-a6a9e106275f10d8'
    """
    return document.id or f"text-{sha256(document.text.encode()).hexdigest()[:16]}"


def entity_key(document: Document, entity: Entity) -> str:
    """The Wikidata id where it is known, so that documents meet in it; else the entity's id within its document."""
    return entity.wikidata or f"{document_key(document)}#{entity.id}"


def as_documents(documents: Document | Iterable[Document]) -> Iterable[Document]:
    """One document alone is meant as a list of one: iterating over it would give its fields."""
    return (documents,) if isinstance(documents, Document) else documents
