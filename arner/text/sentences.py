"""Sentences: ranges of words that end at a line break or at a mark that closes a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from arner.text.words import Word

__all__ = ["split_sentences"]

_ENDING: Final = frozenset(".!?؟…。۔")
_CLOSING: Final = frozenset("»)\"”’']}›")
_OPENING: Final = frozenset("«([{“‹")
_LINE_BREAK: Final = re.compile("[\n\r\u2028\u2029\x0b\x0c\x85]")


def split_sentences(words: Sequence[Word], text: str) -> list[tuple[int, int]]:
    """Half-open ranges of words, one per sentence, that together cover all words.

    A sentence ends at a line break and after . ! ? ؟ … with the quotes and brackets that close behind the mark. The dot
    of an initial or a short title («د. أحمد»), of a list number at the start of a line and inside a name or number does
    not end one; neither do ؛ and ،.

    Args:
        words: the words of `text`, as `split_words` gives them.
        text: the text that they came from.

    >>> from arner.text.words import split_words
    >>> text = "وصل د. سامي إلى عمّان. والتقى بمن؟ لا أحد"
    >>> words = split_words(text)
    >>> [text[words[a].start:words[b - 1].end] for a, b in split_sentences(words, text)]
    ['وصل د. سامي إلى عمّان.', 'والتقى بمن؟', 'لا أحد']
    """
    ranges: list[tuple[int, int]] = []
    count = len(words)
    first = 0
    index = 0
    while index < count:
        after = index + 1
        if words[index].folded in _ENDING and _ends_sentence(words, index, first, text):
            while after < count and words[after].folded in _ENDING:
                after += 1
            while after < count and words[after].folded in _CLOSING and words[after].start == words[after - 1].end:
                after += 1
            if after == count or words[after].start > words[after - 1].end or words[after].kind != "punctuation":
                ranges.append((first, after))
                first = after
        elif after < count and _breaks_line(words[index], words[after], text):
            ranges.append((first, after))
            first = after
        index = after
    if first < count:
        ranges.append((first, count))
    return ranges


def _breaks_line(before: Word, after: Word, text: str) -> bool:
    return after.start > before.end and _LINE_BREAK.search(text, before.end, after.start) is not None


def _ends_sentence(words: Sequence[Word], index: int, first: int, text: str) -> bool:
    """Whether the closing mark at `index` ends its sentence."""
    if words[index].folded != "." or index + 1 >= len(words) or index == first:
        return True
    before, after = words[index - 1], words[index + 1]
    if _breaks_line(words[index], after, text) or after.folded in _ENDING:
        return True
    if before.kind == "number":
        return index - 1 > first  # «1. النص»: a list number opens the line
    initial = before.kind in ("word", "latin") and len(before.folded) == 1 and before.end == words[index].start
    return not (initial and (index < 2 or words[index - 2].kind != "number"))  # «عام 1944 م.» does end
