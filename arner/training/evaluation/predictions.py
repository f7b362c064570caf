"""Labelled text read by a model: its names as labels of the file's own tokens, and as spans of the raw text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from arner.training.data.labelled import LabelledSpan, LabelledText, iob2

if TYPE_CHECKING:
    from arner.ner.recognizer import Recognizer

__all__ = ["TOGETHER", "Prediction", "predict", "tag_tokens"]

TOGETHER: Final = 8
"""Consecutive sentences of a tokenised file that are read together, as running text is; documents of one batch."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model reads in a text: IOB2 labels of its tokens (words, where it has none); spans of a document."""

    labels: tuple[str, ...]
    spans: tuple[LabelledSpan, ...] | None


def predict(recogniser: Recognizer, texts: Sequence[LabelledText]) -> list[Prediction]:
    """The model's reading of each text."""
    predictions: list[Prediction] = []
    for (_, tokenised), group in groupby(texts, key=lambda text: (text.source.file, text.tokens is not None)):
        part = list(group)
        if tokenised:
            tags = tag_tokens(recogniser, [text.token_texts for text in part])
            predictions += [Prediction(tuple(labels), None) for labels in tags]
            continue
        for first in range(0, len(part), TOGETHER):
            batch = part[first : first + TOGETHER]
            for text, names in zip(batch, recogniser.recognize_many([text.text for text in batch]), strict=True):
                spans = tuple(LabelledSpan(name.start, name.end, name.type) for name in names)
                bounds = [(word.start, word.end) for word in text.words]
                predictions.append(Prediction(tuple(iob2(bounds, spans, text.words)), spans))
    return predictions


def tag_tokens(recogniser: Recognizer, sentences: Sequence[Sequence[str]], together: int = TOGETHER) -> list[list[str]]:
    """IOB2 labels of tokenised sentences.

    The tokens are read as running text, with blanks between them and line breaks between sentences; a token has the
    label of the name that touches it, so that clitics count as part of the token's name, as in CoNLL data.

    Args:
        together: consecutive sentences that are read as one text.
    """
    tags: list[list[str]] = []
    for first in range(0, len(sentences), together):
        part = sentences[first : first + together]
        text = ""
        bounds: list[tuple[int, int]] = []
        for sentence in part:
            for token in sentence:
                bounds.append((len(text), len(text) + len(token)))
                text += token + " "
            text = text[:-1] + "\n"
        names = [LabelledSpan(name.start, name.end, name.type) for name in recogniser.recognize(text)]
        flat = iob2(bounds, names)
        at = 0
        for sentence in part:
            tags.append(flat[at : at + len(sentence)])
            at += len(sentence)
    return tags
