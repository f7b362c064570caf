"""The one place that composes the layers: text → words → mentions → entities → relations → document."""

from __future__ import annotations

import datetime
import gc
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.errors import InputError
from arner.knowledge import load_knowledge
from arner.linking import complete_names, link
from arner.ner.models import load_recognizer
from arner.relations import explain_relations, find_relations, load_rules
from arner.schema import ENTITY_TYPES, Document
from arner.stream import CheckedItems, TextItem, as_date, as_item, as_paths, check_text, cut_batches, map_in_processes

if TYPE_CHECKING:
    from arner.linking import LinkedText
    from arner.ner.recognizer import NameSpan, Reading, ReadyText
    from arner.relations import Explanation

__all__ = ["Extractor", "ExtractorOptions", "TextItem", "check_text", "explain", "extract"]

_EMBEDDED: Final = "default"

_KEPT_EXTRACTORS: Final = 2
"""How many extractors `extract` keeps loaded between calls: each holds a whole model in memory."""

_BATCH_SIZE: Final = 16
"""Texts that are read together on a CPU; enough that no core waits for another."""

_GPU_BATCH_SIZE: Final = 512
"""The same on a GPU, which is idle with fewer."""

_BATCH_TOKENS: Final = 65_536
"""Tokens that are read together, at most by one text more: it bounds the memory where texts are long."""

_LETTERS_PER_TOKEN: Final = 3
"""An estimate, for batches that other processes read."""


class ExtractorOptions(NamedTuple):
    """What an `Extractor` was made from; see there."""

    model: str
    rules: tuple[Path, ...]
    knowledge: tuple[Path, ...]
    min_score: float
    device: str
    date: datetime.date | None
    threads: int


class Extractor:
    """A model, rules and knowledge, loaded once and used for any number of texts.

    An extractor never changes after it is made, and several threads may use one at once.

    Args:
        model: name of an embedded model, a local folder, or a Hugging Face id of a token-classification model.
        rules: paths of your own rule files (TOML); they add to, override or switch off the built-in rules.
        knowledge: paths of your own knowledge files (JSON lines); likewise.
        min_score: names and relations that score below are left out, 0 to 1.
        device: "auto", "cpu", "cuda" or "cuda:N".
        date: the day on which the texts were written, for words such as أمس; a date or "YYYY-MM-DD".
        threads: CPU threads for an embedded or other ONNX model; 0 takes the cores that this process may use.

    An extractor can be pickled: what it was made from is kept, and the model is loaded anew.

    Raises:
        ModelError: the model cannot be found or is not one that arner runs.
        RuleError: a rule file is broken.
        KnowledgeError: a knowledge file is broken.
        MissingExtraError: the model or device needs packages that are not installed.
        InputError: another argument cannot be used.
    """

    def __init__(
        self,
        model: str | Path = "default",
        *,
        rules: str | Path | Iterable[str | Path] = (),
        knowledge: str | Path | Iterable[str | Path] = (),
        min_score: float = 0.0,
        device: str = "auto",
        date: str | datetime.date | None = None,
        threads: int = 0,
    ) -> None:
        if threads < 0:
            raise InputError(f"threads must be at least 0, not {threads!r}")
        if not 0.0 <= min_score <= 1.0:
            raise InputError(f"min_score must be between 0 and 1, not {min_score!r}")
        self._min_score = min_score
        self._date = as_date(date)
        rules, knowledge = as_paths(rules), as_paths(knowledge)
        # The data files come first: they load in a moment, so a broken one is reported before a model is read.
        with _without_collection():
            self._knowledge = load_knowledge(knowledge)
            load_model = partial(
                load_recognizer,
                str(model),
                device=device,
                min_score=min_score,
                threads=threads,
                is_name=self._knowledge.is_name,
            )
            if rules or str(model) != _EMBEDDED:
                self._rules = load_rules(rules)
                self._recognizer = load_model()
            else:  # neither can be broken, and the runtime leaves Python free while it reads its file
                with ThreadPoolExecutor(1, "arner-load") as loader:
                    loading = loader.submit(load_model)
                    self._rules = load_rules()
                    self._recognizer = loading.result()
        self._options = ExtractorOptions(str(model), rules, knowledge, min_score, device, self._date, threads)
        self._four_types = set(self._recognizer.scheme.types) <= set(ENTITY_TYPES)

    def __reduce__(self) -> tuple[Callable[..., Extractor], tuple[object, ...]]:
        return _make, self._options

    @property
    def model(self) -> str:
        """Name and version of the model, as documents carry it."""
        return self._recognizer.name

    @property
    def device(self) -> str:
        """What runs the model: "cpu", or "cuda:N"."""
        return self._recognizer.device

    @property
    def options(self) -> ExtractorOptions:
        """What the extractor was made from."""
        return self._options

    def extract(self, text: str, *, id: str | None = None, date: str | datetime.date | None = None) -> Document:
        """Read one text of any length.

        Args:
            text: the text; offsets in the document are code points of exactly this string.
            id: a name for the document, kept as it is.
            date: the day on which the text was written; replaces the extractor's own.

        Raises:
            EmptyTextError: the text has no visible character.
            EncodingError: the text holds half a surrogate pair, which no encoding can write.
            InputError: the text or id is not a string, or the date is not a date.
        """
        text, id = as_item((text, id))
        day = self._date if date is None else as_date(date)
        ready = self._recognizer.prepare(text)
        return self._read(ready, self._recognizer.read([ready])[0], id, day)

    def extract_batch(self, items: Sequence[TextItem]) -> list[Document]:
        """Read several texts in one run of the model; each document is what the text alone would give.

        Args:
            items: the texts; a `min_score` leaves out more than the extractor's own does, never less.

        Raises:
            InputError: as `extract` does, for the first text that cannot be read; none is read then.
        """
        texts = [as_item((item.text, item.id)) for item in items]
        ready = [self._recognizer.prepare(text) for text, _ in texts]
        names = self._recognizer.read(ready)
        return [
            self._read(text, found, id, self._date if item.date is None else item.date, item.min_score)
            for text, (_, id), found, item in zip(ready, texts, names, items, strict=True)
        ]

    def explain(
        self,
        text: str,
        *,
        id: str | None = None,
        date: str | datetime.date | None = None,
        min_score: float | None = None,
    ) -> Explanation:
        """Read one text as `extract` does, and tell which rules fired on which words, which nearly did, and why not.

        The rule layer takes several times as long; `extract` gathers nothing of this. Arguments and errors are those of
        `extract`; a `min_score` leaves out more than the extractor's own does, never less.
        """
        text, id = as_item((text, id))
        day = self._date if date is None else as_date(date)
        least = self._least(min_score)
        ready = self._recognizer.prepare(text)
        linked = self._link(ready, self._recognizer.read([ready])[0], least)
        return explain_relations(
            text,
            ready.words,
            ready.sentences,
            linked,
            self._knowledge,
            self._rules,
            day,
            min_score=least,
            id=id,
            model=self.model,
        )

    def pipe(
        self,
        texts: Iterable[str | tuple[str, str | None]],
        *,
        batch_size: int | None = None,
        batch_tokens: int = _BATCH_TOKENS,
        workers: int = 1,
    ) -> Iterator[Document]:
        """Read a stream of texts: documents come out in order, and only a few batches are in memory at a time.

        Texts are taken as documents are asked for, so that a slow consumer slows the source down. While one batch is
        linked and searched for relations, the model reads the next. Each document is what `extract` gives.

        Args:
            texts: strings, or pairs (text, id). It may be endless.
            batch_size: how many texts are read together; by default 16, on a GPU 512.
            batch_tokens: tokens after which a batch is closed with fewer texts; it bounds the memory.
            workers: processes that read. With more than one, each loads the model, and the program that calls must be
                one that can be imported: a script guards its start with ``if __name__ == "__main__":``.

        Raises:
            InputError: as `extract` does, for the first text that cannot be read; the documents of the texts before it
                come out first.
            ArnerError: a process that reads died.
        """
        if isinstance(texts, (str, bytes)):
            raise InputError("pipe() takes many texts, such as a list; for one text use extract()")
        if batch_size is None:
            batch_size = _GPU_BATCH_SIZE if self.device.startswith("cuda") else _BATCH_SIZE
        for name, value in (("batch_size", batch_size), ("batch_tokens", batch_tokens), ("workers", workers)):
            if value < 1:
                raise InputError(f"{name} must be at least 1, not {value!r}")
        items = CheckedItems(texts)
        documents = self._pipe(items, batch_size, batch_tokens)
        if workers > 1:
            documents = self._pipe_in_processes(items, batch_size, batch_tokens, workers)
        return _then_raise(documents, items)

    def _pipe(self, items: Iterator[tuple[str, str | None]], size: int, tokens: int) -> Iterator[Document]:
        ready = ((self._recognizer.prepare(text), id) for text, id in items)
        reading: deque[tuple[Reading, list[str | None]]] = deque()
        try:
            for batch in cut_batches(ready, size=size, weight=lambda member: member[0].tokens, most=tokens):
                ids = [id for _, id in batch]
                reading.append((self._recognizer.start([text for text, _ in batch]), ids))
                if len(reading) > 1:
                    yield from self._documents(*reading.popleft())
            while reading:
                yield from self._documents(*reading.popleft())
        finally:
            for begun, _ in reading:
                begun.cancel()

    def _documents(self, reading: Reading, ids: list[str | None]) -> Iterator[Document]:
        for ready, names, id in zip(reading.texts, reading.names(), ids, strict=True):
            yield self._read(ready, names, id, self._date)

    def _pipe_in_processes(
        self, items: Iterator[tuple[str, str | None]], size: int, tokens: int, workers: int
    ) -> Iterator[Document]:
        *made_from, threads = self._options
        each = threads or max(1, self._recognizer.threads // workers)
        texts = (TextItem(text, id) for text, id in items)
        letters = tokens * _LETTERS_PER_TOKEN  # tokens are counted where the model is
        batches = cut_batches(texts, size=size, weight=lambda item: len(item.text), most=letters)
        for documents in map_in_processes(_make, (*made_from, each), "extract_batch", batches, workers):
            yield from documents

    def _read(
        self,
        ready: ReadyText,
        names: list[NameSpan],
        id: str | None,
        date: datetime.date | None,
        min_score: float | None = None,
    ) -> Document:
        least = self._least(min_score)
        linked = self._link(ready, names, least)
        linked, relations = find_relations(
            ready.text, ready.words, ready.sentences, linked, self._knowledge, self._rules, date
        )
        return Document(
            id=id,
            text=ready.text,
            mentions=linked.mentions,
            entities=linked.entities,
            relations=tuple(relation for relation in relations if relation.score >= least),
            model=self.model,
        )

    def _least(self, min_score: float | None) -> float:
        return self._min_score if min_score is None else max(self._min_score, min_score)

    def _link(self, ready: ReadyText, names: list[NameSpan], min_score: float) -> LinkedText:
        names = [name for name in names if name.score >= min_score]
        completed = complete_names(ready.text, ready.words, names, self._knowledge, known_types=self._four_types)
        return link(ready.text, ready.words, completed, self._knowledge)

    def __repr__(self) -> str:
        return f"Extractor({self.model!r}, min_score={self._min_score}, date={self._date})"


@contextmanager
def _without_collection() -> Iterator[None]:
    """No garbage collection meanwhile: what is loaded stays, and looking through it again and again takes a while."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _make(
    model: str,
    rules: tuple[Path, ...],
    knowledge: tuple[Path, ...],
    min_score: float,
    device: str,
    date: datetime.date | None,
    threads: int,
) -> Extractor:
    """An extractor from what another was made from, in another process."""
    return Extractor(
        model, rules=rules, knowledge=knowledge, min_score=min_score, device=device, date=date, threads=threads
    )


def _then_raise(documents: Iterator[Document], items: CheckedItems) -> Iterator[Document]:
    yield from documents
    if items.failure is not None:
        raise items.failure


_extractors: OrderedDict[tuple[str, str], Extractor] = OrderedDict()
_extractors_lock = threading.Lock()


def extract(
    text: str,
    *,
    model: str | Path = "default",
    device: str = "auto",
    id: str | None = None,
    date: str | datetime.date | None = None,
) -> Document:
    """Read one text with a model that is loaded at the first call and kept for the next ones.

    Args:
        text: the text; offsets in the document are code points of exactly this string.
        model: name of an embedded model, a local folder, or a Hugging Face id of a token-classification model.
        device: "auto", "cpu", "cuda" or "cuda:N".
        id: a name for the document, kept as it is.
        date: the day on which the text was written, for words such as أمس; a date or "YYYY-MM-DD".

    Raises:
        InputError: the text cannot be read; see `Extractor.extract`.
        ModelError: the model cannot be found or is not one that arner runs.
        MissingExtraError: the model or device needs packages that are not installed.

    For your own rules and knowledge, and for many texts, make an `Extractor`.
    """
    text = check_text(text)  # a wrong argument is reported before a model is read
    return _kept(model, device).extract(text, id=id, date=as_date(date))


def explain(
    text: str,
    *,
    model: str | Path = "default",
    device: str = "auto",
    id: str | None = None,
    date: str | datetime.date | None = None,
) -> Explanation:
    """Read one text as `extract` does, and tell which rules fired on which words, which nearly did, and why not.

    Arguments and errors are those of `extract`. With your own rules and knowledge: `Extractor.explain`.
    """
    text = check_text(text)
    return _kept(model, device).explain(text, id=id, date=as_date(date))


def _kept(model: str | Path, device: str) -> Extractor:
    """The extractor with that model: loaded at the first call and kept for the next ones."""
    key = (str(model), device)
    with _extractors_lock:
        extractor = _extractors.get(key)
        if extractor is None:
            extractor = _extractors[key] = Extractor(model, device=device)
        _extractors.move_to_end(key)
        while len(_extractors) > _KEPT_EXTRACTORS:
            _extractors.popitem(last=False)
    return extractor
