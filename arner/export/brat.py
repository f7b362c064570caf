"""brat standoff: a text file as it is, and an annotation file beside it that points into it.

brat has no attributes on relations. So a denied relation has a type of its own (``not_visited``), and status, role,
date, evidence, score and rule stand in a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from arner.export.keys import named_files
from arner.export.labels import claim_name
from arner.export.nearest import nearest_mentions
from arner.schema import Document, Mention, Relation

__all__ = ["BratFiles", "save_brat", "to_brat"]

_NO_TYPE_LETTER: Final = re.compile(r"[^A-Za-z0-9_-]+")
_FRAGMENT: Final = re.compile("[^\\r\\n\\t\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]+")
"""What stands between line breaks and tabs: those two would end a line or a column."""


class BratFiles(NamedTuple):
    """The contents of ``NAME.txt`` and ``NAME.ann``."""

    text: str
    annotations: str


def to_brat(document: Document) -> BratFiles:
    """A document as brat standoff.

    A mention that runs over a line break is written as two fragments, since brat wants it so. A relation joins those
    mentions of its entities that stand nearest to each other in its evidence. brat joins mentions, so a relation of an
    entity that has none is left out.

    >>> to_brat(Document(text="زار بوتين أستانا."))
    BratFiles(text='زار بوتين أستانا.', annotations='')
    """
    return BratFiles(document.text, "".join(f"{line}\n" for line in _lines(document)))


def save_brat(documents: Document | Iterable[Document], folder: str | Path) -> None:
    """Write ``NAME.txt`` and ``NAME.ann`` for each document into a folder, and the ``annotation.conf`` of brat.

    Args:
        documents: one or many; a file is named after the document's id.
        folder: made where it is not there.

    Raises:
        InputError: two documents would have one file name.
        OSError: a file cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    entity_types: set[str] = set()
    relation_types: set[str] = set()
    for name, document in named_files(documents):
        files = to_brat(document)
        (folder / f"{name}.txt").write_text(files.text, encoding="utf-8", newline="")
        (folder / f"{name}.ann").write_text(files.annotations, encoding="utf-8", newline="")
        entity_types |= {_type(mention.type) for mention in document.mentions}
        relation_types |= {claim_name(relation) for relation in document.relations}
    configuration = "[entities]\n" + "".join(f"{type}\n" for type in sorted(entity_types)) + "[relations]\n"
    configuration += "".join(f"{type}\tArg1:<ENTITY>, Arg2:<ENTITY>\n" for type in sorted(relation_types))
    configuration += "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n[events]\n[attributes]\n"
    (folder / "annotation.conf").write_text(configuration, encoding="utf-8")


def _lines(document: Document) -> Iterator[str]:
    notes = 0
    for number, mention in enumerate(document.mentions, 1):
        spans = ";".join(f"{start} {end}" for start, end in _fragments(mention))
        words = " ".join(_FRAGMENT.findall(mention.text))
        yield f"T{number}\t{_type(mention.type)} {spans}\t{words}"
        entity = document[mention.entity]
        if entity.wikidata is not None:
            yield f"N{number}\tReference T{number} Wikidata:{entity.wikidata}\t{_one_line(entity.name)}"
        notes += 1
        yield f"#{notes}\tAnnotatorNotes T{number}\t{mention.kind.value} of {entity.id}: {_one_line(entity.name)}"
    written = 0
    for relation in document.relations:
        ends = nearest_mentions(document, relation)
        if ends is None:
            continue
        written, notes = written + 1, notes + 1
        subject, object = ends
        yield f"R{written}\t{claim_name(relation)} Arg1:T{subject + 1} Arg2:T{object + 1}"
        yield f"#{notes}\tAnnotatorNotes R{written}\t{_note(relation)}"


def _fragments(mention: Mention) -> Iterator[tuple[int, int]]:
    for part in _FRAGMENT.finditer(mention.text):
        yield mention.start + part.start(), mention.start + part.end()


def _note(relation: Relation) -> str:
    parts: list[str] = [relation.polarity, relation.status]
    parts += [f"role: {relation.role}"] if relation.role else []
    parts += [f"when: {relation.when.iso or relation.when.text}"] if relation.when else []
    parts += [f"evidence: {relation.evidence.start} {relation.evidence.end}"]
    parts += [f"score: {relation.score:.2f}", f"rule: {relation.rule}"]
    return _one_line("; ".join(parts))


def _type(label: str) -> str:
    return _NO_TYPE_LETTER.sub("_", label).strip("_") or "Other"


def _one_line(text: str) -> str:
    return " ".join(text.split())
