"""Folding: one plain spelling of Arabic text, with a map back to every offset of the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from arner.text.characters import COMPOSITIONS, INVISIBLE, MARKS, ONE_TO_ONE, PRESENTATION

__all__ = ["FoldedText", "fold", "fold_plain", "name_key"]

_LIGATURES: Final = "".join(PRESENTATION)
_LENGTH_CHANGING: Final = re.compile(f"[{MARKS}{INVISIBLE}{_LIGATURES}]")
_PIECE: Final = re.compile(
    f"(?P<plain>[^{MARKS}{INVISIBLE}{_LIGATURES}]++)?+(?P<form>[{_LIGATURES}])?+"
    f"(?P<marks>[{MARKS}]*+)(?P<rest>[{MARKS}{INVISIBLE}]*+)"
)
_HAMZA_MARK: Final = re.compile("[\u0653-\u0655]")


# The blocks that hold a character of MARKS or INVISIBLE: looking through these alone keeps the import fast.
_BLOCKS_WITH_MARKS: Final = (
    (0x0, 0x0900),
    (0x1800, 0x1810),
    (0x2000, 0x2070),
    (0xFB00, 0x10000),
    (0x11000, 0x11100),
    (0x13400, 0x13500),
    (0x1BC00, 0x1BD00),
    (0x1D100, 0x1D200),
    (0xE0000, 0xE0200),
)


def _full_table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict(ONE_TO_ONE)
    table.update({ord(form): letters for form, letters in PRESENTATION.items()})
    dropped = re.compile(f"[{MARKS}{INVISIBLE}]")
    for first, last in _BLOCKS_WITH_MARKS:
        for code in range(first, last):
            if dropped.match(chr(code)):
                table[code] = None
    return table


_FULL: Final = _full_table()
_FOLDS: Final = re.compile("[" + "".join(re.escape(chr(code)) for code in _FULL) + "]")


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text that remembers where each of its characters came from.

    Folded character ``i`` came from ``original[starts[i]:ends[i]]``, the tashkeel and tatweel that
    follow the letter included. Both tuples never decrease; the letters of one ligature share its offsets.
    """

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original of the folded stretch ``start:end``, half-open like it.

        Raises:
            ValueError: the stretch is empty or reaches outside the folded text.

        >>> folded = fold("زَارَ")
        >>> folded.text, folded.span(0, 2)
        ('زار', (0, 3))
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"{start}:{end} is no stretch of a folded text of {len(self.text)} characters")
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> FoldedText:
    """The plain spelling of a text, with the map back. Linear in the length of the text.

    Drops tashkeel, Quranic marks, tatweel, zero-width and bidirectional marks; writes presentation forms and ligatures
    as letters, Arabic-Indic and Persian digits as 0-9, Persian ی ک as ي ك, alef wasla as alef; joins a letter and a
    hamza that stand apart (NFD). Hamza and alef letters stay as they are. Spaces of any width, carriage returns among
    them, become a space.

    >>> fold("مُحَمَّـد ﷲ ٢٠٢٤").text
    'محمد الله 2024'
    """
    if _LENGTH_CHANGING.search(text) is None:
        return FoldedText(text, text.translate(ONE_TO_ONE), tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _PIECE.finditer(text):
        plain_start, plain_end = match.span("plain")
        if plain_end >= 0:
            pieces.append(text[plain_start:plain_end].translate(ONE_TO_ONE))
            starts.extend(range(plain_start, plain_end))
            ends.extend(range(plain_start + 1, plain_end + 1))
        form = match["form"]
        if form is not None:
            letters = PRESENTATION[form]
            at = match.start("form")
            pieces.append(letters)
            starts.extend([at] * len(letters))
            ends.extend([at + 1] * len(letters))
        mark_start, mark_end = match.span("marks")
        if not pieces or mark_start == match.end():
            continue
        ends[-1] = mark_end
        if form is not None:  # the letters of a ligature end together, so that the ends never decrease
            ends[-len(letters) :] = [mark_end] * len(letters)
        hamza = _HAMZA_MARK.search(text, mark_start, match.end())
        if hamza is not None:
            last = pieces[-1]
            pieces[-1] = last[:-1] + COMPOSITIONS.get((last[-1], hamza[0]), last[-1])
    return FoldedText(text, "".join(pieces), tuple(starts), tuple(ends))


def fold_plain(text: str) -> str:
    """``fold(text).text`` without the map: faster, for words and names.

    >>> fold_plain("القَاهِرَة")
    'القاهرة'
    """
    if _HAMZA_MARK.search(text) is not None:
        return fold(text).text
    return text if _FOLDS.search(text) is None else text.translate(_FULL)


_KEY_LETTERS: Final = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ہھەۀة", "ه"),
        **dict.fromkeys("ىئێې", "ي"),
        **dict.fromkeys("ؤۆۇ", "و"),
        **dict.fromkeys("گڭ", "غ"),
        **dict.fromkeys("ڤڥ", "ف"),
        "پ": "ب",
        "چ": "ج",
        "ژ": "ج",
        **dict.fromkeys("-‐‑‒–—−_/\t\n", " "),
        **dict.fromkeys(".,،'’‘`´ʼ\"“”„«»‹›()[]{}﴾﴿…", None),
    }
)
_NOT_ASCII_LATIN: Final = re.compile("[\u00c0-\u036f\u1e00-\u1eff]")
_LONGEST_KEPT: Final = 48
"""Characters of the longest name whose key is remembered."""


def name_key(name: str) -> str:
    """One spelling for the variants of a name, to look names up by.

    On top of folding: all alefs are ا, ى and ئ are ي, ة is ه, ؤ is و, گ is غ, ڤ is ف, پ is ب, چ is ج; Latin letters are
    lower-case and lose their accents; quotes, brackets and dots go; hyphens become spaces, and spaces collapse.

    >>> name_key("أ.ف.ب"), name_key("«إسفيستيا»"), name_key("أم‌ القرى")
    ('افب', 'اسفيستيا', 'ام القري')
    >>> name_key("Recep Tayyip Erdoğan") == name_key("recep tayyip erdogan")
    True
    """
    return _kept_key(name) if len(name) <= _LONGEST_KEPT else _key(name)


_ARABIC: Final = re.compile("[ " + "".join(chr(code) for code in range(0x0621, 0x064B) if code not in _FULL) + "]*")
"""Names of letters that folding leaves alone: nearly all of those that the knowledge files hold."""


def _key(name: str) -> str:
    if _ARABIC.fullmatch(name) is not None:
        return " ".join(name.translate(_KEY_LETTERS).split())
    key = fold_plain(name).translate(_KEY_LETTERS).casefold()
    if _NOT_ASCII_LATIN.search(key) is not None:
        decomposed = "".join(unicodedata.normalize("NFD", letter) for letter in key)
        key = "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f").replace("ı", "i")
    return " ".join(key.split())


_kept_key = lru_cache(maxsize=32768)(_key)
"""News repeats its words, and each is asked for many times."""
