"""Relations as read, beside those of annotated documents: which are right, which wrong, which missed.

An annotated document is a JSON object with ``text``; ``mentions`` (``start``, ``end``, ``type``, ``entity``, half-open
offsets in code points); ``entities`` (``id``, ``type``, ``name`` and perhaps ``aliases``); and ``relations``
(``subject``, ``type``, ``object`` and perhaps ``polarity``, ``status``, ``role``, ``when`` and ``optional``). A
relation that is optional counts as right where it is read and is not missed where it is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from arner.knowledge import Knowledge
from arner.linking import NameLike, link
from arner.relations import RuleSet, find_relations
from arner.schema import Document, Relation, RelationType
from arner.text import name_key, split_sentences, split_words
from arner.training.data.annotated_document import AnnotatedDocument, AnnotatedRelation, read_documents

__all__ = ["GoldDocument", "GoldName", "Judged", "judge", "read_gold", "relate_names"]

Verdict = Literal["required", "optional", "repeat", "wrong"]
"""What a relation read turns out to be: one that must be found, one that may be, one found already, or none at all."""

_EXACT, _SAME_FORM, _SAME_NAME = 3, 2, 1
"""How far a shared mention, a mention of the same form, and the same name speak for one entity."""


class GoldName(NamedTuple):
    """An annotated mention: half-open offsets in code points; the score is that of a mention given, not found."""

    start: int
    end: int
    type: str
    entity: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """An annotated text. `forms` holds the keys of an entity's name and aliases, `label` its name."""

    id: str
    text: str
    names: tuple[GoldName, ...]
    forms: Mapping[str, frozenset[str]]
    label: Mapping[str, str]
    relations: tuple[AnnotatedRelation, ...]

    @classmethod
    def of(cls, document: AnnotatedDocument, source: str = "") -> GoldDocument:
        """A document as it is compared; `source` stands in where it has no id."""
        return cls(
            id=document.id or source,
            text=document.text,
            names=tuple(GoldName(m.start, m.end, m.type, m.entity) for m in document.mentions),
            forms={e.id: frozenset(map(name_key, {e.name, *e.aliases})) for e in document.entities},
            label={e.id: e.name for e in document.entities},
            relations=document.relations,
        )


class Judged(NamedTuple):
    """A relation read, the verdict on it, and the annotated one that it matches."""

    relation: Relation
    verdict: Verdict
    gold: AnnotatedRelation | None

    @property
    def right(self) -> bool:
        """Whether the text makes the claim: all but the wrong ones."""
        return self.verdict != "wrong"


def read_gold(paths: Iterable[Path | str]) -> list[GoldDocument]:
    """The annotated documents of JSON files and of folders of them, in the order of their names.

    Raises:
        LabelledDataError: a path is missing, a folder holds no JSON file, or a file is not an annotated document.
    """
    return [GoldDocument.of(document) for document in read_documents(paths)]


def relate_names(text: str, names: Sequence[NameLike], knowledge: Knowledge, rules: RuleSet) -> Document:
    """The document that linking and rules make of given names, such as the annotated ones.

    Args:
        text: the text.
        names: offsets in code points, type and score of each name.
        knowledge: from `arner.knowledge.load_knowledge`.
        rules: from `arner.relations.load_rules`.
    """
    words = split_words(text)
    linked = link(text, words, names, knowledge)
    linked, relations = find_relations(text, words, split_sentences(words, text), linked, knowledge, rules, None)
    return Document(text=text, mentions=linked.mentions, entities=linked.entities, relations=relations)


def judge(
    gold: GoldDocument, document: Document, relations: Sequence[Relation] | None = None
) -> tuple[list[Judged], list[AnnotatedRelation]]:
    """A verdict on each relation read, and the annotated relations that are required and not read.

    An entity read stands for the annotated one with which it shares most mentions, forms and names. A relation is
    right where type, polarity and both entities agree; ends of a symmetric type may change places.

    Args:
        gold: the annotated document.
        document: what was read out of the same text.
        relations: those of the document's relations to look at; all where left out.

    Raises:
        ValueError: the texts differ.
    """
    if gold.text != document.text:
        raise ValueError(f"the text read is not that of the annotated document {gold.id!r}")
    owners = _owners(gold, document)
    by_claim: dict[tuple[RelationType, str], list[int]] = {}
    for number, wanted in enumerate(gold.relations):
        by_claim.setdefault((wanted.type, wanted.polarity), []).append(number)
    judged: list[Judged] = []
    used: set[int] = set()
    for relation in document.relations if relations is None else relations:
        ends = [(relation.subject, relation.object)]
        if relation.type.symmetric:
            ends.append((relation.object, relation.subject))
        matches = [
            number
            for number in by_claim.get((relation.type, relation.polarity), ())
            if any(
                gold.relations[number].subject in owners[subject] and gold.relations[number].object in owners[object]
                for subject, object in ends
            )
        ]
        fresh = [number for number in matches if number not in used]
        if fresh:
            wanted = gold.relations[fresh[0]]
            used.add(fresh[0])
            judged.append(Judged(relation, "optional" if wanted.optional else "required", wanted))
        elif matches:
            wanted = gold.relations[matches[0]]
            judged.append(Judged(relation, "optional" if wanted.optional else "repeat", wanted))
        else:
            judged.append(Judged(relation, "wrong", None))
    missed = [r for number, r in enumerate(gold.relations) if number not in used and not r.optional]
    return judged, missed


def _owners(gold: GoldDocument, document: Document) -> dict[str, frozenset[str]]:
    """For each entity read, the annotated entities that it may stand for."""
    by_span = {(name.start, name.end): name.entity for name in gold.names}
    by_form: dict[str, list[str]] = {}
    for owner, forms in gold.forms.items():
        for form in forms:
            by_form.setdefault(form, []).append(owner)
    owners: dict[str, frozenset[str]] = {}
    for entity in document.entities:
        votes: Counter[str] = Counter()
        for index in entity.mentions:
            mention = document.mentions[index]
            exact = by_span.get((mention.start, mention.end))
            if exact is not None:
                votes[exact] += _EXACT
            for other in by_form.get(name_key(mention.text), ()):
                votes[other] += _SAME_FORM
        for other in by_form.get(name_key(entity.name), ()):
            votes[other] += _SAME_NAME
        most = max(votes.values(), default=0)
        owners[entity.id] = frozenset(other for other, n in votes.items() if n == most)
    return owners
