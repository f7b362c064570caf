"""`arner.suggest`: the sentences whose labels would teach a model most, among texts that nobody has labelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from arner.errors import InputError
from arner.knowledge import load_knowledge
from arner.ner.models import load_recognizer
from arner.text import Word, split_sentences, split_words
from arner.training.data.reading import LabelledData, read_labelled
from arner.training.suggest.coverage import cover
from arner.training.suggest.formats import SuggestionFormat, written
from arner.training.suggest.unlabelled import Unlabelled, read_unlabelled

if TYPE_CHECKING:
    from arner.ner.recognizer import NameSpan, Recognizer

__all__ = ["SuggestedName", "Suggestion", "Suggestions", "suggest", "suggest_sentences"]

_TOGETHER: Final = 16
"""Texts that the model reads at once."""
_SHORTEST: Final = 3
_LONGEST: Final = 120
"""Words of a sentence that is worth an annotator's look: what is shorter or longer is a heading, a list or a table."""
_SURE: Final = 0.005
"""Doubt in nats below which a word does not count; most words of a text are not in doubt."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SuggestedName(_Frozen):
    """A name that the model found: half-open offsets in the suggested text, and the model's probability."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)
    type: str
    score: float = Field(ge=0.0, le=1.0)


class Suggestion(_Frozen):
    """A sentence to annotate."""

    text: str
    source: str = Field(description="file:line of the text it is from, or text:N for the Nth string")
    start: int = Field(ge=0, description="where it begins in that text")
    doubt: float = Field(ge=0.0, description="-log of the probability of each word's likeliest label, summed, in nats")
    gain: float = Field(ge=0.0, description="what it adds to those before it, for its length; falls along the list")
    names: tuple[SuggestedName, ...] = Field(description="labels to begin from")


class Suggestions(_Frozen):
    """Sentences to annotate, the most useful first."""

    model: str = Field(description="name and version of the model whose doubts these are")
    sentences: int = Field(description="different sentences among which was chosen")
    left_out: int = Field(description="sentences that are labelled already, repeated, or too short or long")
    suggestions: tuple[Suggestion, ...]

    def to_text(self, format: SuggestionFormat | str = SuggestionFormat.DOCCANO) -> str:
        """The content of a file for an annotation tool.

        Args:
            format: "doccano" (JSON lines), "label-studio" (a JSON list) or "prodigy" (JSON lines).

        Raises:
            InputError: another format.
        """
        try:
            chosen = SuggestionFormat(format)
        except ValueError:
            raise InputError(f"no format {format!r}; there are: {', '.join(SuggestionFormat)}") from None
        return written(self.suggestions, self.model, chosen)

    def save(self, path: str | Path, format: SuggestionFormat | str = SuggestionFormat.DOCCANO) -> None:
        """Writes `to_text` to a file, whole or not at all."""
        from arner.export import atomic_file

        content = self.to_text(format)
        with atomic_file(Path(path)) as file:
            file.write(content)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    source: str
    start: int
    words: int
    doubts: dict[str, float]
    names: tuple[SuggestedName, ...]


def suggest(
    texts: str | Path | Iterable[str | Path],
    *,
    model: str | Path = "default",
    n: int = 100,
    labelled: LabelledData | None = None,
    device: str = "auto",
    seed: int = 1,
) -> Suggestions:
    """Choose the unlabelled sentences to annotate next.

    The model reads all texts. A word's doubt is -log of the probability of its likeliest label; the sentences are
    chosen so that together they hold much doubt about many different words for their length (see
    `arner.training.suggest.coverage`). It needs no torch where the model is an ONNX one.

    Args:
        texts: strings, and paths of text files, of JSON or JSON lines with a "text", or of folders of such.
        model: name of an embedded model, a local folder, or a Hugging Face id: the one that is to get better.
        n: how many sentences to choose, at most.
        labelled: labelled data, as for `arner.finetune`; sentences with the same words are not suggested again.
        device: "auto", "cpu", "cuda" or "cuda:N".
        seed: settles ties; the same texts, model and seed give the same sentences.

    Raises:
        InputError: `n` is less than 1, there is no sentence, or `texts` holds something else.
        LabelledDataError: a file cannot be read; with file and line.
        ModelError: the model cannot be found or is not one that arner runs.
    """
    if n < 1:
        raise InputError(f"n must be at least 1, not {n!r}")
    known = set() if labelled is None else {s.key for text in read_labelled(labelled).texts for s in text.sentences()}
    recogniser = load_recognizer(str(model), device=device, is_name=load_knowledge().is_name)
    return suggest_sentences(recogniser, read_unlabelled(texts), n=n, known=known, seed=seed)


def suggest_sentences(
    recogniser: Recognizer, texts: Iterable[Unlabelled], *, n: int, known: set[tuple[str, ...]], seed: int
) -> Suggestions:
    """`suggest` for a model that is loaded.

    Args:
        known: the folded words of sentences that are labelled already.

    Raises:
        InputError: there is no sentence.
    """
    pool: list[_Sentence] = []
    seen = set(known)
    left_out = 0
    stream = iter(texts)
    while batch := list(islice(stream, _TOGETHER)):
        words = [split_words(text.text) for text in batch]
        log_probs = recogniser.word_log_probs([text.text for text in batch], words)
        for text, found, figures in zip(batch, words, log_probs, strict=True):
            names = recogniser.names(found, figures)
            for first, last in _sentences(found, text.text, names):
                key = tuple(word.folded for word in found[first:last])
                if key in seen or not _SHORTEST <= last - first <= _LONGEST:
                    left_out += 1
                    continue
                seen.add(key)
                pool.append(_sentence(text, found[first:last], figures[first:last], names))
    if not pool:
        raise InputError("there is no sentence to choose from: all are labelled already, or of fewer than three words")
    chosen = cover([s.doubts for s in pool], [float(s.words) for s in pool], n, seed)
    return Suggestions(
        model=recogniser.name,
        sentences=len(pool),
        left_out=left_out,
        suggestions=tuple(_suggestion(pool[index], gain) for index, gain in chosen),
    )


def _sentences(words: Sequence[Word], text: str, names: Sequence[NameSpan]) -> Iterator[tuple[int, int]]:
    """Sentences as half-open ranges of words, none cut inside a name."""
    begin: int | None = None
    for first, last in split_sentences(words, text):
        begin = first if begin is None else begin
        if any(name.start < words[last - 1].end < name.end for name in names):
            continue
        yield begin, last
        begin = None


def _sentence(
    text: Unlabelled, words: Sequence[Word], log_probs: NDArray[np.float32], names: Sequence[NameSpan]
) -> _Sentence:
    start, end = words[0].start, words[-1].end
    doubts: dict[str, float] = {}
    for word, doubt in zip(words, np.maximum(0.0, -log_probs.max(axis=1)), strict=True):
        if doubt > _SURE:
            doubts[word.folded] = doubts.get(word.folded, 0.0) + float(doubt)
    own = (name for name in names if start <= name.start and name.end <= end)
    found = tuple(
        SuggestedName(start=name.start - start, end=name.end - start, type=name.type, score=min(1.0, name.score))
        for name in own
    )
    return _Sentence(text.text[start:end], str(text.source), start, len(words), doubts, found)


def _suggestion(sentence: _Sentence, gain: float) -> Suggestion:
    return Suggestion(
        text=sentence.text,
        source=sentence.source,
        start=sentence.start,
        doubt=sum(sentence.doubts.values()),
        gain=gain,
        names=sentence.names,
    )
