"""Demonym mentions: the words outside names that point at a country."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from arner.knowledge import Demonym, Knowledge
from arner.text.folding import fold, name_key
from arner.text.words import Word

__all__ = ["DemonymMention", "find_demonyms", "settle_ambiguous"]

# Words after which a feminine demonym names a language, and verbs and prepositions before one without a noun.
_LANGUAGE: Final = frozenset(
    map(
        name_key,
        "لغة اللغة باللغة بلغة لغات اللغتين باللغتين واللغة اللغات للغة من إلى عن في يتحدث تتحدث يتكلم تتكلم يتقن تتقن "
        "يجيد تجيد تعلم يتعلم تتعلم درس درست يدرس تدرس".split(),
    )
)


@dataclass(frozen=True, slots=True)
class DemonymMention:
    """A demonym in a text: offsets without proclitics, and what it points at."""

    start: int
    end: int
    demonym: Demonym


def _analyses(folded: str) -> Iterator[tuple[int, str]]:
    """(number of letters to cut, form) for a word: whole, then without proclitics; after لل the article is restored."""
    yield 0, folded
    cut = 0
    rest = folded
    if len(rest) > 4 and rest[0] in "وف":
        cut, rest = 1, rest[1:]
        yield cut, rest
    if len(rest) > 4 and rest.startswith("لل"):
        yield cut + 1, "ا" + rest[1:]
    elif len(rest) > 4 and rest[0] in "بكل":
        yield cut + 1, rest[1:]


def find_demonyms(
    words: Sequence[Word], taken: Iterable[tuple[int, int]], knowledge: Knowledge
) -> list[DemonymMention]:
    """The demonyms among the words that no name covers, in their order, without names of languages (اللغة الروسية).

    Args:
        words: the words of the text.
        taken: the spans of names, by start.
        knowledge: where demonyms are looked up.
    """
    covered = iter(sorted(taken))
    span = next(covered, None)
    plain = [word.folded for word in words]
    found: list[DemonymMention] = []
    position = 0
    while position < len(words):
        word = words[position]
        while span is not None and span[1] <= word.start:
            span = next(covered, None)
        step = 1
        inside = span is not None and span[0] < word.end
        if word.kind == "word" and not inside:
            limit = len(words) if span is None else _words_before(words, position, span[0])
            match = _match(plain, position, min(limit, position + 3), knowledge)
            if match is not None and not _is_language(plain, position, match[0], match[1]):
                cut, demonym, step = match
                start = word.start + (fold(word.text).starts[cut] if cut else 0)
                found.append(DemonymMention(start, words[position + step - 1].end, demonym))
        position += step
    return found


def _words_before(words: Sequence[Word], position: int, offset: int) -> int:
    end = position
    while end < len(words) and end < position + 3 and words[end].end <= offset:
        end += 1
    return end


def _match(plain: Sequence[str], position: int, limit: int, knowledge: Knowledge) -> tuple[int, Demonym, int] | None:
    for cut, form in _analyses(plain[position]):
        found = knowledge.demonym_at([form, *plain[position + 1 : limit]], 0)
        if found is not None:
            return cut, found[0], found[1]
    return None


def _is_language(plain: Sequence[str], position: int, cut: int, demonym: Demonym) -> bool:
    if demonym.gender != "feminine" or demonym.number != "singular" or not demonym.definite:
        return False
    if position and cut == 0 and name_key(plain[position - 1]) in _LANGUAGE:
        return True
    # «بالروسية» says "in Russian"; an adjective takes no ب of its own.
    return cut > 0 and plain[position][cut - 1] == "ب"


def settle_ambiguous(found: Iterable[DemonymMention], named: Iterable[str]) -> list[DemonymMention]:
    """The mentions less the ambiguous ones whose country the text shows in no other way.

    Args:
        found: demonym mentions.
        named: ids of the known entities that the text names.
    """
    mentions = list(found)
    shown = {mention.demonym.country for mention in mentions if not mention.demonym.ambiguous}.union(named)
    return [mention for mention in mentions if mention.demonym.country in shown]
