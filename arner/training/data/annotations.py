"""Annotated JSON: arner's own documents, doccano, Label Studio, Prodigy, tokens with tags; as JSON lines or a list."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from arner.errors import LabelledDataError
from arner.training.data.annotated_document import AnnotatedDocument, annotated_document
from arner.training.data.files import read_utf8, shown
from arner.training.data.json_values import json_values
from arner.training.data.labelled import LabelledText, Repair, Source
from arner.training.data.record_spans import Label, checked_spans
from arner.training.data.tagged import TAGS, TOKENS, TaggedSentence, TagRepairs, tagged_row, tagged_texts

__all__ = ["read_annotations", "read_records"]

_FORMATS: Final = (
    'arner ("text", "mentions"), doccano ("text", "label"), Prodigy ("text", "spans"), '
    'Label Studio ("data", "annotations"), tokens ("tokens", "ner_tags")'
)


class _Record(NamedTuple):
    """A text with its labels, before they are checked."""

    format: str
    text: str
    labels: list[Label]
    notes: list[str]
    skipped: bool = False
    document: AnnotatedDocument | None = None


def read_annotations(path: Path) -> tuple[list[LabelledText], str, list[Repair]]:
    """The texts of a JSON or JSON-lines file, the format found, and what was repaired.

    Raises:
        LabelledDataError: the file cannot be read, a record is malformed, or its spans contradict each other; with file
            and line.
    """
    content, notes = read_utf8(path)
    texts, form, repairs = read_records(json_values(content, path), str(path))
    return texts, form, [*(Repair(Source(str(path), 1), note) for note in notes), *repairs]


def read_records(values: Iterable[tuple[int, Any]], file: str) -> tuple[list[LabelledText], str, list[Repair]]:
    """Labelled texts from the records of an annotation tool.

    Args:
        values: each record with its line (or row).
        file: what the records come from.

    Raises:
        LabelledDataError: as `read_annotations`.
    """
    texts: list[LabelledText] = []
    repairs: list[Repair] = []
    formats: dict[str, None] = {}
    sentences: list[TaggedSentence] = []
    changes = TagRepairs(file)
    for line, value in values:
        source = Source(file, line)
        try:
            if _is_tagged(value):
                sentences.append(_tagged(value, line, changes))
                continue
            record = _read_record(value)
            repairs += [Repair(source, note) for note in record.notes]
            formats[record.format] = None
            if record.skipped:
                continue
            spans, notes = checked_spans(record.text, record.labels)
        except ValueError as error:
            raise LabelledDataError(str(error), path=file, line=line) from None
        repairs += [Repair(source, note) for note in notes]
        texts.append(LabelledText(record.text, spans, source, document=record.document))
    if texts and sentences:
        raise LabelledDataError(
            "has tokens with tags, though other records hold a text with spans; keep them in two files",
            path=file,
            line=sentences[0].lines[0],
        )
    if sentences:
        found, scheme, more = tagged_texts(sentences, file)
        return found, f"tokens, {scheme}", [*changes.repairs(), *more]
    if not texts:
        raise LabelledDataError("no annotated text is left to read; export texts that are annotated", path=file)
    return texts, ", ".join(formats), repairs


def _is_tagged(value: Any) -> bool:
    return isinstance(value, dict) and "text" not in value and "data" not in value and any(k in value for k in TOKENS)


def _tagged(value: dict[str, Any], line: int, changes: TagRepairs) -> TaggedSentence:
    tokens = next(value[key] for key in TOKENS if key in value)
    tags = next((value[key] for key in TAGS if key in value), None)
    if tags is None:
        raise ValueError(f"the object has tokens but no tags; name them {', '.join(TAGS[:-1])} or {TAGS[-1]}")
    if tokens == []:
        raise ValueError("the list of tokens is empty; leave the record out")
    return tagged_row(tokens, tags, None, line, changes)


def _read_record(value: Any) -> _Record:
    if not isinstance(value, dict):
        raise ValueError(f"expected an object, found {type(value).__name__}; formats read: {_FORMATS}")
    if isinstance(value.get("data"), dict):
        return _label_studio(value)
    text = value.get("text")
    if not isinstance(text, str):
        raise ValueError(f'expected a "text" that is a string; formats read: {_FORMATS}')
    if not text.strip():
        raise ValueError('the "text" is empty; leave the record out')
    if "mentions" in value:
        return _document(text, value)
    if "spans" in value or "answer" in value:
        return _prodigy(text, value)
    for key in ("label", "labels", "entities"):
        if key in value:
            return _doccano(text, _list(value, key))
    short = [item for item in value.values() if isinstance(item, list) and item and _is_short(item[0])]
    if short or "annotation_id" in value:  # Label Studio's short form leaves the key out where nothing is labelled
        return (
            _doccano(text, short[0])._replace(format="Label Studio") if short else _Record("Label Studio", text, [], [])
        )
    raise ValueError(f'the object has a "text" but no labels; formats read: {_FORMATS}')


def _is_short(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("labels"), list) and "start" in item


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise ValueError(f'"{key}" must be a list, not {type(found).__name__}')
    return found


def _fields(item: Any, *keys: str) -> list[Any]:
    if not isinstance(item, dict) or any(key not in item for key in keys):
        raise ValueError(f"a label must be an object with {', '.join(keys)}, not {shown(item)}")
    return [item[key] for key in keys]


def _document(text: str, value: dict[str, Any]) -> _Record:
    mentions = _list(value, "mentions")
    named = [m for m in mentions if not isinstance(m, dict) or m.get("kind", "name") == "name"]
    labels: list[Label] = [(*_fields(m, "start", "end", "type"), m.get("text")) for m in named]
    document = None
    if value.get("entities") and "relations" in value:
        document = annotated_document(value)
    return _Record("arner", text, labels, [], document=document)


def _prodigy(text: str, value: dict[str, Any]) -> _Record:
    answer = value.get("answer", "accept")
    if answer != "accept":
        return _Record("Prodigy", text, [], [f"left out: the answer is {shown(answer)}"], skipped=True)
    items = _list(value, "spans")
    labels: list[Label] = [(*_fields(item, "start", "end", "label"), item.get("text")) for item in items]
    return _Record("Prodigy", text, labels, [])


def _doccano(text: str, items: list[Any]) -> _Record:
    labels: list[Label] = []
    studio = False
    for item in items:
        if isinstance(item, list) and len(item) == 3:
            labels.append((item[0], item[1], item[2], None))
        elif isinstance(item, dict) and isinstance(item.get("labels"), list):  # Label Studio's short form, JSON-MIN
            studio = True
            start, end, kinds = _fields(item, "start", "end", "labels")
            labels += [(start, end, kind, item.get("text")) for kind in kinds]
        elif isinstance(item, dict):
            start, end, kind = _fields(item, "start_offset", "end_offset", "label")
            labels.append((start, end, kind, None))
        else:
            raise ValueError(
                f"a label must be an object with start_offset, end_offset, label, or a list [start, end, label], not "
                f"{shown(item)}"
            )
    return _Record("Label Studio" if studio else "doccano", text, labels, [])


def _label_studio(value: dict[str, Any]) -> _Record:
    data = value["data"]
    strings = [item for item in data.values() if isinstance(item, str)]
    text = data["text"] if isinstance(data.get("text"), str) else strings[0] if len(strings) == 1 else None
    if text is None:
        raise ValueError('the task\'s "data" has no "text" that is a string; name the field so in Label Studio')
    done = [item for item in _list(value, "annotations") if isinstance(item, dict) and not item.get("was_cancelled")]
    if not done:
        return _Record("Label Studio", text, [], ["left out: the task has no annotation"], skipped=True)
    notes = [f"has {len(done)} annotations; the first is read"] if len(done) > 1 else []
    labels: list[Label] = []
    other: dict[str, int] = {}
    for result in _list(done[0], "result"):
        kind = result.get("type") if isinstance(result, dict) else None
        if kind == "labels":
            start, end, names = _fields(result.get("value"), "start", "end", "labels")
            if not isinstance(names, list) or not names:
                raise ValueError(f'"labels" of the span {start}:{end} must be a list of labels, not {shown(names)}')
            labels += [(start, end, name, result["value"].get("text")) for name in names]
        elif kind != "relation":
            other[str(kind)] = other.get(str(kind), 0) + 1
    notes += [f"not read: {count} results of the type {shown(kind)}" for kind, count in other.items()]
    return _Record("Label Studio", text, labels, notes)
