"""Words: raw text cut into words, each with its offsets, its folded spelling and its kind."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from arner.text.characters import ARABIC, COMBINING, EMOJI, INVISIBLE, LATIN, MARKS, ONE_TO_ONE, TATWEEL
from arner.text.folding import fold_plain

__all__ = ["Word", "WordKind", "split_words"]

WordKind = Literal["word", "number", "latin", "punctuation", "symbol"]
"""Arabic words (and those of scripts other than Latin), numbers, Latin words, punctuation marks, all other signs."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: ``text == whole_text[start:end]``; `folded` is its plain spelling and is never empty."""

    start: int
    end: int
    text: str
    folded: str
    kind: WordKind


_PHRASES: Final = "\ufdfa\ufdfb"  # ﷺ and ﷻ: one sign each, though Unicode calls them letters
_A: Final = f"[{ARABIC}]"
_INNER: Final = f"[{MARKS}{INVISIBLE}{COMBINING}]"
_TRAILING: Final = f"[{MARKS}{COMBINING}]*+"
# Letters and numerals of any other script: word characters that are neither Arabic nor Latin nor marks nor digits.
_OTHER: Final = f"(?![{LATIN}{ARABIC}{MARKS}{INVISIBLE}{_PHRASES}])[^\\W\\d_]"
_PART: Final = f"(?:{_INNER}*+_++(?:[{ARABIC}{LATIN}]|\\d)++)"  # what follows an underscore in #one_word
_LATIN_REST: Final = f"[{LATIN}\\d]|{_INNER}++[{LATIN}\\d]|[.'’@&](?=[{LATIN}])|{_PART}"
_MODIFIERS: Final = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\u20e3\U000e0020-\U000e007f]*+"

_WORD: Final = re.compile(
    "|".join(
        (
            # أ.ف.ب and U.S.A: single letters joined by dots, a proclitic at most before the first
            f"(?P<initials>(?:[وفبلك]{_TRAILING})?{_A}{_TRAILING}(?:\\.{_A}{_TRAILING}(?![{ARABIC}]))++)",
            f"(?P<word>[{TATWEEL}]*+{_A}++(?:{_INNER}++{_A}++|{_PART})*+{_TRAILING})",
            "(?P<keycap>[0-9#*]\ufe0f?\u20e3)",
            r"(?P<url>(?:https?://|www\.)[^\s«»<>\"“”،؛؟]*[^\s«»<>\"“”،؛؟.,;:!?)\]}])",
            f"(?P<latin>\\d*+[{LATIN}](?:{_LATIN_REST})*+[{COMBINING}]*+)",
            f"(?P<number>\\d++(?:{_INNER}*+[.,٫٬]?+{_INNER}*+\\d++)*+{_TRAILING})",
            f"(?P<other>(?:{_OTHER})(?:{_INNER}*+{_OTHER})*+{_TRAILING})",
            "(?P<flag>[\U0001f1e6-\U0001f1ff]{2})",
            f"(?P<emoji>[{EMOJI}]{_MODIFIERS}(?:\u200d[{EMOJI}]{_MODIFIERS})*+)",
            f"(?P<tatweel>{TATWEEL}++)",
            f"(?P<sign>[^\\w\\s\\x00-\\x1f\\x7f-\\x9f{MARKS}{INVISIBLE}{COMBINING}]{_TRAILING}|[{_PHRASES}_])",
        )
    )
)
_KINDS: Final[dict[str, WordKind]] = {
    "initials": "word",
    "word": "word",
    "keycap": "symbol",
    "url": "latin",
    "latin": "latin",
    "number": "number",
    "flag": "symbol",
    "emoji": "symbol",
    "tatweel": "punctuation",
}
_CHANGES_LENGTH: Final = re.compile(f"[{MARKS}{INVISIBLE}\ufb00-\ufb06\ufb50-\ufdf9\ufe70-\ufefc]")


@lru_cache(maxsize=4096)
def _sign_kind(sign: str) -> WordKind:
    return "punctuation" if unicodedata.category(sign).startswith("P") else "symbol"


def split_words(text: str) -> list[Word]:
    """The words of a text in their order; they do not overlap and cover everything visible. Linear in its length.

    Marks inside and after a word belong to it, bidirectional and zero-width marks around it do not. Each punctuation
    mark is a word; «أ.ف.ب» is one word; a number keeps its separators (7,500); an emoji sequence is one symbol; the
    sign of a hashtag stands alone and underscores stay inside the word.

    >>> [word.text for word in split_words("قالَ «بوتين» لـ أ.ف.ب: 7,500؟")]
    ['قالَ', '«', 'بوتين', '»', 'لـ', 'أ.ف.ب', ':', '7,500', '؟']
    >>> split_words("كِتاب")
    [Word(start=0, end=5, text='كِتاب', folded='كتاب', kind='word')]
    """
    kinds = _KINDS
    words: list[Word] = []
    append = words.append
    # Without marks folding changes no length, so one translation of the whole text serves every word.
    folded_text = text.translate(ONE_TO_ONE) if _CHANGES_LENGTH.search(text) is None else None
    for match in _WORD.finditer(text):
        group = match.lastgroup
        assert group is not None  # every alternative of the pattern is named
        start, end = match.span()
        piece = text[start:end]
        folded = folded_text[start:end] if folded_text is not None else fold_plain(piece) or piece
        kind = kinds.get(group)
        if kind is None:
            kind = _sign_kind(piece[0]) if group == "sign" else "word" if piece[0].isalpha() else "number"
        append(Word(start, end, piece, folded, kind))
    return words
