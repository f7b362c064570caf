"""What rules see of a sentence: words, names, demonyms, dates and marks, each one item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol

from arner.relations.forms import word_key
from arner.relations.rule import RuleSet, TagMap

__all__ = ["Head", "Item", "NameAt", "WordLike", "build_items"]

ItemKind = Literal["word", "name", "demonym", "date", "number", "mark"]
_QUOTES: Final = frozenset("«»\"“”„‟'‘’`´‹›#")
_COMMAS: Final = frozenset("،,")
_STOPS: Final = frozenset(".؛;:!؟?…")
_DASHES: Final = frozenset("-–—ـ−")
_NOT: Final = frozenset({"لم", "لن", "لا"})
_AHEAD: Final = ("المقبل", "القادم", "غدا", "مقبل")
_LIGHT: Final = frozenset({"@intention", "@refusal"})
"""Verbs that only turn the act named after them: يعتزم زيارة, رفض لقاء."""

_NO_TAGS: Final = TagMap({})
_BRACKET_WORDS: Final = 6
_GLOSS: Final = 3


class WordLike(Protocol):
    """What is needed of a word of `arner.text.words`."""

    @property
    def start(self) -> int:
        """First code point."""
        ...

    @property
    def end(self) -> int:
        """One past the last code point."""
        ...

    @property
    def folded(self) -> str:
        """The word without vowel marks and the like."""
        ...

    @property
    def kind(self) -> str:
        """One of word, number, latin, punctuation, symbol."""
        ...


class Head(NamedTuple):
    """An entity for which an item stands, with the slot types that it satisfies."""

    entity: str
    types: frozenset[str]


class NameAt(NamedTuple):
    """A mention, as the sentence view needs it."""

    start: int
    end: int
    head: Head
    demonym: bool
    kind: str | None


@dataclass(slots=True)
class Item:
    """One item of a sentence. `start:end` leaves out the clitics, `outer` is where the first word begins."""

    kind: ItemKind
    start: int
    end: int
    outer: int
    key: str = ""
    heads: tuple[Head, ...] = ()
    conjunction: str = ""
    particle: str = ""
    tags: TagMap = field(default_factory=lambda: _NO_TAGS)
    mark: str = ""
    transparent: bool = False
    barrier: bool = False
    nominal: bool = False
    inner: tuple[Item, ...] = ()
    mask: int = -1
    """The bits of what patterns may find in it, for `needs.py`; -1 until a stage has asked."""


def build_items(
    text: str,
    words: Sequence[WordLike],
    first: int,
    last: int,
    names: Mapping[int, NameAt],
    dates: Mapping[int, int],
    rules: RuleSet,
) -> list[Item]:
    """The items of the sentence ``words[first:last]``.

    Args:
        text: the whole text.
        words: the words of the whole text.
        first: index of the sentence's first word.
        last: index after its last word.
        names: mention by the index of the word in which it begins.
        dates: index after the last word of a date, by the index of its first word.
        rules: for the classes of words.
    """
    items: list[Item] = []
    index = first
    while index < last:
        word = words[index]
        name = names.get(index)
        if name is not None:
            items.append(_name_item(text, word, name, rules))
            index += 1
            while index < last and words[index].start < name.end:
                index += 1
            continue
        after = dates.get(index)
        if after is not None and after <= last:
            end = words[after - 1].end
            ahead = any(words[n].folded.startswith(_AHEAD) for n in range(index, after))
            items.append(Item("date", word.start, end, word.start, key="+" if ahead else "", transparent=True))
            index = after
            continue
        index += 1
        item = _plain_item(word, rules)
        if item is not None:
            items.append(item)
    for item, following in zip(items, items[1:], strict=False):
        if item.key in ("كل", "كلا") and following.key == "من":
            following.transparent = True
            following.tags = _NO_TAGS
        # قد before a past verb says nothing more: كانت كينيا قد فرضت. Before a present one it says "may".
        if item.key == "قد" and following.kind == "word" and not following.key.startswith(("ي", "ت", "ن", "س")):
            item.transparent = True
        # Between a subject and its verb they deny the claim, and are no part of a pattern: فلان لن يزور كينيا.
        if item.key in _NOT and "@clear" in following.tags:
            item.transparent = True
    _open_brackets(items)
    _pass_commas(items)
    return items


def _name_item(text: str, word: WordLike, name: NameAt, rules: RuleSet) -> Item:
    clitics = "".join(letter for letter in text[word.start : name.start] if letter in "وفبلكس")
    key = word_key(word.folded)
    tags = _NO_TAGS
    if name.demonym:
        tags = rules.tags(key)
        if not clitics:
            clitics = _demonym_clitics(key)
    head = name.head
    if name.demonym and ("ال" in (key[:2], key[1:3], key[2:4]) or key.startswith(("لل", "ولل"))):
        head = Head(head.entity, head.types | {"DEF"})
    conjunction = clitics[0] if clitics[:1] in ("و", "ف") else ""
    return Item(
        "demonym" if name.demonym else "name",
        name.start,
        name.end,
        word.start,
        key=key,
        heads=(head,),
        conjunction=conjunction,
        particle=clitics[len(conjunction) :][:1],
        tags=tags,
    )


def _demonym_clitics(key: str) -> str:
    for length in (1, 2):
        if set(key[:length]) <= set("وفبلك") and key[length : length + 2] == "ال":
            return key[:length]
    if key.startswith("ولل"):
        return "ول"
    return "ل" if key.startswith("لل") else ""


def _plain_item(word: WordLike, rules: RuleSet) -> Item | None:
    start, end, folded = word.start, word.end, word.folded
    if word.kind == "punctuation" or word.kind == "symbol":
        mark = folded[:1]
        if mark in _QUOTES:
            return None
        if mark in _COMMAS:
            return Item("mark", start, end, start, mark=",", barrier=True)
        if mark in "([{":
            return Item("mark", start, end, start, mark="(", barrier=True)
        if mark in ")]}":
            return Item("mark", start, end, start, mark=")", barrier=True)
        if mark in _DASHES:
            return Item("mark", start, end, start, mark="-", barrier=True)
        if mark in _STOPS:
            return Item("mark", start, end, start, mark=":" if mark == ":" else ".", barrier=True)
        return Item("mark", start, end, start, mark=mark, transparent=True)
    if word.kind == "number":
        return Item("number", start, end, start, key=folded)
    key = word_key(folded)
    tags = rules.tags(key)
    return Item(
        "word",
        start,
        end,
        start,
        key=key,
        tags=tags,
        transparent="@filler" in tags and not any(tag.particle or tag.rest for tag in tags["@filler"]),
        barrier=("@verb" in tags and not tags.keys() & _LIGHT)
        or any(not tag.particle for tag in tags.get("@barrier", ())),
    )


def _open_brackets(items: list[Item]) -> None:
    """Make brackets that hold only a second name, a source, a number or a date transparent; unwrap demonyms."""
    index = 0
    while index < len(items):
        if items[index].mark != "(":
            index += 1
            continue
        close = next(
            (n for n in range(index + 1, min(index + 2 + _BRACKET_WORDS, len(items))) if items[n].mark == ")"), None
        )
        if close is None:
            index += 1
            continue
        inside = items[index + 1 : close]
        before = items[index - 1] if index else None
        if inside and all(item.kind == "demonym" for item in inside):
            del items[close], items[index]
            index = close - 1
            continue
        after = items[close + 1] if close + 1 < len(items) else None
        plain = all(item.kind in ("word", "demonym", "number") and not item.barrier for item in inside)
        if inside and plain and after is not None and after.kind in ("demonym", "name") and not after.conjunction:
            del items[close], items[index]
            index = close - 1
            continue
        bare = len(inside) == 1 and inside[0].kind == "name" and "source" not in inside[0].heads[0].types
        if bare and before is not None and before.kind == "word":
            del items[close], items[index]
            index = close - 1
            continue
        gloss = plain and 0 < len(inside) <= _GLOSS and before is not None and before.kind == "name"
        if before is not None and _dateline(items, index):
            index = close + 1
            continue
        if gloss or all(_aside(item, before) for item in inside):
            for item in items[index : close + 1]:
                item.transparent, item.barrier = True, False
        index = close + 1


def _dateline(items: Sequence[Item], index: int) -> bool:
    """Whether the bracket at `index` follows a place that opens the text, as in واشنطن (رويترز)."""
    opening = index == 1 or (index == 3 and items[1].mark == ",")
    return opening and bool(items[index - 1].heads) and "LOC" in items[index - 1].heads[0].types


def _aside(item: Item, before: Item | None) -> bool:
    if item.kind == "word":
        return not item.key or not ("؀" <= item.key[0] <= "ۿ")
    if item.kind == "name":
        same = before is not None and bool(before.heads) and before.heads[0].entity == item.heads[0].entity
        return same or "source" in item.heads[0].types
    return item.kind in ("date", "number") or item.mark == "-"


def _pass_commas(items: list[Item]) -> None:
    """A comma beside a date sets the date off; the two pass together."""
    for index, item in enumerate(items):
        if item.mark != ",":
            continue
        before = items[index - 1] if index else None
        after = items[index + 1] if index + 1 < len(items) else None
        if (before is not None and before.kind == "date" and index > 1) or (after is not None and after.kind == "date"):
            item.transparent, item.barrier = True, False
