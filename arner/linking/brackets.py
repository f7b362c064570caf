"""Names in brackets: an acronym or translation right after a name is that name again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from arner.linking.forms import names_latin
from arner.linking.names import Name

__all__ = ["bracketed_pairs"]

_BETWEEN: Final = re.compile(r"[\s\"“”«»'(\[]*[(\[\"“«][\s\"“«'(\[]*")
_AFTER: Final = re.compile(r"[\s\"“”«»']*[)\]\"”»]")


def bracketed_pairs(text: str, names: Sequence[Name]) -> Iterator[tuple[int, int]]:
    """Indices of a name and of the one in brackets or quotes right after it that names the same thing.

    It must be of the same type or in Latin letters, and shorter in words: «حلف شمال الأطلسي (ناتو)».
    """
    for first in range(len(names) - 1):
        for second in range(first + 1, min(first + 3, len(names))):
            a, b = names[first], names[second]
            between = text[a.end : b.start] if second == first + 1 else text[names[second - 1].end : b.start]
            if len(between) > 8 or not _BETWEEN.fullmatch(between) or not _AFTER.match(text, b.end):
                break
            latin = names_latin(b.form)
            if latin or (a.type == b.type == "ORG" and " " not in b.key and " " in a.key):
                yield first, second
