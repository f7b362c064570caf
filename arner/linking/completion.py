"""Names that the model left out or mistyped: repeats of a name that the text has elsewhere, and well-known names.

A model reads each place by itself. A text that says بايدن ten times means him each time, and الولايات المتحدة is a
place in any sentence: what the whole text and the knowledge files say corrects what one sentence left in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from arner.knowledge import Knowledge
from arner.linking.result import NameLike
from arner.text import Word, name_key, proclitic_length

__all__ = ["CompletedName", "complete_names"]

_SURE: Final = 0.8
"""Score from which one occurrence vouches for the others."""
_SHORTEST: Final = 4
"""Letters of the shortest single-word name that is looked for: shorter ones are too often ordinary words."""
_LONGEST: Final = 8
"""Words of the longest name that is looked for."""
_LONGEST_EXTENSION: Final = 3
"""Words by which a name is made longer at most."""
_CERTAIN: Final = 0.95
"""Score from which the model's type stands against the knowledge."""
_KNOWN_SCORE: Final = 0.75
_KNOWN_KINDS: Final = frozenset(
    {"country", "capital", "continent", "international", "media", "armed group", "territory"}
)
"""Kinds of known things whose names are looked for wherever they stand."""
_KNOWN_IF_LONG: Final = frozenset({"person", "party", "company", "bank", "region", "water", "historic"})
"""Kinds of known things that are looked for by names of two words or more: shorter ones are shared too often."""


@dataclass(frozen=True, slots=True)
class CompletedName:
    """A name in the text: half-open offsets, type, score from 0 to 1."""

    start: int
    end: int
    type: str
    score: float


def complete_names(
    text: str, words: Sequence[Word], names: Sequence[NameLike], knowledge: Knowledge, *, known_types: bool = True
) -> list[CompletedName]:
    """The names given, retyped where the knowledge allows one type only, and the names that were left out.

    Args:
        text: the text.
        words: its words.
        names: what the model found, in order, none overlapping.
        knowledge: what is known.
        known_types: whether the model's types are those of the knowledge (PER, LOC, ORG, MISC); if not, only repeats
            of the model's own names are added.

    Returns:
        Names in order; no two overlap.
    """
    given = [CompletedName(n.start, n.end, n.type, n.score) for n in names]
    if known_types:
        given = _extended(words, given, knowledge)
    keys = [name_key(text[name.start : name.end]) for name in given]
    given = _retyped(given, keys, knowledge if known_types else None)
    seen = _vouched_for(given, keys)
    longest = max((len(key.split()) for key in seen), default=0)
    is_name = knowledge.is_name

    def kind_of(key: str) -> tuple[str, float] | None:
        repeated = seen.get(key)
        if repeated is not None:
            return repeated
        if not known_types or len(key.replace(" ", "")) < _SHORTEST or knowledge.demonym(key) is not None:
            return None
        kinds = _KNOWN_KINDS | _KNOWN_IF_LONG if " " in key else _KNOWN_KINDS
        kind = _known_type(key, knowledge, kinds)
        return None if kind is None else (kind, _KNOWN_SCORE)

    if known_types:
        given = _with_bodies(words, given, knowledge)
    added = list(_search(words, _Taken(given), max(longest, 4 if known_types else 0), kind_of, is_name))
    return sorted([*given, *added], key=lambda name: name.start)


def _extended(words: Sequence[Word], names: Sequence[CompletedName], knowledge: Knowledge) -> list[CompletedName]:
    """The names, each made longer to the right where the words that follow make it a known name of its type."""
    starts = {word.start: index for index, word in enumerate(words)}
    ends = {word.end: index + 1 for index, word in enumerate(words)}
    result: list[CompletedName] = []
    for position, name in enumerate(names):
        after = ends.get(name.end)
        barrier = names[position + 1].start if position + 1 < len(names) else None
        end = name.end
        if after is not None:
            first = next((starts[s] for s in range(name.start, name.start - 4, -1) if s in starts), after - 1)
            head = [words[first].text[name.start - words[first].start :], *(w.folded for w in words[first + 1 : after])]
            for last in range(min(after + _LONGEST_EXTENSION, len(words)), after, -1):
                following = words[after:last]
                if barrier is not None and following[-1].end > barrier:
                    continue
                if any(word.kind not in ("word", "latin") for word in following):
                    continue
                key = name_key(" ".join([*head, *(word.folded for word in following)]))
                if _known_type(key, knowledge) == name.type:
                    end = following[-1].end
                    break
        result.append(CompletedName(name.start, end, name.type, name.score))
    return result


def _with_bodies(words: Sequence[Word], names: Sequence[CompletedName], knowledge: Knowledge) -> list[CompletedName]:
    """The names, with the names of state bodies (الحكومة اللبنانية) in place of those that they contain."""
    folded = [word.folded for word in words]
    taken = _Taken(names)
    bodies: list[CompletedName] = []
    contained: set[CompletedName] = set()
    for at, word in enumerate(words):
        length = knowledge.body_at(folded, at)
        if not length:
            continue
        start = word.start + (proclitic_length(word.text, knowledge.is_name) if word.kind == "word" else 0)
        end = words[at + length - 1].end
        inside = taken.overlapping(start, end)
        if all(start <= name.start and name.end <= end for name in inside):
            contained.update(inside)
            bodies.append(CompletedName(start, end, "ORG", max((name.score for name in inside), default=_KNOWN_SCORE)))
    return sorted([*bodies, *(name for name in names if name not in contained)], key=lambda name: name.start)


def _retyped(names: Sequence[CompletedName], keys: Sequence[str], knowledge: Knowledge | None) -> list[CompletedName]:
    """The names, each with the only type that is known for it, or else with the type that it mostly has in the text."""
    votes: dict[str, dict[str, float]] = {}
    for name, key in zip(names, keys, strict=True):
        of_key = votes.setdefault(key, {})
        of_key[name.type] = of_key.get(name.type, 0.0) + name.score
    result: list[CompletedName] = []
    for name, key in zip(names, keys, strict=True):
        known = _known_type(key, knowledge, ambiguous=name.score < _SURE) if knowledge is not None else None
        common, weight = max(votes[key].items(), key=lambda vote: vote[1])
        kind = name.type
        if known is not None:
            kind = known if name.score < _CERTAIN else name.type
        elif weight > 2 * votes[key][name.type]:
            kind = common
        result.append(CompletedName(name.start, name.end, kind, name.score))
    return result


def _vouched_for(names: Sequence[CompletedName], keys: Sequence[str]) -> dict[str, tuple[str, float]]:
    """Key of each name that is sure somewhere → its most frequent type and the least of the sure scores."""
    types: dict[str, Counter[str]] = {}
    scores: dict[str, float] = {}
    for name, key in zip(names, keys, strict=True):
        if name.score >= _SURE and len(key.replace(" ", "")) >= _SHORTEST:
            types.setdefault(key, Counter())[name.type] += 1
            scores[key] = min(scores.get(key, 1.0), name.score)
    return {key: (counts.most_common(1)[0][0], scores[key]) for key, counts in types.items()}


def _known_type(
    key: str, knowledge: Knowledge, kinds: frozenset[str] | None = None, *, ambiguous: bool = False
) -> str | None:
    """The only type that the knowledge has for a name, or None where it has none or several.

    Args:
        kinds: the kinds of entities that count; all by default.
        ambiguous: whether a name counts that is listed as one that means other things, too.
    """
    entities = knowledge.lookup(key)
    if not ambiguous and any(knowledge.is_ambiguous(entity, key) for entity in entities):
        return None
    if kinds is not None and not all(entity.kind in kinds for entity in entities):
        return None
    types = {entity.type for entity in entities}
    return types.pop() if len(types) == 1 else None


class _Taken:
    """Offsets that names already cover, asked for in rising order."""

    def __init__(self, names: Sequence[CompletedName]) -> None:
        self._names = sorted(names, key=lambda name: name.start)
        self._at = 0

    def overlapping(self, start: int, end: int) -> list[CompletedName]:
        """The names that share a character with the span."""
        self.next_start(start)
        found = []
        for name in self._names[self._at :]:
            if name.start >= end:
                break
            found.append(name)
        return found

    def next_start(self, offset: int) -> int | None:
        """Where the first name that ends after `offset` begins; None if there is none."""
        while self._at < len(self._names) and self._names[self._at].end <= offset:
            self._at += 1
        return self._names[self._at].start if self._at < len(self._names) else None


def _search(
    words: Sequence[Word],
    taken: _Taken,
    longest: int,
    kind_of: Callable[[str], tuple[str, float] | None],
    is_name: Callable[[str], bool],
) -> Iterator[CompletedName]:
    """The longest names at each free place, from left to right."""
    at = 0
    while at < len(words):
        word = words[at]
        barrier = taken.next_start(word.start)
        if word.kind not in ("word", "latin") or (barrier is not None and barrier < word.end):
            at += 1
            continue
        found = _longest_at(words, at, min(longest, _LONGEST), barrier, kind_of, is_name)
        if found is None:
            at += 1
            continue
        name, at = found
        yield name


def _longest_at(
    words: Sequence[Word],
    at: int,
    longest: int,
    barrier: int | None,
    kind_of: Callable[[str], tuple[str, float] | None],
    is_name: Callable[[str], bool],
) -> tuple[CompletedName, int] | None:
    first = words[at]
    cuts = {0, proclitic_length(first.text, is_name) if first.kind == "word" else 0}
    end = at
    while end < len(words) and end - at < longest and words[end].kind in ("word", "latin"):
        if barrier is not None and words[end].end > barrier:
            break
        end += 1
    for last in range(end, at, -1):
        rest = [word.folded for word in words[at + 1 : last]]
        for cut in sorted(cuts):
            head = first.text[cut:]
            for form in (head, "ا" + head) if cut and head.startswith("ل") else (head,):
                found = kind_of(name_key(" ".join([form, *rest])))
                if found is not None:
                    return CompletedName(first.start + cut, words[last - 1].end, *found), last
    return None
