"""`arner.evaluate`: how well a model reads labelled text, by seqeval in strict mode, with its mistakes.

Beside it: relations, where the documents are annotated with such, and a second model on the same data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field

from arner.errors import LabelledDataError
from arner.extractor import Extractor
from arner.knowledge import load_knowledge
from arner.ner.models import find_folder, load_recognizer
from arner.training.data.annotated_document import AnnotatedDocument
from arner.training.data.labelled import LabelledText
from arner.training.data.reading import LabelledData, read_labelled
from arner.training.evaluation.compare import Comparison, Difference, differences
from arner.training.evaluation.mistakes import Mistake, find_mistakes
from arner.training.evaluation.predictions import Prediction, predict
from arner.training.evaluation.relation_scores import RelationReport, relation_counts, score_relations
from arner.training.evaluation.scores import (
    Interval,
    Score,
    bootstrap_intervals,
    counts_by_type,
    require_seqeval,
    seqeval_scores,
    span_scores,
    tag_spans,
)

if TYPE_CHECKING:
    from arner.ner.recognizer import Recognizer
    from arner.schema import Document

__all__ = ["EvaluationReport", "evaluate", "evaluate_texts"]

_ROUNDS: Final = 10_000
"""Of the test between two models: what a p-value is a count of."""


class EvaluationReport(BaseModel):
    """How well a model reads labelled text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(description="name and version of the model")
    files: tuple[str, ...]
    texts: int = Field(description="sentences of CoNLL files and tables, documents of annotated JSON")
    tokens: int = Field(description="tokens of CoNLL files and tables, words of annotated JSON")
    strict: Score = Field(description="all names, by seqeval in strict IOB2 mode; the figure to report")
    interval: Interval | None = Field(description="confidence interval of the strict F1; none for a single text")
    strict_by_type: dict[str, Score]
    strict_by_file: dict[str, Score]
    lenient: Score = Field(
        description="seqeval's default mode, for comparison with others' figures; above the strict one only where "
        "labels are not well-formed"
    )
    spans: Score | None = Field(
        description="exact character spans and types in the raw text of annotated JSON, clitics outside; none for CoNLL"
    )
    spans_by_type: dict[str, Score]
    ignored_types: tuple[str, ...] = Field(
        description="types that the model knows and the data never shows: not counted"
    )
    unknown_types: tuple[str, ...] = Field(description="types of the data that the model does not know: all missed")
    mistakes: tuple[Mistake, ...]
    repairs: tuple[str, ...] = Field(description="what was changed or left out when the data were read")
    intervals_by_type: dict[str, Interval] = Field(default={}, description="confidence intervals of the strict F1")
    relations: RelationReport | None = Field(
        default=None, description="triples, read from raw text; for documents that are annotated with relations"
    )
    comparison: Comparison | None = Field(default=None, description="a second model on the same data")

    def to_json(self, *, indent: int | None = None) -> str:
        """The report as JSON text, Arabic letters as they are."""
        return self.model_dump_json(indent=indent)

    def to_html(self) -> str:
        """The report as one page that needs nothing else: figures, and every mistake in its context."""
        from arner.training.evaluation.mistakes_page import evaluation_page

        return evaluation_page(self)

    @property
    def confusion(self) -> dict[str, dict[str, int]]:
        """How often names of each type were taken for which: type in the data → type found → count.

        A name that was missed was taken for "", and so is what was found where the data have no name. A name that was
        found with other bounds counts by its types.
        """
        counts: dict[str, Counter[str]] = {kind: Counter() for kind in (*self.strict_by_type, "")}
        for kind, score in self.strict_by_type.items():
            counts[kind][kind] += score.correct
        for mistake in self.mistakes:
            counts.setdefault(mistake.gold_type or "", Counter())[mistake.predicted_type or ""] += 1
        return {kind: dict(row) for kind, row in counts.items()}

    @property
    def mistakes_by_kind(self) -> dict[str, int]:
        """How many mistakes there are of each kind, the most frequent first."""
        return dict(Counter(mistake.kind.value for mistake in self.mistakes).most_common())


def evaluate(
    model: str | Path,
    data: LabelledData,
    *,
    types: Mapping[str, str] | None = None,
    compare: str | Path | None = None,
    device: str = "auto",
    samples: int = 1000,
    seed: int = 1,
) -> EvaluationReport:
    """Compare the names, and the relations, that a model finds with those in labelled text.

    Tokenised data are scored on their own tokens, annotated documents on arner's words and on exact character spans.
    The model reads running text, as `arner.extract` does; what `extract` adds by knowledge is not counted, except in
    the figures of `relations`: those are of the documents that `extract` gives.

    Args:
        model: name of an embedded model, a local folder, or a Hugging Face id.
        data: a path (CoNLL; JSON of arner, doccano, Label Studio or Prodigy), a `datasets.Dataset` or `DatasetDict`, a
            folder of one or its name on the hub, or a sequence of such. Of several splits, ``test`` is read.
        types: other names for types, of the data and of the model alike, such as ``{"PERS": "PER"}``.
        compare: a second model; the report says how far apart the two are, and whether that is more than chance.
        device: "auto", "cpu", "cuda" or "cuda:N".
        samples: how often texts are drawn anew for the confidence intervals; 0 leaves them out, and the test.
        seed: fixes the draws.

    Raises:
        LabelledDataError: the data are missing or malformed; with file and line.
        ModelError: a model cannot be found or is not one that arner runs.
        MissingExtraError: seqeval, or what a model or the data need, is not installed.
    """
    require_seqeval("Evaluation")
    read = read_labelled(data, types=types, role="test")
    known = _known(read.texts)
    if compare is not None:
        find_folder(str(compare))  # a name that is wrong is told before the first model reads
    first = _read(str(model), device, read.texts, known, types or {})
    second = None if compare is None else _read(str(compare), device, read.texts, known, types or {})
    annotated = [(str(text.source), text.document) for text in read.texts if text.document is not None]
    documents = _documents(str(model), device, annotated)
    relations = score_relations(annotated, documents, samples=samples, seed=seed) if documents else None
    comparison = None
    if second is not None:
        comparison = _comparison(first, second, known, read.texts, rounds=_ROUNDS if samples else 0, seed=seed)
        if documents:
            other = _documents(str(compare), device, annotated)
            counts = (relation_counts(annotated, found) for found in (documents, other))
            (apart,) = differences(*counts, rounds=comparison.rounds, seed=seed)
            comparison = comparison.model_copy(update={"relations": apart})
    return _report(first, read.texts, known, samples=samples, seed=seed).model_copy(
        update={"repairs": tuple(map(str, read.repairs)), "relations": relations, "comparison": comparison}
    )


def evaluate_texts(
    recogniser: Recognizer,
    texts: Sequence[LabelledText],
    *,
    types: Mapping[str, str] | None = None,
    samples: int = 1000,
    seed: int = 1,
) -> EvaluationReport:
    """The names of `evaluate` for a model that is loaded and texts that are read.

    Raises:
        LabelledDataError: the texts have no name to compare with.
    """
    known = _known(texts)
    return _report(_reading(recogniser, texts, known, types or {}), texts, known, samples=samples, seed=seed)


@dataclass(frozen=True)
class _Reading:
    """What one model finds in the texts, in types that the data know."""

    model: str
    types: frozenset[str]
    found: list[Prediction]

    @property
    def labels(self) -> list[tuple[str, ...]]:
        return [reading.labels for reading in self.found]

    @property
    def names(self) -> list[set[tuple[int, int, str]]]:
        return [tag_spans(reading.labels) for reading in self.found]


def _known(texts: Sequence[LabelledText]) -> set[str]:
    known = {span.type for text in texts for span in text.spans}
    if not known:
        file = texts[0].source.file if texts else None
        raise LabelledDataError("no name is labelled here, so there is nothing to compare with", path=file)
    return known


def _read(
    model: str, device: str, texts: Sequence[LabelledText], known: set[str], types: Mapping[str, str]
) -> _Reading:
    recogniser = load_recognizer(model, device=device, is_name=load_knowledge().is_name)
    return _reading(recogniser, texts, known, types)


def _reading(
    recogniser: Recognizer, texts: Sequence[LabelledText], known: set[str], types: Mapping[str, str]
) -> _Reading:
    found = [_counted(reading, known, types) for reading in predict(recogniser, texts)]
    return _Reading(recogniser.name, frozenset(types.get(kind, kind) for kind in recogniser.scheme.types), found)


def _documents(model: str, device: str, annotated: Sequence[tuple[str, AnnotatedDocument]]) -> list[Document]:
    """The documents as `arner.extract` reads them; none where none is annotated."""
    if not annotated:
        return []
    return list(Extractor(model, device=device).pipe(document.text for _, document in annotated))


def _report(
    reading: _Reading, texts: Sequence[LabelledText], known: set[str], *, samples: int, seed: int
) -> EvaluationReport:
    gold_labels, labels = [text.token_labels for text in texts], reading.labels
    strict = seqeval_scores(gold_labels, labels, strict=True)
    gold_names, names = [tag_spans(item) for item in gold_labels], reading.names
    intervals = bootstrap_intervals(gold_names, names, samples=samples, seed=seed)
    spans = span_scores(*_raw_spans(texts, reading.found))
    files = tuple(dict.fromkeys(text.source.file for text in texts))
    return EvaluationReport(
        model=reading.model,
        files=files,
        texts=len(texts),
        tokens=sum(len(item) for item in gold_labels),
        strict=strict.pop("all"),
        interval=intervals.pop("all", None),
        strict_by_type=strict,
        intervals_by_type=intervals,
        strict_by_file={file: _of_file(file, texts, gold_labels, labels) for file in files},
        lenient=seqeval_scores(gold_labels, labels, strict=False)["all"],
        spans=spans.pop("all") if any(text.tokens is None for text in texts) else None,
        spans_by_type=spans if any(text.tokens is None for text in texts) else {},
        ignored_types=tuple(sorted(reading.types - known)),
        unknown_types=tuple(sorted(known - reading.types)),
        mistakes=tuple(
            mistake
            for text, ours, theirs in zip(texts, gold_names, names, strict=True)
            for mistake in find_mistakes(text.token_texts, ours, theirs, str(text.source))
        ),
        repairs=(),
    )


def _of_file(
    file: str, texts: Sequence[LabelledText], gold: Sequence[Sequence[str]], labels: Sequence[Sequence[str]]
) -> Score:
    rows = [row for row, text in enumerate(texts) if text.source.file == file]
    return seqeval_scores([gold[row] for row in rows], [labels[row] for row in rows], strict=True)["all"]


def _comparison(
    first: _Reading, second: _Reading, known: set[str], texts: Sequence[LabelledText], *, rounds: int, seed: int
) -> Comparison:
    gold = [tag_spans(text.token_labels) for text in texts]
    kinds = sorted(known)
    counts = (counts_by_type(gold, reading.names, kinds) for reading in (first, second))
    apart: list[Difference] = differences(*counts, rounds=rounds, seed=seed)
    return Comparison(
        model=second.model,
        texts=len(texts),
        names=apart[0],
        names_by_type=dict(zip(kinds, apart[1:], strict=True)),
        rounds=rounds,
        seed=seed,
    )


def _counted(reading: Prediction, known: set[str], types: Mapping[str, str]) -> Prediction:
    """The reading with types renamed, and without types that the data do not know."""
    labels = tuple(
        f"{label[:2]}{types.get(label[2:], label[2:])}" if types.get(label[2:], label[2:]) in known else "O"
        for label in reading.labels
    )
    if reading.spans is None:
        return Prediction(labels, None)
    spans = (type(span)(span.start, span.end, types.get(span.type, span.type)) for span in reading.spans)
    return Prediction(labels, tuple(span for span in spans if span.type in known))


def _raw_spans(
    texts: Sequence[LabelledText], found: Sequence[Prediction]
) -> tuple[list[set[tuple[int, int, str]]], list[set[tuple[int, int, str]]]]:
    """Gold and predicted character spans of the documents."""
    gold: list[set[tuple[int, int, str]]] = []
    predicted: list[set[tuple[int, int, str]]] = []
    for text, reading in zip(texts, found, strict=True):
        if reading.spans is not None:
            gold.append({(span.start, span.end, span.type) for span in text.spans})
            predicted.append({(span.start, span.end, span.type) for span in reading.spans})
    return gold, predicted
