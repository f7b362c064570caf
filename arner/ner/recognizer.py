"""The recogniser: text → names with their offsets, types and scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arner.ner.backend import Backend, batch_tokens, log_softmax
from arner.ner.decoding import WordSpan, decode
from arner.ner.labels import LabelScheme
from arner.ner.windows import Window, plan_windows
from arner.ner.word_tokenizer import WordTokenizer
from arner.text import Word, fold, name_key, proclitic_length, split_sentences, split_words

__all__ = ["NameSpan", "Recognizer"]

_PROCLITICS = frozenset("وفبلك")


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name in a text: half-open offsets in code points, clitics and quotes outside; `score` from 0 to 1."""

    start: int
    end: int
    type: str
    score: float


@dataclass(frozen=True, slots=True)
class _Job:
    """One window of one text, ready to run."""

    text: int
    window: Window
    ids: list[int]
    firsts: list[int]  # position of each word's first token


class Recognizer:
    """Reads names with one model. It keeps nothing between calls but the tokenizer's memory; threads may share it.

    Args:
        name: name and version of the model, for documents.
        scheme: the model's labels.
        tokenizer: the model's tokenizer.
        backend: runs the model.
        limit: tokens in a window, special tokens included.
        stride: tokens of context on either side of a window's own words.
        temperature: the logits are divided by it, so that scores are probabilities (Guo et al. 2017).
        min_score: names that score below are left out.
        is_name: whether a bare spelling is a known name.
    """

    def __init__(
        self,
        *,
        name: str,
        scheme: LabelScheme,
        tokenizer: WordTokenizer,
        backend: Backend,
        limit: int,
        stride: int,
        temperature: float,
        min_score: float,
        is_name: Callable[[str], bool] | None,
    ) -> None:
        self.name = name
        self.scheme = scheme
        self.device = backend.device
        self._tokenizer = tokenizer
        self._backend = backend
        self._limit = limit - 2
        self._stride = stride
        self._temperature = temperature
        self._min_score = min_score
        self._is_name = is_name

    def recognize(self, text: str) -> list[NameSpan]:
        """The names of a text of any length, in order; no two overlap."""
        return self.recognize_many([text])[0]

    def recognize_many(self, texts: Sequence[str]) -> list[list[NameSpan]]:
        """The names of several texts. The result for each is what `recognize` gives."""
        words = [split_words(text) for text in texts]
        return [
            self.names(found, log_probs)
            for found, log_probs in zip(words, self.word_log_probs(texts, words), strict=True)
        ]

    def word_log_probs(self, texts: Sequence[str], words: Sequence[Sequence[Word]]) -> list[NDArray[np.float32]]:
        """Label log-probabilities of every word of every text, each of shape (words, labels)."""
        results = [np.zeros((len(found), len(self.scheme.labels)), dtype=np.float32) for found in words]
        jobs = [job for index in range(len(texts)) for job in self._jobs(index, texts[index], words[index])]
        jobs.sort(key=lambda job: len(job.ids))
        for batch in _batches(jobs, batch_tokens(self.device)):
            logits = self._backend.logits([job.ids for job in batch], self._tokenizer.pad)
            log_probs = log_softmax(logits / np.float32(self._temperature))
            for job, row in zip(batch, log_probs, strict=True):
                window = job.window
                kept = job.firsts[window.own_start - window.start : window.own_end - window.start]
                results[job.text][window.own_start : window.own_end] = row[kept]
        return results

    def _jobs(self, index: int, text: str, words: Sequence[Word]) -> list[_Job]:
        ids = [self._tokenizer.ids(word.folded) for word in words]
        limit = self._limit
        sizes = [min(len(pieces), limit) for pieces in ids]
        jobs: list[_Job] = []
        for window in plan_windows(sizes, split_sentences(words, text), limit=limit, stride=self._stride):
            sequence, firsts = [self._tokenizer.first], []
            for pieces in ids[window.start : window.end]:
                firsts.append(len(sequence))
                sequence += pieces[:limit]
            jobs.append(_Job(index, window, [*sequence, self._tokenizer.last], firsts))
        return jobs

    def names(self, words: Sequence[Word], log_probs: NDArray[np.float32]) -> list[NameSpan]:
        """The names in words whose label log-probabilities are known, shape (words, labels)."""
        names: list[NameSpan] = []
        for span in decode(log_probs, self.scheme):
            if span.score < self._min_score:
                continue
            bounds = self._trim(words, span)
            if bounds is not None:
                names.append(NameSpan(*bounds, span.type, span.score))
        return names

    def _trim(self, words: Sequence[Word], span: WordSpan) -> tuple[int, int] | None:
        """Offsets of the name without the marks around it and without proclitics, or None where nothing is left."""
        first, last = span.start, span.end
        while first < last and words[first].kind in ("punctuation", "symbol"):
            first += 1
        while first < last and words[last - 1].kind in ("punctuation", "symbol"):
            last -= 1
        if first == last:
            return None
        start = words[first].start
        if words[first].kind == "word":
            start += self._proclitic(words[first], [word.folded for word in words[first + 1 : last]])
        return start, words[last - 1].end

    def _proclitic(self, word: Word, rest: Sequence[str]) -> int:
        """Characters of a name's first word that are proclitics; a known name of several words settles it."""
        if self._is_name is not None and rest:
            for cut in range(min(3, len(word.folded) - 1)):
                key = name_key(" ".join([word.folded[cut:], *rest]))
                if set(word.folded[:cut]) <= _PROCLITICS and self._is_name(key):
                    return fold(word.text).starts[cut] if cut else 0
        return proclitic_length(word.text, self._is_name)


def _batches(jobs: Sequence[_Job], budget: int) -> list[list[_Job]]:
    """Jobs sorted by length → batches within the token budget."""
    batches: list[list[_Job]] = []
    for job in jobs:
        if batches and (len(batches[-1]) + 1) * len(job.ids) <= budget:
            batches[-1].append(job)
        else:
            batches.append([job])
    return batches
