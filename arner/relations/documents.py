"""The rule layer on whole documents: names given, entities and relations read anew, and explained."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from arner.errors import InputError
from arner.knowledge import Knowledge, load_knowledge
from arner.linking import LinkedText, link
from arner.relations.engine import find_relations
from arner.relations.explaining import explain_relations
from arner.relations.explanation import Explanation
from arner.relations.loading import load_rules
from arner.schema import Document, MentionKind
from arner.text.sentences import split_sentences
from arner.text.words import Word, split_words

__all__ = ["explain_document", "relate"]

Paths = str | Path | Iterable[str | Path]


def relate(
    document: Document,
    *,
    rules: Paths = (),
    knowledge: Paths = (),
    min_score: float = 0.0,
    date: str | datetime.date | None = None,
) -> Document:
    """The document with its entities and relations read anew from the names that it marks; no model runs.

    For names marked by hand or by another tool, and to try out rules on documents that are already there. Of the
    mentions only those of kind ``name`` are taken, with offsets, type and score; demonyms and nominals are found again.

    Args:
        document: a text with mentions.
        rules: paths of your own rule files, as for `arner.Extractor`.
        knowledge: paths of your own knowledge files, likewise.
        min_score: relations that score below are left out, 0 to 1.
        date: the day on which the text was written; a date or "YYYY-MM-DD".

    Raises:
        RuleError: a rule file is broken.
        KnowledgeError: a knowledge file is broken.
        InputError: the date is not one.

    >>> from arner.schema import Entity, Mention
    >>> marked = Document(
    ...     text="زار سمير عوض تونس",
    ...     mentions=(Mention(start=4, end=12, text="سمير عوض", type="PER", entity="a", score=1.0),
    ...               Mention(start=13, end=17, text="تونس", type="LOC", entity="b", score=1.0)),
    ...     entities=(Entity(id="a", type="PER", name="سمير عوض", mentions=(0,)),
    ...               Entity(id="b", type="LOC", name="تونس", mentions=(1,))))
    >>> [tuple(triple) for triple in relate(marked).triples()]
    [('سمير عوض', 'visited', 'تونس', 'affirmed')]
    """
    known = load_knowledge(_paths(knowledge))
    rule_set = load_rules(_paths(rules))
    words, linked = _linked(document, known)
    sentences = split_sentences(words, document.text)
    linked, relations = find_relations(document.text, words, sentences, linked, known, rule_set, _day(date))
    return Document(
        id=document.id,
        text=document.text,
        mentions=linked.mentions,
        entities=linked.entities,
        relations=tuple(relation for relation in relations if relation.score >= min_score),
        model=document.model,
    )


def explain_document(
    document: Document,
    *,
    rules: Paths = (),
    knowledge: Paths = (),
    min_score: float = 0.0,
    date: str | datetime.date | None = None,
) -> Explanation:
    """As `relate`, with what each rule made of the text; the arguments are the same."""
    known = load_knowledge(_paths(knowledge))
    rule_set = load_rules(_paths(rules))
    words, linked = _linked(document, known)
    return explain_relations(
        document.text,
        words,
        split_sentences(words, document.text),
        linked,
        known,
        rule_set,
        _day(date),
        min_score=min_score,
        id=document.id,
        model=document.model,
    )


def _linked(document: Document, knowledge: Knowledge) -> tuple[list[Word], LinkedText]:
    words = split_words(document.text)
    names = [mention for mention in document.mentions if mention.kind is MentionKind.NAME]
    return words, link(document.text, words, names, knowledge)


def _paths(paths: Paths) -> tuple[Path, ...]:
    return (Path(paths),) if isinstance(paths, (str, Path)) else tuple(Path(path) for path in paths)


def _day(date: str | datetime.date | None) -> datetime.date | None:
    if not isinstance(date, str):
        return date
    try:
        return datetime.date.fromisoformat(date)
    except ValueError:
        raise InputError(f"the date must be a datetime.date or a string such as '2024-11-27', not {date!r}") from None
