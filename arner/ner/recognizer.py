"""The recogniser: text → names with their offsets, types and scores."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arner.ner.backend import Backend, check_logits
from arner.ner.decoding import WordSpan, decode
from arner.ner.labels import LabelScheme
from arner.ner.trimming import trim_marks
from arner.ner.windows import Window, plan_windows
from arner.ner.word_tokenizer import WordTokenizer
from arner.text import Word, fold, name_key, proclitic_length, split_sentences, split_words

__all__ = ["NameSpan", "Reading", "ReadyText", "Recognizer"]

_PROCLITICS = frozenset("وفبلك")


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name in a text: half-open offsets in code points, clitics and quotes outside; `score` from 0 to 1."""

    start: int
    end: int
    type: str
    score: float


@dataclass(frozen=True, slots=True)
class ReadyText:
    """A text cut into words, sentences and windows, ready for the model."""

    text: str
    words: Sequence[Word]
    sentences: Sequence[tuple[int, int]]
    windows: Sequence[_Job]

    @property
    def tokens(self) -> int:
        """Tokens that the model reads of it, context and special tokens included."""
        return sum(len(job.ids) for job in self.windows)


@dataclass(frozen=True, slots=True)
class _Job:
    """One window of a text: its token ids, and the position of each word's first token."""

    window: Window
    ids: list[int]
    firsts: list[int]


@dataclass(frozen=True, slots=True)
class Reading:
    """Texts that the model is reading. It goes on in the background; asking for the result waits for it."""

    recognizer: Recognizer
    texts: Sequence[ReadyText]
    results: list[NDArray[np.float32]]
    running: Sequence[Future[None]] = ()

    def log_probs(self) -> list[NDArray[np.float32]]:
        """Label log-probabilities of every word of every text, each of shape (words, labels)."""
        try:
            for batch in self.running:
                batch.result()
        except BaseException:
            self.cancel()
            raise
        return self.results

    def names(self) -> list[list[NameSpan]]:
        """The names of each text, in order; no two overlap."""
        found = zip(self.texts, self.log_probs(), strict=True)
        return [self.recognizer.names(text.words, log_probs) for text, log_probs in found]

    def cancel(self) -> None:
        """Leave unread what the model has not begun."""
        for batch in self.running:
            batch.cancel()


class Recognizer:
    """Reads names with one model. Threads may share it: between calls it keeps a memory of words and idle threads only.

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
        self._workers: tuple[int, ThreadPoolExecutor] | None = None
        self._lock = threading.Lock()

    @property
    def threads(self) -> int:
        """How many batches the model reads at the same time."""
        return self._backend.threads

    def recognize(self, text: str) -> list[NameSpan]:
        """The names of a text of any length, in order; no two overlap."""
        return self.recognize_many([text])[0]

    def recognize_many(self, texts: Sequence[str]) -> list[list[NameSpan]]:
        """The names of several texts. The result for each is what `recognize` gives."""
        return self.read([self.prepare(text) for text in texts])

    def word_log_probs(self, texts: Sequence[str], words: Sequence[Sequence[Word]]) -> list[NDArray[np.float32]]:
        """Label log-probabilities of every word of every text, each of shape (words, labels)."""
        ready = [self._ready(text, found) for text, found in zip(texts, words, strict=True)]
        return self._start(ready, wait=True).log_probs()

    def prepare(self, text: str) -> ReadyText:
        """The text cut into words, sentences and windows."""
        return self._ready(text, split_words(text))

    def read(self, texts: Sequence[ReadyText]) -> list[list[NameSpan]]:
        """The names of each text."""
        return self._start(texts, wait=True).names()

    def start(self, texts: Sequence[ReadyText]) -> Reading:
        """Begins to read the texts in the background."""
        return self._start(texts, wait=False)

    def _start(self, texts: Sequence[ReadyText], *, wait: bool) -> Reading:
        results = [np.zeros((len(ready.words), len(self.scheme.labels)), dtype=np.float32) for ready in texts]
        jobs = [(at, job) for at, ready in enumerate(texts) for job in ready.windows]
        jobs.sort(key=lambda item: len(item[1].ids))
        batches = _batches(jobs, self._backend.batch_tokens)
        if wait and (len(batches) == 1 or self._backend.threads == 1):  # no other thread would make it faster
            for batch in batches:
                self._run(batch, results)
            return Reading(self, texts, results)
        pool = self._pool()
        return Reading(self, texts, results, [pool.submit(self._run, batch, results) for batch in batches])

    def _run(self, batch: Sequence[tuple[int, _Job]], results: Sequence[NDArray[np.float32]]) -> None:
        windows = [job.window for _, job in batch]
        kept = [
            job.firsts[window.own_start - window.start : window.own_end - window.start]
            for (_, job), window in zip(batch, windows, strict=True)
        ]
        ids = [job.ids for _, job in batch]
        found = self._backend.log_probs(ids, kept, self._tokenizer.pad, self._temperature)
        for (at, _), window, rows in zip(batch, windows, found, strict=True):
            check_logits(rows[None], (1, window.own_end - window.own_start, len(self.scheme.labels)), self.name)
            results[at][window.own_start : window.own_end] = rows

    def _pool(self) -> ThreadPoolExecutor:
        """The threads that run the model, shared by all callers; made anew in a process that was forked."""
        with self._lock:
            if self._workers is None or self._workers[0] != os.getpid():
                self._workers = (os.getpid(), ThreadPoolExecutor(self._backend.threads, "arner-model"))
            return self._workers[1]

    def _ready(self, text: str, words: Sequence[Word]) -> ReadyText:
        ids = [self._tokenizer.ids(word.folded) for word in words]
        limit = self._limit
        sizes = [min(len(pieces), limit) for pieces in ids]
        sentences = split_sentences(words, text)
        jobs: list[_Job] = []
        for window in plan_windows(sizes, sentences, limit=limit, stride=self._stride):
            sequence, firsts = [self._tokenizer.first], []
            for pieces in ids[window.start : window.end]:
                firsts.append(len(sequence))
                sequence += pieces[:limit]
            jobs.append(_Job(window, [*sequence, self._tokenizer.last], firsts))
        return ReadyText(text, words, sentences, jobs)

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
        first, last = trim_marks(words, span.start, span.end)
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


def _batches(jobs: Sequence[tuple[int, _Job]], budget: int) -> list[list[tuple[int, _Job]]]:
    """Jobs sorted by length → batches within the token budget; a budget of 0 leaves each job alone."""
    batches: list[list[tuple[int, _Job]]] = []
    for item in jobs:
        if batches and (len(batches[-1]) + 1) * len(item[1].ids) <= budget:
            batches[-1].append(item)
        else:
            batches.append([item])
    return batches
