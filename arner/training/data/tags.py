"""Tags of tokens → spans of tokens, for any scheme: which scheme a file uses, and where it breaks its own rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from arner.ner.labels import LabelScheme

__all__ = ["MixedTagsError", "TagFault", "TagReader", "clean_label", "clean_tag", "tag_problem"]

_PREFIXES: Final = frozenset("BIESLU")
_OUTSIDE: Final = frozenset({"O", "OUT", "OUTSIDE"})
_DASHES: Final = re.compile("^([BIESLUO])[\u2010-\u2015\u2212](?=.)", re.IGNORECASE)
"""A prefix before a hyphen of another kind, which word processors put in its place."""


class TagFault(NamedTuple):
    """A tag that breaks its scheme, and how it was read."""

    position: int
    message: str


class MixedTagsError(ValueError):
    """Prefixed and bare tags stand in one file; `tag` is a bare one."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__(
            f"the tag {tag!r} has no prefix such as B-, though other tags of the file do: "
            "write O for a token outside names, or use one scheme throughout"
        )


class TagReader:
    """Reads the tag sequences of one file.

    The scheme is found from all of them: IOB2, IOB1 (B- only parts neighbours of one type), IO, BIOES, BILOU, or bare
    types.

    Args:
        sequences: every tag sequence of the file; each tag has passed `tag_problem`.

    Raises:
        MixedTagsError: prefixed and bare tags are mixed.
    """

    def __init__(self, sequences: Iterable[Sequence[str]]) -> None:
        sequences = list(sequences)
        tags = dict.fromkeys(tag for tags in sequences for tag in tags)
        self._scheme = LabelScheme(tuple(tags))
        self._index = {tag: index for index, tag in enumerate(tags)}
        named = [tag for tag in tags if tag.upper() not in _OUTSIDE]
        bare = [tag for tag in named if not _is_prefixed(tag)]
        if bare and len(bare) < len(named):
            raise MixedTagsError(bare[0])
        self.name = "bare" if bare else self._prefixed_scheme(named, sequences)

    def _prefixed_scheme(self, named: Sequence[str], sequences: Iterable[Sequence[str]]) -> str:
        prefixes = {tag[0].upper() for tag in named}
        if prefixes & {"L", "U"}:
            return "BILOU"
        if prefixes & {"E", "S"}:
            return "BIOES"
        if prefixes == {"I"}:
            return "IO"
        opened_inside = False
        for tags in sequences:
            before = ("O", "")
            for tag in tags:
                position, kind = self._scheme.parts[self._index[tag]]
                continues = before[1] == kind
                if position == "B" and not continues:
                    return "IOB2"
                opened_inside = opened_inside or (position == "I" and not continues)
                before = (position, kind)
        return "IOB1" if opened_inside else "IOB2"

    def spans(self, tags: Sequence[str]) -> tuple[list[tuple[int, int, str]], list[TagFault]]:
        """Half-open spans of tokens with their types, and the faults of the sequence.

        >>> TagReader([["O", "I-PER", "I-PER", "B-LOC"]]).spans(["O", "I-PER", "I-PER", "B-LOC"])
        ([(1, 3, 'PER'), (3, 4, 'LOC')], [TagFault(position=1, message='I-PER continues nothing; read as a beginning')])
        """
        path = [self._index[tag] for tag in tags]
        faults = self._faults(path, tags) if self.name in ("IOB2", "BIOES", "BILOU") else ()
        return self._scheme.spans(path), list(faults)

    def _faults(self, path: Sequence[int], tags: Sequence[str]) -> Iterable[TagFault]:
        scheme = self._scheme
        closing = self.name in ("BIOES", "BILOU")
        for at, label in enumerate(path):
            position, kind = scheme.parts[label]
            opened = at > 0 and scheme.parts[path[at - 1]] in (("B", kind), ("I", kind))
            if position in ("I", "E") and not opened:
                yield TagFault(at, f"{tags[at]} continues nothing; read as a beginning")
            if closing and position in ("B", "I"):
                goes_on = at + 1 < len(path) and scheme.parts[path[at + 1]] in (("I", kind), ("E", kind))
                if not goes_on:
                    yield TagFault(at, f"{tags[at]} is not followed by the end of its name; the name ends here")


def clean_label(label: str) -> str:
    """A type's name without invisible marks and with `_` for each blank in it, as it can stand in any file.

    >>> clean_label(" Job Title\u200f")
    'Job_Title'
    """
    visible = "".join(
        letter for letter in label if unicodedata.category(letter) not in ("Cf", "Cc") or letter.isspace()
    )
    return "_".join(visible.split())


def clean_tag(tag: str) -> str:
    """`clean_label` for a tag, whose dash becomes a hyphen.

    >>> clean_tag("B\u2013PER")
    'B-PER'
    """
    return _DASHES.sub(r"\1-", clean_label(tag))


def tag_problem(tag: str) -> str | None:
    """What is wrong with a tag by itself, or None.

    >>> tag_problem("B-PER"), tag_problem("3")
    (None, "the tag '3' is a number: write the label's name, such as B-PER")
    """
    if not tag:
        return "the tag is empty: write O for a token outside names"
    if tag.strip("0123456789") == "":
        return f"the tag {tag!r} is a number: write the label's name, such as B-PER"
    if len(tag) == 2 and tag[0].upper() in _PREFIXES and tag[1] in "-_":
        return f"the tag {tag!r} names no type: write one behind the prefix, such as B-PER"
    if len(tag) > 2 and tag[-2] in "-_" and tag[-1] in _PREFIXES and not _is_prefixed(tag):
        return f"the tag {tag!r} has its prefix behind the type: write {tag[-1]}-{tag[:-2]}"
    several = re.split(r"[|#,;]", tag)
    if sum(map(_is_prefixed, several)) > 1:
        return f"the tag {tag!r} holds several, but names within names are not read; write the outer one, {several[0]}"
    if len(tag) > 200:
        return f"the tag {tag[:40]!r}… has {len(tag):,} characters: the last column holds the tag, such as B-PER"
    return None


def _is_prefixed(tag: str) -> bool:
    return len(tag) > 2 and tag[0].upper() in _PREFIXES and tag[1] in "-_"
