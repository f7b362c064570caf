"""Spans of an annotation tool → spans that lie in the text, hold words and do not overlap; and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from arner.text import fold_plain, proclitics_of, split_words
from arner.training.data.files import shown
from arner.training.data.labelled import LabelledSpan
from arner.training.data.tags import clean_label

__all__ = ["Label", "checked_spans"]

Label = tuple[Any, Any, Any, Any]
"""Start, end, type, and the text that the file says it holds, or None; nothing is checked yet."""


def checked_spans(text: str, labels: Sequence[Label]) -> tuple[tuple[LabelledSpan, ...], list[str]]:
    """Spans that lie in the text and do not overlap, and notes of what was changed.

    Raises:
        ValueError: a span is not within the text, has no type, or contradicts another.
    """
    notes: list[str] = []
    spans: set[LabelledSpan] = set()
    for start, end, kind, said in _in_code_points(text, labels, notes):
        if type(start) is not int or type(end) is not int:
            raise ValueError(
                f"offsets must be whole numbers, not {shown(start)} and {shown(end)}; they count code points from 0"
            )
        if not 0 <= start < end <= len(text):
            raise ValueError(
                f"the span {_number(start)}:{_number(end)} is not within the text, which has {len(text)} characters; "
                "offsets are half-open and count code points"
            )
        if not isinstance(kind, str) or not clean_label(kind):
            hint = " (export labels by name)" if isinstance(kind, int) else ""
            raise ValueError(
                f"the span {start}:{end} has the label {shown(kind)}; a label is a string that is not empty{hint}"
            )
        piece = text[start:end]
        if isinstance(said, str) and said != piece:
            raise ValueError(
                f"the span {start}:{end} holds {shown(piece)}, but the file says {shown(said)}: offsets count code "
                "points of the text as it is in the file"
            )
        if not piece.strip():
            raise ValueError(f"the span {start}:{end} holds only blanks; leave it out")
        if piece != piece.strip():
            notes.append(f"blanks cut off the ends of {shown(piece)}")
            start += len(piece) - len(piece.lstrip())
            end -= len(piece) - len(piece.rstrip())
        label = clean_label(kind)
        if label != kind:
            notes.append(f"the label {shown(kind)} is read as {shown(label)}")
        span = LabelledSpan(start, end, label)
        if span in spans:
            notes.append(f"{shown(piece.strip())} is labelled {label} twice; once is enough")
        spans.add(span)
    kept = _without_overlap(sorted(spans, key=lambda span: (span.start, -span.end, span.type)), text, notes)
    _note_cut_words(text, kept, notes)
    return tuple(kept), list(dict.fromkeys(notes))


def _number(value: int) -> str:
    """A number as written, unless it is of those that Python writes only on demand."""
    return str(value) if value.bit_length() < 100 else "a huge number"


def _in_code_points(text: str, labels: Sequence[Label], notes: list[str]) -> Sequence[Label]:
    """The labels with offsets in code points.

    Those that count UTF-16 units, as a browser does, are moved; they are known by what the file says that they hold.
    """
    if max(text, default="") <= "\uffff" or _all_hold(text, labels):
        return labels
    units = [at for at, letter in enumerate(text) for _ in range(1 + (letter > "\uffff"))] + [len(text)]
    if any(type(n) is not int or not 0 <= n < len(units) for start, end, *_ in labels for n in (start, end)):
        return labels
    moved = [(units[start], units[end], kind, said) for start, end, kind, said in labels]
    if not all(isinstance(said, str) for *_, said in moved) or not _all_hold(text, moved):
        return labels
    notes.append("offsets count UTF-16 units, as a browser does; read as such")
    return moved


def _all_hold(text: str, labels: Sequence[Label]) -> bool:
    return all(
        not isinstance(said, str) or (type(start) is int and type(end) is int and text[start:end] == said)
        for start, end, _, said in labels
    )


def _without_overlap(spans: list[LabelledSpan], text: str, notes: list[str]) -> list[LabelledSpan]:
    kept: list[LabelledSpan] = []
    for span in spans:
        before = kept[-1] if kept else None
        if before is None or span.start >= before.end:
            kept.append(span)
        elif (span.start, span.end) == (before.start, before.end):
            raise ValueError(
                f"{shown(text[span.start : span.end])} at {span.start}:{span.end} is labelled both {before.type} and "
                f"{span.type}; leave one"
            )
        elif span.end <= before.end:
            notes.append(
                f"{span.type} {shown(text[span.start : span.end])} lies within {before.type} "
                f"{shown(text[before.start : before.end])}; only the outer one is read"
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
        piece = shown(text[span.start : span.end])
        while at < len(words) and words[at].end <= span.start:
            at += 1
        if at == len(words) or words[at].start >= span.end:
            notes.append(f"{piece} holds no word; it is left out")
            continue
        first = words[at]
        cut = fold_plain(text[first.start : span.start])
        if number and spans[number - 1].end > first.start:
            notes.append(f"{piece} shares a word with the name before it; it is left out there")
        elif cut and not any(cut == prefix for prefix, _ in proclitics_of(first.folded)):
            notes.append(f"{piece} begins within the word {shown(first.text)}; the whole word counts")
        last = next((word for word in words[at:] if word.start < span.end < word.end), None)
        if last is not None:
            notes.append(f"{piece} ends within the word {shown(last.text)}; the whole word counts")
