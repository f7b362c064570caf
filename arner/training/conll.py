"""CoNLL files: a token a line with its tag in the last column, sentences parted by empty lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from arner.errors import LabelledDataError
from arner.training.files import read_utf8
from arner.training.labelled import LabelledSpan, LabelledText, Repair, Source
from arner.training.tags import TagReader, tag_problem

__all__ = ["TaggedSentence", "read_conll", "read_tagged_sentences", "tagged_texts"]


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """Tokens with their tags as the file has them, and the line of each token."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    lines: tuple[int, ...]


def read_tagged_sentences(path: Path) -> Iterator[TaggedSentence]:
    """The sentences of a CoNLL file, with the tags unchanged.

    Two to four columns: the token first, the tag last. Columns are parted by tabs where the first line has one, and by
    blanks elsewhere. ``-DOCSTART-`` lines and comments in front of a sentence (``# …``) are passed over.

    Raises:
        LabelledDataError: the file cannot be read, or a line is not like the others; with file and line.
    """
    text = read_utf8(path)
    if text.lstrip()[:1] in ("{", "["):
        raise LabelledDataError("looks like JSON; give the file a name that ends in .jsonl or .json", path=path, line=1)
    separator: str | None = None
    width = 0
    tokens: list[str] = []
    tags: list[str] = []
    lines: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        if not line.strip():
            if tokens:
                yield TaggedSentence(tuple(tokens), tuple(tags), tuple(lines))
            tokens, tags, lines = [], [], []
            continue
        if separator is None and not line.startswith(("-DOCSTART-", "# ")):
            separator = "\t" if "\t" in line else " "
        columns = _columns(line, separator)
        if line.startswith("-DOCSTART-") or (not tokens and line.startswith("# ") and len(columns) != (width or 2)):
            continue
        if not width and 2 <= len(columns) <= 4:
            width = len(columns)
        if len(columns) != width:
            raise LabelledDataError(_width_message(line, len(columns), width, separator), path=path, line=number)
        token, tag = columns[0].strip(), columns[-1].strip()
        problem = "the token is empty" if not token else tag_problem(tag)
        if problem:
            raise LabelledDataError(problem, path=path, line=number)
        tokens.append(token)
        tags.append(tag)
        lines.append(number)
    if tokens:
        yield TaggedSentence(tuple(tokens), tuple(tags), tuple(lines))


def _columns(line: str, separator: str | None) -> list[str]:
    return line.split("\t") if separator == "\t" else [column for column in line.split(" ") if column]


def _width_message(line: str, found: int, width: int, separator: str | None) -> str:
    kind = "tabs" if separator == "\t" else "blanks"
    shown = line if len(line) <= 60 else line[:59] + "…"
    if width:
        return f"{found} columns where the lines before have {width} (parted by {kind}): {shown!r}"
    hint = "; a line with commas? Save the file with tabs" if "," in line or ";" in line else ""
    return f"expected a token and its tag, in 2 to 4 columns parted by tabs or blanks, found {found}: {shown!r}{hint}"


def read_conll(path: Path) -> tuple[list[LabelledText], str, list[Repair]]:
    """The sentences of a CoNLL file, the tag scheme that it uses, and what was repaired.

    Raises:
        LabelledDataError: as `read_tagged_sentences`, or tags of two schemes are mixed.
    """
    sentences = list(read_tagged_sentences(path))
    if not sentences:
        raise LabelledDataError("no sentence: expected lines with a token and its tag", path=path, line=1)
    return tagged_texts(sentences, str(path))


def tagged_texts(sentences: list[TaggedSentence], file: str) -> tuple[list[LabelledText], str, list[Repair]]:
    """Tagged sentences as labelled texts, the scheme of their tags, and what was repaired."""
    try:
        reader = TagReader(sentence.tags for sentence in sentences)
    except ValueError as error:
        tag = str(error).split("'")[1]
        line = next(n for s in sentences for t, n in zip(s.tags, s.lines, strict=True) if t == tag)
        raise LabelledDataError(str(error), path=file, line=line) from None
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
        named = tuple(LabelledSpan(bounds[first][0], bounds[last - 1][1], kind) for first, last, kind in spans)
        source = Source(file, sentence.lines[0])
        texts.append(LabelledText(" ".join(sentence.tokens), named, source, tuple(bounds)))
    return texts, reader.name, repairs
