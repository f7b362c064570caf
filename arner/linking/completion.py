"""Names that the model left out or mistyped: repeats of a name that the text has elsewhere, and well-known names.

A model reads each place by itself. A text that says بايدن ten times means him each time, and الولايات المتحدة is a
place in any sentence: what the whole text and the knowledge files say corrects what one sentence left in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from arner.knowledge import Knowledge
from arner.linking.forms import is_head
from arner.linking.name_search import CoveredText, FoundName, find_names
from arner.linking.result import NameLike
from arner.text import Word, name_key, proclitic_length, proclitics_of

__all__ = ["complete_names"]

_SURE: Final = 0.8
"""Score from which one occurrence vouches for the others."""
_SHORTEST: Final = 4
"""Letters of the shortest single-word name that is looked for: shorter ones are too often ordinary words."""
_LONGEST_KNOWN: Final = 5
"""Words of the longest known name that is looked for."""
_GOES_ON: Final = frozenset(map(name_key, ("آل", "بن", "ابن", "بنت", "أبو", "أبي", "ولد", "الابن", "الأب", "")))
"""Words behind a person's name that belong to it."""
_LONGEST_EXTENSION: Final = 3
"""Words by which a name is made longer at most."""
_CERTAIN: Final = 0.95
"""Score from which the model's type stands against the knowledge."""
_KNOWN_SCORE: Final = 0.75
_KNOWN_KINDS: Final = frozenset(
    {"country", "capital", "continent", "international", "media", "armed group", "territory", "site"}
)
"""Kinds of known things whose names are looked for wherever they stand."""
_STATES: Final = frozenset({"country", "capital"})
_PARTICLES: Final = frozenset(
    "إلى الى على عن من في مع حول بين عند لدى ضد نحو حتى منذ بعد قبل عبر ضمن دون خلال قرب شمال جنوب شرق غرب وسط".split()
)
_SHORT_LINE: Final = 4
"""Words and marks of a line that is too short for a model to read a single given name in it."""
_KNOWN_IF_LONG: Final = frozenset({"person", "party", "company", "bank", "region", "water", "historic"})
"""Kinds of known things that are looked for by names of two words or more: shorter ones are shared too often."""


def complete_names(
    text: str, words: Sequence[Word], names: Sequence[NameLike], knowledge: Knowledge, *, known_types: bool = True
) -> list[FoundName]:
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
    given = [FoundName(n.start, n.end, n.type, n.score) for n in names]
    if known_types:
        given = _without_demonyms(words, _extended(words, _split(words, given, knowledge), knowledge), knowledge)
    keys = [name_key(text[name.start : name.end]) for name in given]
    given = _retyped(given, keys, knowledge if known_types else None)
    seen = _vouched_for(given, keys)
    openers = {key.split(" ", 1)[0] for key in seen}
    longest = max((key.count(" ") + 1 for key in seen), default=0)

    def type_of(key: str) -> tuple[str, float] | None:
        return seen.get(key) or (_known_name(key, knowledge) if known_types else None)

    def may_open(key: str) -> bool:
        return key in openers or (known_types and key in knowledge.first_words)

    if known_types:
        given = _with_bodies(words, _in_short_lines(text, words, given, knowledge), knowledge)
        longest = max(longest, _LONGEST_KNOWN)
    added = find_names(words, given, longest=longest, may_open=may_open, type_of=type_of, is_name=knowledge.is_name)
    return sorted([*given, *added], key=lambda name: name.start)


def _known_name(key: str, knowledge: Knowledge) -> tuple[str, float] | None:
    """Type and score of a name that is looked for wherever it stands, since it is known to be one thing only."""
    kinds = _KNOWN_KINDS | _KNOWN_IF_LONG if " " in key else _KNOWN_KINDS
    kind = _known_type(key, knowledge, kinds)
    if kind is None or knowledge.demonym(key) is not None:
        return None
    short = len(key.replace(" ", "")) < _SHORTEST
    return None if short and not _is_initials(key, knowledge) else (kind, _KNOWN_SCORE)


def _is_initials(key: str, knowledge: Knowledge) -> bool:
    """Whether the key is that of initials (أ.ف.ب), which are no ordinary word however short."""
    names = (name for entity in knowledge.lookup(key) for name in entity.names)
    return any("." in name and name_key(name) == key for name in names)


def _split(words: Sequence[Word], names: Sequence[FoundName], knowledge: Knowledge) -> list[FoundName]:
    """The names, with two people who stand side by side (عيّن قيس سعيد كمال المدوري) parted after a known full name."""
    index = {word.start: at for at, word in enumerate(words)}
    result: list[FoundName] = []
    for name in names:
        first = index.get(name.start)
        inside: list[Word] = []
        if name.type == "PER" and first is not None:
            at = first
            while at < len(words) and words[at].end <= name.end:
                inside.append(words[at])
                at += 1
        keys = [name_key(word.folded) for word in inside]
        cut = next((size for size in range(len(keys) - 2, 1, -1) if _is_person(keys[:size], keys[size], knowledge)), 0)
        if cut and not knowledge.lookup(" ".join(keys)):
            result.append(FoundName(name.start, inside[cut - 1].end, "PER", name.score))
            result.append(FoundName(inside[cut].start, name.end, "PER", name.score))
        else:
            result.append(name)
    return result


def _is_person(keys: Sequence[str], following: str, knowledge: Knowledge) -> bool:
    """Whether the words are a known person's full name that the word behind them does not go on with."""
    if not all(keys) or following in _GOES_ON:
        return False
    return _known_type(" ".join(keys), knowledge, frozenset({"person"})) == "PER"


def _extended(words: Sequence[Word], names: Sequence[FoundName], knowledge: Knowledge) -> list[FoundName]:
    """The names, each made longer to the right where the words that follow make it a known name of its type."""
    starts = {word.start: index for index, word in enumerate(words)}
    ends = {word.end: index + 1 for index, word in enumerate(words)}
    result: list[FoundName] = []
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
        result.append(FoundName(name.start, end, name.type, name.score))
    return result


def _without_demonyms(words: Sequence[Word], names: Sequence[FoundName], knowledge: Knowledge) -> list[FoundName]:
    """The names, without a demonym at the end of an organisation's that says where it is from and is no part of it.

    شركة توتال الفرنسية is the French company Total. A common noun that opens the name keeps its demonym (الخطوط الجوية
    الكويتية, مجلس النواب اللبناني), and so does a name that is known with it (أرامكو السعودية).
    """
    starts = {word.start: index for index, word in enumerate(words)}
    ends = {word.end: index for index, word in enumerate(words)}
    result: list[FoundName] = []
    for name in names:
        first, last = starts.get(name.start), ends.get(name.end)
        if name.type == "ORG" and first is not None and last is not None and last > first:
            keys = [name_key(word.folded) for word in words[first : last + 1]]
            own = " ".join(keys[:-1])
            opens = not keys[0].startswith("ال") and not is_head(keys[0])
            described = first > 0 and any(is_head(name_key(stem)) for _, stem in proclitics_of(words[first - 1].folded))
            vouched = described or _known_type(own, knowledge) == "ORG"
            demonym = knowledge.demonym(keys[-1])
            from_there = demonym is not None and demonym.definite and not knowledge.lookup(" ".join(keys))
            if from_there and opens and vouched:
                name = FoundName(name.start, words[last - 1].end, name.type, name.score)
        result.append(name)
    return result


def _in_short_lines(
    text: str, words: Sequence[Word], names: Sequence[FoundName], knowledge: Knowledge
) -> list[FoundName]:
    """The names, with a verb, a person and a country or capital told apart in a line of little else (زار محمد القاهرة).

    So short a line gives a model nothing to go by: it leaves the person out, or takes both for one person.
    """
    result = list(names)
    for at in range(len(words) - 2):
        verb, person, place = words[at : at + 3]
        if at and "\n" not in text[words[at - 1].end : verb.start]:
            continue
        rest = words[at : at + _SHORT_LINE + 1]
        if len(rest) > _SHORT_LINE and "\n" not in text[verb.start : rest[-1].start]:
            continue
        if any(word.kind != "word" for word in (verb, person, place)) or person.folded in _PARTICLES:
            continue
        key = name_key(person.folded)
        common = knowledge.lookup(key) or knowledge.title([person.folded], 0) or is_head(key)
        if common or not knowledge.is_name(key) or _known_type(name_key(place.folded), knowledge, _STATES) != "LOC":
            continue
        pair = (person, place)
        inside = [name for name in result if name.start < pair[1].end and pair[0].start < name.end]
        if any(name.score >= _SURE or name.end > pair[1].end or name.start < pair[0].start for name in inside):
            continue
        result = [name for name in result if name not in inside]
        result += [FoundName(w.start, w.end, k, _KNOWN_SCORE) for w, k in zip(pair, ("PER", "LOC"), strict=True)]
    return sorted(result, key=lambda name: name.start)


def _with_bodies(words: Sequence[Word], names: Sequence[FoundName], knowledge: Knowledge) -> list[FoundName]:
    """The names, with the names of state bodies (الحكومة اللبنانية) in place of those that they contain."""
    folded = [word.folded for word in words]
    taken = CoveredText(names)
    bodies: list[FoundName] = []
    contained: set[FoundName] = set()
    for at, word in enumerate(words):
        length = knowledge.body_at(folded, at)
        if not length:
            continue
        start = word.start + (proclitic_length(word.text, knowledge.is_name) if word.kind == "word" else 0)
        end = words[at + length - 1].end
        inside = taken.overlapping(start, end)
        if all(start <= name.start and name.end <= end for name in inside):
            contained.update(inside)
            bodies.append(FoundName(start, end, "ORG", max((name.score for name in inside), default=_KNOWN_SCORE)))
    return sorted([*bodies, *(name for name in names if name not in contained)], key=lambda name: name.start)


def _retyped(names: Sequence[FoundName], keys: Sequence[str], knowledge: Knowledge | None) -> list[FoundName]:
    """The names, each with the only type that is known for it, or else with the type that it mostly has in the text."""
    votes: dict[str, dict[str, float]] = {}
    for name, key in zip(names, keys, strict=True):
        of_key = votes.setdefault(key, {})
        of_key[name.type] = of_key.get(name.type, 0.0) + name.score
    result: list[FoundName] = []
    for name, key in zip(names, keys, strict=True):
        known = _known_type(key, knowledge, ambiguous=name.score < _SURE) if knowledge is not None else None
        common, weight = max(votes[key].items(), key=lambda vote: vote[1])
        kind = name.type
        if known is not None:
            kind = known if name.score < _CERTAIN else name.type
        elif weight > 2 * votes[key][name.type]:
            kind = common
        result.append(FoundName(name.start, name.end, kind, name.score))
    return result


def _vouched_for(names: Sequence[FoundName], keys: Sequence[str]) -> dict[str, tuple[str, float]]:
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
