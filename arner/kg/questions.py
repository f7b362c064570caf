"""Ready questions: SPARQL queries in files, with parameters that are bound to values and never pasted into the text.

A file begins with comments that describe it::

    # question: Who visited what, and when?
    # parameter place (entity): what was visited
    # parameter person (entity, required): who visited

A parameter is a variable of the query that the query selects; its values are not shown. What it takes is `entity` (a
name in Arabic or English, a Wikidata id or an IRI), `relation` (the name of a relation type) or `text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from arner.errors import InputError

__all__ = ["Parameter", "Question", "find_question", "read_question", "ready_questions"]

ParameterKind = Literal["entity", "relation", "text"]

_HEAD: Final = re.compile(r"#\s*(question|parameter)\b(.*)")
_PARAMETER: Final = re.compile(r"\s+(\w+)\s*\(\s*(entity|relation|text)\s*(,\s*required\s*)?\)\s*:\s*(.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a question can be narrowed to.

    Attributes:
        name: the variable of the query.
        kind: what it takes: entity, relation or text.
        required: whether the question makes no sense without it.
        help: what it means.
    """

    name: str
    kind: ParameterKind
    required: bool
    help: str


@dataclass(frozen=True, slots=True)
class Question:
    """A query with a description.

    Attributes:
        name: what users call it.
        title: the question in words.
        parameters: in the order in which values without a name are taken.
        sparql: the query.
    """

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    sparql: str


def read_question(path: str | Path) -> Question:
    """The question in a file.

    Raises:
        InputError: the file is not UTF-8, or its comments do not describe a question; says the line.
        OSError: it cannot be read.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text (byte {error.start})") from None
    return _parse(path.stem, text, str(path))


def _parse(name: str, text: str, shown: str) -> Question:
    title = ""
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), 1):
        head = _HEAD.match(line)
        if head is None:
            continue
        if head[1] == "question":
            title = head[2].strip(" :")
            continue
        found = _PARAMETER.fullmatch(head[2].rstrip())
        if found is None:
            raise InputError(
                f"{shown}:{number}: a parameter is written as '# parameter NAME (entity): what it means'; in place of "
                "entity may stand relation or text, and behind it ', required'"
            )
        kind: ParameterKind = "entity" if found[2] == "entity" else "relation" if found[2] == "relation" else "text"
        parameters.append(Parameter(found[1], kind, found[3] is not None, found[4]))
    if not title:
        raise InputError(f"{shown}: no line '# question: …' says what is asked")
    return Question(name, title, tuple(parameters), text)


@lru_cache(maxsize=1)
def ready_questions() -> dict[str, Question]:
    """The questions that come with arner, by name.

    >>> "about" in ready_questions()
    True
    """
    return {question.name: question for question in sorted(_built_in(), key=lambda question: question.name)}


def _built_in() -> Iterator[Question]:
    for file in (files("arner.kg") / "queries").iterdir():
        if file.name.endswith(".rq"):
            yield _parse(file.name.removesuffix(".rq"), file.read_text("utf-8"), file.name)


def find_question(name: str) -> Question:
    """The ready question of that name, or the one in the file of that name.

    Raises:
        InputError: there is neither.
        OSError: the file cannot be read.
    """
    found = ready_questions().get(name)
    if found is not None:
        return found
    if name.endswith(".rq"):
        return read_question(name)
    raise InputError(
        f"no question is called {name!r}; use one of {', '.join(ready_questions())}, or a file that ends in .rq"
    )
