"""Labelled text in one form, whatever file it came from: the text, spans with types, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from arner.ner.trimming import trim_marks
from arner.text import Word, split_sentences, split_words
from arner.training.data.annotated_document import AnnotatedDocument

__all__ = ["LabelledSpan", "LabelledText", "Repair", "Source", "iob2", "passages"]


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A place in a file; `line` counts from 1 (for a table, its rows)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Repair:
    """What a reader changed or left out, and where."""

    source: Source
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


@dataclass(frozen=True, slots=True, order=True)
class LabelledSpan:
    """A name: half-open offsets in code points, and its type."""

    start: int
    end: int
    type: str


@dataclass(frozen=True)
class LabelledText:
    """A text (a document, or one sentence of a CoNLL file) with its names.

    Args:
        text: the text; that of a tokenised sentence is its tokens with blanks between them.
        spans: the names, sorted, without overlap.
        source: where the text begins.
        tokens: offsets of the file's own tokens, where it has such.
        document: the document with its entities and relations, where the file has such.

    >>> text = LabelledText("زار بالقاهرة", (LabelledSpan(5, 12, "LOC"),), Source("a.conll", 1))
    >>> text.labels
    ('O', 'B-LOC')
    """

    text: str
    spans: tuple[LabelledSpan, ...]
    source: Source
    tokens: tuple[tuple[int, int], ...] | None = None
    document: AnnotatedDocument | None = None

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words, as the library cuts them."""
        return tuple(split_words(self.text))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """One IOB2 label a word. A word that carries a clitic has the label of its name."""
        return tuple(iob2([(word.start, word.end) for word in self.words], self.spans, self.words))

    @cached_property
    def token_labels(self) -> tuple[str, ...]:
        """One IOB2 label for each token of the file, or for each word where the file has no tokens."""
        return self.labels if self.tokens is None else tuple(iob2(self.tokens, self.spans))

    @cached_property
    def token_texts(self) -> tuple[str, ...]:
        """The tokens of the file, or the words where it has none."""
        bounds = [(word.start, word.end) for word in self.words] if self.tokens is None else self.tokens
        return tuple(self.text[start:end] for start, end in bounds)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The folded words: texts with one key are duplicates."""
        return tuple(word.folded for word in self.words)

    def sentences(self) -> list[LabelledText]:
        """The sentences of a document, none cut inside a name; a tokenised text is one sentence."""
        if self.tokens is not None:
            return [self] if self.words else []
        parts: list[LabelledText] = []
        begin = 0
        for first, last in split_sentences(self.words, self.text):
            begin = first if begin < 0 else begin
            start, end = self.words[begin].start, self.words[last - 1].end
            if any(span.start < end < span.end for span in self.spans):
                continue  # the mark stands inside a name: the sentence goes on
            spans = tuple(
                LabelledSpan(span.start - start, span.end - start, span.type)
                for span in self.spans
                if start <= span.start and span.end <= end
            )
            parts.append(LabelledText(self.text[start:end], spans, self.source))
            begin = -1
        return parts


def passages(texts: Iterable[LabelledText], together: int) -> list[LabelledText]:
    """Running text, as the library reads it: documents as they are, tokenised sentences joined by line breaks.

    Args:
        together: consecutive sentences of one file that make a passage.
    """
    result: list[LabelledText] = []
    for (_, tokenised), group in groupby(texts, key=lambda text: (text.source.file, text.tokens is not None)):
        part = list(group)
        if not tokenised:
            result += [text for text in part if text.words]
            continue
        for first in range(0, len(part), together):
            result.append(_joined(part[first : first + together]))
    return result


def _joined(sentences: Sequence[LabelledText]) -> LabelledText:
    at = 0
    spans: list[LabelledSpan] = []
    for sentence in sentences:
        spans += [LabelledSpan(span.start + at, span.end + at, span.type) for span in sentence.spans]
        at += len(sentence.text) + 1
    return LabelledText("\n".join(sentence.text for sentence in sentences), tuple(spans), sentences[0].source)


def iob2(
    units: Sequence[tuple[int, int]], spans: Iterable[LabelledSpan], words: Sequence[Word] | None = None
) -> list[str]:
    """IOB2 labels of consecutive units (words or tokens) from spans of characters.

    A unit belongs to the first span that touches it. Where `words` are given, marks at either end of a span (a quote, a
    full stop) are left outside it, as the recogniser leaves them; a span of marks alone keeps them.

    Args:
        units: half-open offsets, in order.
        spans: names, in order, without overlap.

    >>> iob2([(0, 3), (4, 9), (10, 14)], [LabelledSpan(4, 14, "PER")])
    ['O', 'B-PER', 'I-PER']
    """
    labels = ["O"] * len(units)
    at = 0
    for span in spans:
        while at < len(units) and units[at][1] <= span.start:
            at += 1
        first = at
        while at < len(units) and units[at][0] < span.end:
            at += 1
        last = at
        if words is not None:
            begin, end = trim_marks(words, first, last)
            first, last = (begin, end) if begin < end else (first, last)
        for index in range(first, last):
            labels[index] = f"{'B' if index == first else 'I'}-{span.type}"
    return labels
