"""Names for documents and entities that stay unique outside of their document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from arner.errors import InputError
from arner.schema import Document, Entity

__all__ = ["as_documents", "document_key", "entity_key", "named_files"]

_NO_FILE_LETTER: Final = re.compile(r"[^\w.-]+")


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


def named_files(documents: Document | Iterable[Document]) -> Iterator[tuple[str, Document]]:
    """Each document with a name for its files, made from its id: a name that no folder can be left by.

    Raises:
        InputError: two documents would have one name.

    >>> [name for name, _ in named_files([Document(id="../news/1 أ", text="زار")])]
    ['_news_1_أ']
    """
    names: set[str] = set()
    for document in as_documents(documents):
        name = _NO_FILE_LETTER.sub("_", document_key(document)).lstrip(".") or "_"
        if name in names:
            raise InputError(f"two documents would be written as {name!r}; give them ids that differ")
        names.add(name)
        yield name, document
