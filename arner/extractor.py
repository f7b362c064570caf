"""The one place that composes the layers: text → words → mentions → entities → relations → document."""

from __future__ import annotations

import datetime
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from arner.errors import EmptyTextError, EncodingError, InputError
from arner.knowledge import load_knowledge
from arner.linking import complete_names, link
from arner.ner.models import load_recognizer
from arner.relations import find_relations, load_rules
from arner.schema import ENTITY_TYPES, Document
from arner.text import split_sentences, split_words

if TYPE_CHECKING:
    from arner.ner.recognizer import NameSpan

__all__ = ["Extractor", "check_text", "extract"]

_KEPT_EXTRACTORS: Final = 2
"""How many extractors `extract` keeps loaded between calls: each holds a whole model in memory."""

_INVISIBLE: Final = dict.fromkeys(
    [0x00AD, 0x061C, 0x2060, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


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
    ) -> None:
        if not 0.0 <= min_score <= 1.0:
            raise InputError(f"min_score must be between 0 and 1, not {min_score!r}")
        self._min_score = min_score
        self._date = _as_date(date)
        # The data files come first: they load in a moment, so a broken one is reported before a model is read.
        self._knowledge = load_knowledge(_as_paths(knowledge))
        self._rules = load_rules(_as_paths(rules))
        self._recognizer = load_recognizer(
            str(model), device=device, min_score=min_score, is_name=self._knowledge.is_name
        )

    @property
    def model(self) -> str:
        """Name and version of the model, as documents carry it."""
        return self._recognizer.name

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
        text, id = _as_item((text, id))
        day = self._date if date is None else _as_date(date)
        return self._read(text, self._recognizer.recognize(text), id, day)

    def pipe(self, texts: Iterable[str | tuple[str, str | None]], *, batch_size: int = 16) -> Iterator[Document]:
        """Read a stream of texts: documents come out in order, and only one batch is in memory at a time.

        Args:
            texts: strings, or pairs (text, id). It may be endless.
            batch_size: how many texts the model sees at once.

        Raises:
            InputError: as `extract` does, for the first text that cannot be read; the documents of the texts before it
                come out first.
        """
        if isinstance(texts, (str, bytes)):
            raise InputError("pipe() takes many texts, such as a list; for one text use extract()")
        if batch_size < 1:
            raise InputError(f"batch_size must be at least 1, not {batch_size!r}")
        return self._pipe(iter(texts), batch_size)

    def _pipe(self, items: Iterator[str | tuple[str, str | None]], batch_size: int) -> Iterator[Document]:
        number = 0
        failure: InputError | None = None
        while failure is None:
            batch: list[tuple[str, str | None]] = []
            for item in items:
                number += 1
                try:
                    batch.append(_as_item(item))
                except InputError as error:
                    failure = type(error)(f"text {number}: {error}")
                    break
                if len(batch) == batch_size:
                    break
            if batch:
                names = self._recognizer.recognize_many([text for text, _ in batch])
                for (text, id), found in zip(batch, names, strict=True):
                    yield self._read(text, found, id, self._date)
            elif failure is None:
                return
        raise failure

    def _read(self, text: str, names: list[NameSpan], id: str | None, date: datetime.date | None) -> Document:
        words = split_words(text)
        four_types = set(self._recognizer.scheme.types) <= set(ENTITY_TYPES)
        completed = complete_names(text, words, names, self._knowledge, known_types=four_types)
        linked = link(text, words, completed, self._knowledge)
        linked, relations = find_relations(
            text, words, split_sentences(words, text), linked, self._knowledge, self._rules, date
        )
        return Document(
            id=id,
            text=text,
            mentions=linked.mentions,
            entities=linked.entities,
            relations=tuple(relation for relation in relations if relation.score >= self._min_score),
            model=self.model,
        )

    def __repr__(self) -> str:
        return f"Extractor({self.model!r}, min_score={self._min_score}, date={self._date})"


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
    day = _as_date(date)
    key = (str(model), device)
    with _extractors_lock:
        extractor = _extractors.get(key)
        if extractor is None:
            extractor = _extractors[key] = Extractor(model, device=device)
        _extractors.move_to_end(key)
        while len(_extractors) > _KEPT_EXTRACTORS:
            _extractors.popitem(last=False)
    return extractor.extract(text, id=id, date=day)


def check_text(text: object) -> str:
    """The text itself, where it is one that can be read; what `Extractor.extract` and `pipe` ask of every text.

    Raises:
        EmptyTextError: the text has no visible character.
        EncodingError: the text holds half a surrogate pair.
        InputError: the text is not a string.

    >>> check_text("زار الوزير القاهرة.")
    'زار الوزير القاهرة.'
    """
    if isinstance(text, (bytes, bytearray, memoryview)):
        raise InputError("the text is bytes; decode it first, for example data.decode('utf-8')")
    if not isinstance(text, str):
        raise InputError(f"the text must be a str, not {type(text).__name__}")
    if not text.translate(_INVISIBLE).strip():
        raise EmptyTextError("the text is empty: it has no visible character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise EncodingError(
            f"the text holds half a surrogate pair at position {error.start}, which cannot be written as UTF-8; "
            "repair it with text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')"
        ) from None
    return str(text)


def _as_item(item: object) -> tuple[str, str | None]:
    """A member of a stream as (text, id)."""
    if not isinstance(item, tuple):
        return check_text(item), None
    if len(item) != 2:
        raise InputError(f"a pair must be (text, id); this one has {len(item)} members")
    text, id = item
    if not isinstance(id, str | None):
        raise InputError(f"the id must be a str or None, not {type(id).__name__}")
    # A file name that is not UTF-8 comes with half surrogate pairs, which JSON cannot hold.
    return check_text(text), None if id is None else id.encode("utf-8", "replace").decode("utf-8")


def _as_date(date: object) -> datetime.date | None:
    if isinstance(date, datetime.datetime):
        return date.date()
    if date is None or isinstance(date, datetime.date):
        return date
    if isinstance(date, str):
        try:
            return datetime.date.fromisoformat(date)
        except ValueError:
            pass
    raise InputError(f"the date must be a datetime.date or a string such as '2024-11-27', not {date!r}")


def _as_paths(paths: str | Path | Iterable[str | Path]) -> tuple[Path, ...]:
    """Paths as a tuple: one path alone is meant as a list of one, not as its letters."""
    return (Path(paths),) if isinstance(paths, (str, Path)) else tuple(Path(path) for path in paths)
