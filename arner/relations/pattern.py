"""The pattern language: text such as ``@visit_verb {subject:PER} .. إلى? {object:LOC}`` parsed into nodes.

===================  ==================================================================================
``زيارة``            that word, whatever its hamza; ``و``/``ف`` in front only where it begins the match
``@visit_verb``      a word of that lexicon class, with any one-letter particle in front of it
``@visit_verb/v``    the same, but only a form that cannot be a noun (دعمت, not دعم)
``@a|@b|من``         one of several words
``{subject:PER}``    a name of that type (``PER LOC ORG MISC``) or kind: ``country`` or ``place`` (any
                     other LOC; of these ``city`` or ``site``, that which is not known to be one), the kinds of
                     ``[kinds]`` tables (``school``) and of knowledge (``party``, ``media``, ``armed_group``),
                     ``DEM`` (a demonym, that stands for its country), ``DEF`` (one with the
                     article), ``DATE``, ``GROUP`` (only coordinated names),
                     ``NAMED`` (no nominal such as بلاده); several with ``|``
``{both:LOC}``       two or more coordinated names, each paired with each
``ل+{object:LOC}``   a name onto which that particle is written; likewise ``ل+@word``
``@noun+{subject}``  the word's suffix pronoun (زيارته) stands for the name
``{subject:PER topic}``  no word at all: the subject that the sentence carries on with
``{subject:PER hero}``   the same, but only the person whose life the text tells
``{object:LOC home}``    no word at all: the country that the text is about
``{object:LOC own}``     no word at all: the known country of a known person
``..`` ``..3``       up to 6 (or 3) words, no names, within the clause
``...`` ``...3``     the same, and names may be passed over (up to 8)
``....`` ``....3``   the same, and commas too
``( a | b )``        one of several sequences; ``?`` after an element: or nothing; ``*``: up to four times
``<…>``              these words name the role
``!x`` ``&x``        x must not come here; x must come here, but is no part of what is matched
``^`` ``$``          beginning and end of the sentence or clause
``,`` ``(`` ``)``    marks: ``,`` also stands for ، ; brackets are written ``\\(`` and ``\\)``
===================  ==================================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from arner.relations.forms import word_key
from arner.relations.nodes import Choice, Edge, Gap, Look, Mark, Maybe, Node, Not, Sequence, Slot, Topic, Word
from arner.text.folding import fold_plain

__all__ = ["LONGEST_PATTERN", "SLOT_TYPES", "Pattern", "PatternError", "parse_pattern"]

LONGEST_PATTERN: Final = 2000
"""Characters of a pattern, its macros put in."""

_DEEPEST: Final = 12
"""Brackets within brackets."""

_WIDEST_GAP: Final = 20
"""Words that a gap may pass over."""

_MOST_FRAMES: Final = 400
"""Calls within calls that matching a pattern may take: far from where Python gives up."""

SLOT_TYPES: Final = frozenset({"PER", "LOC", "ORG", "MISC", "DEM", "DEF", "DATE", "GROUP", "NAMED"})
_LETTERS: Final = r"[^\s(){}<>|?*!&^$,:،\\]+"
_TOKEN: Final = re.compile(
    r"\{[^{}]*\}|\.{2,4}\d*|\\[()]|" + _LETTERS + r"(?:\|" + _LETTERS + r")*|[()<>|?*!&^$,:،]|\S"
)
_SLOT: Final = re.compile(r"\{([a-z_][a-z_0-9]*)(?::([A-Za-z_|]+))?(?: (topic|hero|home|own))?\}")
_PARTICLES: Final = frozenset("ولبفك")
_WEAK: Final = frozenset(map(word_key, "في من إلى على عن مع بين أن إن هو هي قد كان لدى".split()))


class PatternError(ValueError):
    """A pattern is malformed; the message says where."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern, split at the element on which matching hangs.

    `left` is reversed: it is matched from the anchor outwards.
    """

    text: str
    left: Sequence
    anchor: Word | Slot
    right: Sequence


@lru_cache(maxsize=4096)
def parse_pattern(text: str) -> tuple[Pattern, ...]:
    """The pattern that a text writes: one, or one for each of the words on which it may hang.

    Raises:
        PatternError: the text is not a pattern.

    >>> pattern, = parse_pattern("@visit_verb {subject:PER} .. إلى? {object:LOC|ORG}")
    >>> pattern.anchor.tag, [type(node).__name__ for node in pattern.right]
    ('@visit_verb', ['Slot', 'Gap', 'Maybe', 'Slot'])
    >>> len(parse_pattern("{subject:PER} زار|يزور {object:LOC}"))
    2
    >>> parse_pattern("زار {subject:TOWN}")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
      ...
    arner.relations.pattern.PatternError: unknown type 'TOWN' in {subject:TOWN}: use DATE, DEF, DEM, GROUP, ...
    """
    if len(text) > LONGEST_PATTERN:
        beginning = text[:40] + "…"
        raise PatternError(f"pattern {beginning!r} is longer than {LONGEST_PATTERN} characters: split it into several")
    parser = _Parser(text)
    sequence = parser.sequence(role=False)
    if parser.position < len(parser.tokens):
        raise PatternError(f"unexpected {parser.tokens[parser.position]!r} in pattern {text!r}")
    if _frames(sequence) > _MOST_FRAMES:
        raise PatternError(
            f"pattern {text!r} has too many parts that may be repeated or left out: split it into several"
        )
    ranked = [(rank, index) for index, node in enumerate(sequence) if (rank := _node_rank(node)) is not None]
    if not ranked:
        raise PatternError(f"pattern {text!r} has neither a word nor a slot that must be there")
    index = min(ranked)[1]
    left, right = _reverse(sequence[:index]), sequence[index + 1 :]
    return tuple(Pattern(text, left, anchor, right) for anchor in _anchors(sequence[index]))


def _frames(sequence: Sequence) -> int:
    """How many calls deep matching the sequence can get."""
    total = 0
    for node in sequence:
        if isinstance(node, Choice):
            total += 3 + max(map(_frames, node.options))
        elif isinstance(node, Maybe):
            total += 1 + node.times * (3 + _frames(node.body))
        elif isinstance(node, (Not, Look)):
            total += 1 + _frames(node.body)
        else:
            total += 1
    return total


def _anchors(node: Node) -> list[Word | Slot]:
    """The words or the slot on which a pattern may hang at this node; empty where it cannot."""
    if isinstance(node, Slot) and "DATE" in node.types:
        return []
    if isinstance(node, (Word, Slot)):
        return [node]
    if isinstance(node, Choice):
        found: list[Word | Slot] = []
        for option in node.options:
            if len(option) != 1 or isinstance(option[0], Slot) or not _anchors(option[0]):
                return []
            found.extend(_anchors(option[0]))
        return found
    return []


def _node_rank(node: Node) -> int | None:
    anchors = _anchors(node)
    if not anchors:
        return None
    return max(3 if isinstance(anchor, Slot) else _rank(anchor.tag) for anchor in anchors)


def _rank(tag: str) -> int:
    """How little a word class serves to find a pattern by: the most frequent words last."""
    if tag in ("@word", "@definite", "@verb"):
        return 4
    if tag.startswith("="):
        return 2 if tag[1:] in _WEAK else 1
    return 0


def _reverse(sequence: Sequence) -> Sequence:
    turned: list[Node] = []
    for node in reversed(sequence):
        if isinstance(node, Choice):
            node = Choice(tuple(_reverse(option) for option in node.options))
        elif isinstance(node, Maybe):
            node = replace(node, body=_reverse(node.body))
        elif isinstance(node, (Not, Look)):
            node = replace(node, body=_reverse(node.body))
        turned.append(node)
    return tuple(turned)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = _TOKEN.findall(text)
        self.position = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise PatternError(f"pattern {self.text!r} ends too early")
        self.position += 1
        return token

    def sequence(self, *, role: bool) -> Sequence:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternError(f"brackets are nested more than {_DEEPEST} deep in pattern {self.text!r}")
        nodes: list[Node] = []
        while self.peek() not in ("", ")", "|", ">"):
            nodes.extend(self.element(role=role))
        self.depth -= 1
        return tuple(nodes)

    def element(self, *, role: bool) -> list[Node]:
        if self.peek() == "<":
            self.take()
            inner = self.sequence(role=True)
            self.expect(">")
            return list(inner)
        if self.peek() in ("!", "&"):
            kind = Not if self.take() == "!" else Look
            return [kind((self.atom(role=False),))]
        node = self.atom(role=role)
        body: Sequence = (node,)
        if isinstance(node, Choice) and len(node.options) == 1:
            body = node.options[0]
        if self.peek() in ("?", "*"):
            return [Maybe(body, 1 if self.take() == "?" else 4)]
        return list(body)

    def expect(self, token: str) -> None:
        if self.peek() != token:
            raise PatternError(f"missing {token!r} in pattern {self.text!r}")
        self.position += 1

    def atom(self, *, role: bool) -> Node:
        token = self.take()
        if token == "(":
            options = [self.sequence(role=role)]
            while self.peek() == "|":
                self.take()
                options.append(self.sequence(role=role))
            self.expect(")")
            return Choice(tuple(options))
        if token.startswith("{"):
            return self.slot(token, role=role)
        if token.startswith(".."):
            digits = token.lstrip(".")
            dots = len(token) - len(digits)
            limit = int(digits) if digits else (6 if dots == 2 else 8)
            if limit > _WIDEST_GAP:
                raise PatternError(f"{token} in pattern {self.text!r}: a gap passes over {_WIDEST_GAP} words at most")
            return Gap(limit, dots > 2, dots > 3, role)
        if token in ("^", "$"):
            return Edge(token == "^")
        if token in ("\\(", "\\)", ",", "،", ":", "-"):
            return Mark({"،": ",", "\\(": "(", "\\)": ")"}.get(token, token))
        if token in (")", ">", "|", "?", "*", "!", "&", "<", "{", "}", "\\"):
            raise PatternError(f"unexpected {token!r} in pattern {self.text!r}")
        return self.word(token, role=role)

    def word(self, token: str, *, role: bool) -> Node:
        parts = token.split("|")
        if len(parts) > 1:
            return Choice(tuple((self.word(part, role=role),) for part in parts))
        head, plus, tail = token.partition("+")
        if not plus:
            name, slash, rest = token.partition("/")
            if slash and (rest != "v" or not name.startswith("@")):
                raise PatternError(f"{token!r} in pattern {self.text!r}: write /v after a class of verbs only")
            return Word(self.tag(name), verb=bool(slash), role=role)
        if not tail and head not in _PARTICLES:
            return Word(self.tag(head), pronoun=self.attached(token), role=role)
        if head not in _PARTICLES:
            raise PatternError(f"{head!r} is not a particle in pattern {self.text!r}: use و ف ب ل ك")
        if not tail:
            return replace(self.attached(token), clitic=head, role=role)
        if head in "وف":
            return Word(self.tag(tail), conjunction=True, role=role)
        return Word(self.tag(tail), particle=head, role=role)

    def attached(self, token: str) -> Slot:
        """The slot that is written onto a particle or a word."""
        if not self.peek().startswith("{"):
            raise PatternError(f"{token!r} needs a slot or a word after it in pattern {self.text!r}")
        slot = self.slot(self.take(), role=False)
        if not isinstance(slot, Slot):
            raise PatternError(f"a topic takes no particle or pronoun in pattern {self.text!r}")
        return slot

    def tag(self, token: str) -> str:
        if token.startswith("@"):
            if not re.fullmatch(r"@[a-z_0-9]+", token):
                raise PatternError(f"{token!r} is not the name of a lexicon class in pattern {self.text!r}")
            return token
        key = word_key(fold_plain(token))
        if not any(map(str.isalpha, key)):
            raise PatternError(f"{token!r} is not a word in pattern {self.text!r}")
        return "=" + key

    def slot(self, token: str, *, role: bool) -> Slot | Topic:
        match = _SLOT.fullmatch(token)
        if not match:
            raise PatternError(f"{token!r} is not a slot in pattern {self.text!r}: write {{subject:PER}}")
        types = frozenset(match[2].split("|")) if match[2] else frozenset()
        for name in sorted(types - SLOT_TYPES):
            if not name.islower():
                known = ", ".join(sorted(SLOT_TYPES))
                raise PatternError(f"unknown type {name!r} in {token}: use {known} or a kind in small letters")
        slot = Slot(match[1], types, role=role)
        return Topic(slot, match[3]) if match[3] else slot
