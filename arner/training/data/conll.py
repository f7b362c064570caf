"""CoNLL files: a token a line with its tag in the last column, sentences parted by empty lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from arner.errors import LabelledDataError
from arner.training.data.files import read_utf8, shown
from arner.training.data.labelled import LabelledText, Repair, Source
from arner.training.data.tagged import TaggedSentence, TagRepairs, tagged_texts
from arner.training.data.tags import tag_problem

__all__ = ["TaggedSentence", "read_conll", "read_tagged_sentences"]

_LONGEST_TOKEN: Final = 1000
"""Characters; what is longer is no token, but a text that was not cut."""


def read_tagged_sentences(path: Path, repairs: list[Repair] | None = None) -> Iterator[TaggedSentence]:
    """The sentences of a CoNLL file.

    Two to four columns: the token first, the tag last. Columns are parted by tabs where the first line has one, and by
    blanks elsewhere. ``-DOCSTART-`` lines and comments in front of a sentence (``# …``) are passed over.

    Args:
        repairs: takes what was changed, if given.

    Raises:
        LabelledDataError: the file cannot be read, or a line is not like the others; with file and line.
    """
    text, notes = read_utf8(path)
    file = str(path)
    changes = TagRepairs(file)
    found = [Repair(Source(file, 1), note) for note in notes]
    if text.lstrip()[:1] in ("{", "["):
        raise LabelledDataError("looks like JSON; give the file a name that ends in .jsonl or .json", path=path, line=1)
    separator: str | None = None
    width = 0
    tokens: list[str] = []
    tags: list[str] = []
    lines: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        if "\r" in line:
            raise LabelledDataError(
                "a carriage return stands within the line; save the file with line feeds (Unix) as line ends",
                path=path,
                line=number,
            )
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
        token, tag = columns[0].strip(), changes.clean(columns[-1].strip(), number)
        if (token, columns[-1].strip()) != (columns[0], columns[-1]):
            changes.add("blanks around a token or its tag are cut off", number)
        problem = _token_problem(token) or tag_problem(tag)
        if problem:
            raise LabelledDataError(problem, path=path, line=number)
        tokens.append(token)
        tags.append(tag)
        lines.append(number)
    if tokens:
        yield TaggedSentence(tuple(tokens), tuple(tags), tuple(lines))
    if repairs is not None:
        repairs += [*found, *changes.repairs()]


def _columns(line: str, separator: str | None) -> list[str]:
    return line.split("\t") if separator == "\t" else [column for column in line.split(" ") if column]


def _token_problem(token: str) -> str | None:
    if not token:
        return "the token is empty: write the token first and its tag last, or leave the line empty between sentences"
    if len(token) > _LONGEST_TOKEN:
        return f"a token of {len(token):,} characters: write one token a line, with its tag behind it"
    return None


def _width_message(line: str, found: int, width: int, separator: str | None) -> str:
    kind, other = ("tabs", "blanks") if separator == "\t" else ("blanks", "tabs")
    if width:
        swapped = "\t" in line if separator == " " else "\t" not in line and " " in line.strip()
        hint = f"this line is parted by {other}: write it like the others" if swapped else "write it like the others"
        return f"{found} columns where the lines before have {width} (parted by {kind}); {hint}: {shown(line)}"
    hint = "; a line with commas? Save the file with tabs" if "," in line or ";" in line else ""
    return (
        f"expected a token and its tag, in 2 to 4 columns parted by tabs or blanks, found {found}: {shown(line)}{hint}"
    )


def read_conll(path: Path) -> tuple[list[LabelledText], str, list[Repair]]:
    """The sentences of a CoNLL file, the tag scheme that it uses, and what was repaired.

    Raises:
        LabelledDataError: as `read_tagged_sentences`, or tags of two schemes are mixed.
    """
    repairs: list[Repair] = []
    sentences = list(read_tagged_sentences(path, repairs))
    if not sentences:
        raise LabelledDataError("no sentence: expected lines with a token and its tag", path=path, line=1)
    texts, scheme, found = tagged_texts(sentences, str(path))
    return texts, scheme, [*repairs, *found]
