"""WebAnno TSV 3.3, which INCEpTION and WebAnno read: sentences, a token a line, mentions and relations as layers.

The format's rules, as INCEpTION's user guide and its reader have them:

- Offsets count the 16-bit units of UTF-16, so that an emoji counts as two.
- A span that covers a part of a token stands in a line of its own below the token: القاهرة of «بالقاهرة» is ``1-2.1``.
- A span of several tokens, and spans that share a line, carry a number in brackets.
- A relation stands in the line where its object begins, with the line where its subject begins.

The text comes back as it was, but for blanks and invisible signs in front of the first word.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from arner.export.keys import named_files
from arner.export.labels import claim_name
from arner.export.nearest import nearest_mentions
from arner.schema import Document, Relation
from arner.text import Word, split_sentences, split_words

__all__ = ["save_webanno", "to_webanno"]

_MENTIONS: Final = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
"""The layer "Named entity", which every project has."""
_MENTION_FEATURES: Final = ("identifier", "value")
_RELATIONS: Final = "webanno.custom.Relation"
"""A layer of this name must be made in the project; its features are text."""
_RELATION_FEATURES: Final = ("role", "status", "value", "when")
_WIKIDATA: Final = "http://www.wikidata.org/entity/"
_NONE: Final = "_"
"""Stands in a column where the line has nothing of its layer; ``*`` stands for a feature without a value."""
_RESERVED: Final = re.compile(r"->|[\\\[\]|_;*\t\n]")
_IN_TEXT: Final = {"\t": r"\t", "\f": r"\f", "\r": r"\r", "\b": r"\b", "\\": r"\\"} | {
    chr(code): f"\\{chr(code)}" for code in range(32) if not 8 <= code <= 13
}


class _Unit(NamedTuple):
    """A token, or a part of one: a line of the file. `part` counts the parts of a token from 1; 0 is the token."""

    word: int
    part: int
    start: int
    end: int


def to_webanno(document: Document) -> str:
    """A document as a file of WebAnno TSV 3.3.

    The layers are "Named entity" with the Wikidata item as its identifier, and ``webanno.custom.Relation`` with the
    features role, status, value and when. A denied relation has a value of its own (``not_visited``). A relation joins
    those mentions of its entities that stand nearest to each other in its evidence; one of an entity without a mention
    is left out.

    >>> from arner.schema import Entity, Mention
    >>> mention = Mention(start=8, end=15, text="القاهرة", type="LOC", entity="e1", score=1.0)
    >>> entity = Entity(id="e1", type="LOC", name="القاهرة", mentions=[0])
    >>> tsv = to_webanno(Document(text="😀 أقام بالقاهرة", mentions=[mention], entities=[entity]))
    >>> [line.split("\\t") for line in tsv.splitlines()[-2:]]
    [['1-3', '8-16', 'بالقاهرة', '_', '_', ''], ['1-3.1', '9-16', 'القاهرة', '*', 'LOC', '']]
    """
    return "".join(f"{line}\n" for line in _Layout(document).lines())


def save_webanno(documents: Document | Iterable[Document], folder: str | Path) -> None:
    """Write ``NAME.tsv`` for each document into a folder.

    Args:
        documents: one or many; a file is named after the document's id.
        folder: made where it is not there.

    Raises:
        InputError: two documents would have one file name.
        OSError: a file cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in named_files(documents):
        (folder / f"{name}.tsv").write_text(to_webanno(document), encoding="utf-8", newline="")


class _Layout:
    """Which line each mention and relation stands in."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._words: list[Word] = split_words(self._text)
        self._above_ffff = [index for index, letter in enumerate(self._text) if letter > "\uffff"]
        starts = [word.start for word in self._words]
        covered: list[list[tuple[int, int, int]]] = []  # for each mention, (word, start, end) of what it covers
        for mention in document.mentions:
            first = max(bisect_right(starts, mention.start) - 1, 0)
            words = enumerate(self._words[first : bisect_left(starts, mention.end)], first)
            pieces = ((n, max(w.start, mention.start), min(w.end, mention.end)) for n, w in words)
            covered.append([(n, start, end) for n, start, end in pieces if start < end])
        self._units = self._number_parts({piece for pieces in covered for piece in pieces})
        self._units_of = [[self._units[piece] for piece in pieces] for pieces in covered]
        self._mentions_of: dict[_Unit, list[int]] = defaultdict(list)
        for number, units in enumerate(self._units_of):
            for unit in units:
                self._mentions_of[unit].append(number)
        self._ids = self._number_mentions()
        self._relations_of: dict[_Unit, list[tuple[Relation, int, int]]] = defaultdict(list)
        for relation in document.relations:
            ends = nearest_mentions(document, relation)
            if ends is not None and all(self._units_of[end] for end in ends):
                self._relations_of[self._units_of[ends[1]][0]].append((relation, *ends))

    def _number_parts(self, pieces: set[tuple[int, int, int]]) -> dict[tuple[int, int, int], _Unit]:
        units = {}
        parts: Counter[int] = Counter()
        for number, start, end in sorted(pieces):
            word = self._words[number]
            if (start, end) == (word.start, word.end):
                units[number, start, end] = _Unit(number, 0, start, end)
            else:
                parts[number] += 1
                units[number, start, end] = _Unit(number, parts[number], start, end)
        return units

    def _number_mentions(self) -> dict[int, int]:
        """Numbers for those mentions that a line alone does not tell from others."""
        ids: dict[int, int] = {}
        for number, units in enumerate(self._units_of):
            if len(units) > 1 or any(len(self._mentions_of[unit]) > 1 for unit in units):
                ids[number] = len(ids) + 1
        return ids

    def lines(self) -> Iterator[str]:
        """The lines of the file, without their ends."""
        yield "#FORMAT=WebAnno TSV 3.3"
        yield "|".join((f"#T_SP={_MENTIONS}", *_MENTION_FEATURES))
        if self._relations_of:
            yield "|".join((f"#T_RL={_RELATIONS}", *_RELATION_FEATURES, f"BT_{_MENTIONS}"))
        yield ""
        parts: dict[int, list[_Unit]] = defaultdict(list)
        for unit in self._units.values():
            if unit.part:
                parts[unit.word].append(unit)
        sentences = split_sentences(self._words, self._text)
        self._names = {
            word: f"{sentence}-{word - first + 1}"
            for sentence, (first, last) in enumerate(sentences, 1)
            for word in range(first, last)
        }
        for first, last in sentences:
            yield ""
            yield from self._sentence(first, last)
            for number in range(first, last):
                word = self._words[number]
                yield self._line(_Unit(number, 0, word.start, word.end))
                yield from map(self._line, parts[number])

    def _sentence(self, first: int, last: int) -> Iterator[str]:
        """The sentence with what follows it, since a reader knows no text between sentences but one line break."""
        end = self._words[last].start if last < len(self._words) else len(self._text)
        text = self._text[self._words[first].start : end]
        for line in text.removesuffix("\n").split("\n"):
            yield "#Text=" + "".join(_IN_TEXT.get(letter, letter) for letter in line)

    def _line(self, unit: _Unit) -> str:
        cells = [
            self._name(unit),
            f"{self._offset(unit.start)}-{self._offset(unit.end)}",
            self._text[unit.start : unit.end],
        ]
        cells += self._mention_cells(unit)
        if self._relations_of:
            cells += self._relation_cells(unit)
        return "\t".join((*cells, ""))

    def _name(self, unit: _Unit) -> str:
        return f"{self._names[unit.word]}.{unit.part}" if unit.part else self._names[unit.word]

    def _offset(self, index: int) -> int:
        return index + bisect_left(self._above_ffff, index)

    def _mention_cells(self, unit: _Unit) -> list[str]:
        numbers = self._mentions_of.get(unit, ())
        if not numbers:
            return [_NONE] * len(_MENTION_FEATURES)
        identifiers, values = [], []
        for number in numbers:
            mention = self._document.mentions[number]
            item = self._document[mention.entity].wikidata
            id = f"[{self._ids[number]}]" if number in self._ids else ""
            identifiers.append(_value(None if item is None else _WIKIDATA + item) + id)
            values.append(_value(mention.type) + id)
        return ["|".join(identifiers), "|".join(values)]

    def _relation_cells(self, unit: _Unit) -> list[str]:
        relations = self._relations_of.get(unit, ())
        if not relations:
            return [_NONE] * (len(_RELATION_FEATURES) + 1)
        columns: list[list[str]] = [[] for _ in range(len(_RELATION_FEATURES) + 1)]
        for relation, subject, object in relations:
            when = None if relation.when is None else relation.when.iso or relation.when.text
            source = self._name(self._units_of[subject][0])
            if subject in self._ids or object in self._ids:
                source += f"[{self._ids.get(subject, 0)}_{self._ids.get(object, 0)}]"
            features = (relation.role, relation.status, claim_name(relation), when)
            for column, cell in zip(columns, (*map(_value, features), source), strict=True):
                column.append(cell)
        return ["|".join(column) for column in columns]


def _value(text: str | None) -> str:
    """A feature's value, on one line; blank ones count as none."""
    plain = " ".join((text or "").split())
    if plain.endswith("\\"):
        plain += " "  # a reader would take the separator behind a backslash for a part of the value
    return _RESERVED.sub(lambda match: "\\" + match[0], plain) if plain else "*"
