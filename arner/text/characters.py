"""The character classes of the text layer: what is a mark, what is invisible, what is a presentation form.

Each class is the inside of a regular-expression bracket, so that the other modules build patterns from the same facts.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = [
    "ARABIC",
    "COMBINING",
    "COMPOSITIONS",
    "EMOJI",
    "INVISIBLE",
    "LATIN",
    "MARKS",
    "ONE_TO_ONE",
    "PRESENTATION",
    "TATWEEL",
]

TATWEEL: Final = "\u0640"

MARKS: Final = (
    TATWEEL
    + "\u0610-\u061a\u064b-\u065f\u0670"  # signs, tashkeel, superscript alef
    + "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"  # Quranic annotation
    + "\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff"  # extended Quranic annotation
    + "\ufbb2-\ufbc2\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe7f"  # the same as presentation forms
)
"""Arabic marks without a meaning of their own: folding drops them, and they belong to the letter before them."""

INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\u0600-\u0605\u06dd\u0890\u0891\u08e2\u070f"  # prepended number signs: they frame digits, which stay
    "\U000110bd\U000110cd\U00013430-\U00013455\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e01ef"
)
"""Zero-width and bidirectional marks, variation selectors, tags: folding drops them; no word begins with one."""

COMBINING: Final = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0711\u0730-\u074a"
    "\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d\u0859-\u085b\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc\u09be-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71\u0b01-\u0b03\u0bbe-\u0bcd\u0c3e-\u0c56"
    "\u0d3e-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84\u102b-\u103e"
    "\u135d-\u135f\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\u302a-\u302f\u3099\u309a\ufe20-\ufe2f"
)
"""Combining marks of other scripts: kept by folding, and part of the word that they stand in."""

ARABIC: Final = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9"
    "\ufb50-\ufbb1\ufbd3-\ufc5d\ufc64-\ufcf1\ufcf5-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdf9\ufe80-\ufefc"
)
"""Letters of the Arabic script, presentation forms and ligatures among them (not the phrases ﷺ ﷻ ﷽: symbols)."""

LATIN: Final = (
    "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a"
)
"""Letters of the Latin script."""

EMOJI: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
"""Characters that may stand in an emoji sequence."""

_MARK: Final = re.compile(f"[{MARKS}{INVISIBLE}]+")
_PRESENTATION_LETTER: Final = re.compile(
    "[\ufb00-\ufb06\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdc7\ufdf0-\ufdf9\ufe80-\ufefc]"
)


def _one_to_one() -> dict[int, str]:
    table = {0x06CC: "ي", 0x06A9: "ك", 0x0671: "ا", 0x066A: "%", 0x066B: ".", 0x066C: ","}
    for digit in range(10):
        table[0x0660 + digit] = table[0x06F0 + digit] = str(digit)
    for code in range(0xFF01, 0xFF5F):  # full-width ASCII
        table[code] = chr(code - 0xFEE0)
    for code in (0x0D, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000):
        table[code] = " "
    for code in (0x0B, 0x0C, 0x85, 0x2028, 0x2029):
        table[code] = "\n"
    return table


ONE_TO_ONE: Final = _one_to_one()
"""For `str.translate`: characters that folding replaces by exactly one other."""


def _presentation() -> dict[str, str]:
    table = {}
    for first, last in ((0xFB00, 0xFB07), (0xFB50, 0xFDFA), (0xFE80, 0xFEFD)):
        for code in range(first, last):
            letter = chr(code)
            if _PRESENTATION_LETTER.match(letter) and not _MARK.match(letter):
                plain = _MARK.sub("", unicodedata.normalize("NFKC", letter)).translate(ONE_TO_ONE)
                if plain != letter:
                    table[letter] = plain
    return table


PRESENTATION: Final = _presentation()
"""Presentation forms and ligatures, each with the letters that it stands for."""

COMPOSITIONS: Final = {
    ("ا", "\u0653"): "آ",
    ("ا", "\u0654"): "أ",
    ("ا", "\u0655"): "إ",
    ("و", "\u0654"): "ؤ",
    ("ي", "\u0654"): "ئ",
}
"""A letter and the hamza or madda that decomposed text (NFD) writes after it, with the letter that both make."""
