"""Proclitics: the conjunctions and prepositions that Arabic writes onto the next word (و ف ب ل ك س)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from arner.text.characters import TATWEEL
from arner.text.folding import fold, fold_plain, name_key
from arner.text.name_words import FEATURES, evidence, load_name_words, load_weights

__all__ = ["proclitic_length", "proclitics_of", "without_proclitic"]

_CONJUNCTIONS: Final = frozenset("وف")
_PREPOSITIONS: Final = frozenset("بلك")
_PROCLITIC_LETTERS: Final = _CONJUNCTIONS | _PREPOSITIONS  # س marks the future of verbs: no name follows it
_LETTERS: Final = re.compile("[\u0621-\u064a]+")
_LEAST_REST: Final = 2
_FREQUENT: Final = math.log1p(20)


def proclitic_length(word: str, is_name: Callable[[str], bool] | None = None) -> int:
    """How many characters at the start of a name's first word are proclitics, which stay outside of the name.

    Of لل only the first ل is one: the second is the article's.

    Args:
        word: the word as the text writes it; marks that follow a proclitic are counted with it.
        is_name: tells whether a bare form, as `name_key` writes it, is a known name. It decides about words of which
            the package's own list knows neither the whole nor the rest, and is weighed together with it otherwise.

    Returns:
        Characters of `word` to cut off; 0 where the letters are the name's own.

    >>> [proclitic_length(word) for word in ("بالقاهرة", "للصين", "وللأمم", "وَبوتين", "بوتين", "لبنان", "كازاخستان")]
    [1, 1, 2, 2, 0, 0, 0]
    """
    if word and word[0] not in _PROCLITIC_LETTERS and "\u0621" <= word[0] <= "\u064a" and word[0] != TATWEEL:
        return 0  # a plain letter that is no proclitic: most words end here
    return _cut_of(word, is_name)


@lru_cache(maxsize=16384)
def _cut_of(word: str, is_name: Callable[[str], bool] | None) -> int:
    plain = fold_plain(word)
    if plain[:1] not in _PROCLITIC_LETTERS:
        return 0
    key = name_key(plain)
    letters = _cut(key, is_name)
    if letters == 0 or plain[:letters] != key[:letters]:
        return 0
    folded = fold(word)
    if letters >= len(folded.text):
        return 0
    start = folded.starts[letters]
    return start if start > folded.starts[letters - 1] else 0  # a ligature cannot be cut through


def without_proclitic(key: str) -> tuple[str, ...]:
    """What a name could be if the first letter of `key` is a proclitic: one word, or two where لل hides an article.

    >>> without_proclitic("بالقاهره"), without_proclitic("للندن"), without_proclitic("قطر")
    (('القاهره',), ('الندن', 'لندن'), ())
    """
    if key[:1] not in _PROCLITIC_LETTERS or len(key) <= _LEAST_REST:
        return ()
    return ("ال" + key[2:], key[1:]) if key.startswith("لل") else (key[1:],)


def _cut(key: str, is_name: Callable[[str], bool] | None) -> int:
    """How many letters of a key are proclitics: a conjunction if one is there, then a preposition in what is left."""
    if _LETTERS.fullmatch(key) is None or not _is_cut(key, is_name):
        return 0
    if key[0] in _CONJUNCTIONS and key[1] in _PREPOSITIONS and _is_cut(key[1:], is_name):
        return 2
    return 1


def _is_plain_case(values: tuple[float, ...]) -> bool:
    """Whether the word is unknown and its rest a frequent name or one with the article.

    The learned weights do not speak of this case for every letter: ف and ك stand before names too rarely.
    """
    value = dict(zip(FEATURES, values, strict=True))
    return value["whole_weight"] == 0.0 and (value["rest_weight"] >= _FREQUENT or value["article"] > 0.0)


def _is_cut(key: str, is_name: Callable[[str], bool] | None) -> bool:
    weights = load_weights()
    group = weights.get(key[0], weights["other"])
    for rest in without_proclitic(key):
        if is_name is not None and not load_name_words().lists(key, rest):
            whole_known, rest_known = is_name(key), is_name(rest)
            if whole_known != rest_known:
                return rest_known
        values = evidence(key, rest, is_name)
        if _is_plain_case(values):
            return True
        if sum(weight * value for weight, value in zip(group, values, strict=True)) > 0.0:
            return True
    return False


def proclitics_of(folded_word: str) -> list[tuple[str, str]]:
    """The readings of an ordinary word as proclitics and a stem, the longest stem first.

    The first reading takes the word as it is. The article may be among the proclitics; the stem of a word with لل
    regains its article in the reading that leaves it one. Every stem has at least two letters.

    >>> proclitics_of("بزيارة")
    [('', 'بزيارة'), ('ب', 'زيارة')]
    >>> proclitics_of("وسيزور")
    [('', 'وسيزور'), ('و', 'سيزور'), ('وس', 'يزور')]
    >>> proclitics_of("للزيارة")
    [('', 'للزيارة'), ('ل', 'الزيارة'), ('ل', 'لزيارة'), ('لل', 'زيارة')]
    """
    return list(_readings(folded_word))


@lru_cache(maxsize=16384)
def _readings(word: str) -> tuple[tuple[str, str], ...]:
    heads = [""]
    if word[:1] in ("و", "ف"):
        heads.append(word[0])
    found: list[tuple[str, str]] = []
    for head in heads:
        rest = word[len(head) :]
        found.append((head, rest))
        if rest[:1] == "س" and rest[1:2] in ("ي", "ت", "ن", "أ", "ا"):
            found.append((head + "س", rest[1:]))
        for prefix in ("ب", "ل", "ك"):
            if rest.startswith(prefix):
                found.append((head + prefix, rest[1:]))
                if rest.startswith("لل"):
                    found.append((head + "ل", "ال" + rest[2:]))
                    found.append((head + "لل", rest[2:]))
                elif rest.startswith("ال", 1):
                    found.append((head + prefix + "ال", rest[3:]))
        if rest.startswith("ال"):
            found.append((head + "ال", rest[2:]))
    kept = [reading for reading in found[1:] if len(reading[1]) >= _LEAST_REST]
    # a stable sort: readings with stems of one length keep the order in which they were found
    return (found[0], *sorted(dict.fromkeys(kept), key=lambda reading: (-len(reading[1]), reading[0])))
