"""The parts a pattern is made of."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Choice",
    "Edge",
    "Gap",
    "Look",
    "Mark",
    "Maybe",
    "Node",
    "Not",
    "Sequence",
    "Slot",
    "Topic",
    "Word",
    "walk_nodes",
]

Sequence = tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a name: ``{subject:PER}``; `clitic` is the particle that must be written onto it."""

    name: str
    types: frozenset[str]
    clitic: str = ""
    role: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a class (``@visit_verb``) or given literally.

    `pronoun` takes the word's suffix pronoun;
    `verb` wants a form that cannot be a noun.
    """

    tag: str
    particle: str | None = None
    conjunction: bool = False
    pronoun: Slot | None = None
    verb: bool = False
    role: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A slot that takes no word and is looked up elsewhere in the text.

    `how` is ``topic`` (the subject that the sentence carries on with), ``hero`` (the person whose life the text tells)
    or ``home`` (the country that the text is about) or ``own`` (the country from which the subject is known to
    come).
    """

    slot: Slot
    how: str = "topic"


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `limit` words that do not matter; names only where `names` is true, commas only where
    `commas` is; never over another clause barrier.
    """

    limit: int
    names: bool
    commas: bool = False
    role: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A punctuation mark: ``,`` ``(`` ``)`` ``-`` or ``:``."""

    kind: str


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning (``^``) or the end (``$``) of the sentence or of a clause set off by a comma or a stop."""

    start: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    options: tuple[Sequence, ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """A sequence that may be left out, or repeated up to `times` times."""

    body: Sequence
    times: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """A sequence that must not follow here (on the left side of the trigger: must not come before)."""

    body: Sequence


@dataclass(frozen=True, slots=True)
class Look:
    """A sequence that must follow here without being part of the match (on the left side: must come before)."""

    body: Sequence


Node = Slot | Word | Topic | Gap | Mark | Edge | Choice | Maybe | Not | Look


def walk_nodes(sequence: Sequence) -> list[Node]:
    """Every node of a sequence, those inside choices and options too.

    >>> len(walk_nodes((Maybe((Gap(3, False),)), Edge(True))))
    3
    """
    found: list[Node] = []
    for node in sequence:
        found.append(node)
        if isinstance(node, Choice):
            for option in node.options:
                found.extend(walk_nodes(option))
        elif isinstance(node, (Maybe, Not, Look)):
            found.extend(walk_nodes(node.body))
    return found
