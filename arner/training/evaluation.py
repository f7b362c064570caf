"""`arner.evaluate`: how well a model reads labelled text, by seqeval in strict mode, with its mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from arner.errors import LabelledDataError
from arner.knowledge import load_knowledge
from arner.ner.models import load_recognizer
from arner.training.labelled import LabelledText
from arner.training.mistakes import Mistake, find_mistakes
from arner.training.predictions import Prediction, predict
from arner.training.reading import LabelledData, read_labelled
from arner.training.scores import (
    Interval,
    Score,
    bootstrap_interval,
    require_seqeval,
    seqeval_scores,
    span_scores,
    tag_spans,
)

if TYPE_CHECKING:
    from arner.ner.recognizer import Recognizer

__all__ = ["EvaluationReport", "evaluate", "evaluate_texts"]


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

    def to_json(self, *, indent: int | None = None) -> str:
        """The report as JSON text, Arabic letters as they are."""
        return self.model_dump_json(indent=indent)

    @property
    def mistakes_by_kind(self) -> dict[str, int]:
        """How many mistakes there are of each kind, the most frequent first."""
        return dict(Counter(mistake.kind.value for mistake in self.mistakes).most_common())


def evaluate(
    model: str | Path,
    data: LabelledData,
    *,
    types: Mapping[str, str] | None = None,
    device: str = "auto",
    samples: int = 1000,
    seed: int = 1,
) -> EvaluationReport:
    """Compare the names that a model finds with those in labelled text.

    Tokenised data are scored on their own tokens, annotated documents on arner's words and on exact character spans.
    The model reads running text, as `arner.extract` does; what `extract` adds by knowledge is not counted.

    Args:
        model: name of an embedded model, a local folder, or a Hugging Face id.
        data: a path (CoNLL; JSON of arner, doccano, Label Studio or Prodigy), a `datasets.Dataset` or a folder of one,
            or a sequence of such.
        types: other names for types, of the data and of the model alike, such as ``{"PERS": "PER"}``.
        device: "auto", "cpu", "cuda" or "cuda:N".
        samples: how often texts are drawn anew for the confidence interval; 0 leaves it out.
        seed: fixes the draws.

    Raises:
        LabelledDataError: the data are missing or malformed; with file and line.
        ModelError: the model cannot be found or is not one that arner runs.
        MissingExtraError: seqeval, or what the model or the data need, is not installed.
    """
    require_seqeval("Evaluation")
    read = read_labelled(data, types=types)
    recogniser = load_recognizer(str(model), device=device, is_name=load_knowledge().is_name)
    report = evaluate_texts(recogniser, read.texts, types=types, samples=samples, seed=seed)
    return report.model_copy(update={"repairs": tuple(map(str, read.repairs))})


def evaluate_texts(
    recogniser: Recognizer,
    texts: Sequence[LabelledText],
    *,
    types: Mapping[str, str] | None = None,
    samples: int = 1000,
    seed: int = 1,
) -> EvaluationReport:
    """`evaluate` for a model that is loaded and texts that are read.

    Raises:
        LabelledDataError: the texts have no name to compare with.
    """
    known = {span.type for text in texts for span in text.spans}
    if not known:
        file = texts[0].source.file if texts else None
        raise LabelledDataError("no name is labelled here, so there is nothing to compare with", path=file)
    types = types or {}
    found = [_counted(reading, known, types) for reading in predict(recogniser, texts)]
    gold_labels = [text.token_labels for text in texts]
    labels = [reading.labels for reading in found]
    strict = seqeval_scores(gold_labels, labels, strict=True)
    gold_names, names = [tag_spans(item) for item in gold_labels], [tag_spans(item) for item in labels]
    spans = span_scores(*_raw_spans(texts, found))
    files = tuple(dict.fromkeys(text.source.file for text in texts))
    by_file = {
        file: seqeval_scores(
            *zip(
                *((g, p) for text, g, p in zip(texts, gold_labels, labels, strict=True) if text.source.file == file),
                strict=True,
            ),
            strict=True,
        )["all"]
        for file in files
    }
    model_types = {types.get(kind, kind) for kind in recogniser.scheme.types}
    return EvaluationReport(
        model=recogniser.name,
        files=files,
        texts=len(texts),
        tokens=sum(len(item) for item in gold_labels),
        strict=strict.pop("all"),
        interval=bootstrap_interval(gold_names, names, samples=samples, seed=seed),
        strict_by_type=strict,
        strict_by_file=by_file,
        lenient=seqeval_scores(gold_labels, labels, strict=False)["all"],
        spans=spans.pop("all") if any(text.tokens is None for text in texts) else None,
        spans_by_type=spans if any(text.tokens is None for text in texts) else {},
        ignored_types=tuple(sorted(model_types - known)),
        unknown_types=tuple(sorted(known - model_types)),
        mistakes=tuple(
            mistake
            for text, ours, theirs in zip(texts, gold_names, names, strict=True)
            for mistake in find_mistakes(text.token_texts, ours, theirs, str(text.source))
        ),
        repairs=(),
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
