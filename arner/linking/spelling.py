"""Spelling variants of foreign names: which of the spellings in a text are meant to be one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

__all__ = ["consonants", "is_variant", "one_edit", "representatives"]

_SHORTEST: Final = 5
_VOWELS: Final = frozenset("اويه")
# Letters that writers choose between for one foreign sound.
_SOUNDS: Final = str.maketrans("غقكطثصشظذض", "جججتتسسزدد")


def consonants(word: str) -> str:
    """The consonants of a key, with one letter for those that writers choose between for one foreign sound.

    >>> consonants("لاجارد") == consonants("لاغارد")
    True
    """
    return "".join(letter for letter in word if letter not in _VOWELS).translate(_SOUNDS)


def one_edit(a: str, b: str) -> bool:
    """Whether one insertion, deletion or replacement makes `a` of `b`.

    >>> one_edit("مرقس", "مرقص"), one_edit("روسيا", "سوريا")
    (True, False)
    """
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    same = 0
    while same < len(a) and a[same] == b[same]:
        same += 1
    return a[same:] == b[same + 1 :] if len(a) < len(b) else a[same + 1 :] == b[same + 1 :]


def is_variant(a: str, b: str) -> bool:
    """Whether two keys may be two spellings of one foreign word: both of five letters or more, one edit apart, or with
    the same consonants (up to the letters that stand for one sound) and at most two vowel letters apart.

    >>> is_variant("غوتيريش", "غوتيريس"), is_variant("نتنياهو", "نتانياهو"), is_variant("حسن", "حسين")
    (True, True, False)
    """
    if a == b:
        return True
    shorter, longer = sorted((len(a), len(b)))
    if shorter < _SHORTEST - 1 or longer < _SHORTEST or (a[0] != b[0] and consonants(a) != consonants(b)):
        return False
    if shorter < _SHORTEST:  # a short name may lack one vowel letter, no more: بوتن
        return one_edit(a, b) and consonants(a) == consonants(b)
    if one_edit(a, b):
        return True
    return longer - shorter <= 2 and len(consonants(a)) > 2 and consonants(a) == consonants(b)


def representatives(counts: Iterable[tuple[str, int]], settled: Callable[[str], bool]) -> dict[str, str]:
    """The spelling that stands for each spelling: its own, or a more frequent or better known variant of it.

    Two settled spellings (known names) never stand for each other: محمد and محمود differ.

    Args:
        counts: distinct keys with their numbers of mentions.
        settled: whether a key is a known name.

    >>> representatives([("توكايف", 1), ("توكاييف", 3)], lambda key: False)
    {'توكاييف': 'توكاييف', 'توكايف': 'توكاييف'}
    """
    ranked = sorted(((not settled(key), -count, key) for key, count in counts))
    chosen: dict[str, str] = {}
    buckets: dict[str, list[str]] = {}
    for unsettled, _, key in ranked:
        signs = _signs(key)
        match = None
        if unsettled:
            near = {other for sign in signs for other in buckets.get(sign, ())}
            match = min((other for other in near if is_variant(key, other)), default=None)
        chosen[key] = match or key
        if match is None:
            for sign in signs:
                bucket = buckets.setdefault(sign, [])
                if len(bucket) < 16:  # a sign shared by more than that says nothing
                    bucket.append(key)
    return chosen


def _signs(key: str) -> set[str]:
    """Strings that two variants share: the key, the key less one letter, and its consonants."""
    if len(key) < _SHORTEST - 1:
        return {key}
    shorter = {key[:n] + key[n + 1 :] for n in range(len(key))}
    return {key, *shorter, "=" + consonants(key)}
