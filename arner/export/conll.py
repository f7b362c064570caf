"""CoNLL: one word a line with its IOB2 tag, a blank line after each sentence.

Clitics: Arabic corpora in this form (ANERcorp, AQMAR, Wojood) tag written words, so بالقاهرة is one line with the tag
of القاهرة. That is the default. With ``clitics="separate"`` a word is cut where a name begins or ends in it, and ب has
a line of its own with the tag O: such a file keeps the exact spans.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, Literal

from arner.export.overlap import apart
from arner.schema import Document, Mention, MentionKind
from arner.text import split_sentences, split_words

__all__ = ["to_conll"]

_Piece = tuple[int, int]


def to_conll(document: Document, *, clitics: Literal["attached", "separate"] = "attached") -> str:
    """The words of a document with the tags of its names, word TAB tag.

    Demonyms and descriptions are not names and get the tag O. Words are those that the library itself reads: every
    visible character is in one. Of two names that overlap the longer is written.

    Args:
        document: what to write.
        clitics: "attached" tags whole written words; "separate" cuts words at the bounds of names.

    >>> from arner.schema import Entity
    >>> mention = Mention(start=6, end=13, text="القاهرة", type="LOC", entity="e1", score=1.0)
    >>> entity = Entity(id="e1", type="LOC", name="القاهرة", mentions=[0])
    >>> doc = Document(text="أقام بالقاهرة", mentions=[mention], entities=[entity])
    >>> to_conll(doc)
    'أقام\\tO\\nبالقاهرة\\tB-LOC\\n\\n'
    >>> to_conll(doc, clitics="separate")
    'أقام\\tO\\nب\\tO\\nالقاهرة\\tB-LOC\\n\\n'
    """
    text = document.text
    names = apart(mention for mention in document.mentions if mention.kind is MentionKind.NAME)
    words = split_words(text)
    lines: list[str] = []
    tagger = _Tagger(names)
    for first, last in split_sentences(words, text):
        pieces: list[_Piece] = [(word.start, word.end) for word in words[first:last]]
        if clitics == "separate":
            pieces = [cut for piece in pieces for cut in _cut(piece, tagger.bounds)]
        for start, end in pieces:
            tag = tagger.tag(start, end)
            if lines and lines[-1] == "" and tag.startswith("I-"):
                lines.pop()  # no sentence ends within a name
            lines.append(f"{text[start:end]}\t{tag}")
        lines.append("")
    return "".join(f"{line}\n" for line in lines)


class _Tagger:
    """Gives tags to pieces that come in order."""

    def __init__(self, names: list[Mention]) -> None:
        self._names = names
        self._next = 0
        self._open = False
        self.bounds: Final = sorted({bound for name in names for bound in (name.start, name.end)})

    def tag(self, start: int, end: int) -> str:
        while self._next < len(self._names) and self._names[self._next].end <= start:
            self._next += 1
            self._open = False
        if self._next == len(self._names) or self._names[self._next].start >= end:
            return "O"
        prefix = "I" if self._open else "B"
        self._open = True
        # A label of a user's model is free text; a blank in it would make a column.
        return f"{prefix}-{'_'.join(self._names[self._next].type.split())}"


def _cut(piece: _Piece, bounds: list[int]) -> Iterator[_Piece]:
    start, end = piece
    for bound in bounds[bisect_right(bounds, start) :]:
        if bound >= end:
            break
        yield start, bound
        start = bound
    yield start, end
