"""Labelled text → token ids with a label on each word's first token, in the windows in which the library reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from arner.ner.windows import plan_windows
from arner.ner.word_tokenizer import WordTokenizer
from arner.text import split_sentences
from arner.training.data.labelled import LabelledText

__all__ = ["IGNORED", "Encoded", "encode"]

IGNORED: Final = -100
"""Label of a token that has none: not the first of its word, or context of a window."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One sequence that the model reads: token ids, a label index or `IGNORED` for each, and the file it is from."""

    ids: list[int]
    labels: list[int]
    file: str = ""

    @property
    def own(self) -> list[int]:
        """Positions of the tokens that have a label."""
        return [at for at, label in enumerate(self.labels) if label != IGNORED]


def encode(
    texts: Sequence[LabelledText],
    tokenizer: WordTokenizer,
    labels: Mapping[str, int],
    *,
    window: int,
    stride: int,
) -> list[Encoded]:
    """Sequences of all texts.

    A text longer than a window becomes overlapping windows, as when it is read; each word is labelled in one of them.

    Args:
        labels: label → index; a label that is not there is taken for O.
        window: tokens in a window, special tokens included.
        stride: tokens of context on either side of a window's own words.
    """
    encoded: list[Encoded] = []
    limit = window - 2
    outside = labels["O"]
    for text in texts:
        pieces = [tokenizer.ids(word.folded)[:limit] for word in text.words]
        sentences = split_sentences(text.words, text.text)
        windows = plan_windows([len(ids) for ids in pieces], sentences, limit=limit, stride=stride)
        for part in windows:
            ids, marks = [tokenizer.first], [IGNORED]
            for index in range(part.start, part.end):
                own = part.own_start <= index < part.own_end
                label = labels.get(text.labels[index], outside) if own else IGNORED
                ids += pieces[index]
                marks += [label, *[IGNORED] * (len(pieces[index]) - 1)]
            encoded.append(Encoded([*ids, tokenizer.last], [*marks, IGNORED], text.source.file))
    return encoded
