"""Spelling keys, proclitic analyses and inflected forms of the words that rules are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Analysis", "adjective_forms", "analyses", "noun_forms", "verb_forms", "word_key"]

_KEYS = str.maketrans("أإآٱى", "ااااي")
_PRONOUNS = (("ه", "m"), ("ها", "f"), ("هم", "p"), ("هما", "d"))
_LONG = "اوي"


class Analysis(NamedTuple):
    """One way to read a word: conjunction, one-letter particle, and what is left."""

    conjunction: str
    particle: str
    stem: str


def word_key(word: str) -> str:
    """The spelling under which a word is looked up: hamza on or under alef and final alef maqsura do not count.

    >>> word_key("أعلن"), word_key("إلى")
    ('اعلن', 'الي')
    """
    return word.translate(_KEYS)


def analyses(key: str) -> tuple[Analysis, ...]:
    """The readings of a word key, the whole word first.

    >>> [tuple(a) for a in analyses("وسيزور")]
    [('', '', 'وسيزور'), ('و', '', 'سيزور'), ('و', 'س', 'يزور')]
    >>> tuple(analyses("للرييس")[1])
    ('', 'ل', 'الرييس')
    """
    found = [Analysis("", "", key)]
    found.extend(Analysis("", particle, stem) for particle, stem in _particles(key))
    if len(key) > 2 and key[0] in "وف":
        rest = key[1:]
        found.append(Analysis(key[0], "", rest))
        found.extend(Analysis(key[0], particle, stem) for particle, stem in _particles(rest))
    return tuple(found)


def _particles(key: str) -> Iterator[tuple[str, str]]:
    if len(key) < 3:
        return
    if key.startswith("لل"):
        yield "ل", "ال" + key[2:]
    elif key[0] in "بلك" or (key[0] == "س" and key[1] in "يتن"):
        yield key[0], key[1:]


def noun_forms(noun: str) -> Iterator[tuple[str, str]]:
    """Forms of a noun (or masdar) as (key, pronoun): bare, definite, accusative, and with suffix pronouns.

    The pronoun is ``""``, ``"m"`` (ه), ``"f"`` (ها), ``"p"`` (هم) or ``"d"`` (هما).

    >>> sorted(noun_forms("زيارة"))[:4]
    [('الزيارة', ''), ('زيارة', ''), ('زيارته', 'm'), ('زيارتها', 'f')]
    >>> ("لقائه", "m") in set(noun_forms("لقاء"))
    True
    """
    key = word_key(noun)
    yield key, ""
    if not key.startswith("ال"):
        yield "ال" + key, ""
    stems = [key]
    if key.endswith("ة"):
        stems = [key[:-1] + "ت"]
    elif key.endswith("اء"):
        stems = [key, key[:-1] + "ئ", key[:-1] + "ؤ"]
        yield key + "ا", ""
    elif noun.endswith("ى"):
        stems = [key[:-1] + "ا"]
    else:
        yield key + "ا", ""
    for stem in stems:
        for suffix, pronoun in _PRONOUNS:
            yield stem + suffix, pronoun


def adjective_forms(adjective: str) -> Iterator[tuple[str, str]]:
    """Forms of an adjective or participle: both genders, definite and not, accusative, sound plurals.

    >>> [form for form, _ in adjective_forms("سابق")][:4]
    ['سابق', 'السابق', 'سابقة', 'السابقة']
    """
    key = word_key(adjective)
    if key.endswith("ة"):
        key = key[:-1]
    for form in (key, key + "ة", key + "ين", key + "ون", key + "ات"):
        yield form, ""
        yield "ال" + form, ""
    yield key + "ا", ""


def verb_forms(verb: str) -> Iterator[tuple[str, str]]:
    """Third-person forms of a verb written ``past/present``, with object pronouns.

    >>> forms = dict(verb_forms("التقى/يلتقي"))
    >>> [w in forms for w in ("التقت", "التقوا", "تلتقي", "يلتق", "يلتقون")]
    [True, True, True, True, True]
    >>> forms["التقاه"], forms["يلتقيه"]
    ('m', 'm')
    >>> "يزر" in dict(verb_forms("زار/يزور"))
    True
    """
    past, _, present = verb.partition("/")
    bare: list[tuple[str, str]] = []
    weak = past[-1:] in "ىا" and len(past) > 2
    stem = word_key(past[:-1] if weak else past)
    bare.append((word_key(past), stem + "ا" if weak else stem))
    bare.append((stem + "ت", stem + "ت"))
    bare.append((stem + "وا", stem + "و"))
    bare.append((stem + "تا", stem + "تا"))
    if not weak:
        bare.append((stem + "ا", stem + "ا"))
    if present:
        bare.extend(_present_forms(word_key(present), maqsura=present.endswith("ى")))
    seen: set[str] = set()
    for form, _ in bare:
        if form not in seen:
            seen.add(form)
            yield form, ""
    for _, base in bare:
        for suffix, pronoun in _PRONOUNS:
            if base + suffix not in seen:
                seen.add(base + suffix)
                yield base + suffix, pronoun


def _present_forms(key: str, *, maqsura: bool) -> Iterator[tuple[str, str]]:
    base = key[:-1] + "ا" if maqsura else key
    plural = key[:-1] if key[-1] in "يو" else key
    jussive = key
    if key[-1] in _LONG:
        jussive = key[:-1]
    elif len(key) > 3 and key[-2] in _LONG:
        jussive = key[:-2] + key[-1]
    for first in dict.fromkeys((key[0], "ت")):
        yield first + key[1:], first + base[1:]
        if jussive != key:
            yield first + jussive[1:], first + jussive[1:]
        yield first + plural[1:] + "ان", first + plural[1:] + "ان"
    yield plural + "ون", plural + "ون"
    yield plural + "وا", plural + "و"
