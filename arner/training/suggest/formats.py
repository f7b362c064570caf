"""Suggestions in the form that annotation tools open, with the names that the model found as labels to begin from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from arner.text import split_words

if TYPE_CHECKING:
    from arner.training.suggest.suggesting import Suggestion

__all__ = ["FORMATS", "SuggestionFormat", "written"]


class SuggestionFormat(StrEnum):
    """Tools whose form is written."""

    DOCCANO = "doccano"
    LABEL_STUDIO = "label-studio"
    PRODIGY = "prodigy"


def written(suggestions: Iterable[Suggestion], model: str, format: SuggestionFormat) -> str:
    """The file: JSON lines, but for Label Studio, which imports a JSON list."""
    records = [FORMATS[format](suggestion, model) for suggestion in suggestions]
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    if format is SuggestionFormat.LABEL_STUDIO:
        return "[\n" + ",\n".join(lines) + "\n]\n"
    return "".join(line + "\n" for line in lines)


def _doccano(suggestion: Suggestion, model: str) -> dict[str, Any]:
    """For a project of the kind "sequence labeling": import dataset, JSONL; the rest becomes the text's metadata."""
    labels = [[name.start, name.end, name.type] for name in suggestion.names]
    return {"text": suggestion.text, "label": labels, **_about(suggestion, model)}


def _label_studio(suggestion: Suggestion, model: str) -> dict[str, Any]:
    """A task with a prediction, for ``<Labels name="label" toName="text">`` over ``<Text name="text">``."""
    results = [
        {
            "id": f"n{number}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "score": name.score,
            "value": {
                "start": name.start,
                "end": name.end,
                "text": suggestion.text[name.start : name.end],
                "labels": [name.type],
                "score": name.score,
            },
        }
        for number, name in enumerate(suggestion.names, 1)
    ]
    scores = [name.score for name in suggestion.names]
    prediction = {"model_version": model, "score": min(scores, default=0.0), "result": results}
    return {"data": {"text": suggestion.text, **_about(suggestion, model)}, "predictions": [prediction]}


def _prodigy(suggestion: Suggestion, model: str) -> dict[str, Any]:
    """A task for ``ner.manual``. Its tokens are ours, cut where a name begins behind a clitic."""
    tokens = list(_tokens(suggestion))
    spans = [
        {
            "start": name.start,
            "end": name.end,
            "label": name.type,
            "token_start": next(token["id"] for token in tokens if token["start"] == name.start),
            "token_end": next(token["id"] for token in tokens if token["end"] == name.end),
        }
        for name in suggestion.names
    ]
    return {"text": suggestion.text, "tokens": tokens, "spans": spans, "meta": _about(suggestion, model)}


def _tokens(suggestion: Suggestion) -> Iterator[dict[str, Any]]:
    borders = {border for name in suggestion.names for border in (name.start, name.end)}
    bounds: list[tuple[int, int]] = []
    for word in split_words(suggestion.text):
        cuts = [word.start, *sorted(at for at in borders if word.start < at < word.end), word.end]
        bounds += zip(cuts, cuts[1:], strict=False)
    for number, (start, end) in enumerate(bounds):
        text = suggestion.text[start:end]
        yield {"id": number, "start": start, "end": end, "text": text, "ws": suggestion.text[end : end + 1] == " "}


def _about(suggestion: Suggestion, model: str) -> dict[str, Any]:
    return {"source": suggestion.source, "start": suggestion.start, "gain": round(suggestion.gain, 4), "model": model}


FORMATS: Final[dict[SuggestionFormat, Callable[[Suggestion, str], dict[str, Any]]]] = {
    SuggestionFormat.DOCCANO: _doccano,
    SuggestionFormat.LABEL_STUDIO: _label_studio,
    SuggestionFormat.PRODIGY: _prodigy,
}
"""Each tool with what makes a record for it."""
