"""Targets: the JSON of a document, and all layers but the model on a text."""

from __future__ import annotations

import datetime
import re
from typing import Final

from arner.errors import DocumentError
from arner.export import document_page, to_conll, to_csv, to_cypher
from arner.knowledge import load_knowledge
from arner.linking import link
from arner.relations import find_relations, load_rules
from arner.relations.examples import MarkedName
from arner.schema import Document
from arner.text import split_sentences
from arner.text.words import split_words

__all__ = ["document", "pipeline"]

_NAMES: Final = re.compile("فلاديمير بوتين|بوتين|توكاييف|كازاخستان|أستانا|القاهرة|بريكس|السيسي|مصر")
_TYPES: Final = {"كازاخستان": "LOC", "أستانا": "LOC", "القاهرة": "LOC", "مصر": "LOC", "بريكس": "ORG"}


def document(data: bytes) -> None:
    """The JSON of a document; what is read is written, read again, and is the same."""
    try:
        read = Document.from_json(data)
    except DocumentError:
        return
    assert Document.from_json(read.to_json()) == read
    assert all(read.text[m.start : m.end] == m.text for m in read.mentions)
    list(read.triples())


def pipeline(data: bytes) -> None:
    """A text with names of a list: linked, searched for relations, written as JSON, and exported."""
    given = data.decode("utf-8", "replace")
    known = load_knowledge()
    words = split_words(given)
    names = [MarkedName(m.start(), m.end(), _TYPES.get(m[0], "PER"), 0.9) for m in _NAMES.finditer(given)]
    linked = link(given, words, names, known)
    sentences = split_sentences(words, given)
    day = datetime.date(2024, 11, 28)
    linked, relations = find_relations(given, words, sentences, linked, known, load_rules(), day)
    read = Document(text=given, mentions=linked.mentions, entities=linked.entities, relations=relations)
    assert Document.from_json(read.to_json()) == read
    for render in (to_conll, to_csv, to_cypher, document_page):
        assert isinstance(render(read), str)
