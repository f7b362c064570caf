"""Tokens with tags, from whatever file, as labelled texts; and what of their tags was changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from arner.errors import LabelledDataError
from arner.text import split_words
from arner.training.data.files import shown
from arner.training.data.labelled import LabelledSpan, LabelledText, Repair, Source
from arner.training.data.tags import MixedTagsError, TagReader, clean_tag, tag_problem

__all__ = ["TAGS", "TOKENS", "TagRepairs", "TaggedSentence", "tagged_row", "tagged_texts"]

TOKENS: Final = ("tokens", "words")
"""Names under which tables and JSON lines hold tokens."""
TAGS: Final = ("ner_tags", "tags", "labels", "ner")
"""Names under which they hold tags."""

_TAG: Final = re.compile(r"O|[BIESLU][-_].+")


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """Tokens with their tags, and the line of each token."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    lines: tuple[int, ...]


class TagRepairs:
    """What was changed in the tags of a file: one repair for each kind, at its first line, with the count."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[str, list[int]] = {}

    def add(self, message: str, line: int) -> None:
        """Note a change."""
        self._lines.setdefault(message, []).append(line)

    def clean(self, tag: str, line: int) -> str:
        """The tag without what only disturbs, noted where there is such."""
        cleaned = clean_tag(tag)
        if cleaned != tag:
            self.add(f"the tag {shown(tag)} is read as {shown(cleaned)}", line)
        return cleaned

    def repairs(self) -> list[Repair]:
        """The changes, by line."""
        return sorted(
            (
                Repair(Source(self._file, lines[0]), message + (f" ({len(lines):,} times)" if len(lines) > 1 else ""))
                for message, lines in self._lines.items()
            ),
            key=lambda repair: repair.source,
        )


def tagged_row(tokens: Any, tags: Any, names: Sequence[str] | None, line: int, changes: TagRepairs) -> TaggedSentence:
    """A row of a table, or a JSON object, as a sentence.

    Args:
        names: names of the tags, where they are numbers.
        line: where the row stands.
        changes: takes what is changed.

    Raises:
        ValueError: what is wrong with it.
    """
    if not isinstance(tokens, list) or not isinstance(tags, list):
        raise ValueError("tokens and tags must be lists of one length: a list of strings and a list of their tags")
    if len(tokens) != len(tags):
        raise ValueError(f"{len(tokens)} tokens but {len(tags)} tags; give each token one tag, O outside names")
    spelled: list[str] = []
    for token, tag in zip(tokens, tags, strict=True):
        if not isinstance(token, str) or not token.strip():
            raise ValueError(f"the token {shown(token)} is not a string with letters in it; leave it out, with its tag")
        spelled.append(changes.clean(_named(tag, names), line))
        problem = tag_problem(spelled[-1])
        if problem:
            raise ValueError(problem)
    return TaggedSentence(tuple(tokens), tuple(spelled), (line,) * len(tokens))


def _named(tag: Any, names: Sequence[str] | None) -> str:
    if names is None:
        if isinstance(tag, str):
            return tag
        kind = "a number without a ClassLabel that names it" if isinstance(tag, int | float) else "no string"
        raise ValueError(f"the tag {shown(tag)} is {kind}; write tags as B-PER, or cast the column to ClassLabel")
    if not (isinstance(tag, int) and 0 <= tag < len(names)):
        raise ValueError(
            f"the tag {shown(tag)} is none of the {len(names)} that the ClassLabel names "
            f"(0 to {len(names) - 1}); correct it, or the ClassLabel"
        )
    return str(names[tag])


def tagged_texts(sentences: Sequence[TaggedSentence], file: str) -> tuple[list[LabelledText], str, list[Repair]]:
    """Tagged sentences as labelled texts, the scheme of their tags, and what was repaired.

    Raises:
        LabelledDataError: tags of two schemes are mixed, or these are no tags.
    """
    try:
        reader = TagReader(sentence.tags for sentence in sentences)
    except MixedTagsError as error:
        line = next(n for s in sentences for t, n in zip(s.tags, s.lines, strict=True) if t == error.tag)
        raise LabelledDataError(str(error), path=file, line=line) from None
    problem = _no_tags(sentences, reader.name)
    if problem:
        raise LabelledDataError(problem, path=file, line=sentences[0].lines[0])
    texts: list[LabelledText] = []
    repairs: list[Repair] = []
    for sentence in sentences:
        spans, faults = reader.spans(sentence.tags)
        repairs += [Repair(Source(file, sentence.lines[at]), message) for at, message in faults]
        bounds: list[tuple[int, int]] = []
        at = 0
        for token in sentence.tokens:
            bounds.append((at, at + len(token)))
            at += len(token) + 1
        text = " ".join(sentence.tokens)
        named: list[LabelledSpan] = []
        for first, last, kind in spans:
            named.append(LabelledSpan(bounds[first][0], bounds[last - 1][1], kind))
            piece = text[named[-1].start : named[-1].end]
            if not any(map(str.isalnum, piece)) and not split_words(piece):
                where = Source(file, sentence.lines[first])
                repairs.append(Repair(where, f"the {kind} {shown(piece)} holds no word, so nothing is learnt from it"))
        texts.append(LabelledText(text, tuple(named), Source(file, sentence.lines[0]), tuple(bounds)))
    return texts, reader.name, repairs


def _no_tags(sentences: Iterable[TaggedSentence], scheme: str) -> str | None:
    """Why the last column can hold no tags, or None."""
    tokens = {token for sentence in sentences for token in sentence.tokens}
    tags = {tag for sentence in sentences for tag in sentence.tags}
    if scheme == "bare" and all(map(_TAG.fullmatch, tokens)):
        return "the columns look swapped: the token stands first and its tag, such as B-PER, last"
    if scheme == "bare" and not any(tag.upper() in ("O", "OUT", "OUTSIDE") for tag in tags):
        return "no token has the tag O, so this looks like running text: write one token a line with its tag behind it"
    return None
