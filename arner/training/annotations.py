"""Annotated JSON: arner's own documents, doccano, Label Studio and Prodigy; as JSON lines or as a JSON list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from arner.errors import LabelledDataError
from arner.text import fold_plain, proclitics_of, split_words
from arner.training.files import read_utf8
from arner.training.labelled import LabelledSpan, LabelledText, Repair, Source

__all__ = ["read_annotations"]

_FORMATS: Final = (
    'arner ("text", "mentions"), doccano ("text", "label"), Prodigy ("text", "spans"), '
    'Label Studio ("data", "annotations")'
)


class _Record(NamedTuple):
    """A text with its labels as (start, end, type, text or None), before they are checked."""

    format: str
    text: str
    labels: list[tuple[Any, Any, Any, Any]]
    notes: list[str]
    skipped: bool = False


def read_annotations(path: Path) -> tuple[list[LabelledText], str, list[Repair]]:
    """The texts of a JSON or JSON-lines file, the format found, and what was repaired.

    Raises:
        LabelledDataError: the file cannot be read, a record is malformed, or its spans contradict each other; with file
            and line.
    """
    content = read_utf8(path)
    texts: list[LabelledText] = []
    repairs: list[Repair] = []
    formats: dict[str, None] = {}
    for line, value in _values(content, path):
        source = Source(str(path), line)
        try:
            record = _read_record(value)
            repairs += [Repair(source, note) for note in record.notes]
            formats[record.format] = None
            if record.skipped:
                continue
            spans, notes = _checked_spans(record)
        except ValueError as error:
            raise LabelledDataError(str(error), path=path, line=line) from None
        repairs += [Repair(source, note) for note in notes]
        texts.append(LabelledText(record.text, spans, source))
    if not texts:
        raise LabelledDataError("no annotated text is left to read", path=path)
    return texts, ", ".join(formats), repairs


def _values(content: str, path: Path) -> Iterator[tuple[int, Any]]:
    """Each JSON value of a file with its line: of a list its members, else one value a line or one over many lines."""
    if content.lstrip().startswith("["):
        yield from _members(content, path)
        return
    lines = content.split("\n")
    try:
        whole = json.loads(content) if path.suffix == ".json" else None
    except json.JSONDecodeError:
        whole = None  # JSON lines under the name .json
    if whole is not None:
        yield 1, whole
        return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise LabelledDataError(f"not JSON: {_json_problem(error)}", path=path, line=number) from None


def _members(content: str, path: Path) -> Iterator[tuple[int, Any]]:
    decoder = json.JSONDecoder()
    at = content.index("[") + 1
    line, counted = 1, 0
    while True:
        while at < len(content) and content[at] in " \t\r\n,":
            at += 1
        line += content.count("\n", counted, at)
        counted = at
        if content[at : at + 1] == "]":
            return
        try:
            value, end = decoder.raw_decode(content, at)
        except (json.JSONDecodeError, RecursionError) as error:
            where = error.lineno if isinstance(error, json.JSONDecodeError) else line
            raise LabelledDataError(f"not JSON: {_json_problem(error)}", path=path, line=where) from None
        yield line, value
        at = end


def _json_problem(error: Exception) -> str:
    return f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else "nested too deeply"


def _read_record(value: Any) -> _Record:
    if not isinstance(value, dict):
        raise ValueError(f"expected an object, found {type(value).__name__}; formats read: {_FORMATS}")
    if isinstance(value.get("data"), dict):
        return _label_studio(value)
    text = value.get("text")
    if not isinstance(text, str):
        raise ValueError(f'expected a "text" that is a string; formats read: {_FORMATS}')
    if "mentions" in value:
        return _document(text, _list(value, "mentions"))
    if "spans" in value or "answer" in value:
        return _prodigy(text, value)
    for key in ("label", "labels", "entities"):
        if key in value:
            return _doccano(text, _list(value, key))
    raise ValueError(f'the object has a "text" but no labels; formats read: {_FORMATS}')


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value[key]
    if found is None:
        return []
    if not isinstance(found, list):
        raise ValueError(f'"{key}" must be a list, not {type(found).__name__}')
    return found


def _fields(item: Any, *keys: str) -> list[Any]:
    if not isinstance(item, dict) or any(key not in item for key in keys):
        raise ValueError(
            f"a label must be an object with {', '.join(keys)}, not {json.dumps(item, ensure_ascii=False)}"
        )
    return [item[key] for key in keys]


def _document(text: str, mentions: list[Any]) -> _Record:
    named = [m for m in mentions if not isinstance(m, dict) or m.get("kind", "name") == "name"]
    labels = [(*_fields(m, "start", "end", "type"), m.get("text")) for m in named]
    return _Record("arner", text, [(s, e, t, shown) for s, e, t, shown in labels], [])


def _prodigy(text: str, value: dict[str, Any]) -> _Record:
    answer = value.get("answer", "accept")
    if answer != "accept":
        return _Record("Prodigy", text, [], [f"left out: the answer is {answer!r}"], skipped=True)
    labels = [(*_fields(item, "start", "end", "label"), item.get("text")) for item in value.get("spans") or []]
    return _Record("Prodigy", text, [(s, e, t, shown) for s, e, t, shown in labels], [])


def _doccano(text: str, items: list[Any]) -> _Record:
    labels: list[tuple[Any, Any, Any, Any]] = []
    studio = False
    for item in items:
        if isinstance(item, list) and len(item) == 3:
            labels.append((item[0], item[1], item[2], None))
        elif isinstance(item, dict) and isinstance(item.get("labels"), list):  # Label Studio's short form, JSON-MIN
            studio = True
            start, end, kinds = _fields(item, "start", "end", "labels")
            labels += [(start, end, kind, item.get("text")) for kind in kinds]
        else:
            start, end, kind = _fields(item, "start_offset", "end_offset", "label")
            labels.append((start, end, kind, None))
    return _Record("Label Studio" if studio else "doccano", text, labels, [])


def _label_studio(value: dict[str, Any]) -> _Record:
    data = value["data"]
    strings = [item for item in data.values() if isinstance(item, str)]
    text = data["text"] if isinstance(data.get("text"), str) else strings[0] if len(strings) == 1 else None
    if text is None:
        raise ValueError('the task\'s "data" has no "text" that is a string')
    found = [item for item in value.get("annotations") or [] if isinstance(item, dict)]
    done = [item for item in found if not item.get("was_cancelled")]
    if not done:
        return _Record("Label Studio", text, [], ["left out: the task has no annotation"], skipped=True)
    notes = [f"has {len(done)} annotations; the first is read"] if len(done) > 1 else []
    labels: list[tuple[Any, Any, Any, Any]] = []
    for result in done[0].get("result") or []:
        if isinstance(result, dict) and result.get("type") == "labels":
            start, end, kinds = _fields(result.get("value"), "start", "end", "labels")
            labels += [(start, end, kind, result["value"].get("text")) for kind in kinds]
    return _Record("Label Studio", text, labels, notes)


def _checked_spans(record: _Record) -> tuple[tuple[LabelledSpan, ...], list[str]]:
    """Spans that lie in the text and do not overlap, and notes of what was changed."""
    notes: list[str] = []
    spans: set[LabelledSpan] = set()
    for start, end, kind, shown in record.labels:
        if type(start) is not int or type(end) is not int:
            raise ValueError(f"offsets must be whole numbers, not {start!r} and {end!r}")
        if not 0 <= start < end <= len(record.text):
            raise ValueError(
                f"the span {start}:{end} is not within the text, which has {len(record.text)} characters; "
                "offsets are half-open and count code points"
            )
        if not isinstance(kind, str) or not kind.strip():
            raise ValueError(f"the span {start}:{end} has the label {kind!r}; a label is a string that is not empty")
        piece = record.text[start:end]
        if isinstance(shown, str) and shown != piece:
            raise ValueError(
                f"the span {start}:{end} holds {piece!r}, but the file says {shown!r}: offsets count code points of "
                "the text as it is in the file"
            )
        if not piece.strip():
            raise ValueError(f"the span {start}:{end} holds only blanks")
        if piece != piece.strip():
            notes.append(f"blanks cut off the ends of {piece!r}")
            start += len(piece) - len(piece.lstrip())
            end -= len(piece) - len(piece.rstrip())
        span = LabelledSpan(start, end, kind.strip())
        if span in spans:
            notes.append(f"{piece.strip()!r} is labelled {kind} twice; once is enough")
        spans.add(span)
    kept = _without_overlap(sorted(spans, key=lambda span: (span.start, -span.end, span.type)), record.text, notes)
    _note_cut_words(record.text, kept, notes)
    return tuple(kept), notes


def _without_overlap(spans: list[LabelledSpan], text: str, notes: list[str]) -> list[LabelledSpan]:
    kept: list[LabelledSpan] = []
    for span in spans:
        before = kept[-1] if kept else None
        if before is None or span.start >= before.end:
            kept.append(span)
        elif (span.start, span.end) == (before.start, before.end):
            raise ValueError(
                f"{text[span.start : span.end]!r} at {span.start}:{span.end} is labelled both {before.type} and "
                f"{span.type}; leave one"
            )
        elif span.end <= before.end:
            notes.append(
                f"{span.type} {text[span.start : span.end]!r} lies within {before.type} "
                f"{text[before.start : before.end]!r}; only the outer one is read"
            )
        else:
            raise ValueError(
                f"the spans {before.start}:{before.end} ({before.type}) and {span.start}:{span.end} ({span.type}) "
                "cross each other; leave one, or part them"
            )
    return kept


def _note_cut_words(text: str, spans: list[LabelledSpan], notes: list[str]) -> None:
    """Notes spans that begin or end within a word, except behind a proclitic, where a name may well begin."""
    words = split_words(text)
    at = 0
    for number, span in enumerate(spans):
        while at < len(words) and words[at].end <= span.start:
            at += 1
        if at == len(words):
            notes.append(f"{text[span.start : span.end]!r} holds no word; it is left out")
            continue
        first = words[at]
        cut = fold_plain(text[first.start : span.start])
        if number and spans[number - 1].end > first.start:
            notes.append(f"{text[span.start : span.end]!r} shares a word with the name before it; it is left out there")
        elif cut and not any(cut == prefix for prefix, _ in proclitics_of(first.folded)):
            notes.append(
                f"{text[span.start : span.end]!r} begins within the word {first.text!r}; the whole word counts"
            )
        last = next((word for word in words[at:] if word.start < span.end < word.end), None)
        if last is not None:
            notes.append(f"{text[span.start : span.end]!r} ends within the word {last.text!r}; the whole word counts")
