"""Changes to a training row that imitate how the same sentence may be written: spelling, quotes, clitics, other names.

Every function takes and returns words with their label masks; names are swapped for names of the same type from a
list, so that a name is recognised by its sentence and not only by its letters.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.recipe.labels import OUTSIDE, TYPES, mask_of

_FOLD_ALEF = str.maketrans("أإآ", "ااا")
_FOLD_ENDING = str.maketrans("ىة", "يه")
_QUOTES = (("«", "»"), ('"', '"'), ("“", "”"))
_BEGIN = {kind: mask_of([f"B-{kind}"]) for kind in TYPES}
_INSIDE = {kind: mask_of([f"I-{kind}"]) for kind in TYPES}


@dataclass(frozen=True)
class Augmenter:
    """Random changes, each with its own probability.

    Attributes:
        names: type → names (each a tuple of folded words) to swap in.
        swap: probability that a name is swapped for another of its type.
        alef, ending: probability that a whole row is written with bare alef; with ي ه for ى ة.
        quote: probability that a name is put in quotes.
        attach: probability that a name gets و, ب or ل in front.
        bare: probability that a row loses its final mark.
    """

    names: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    swap: float = 0.12
    alef: float = 0.2
    ending: float = 0.05
    quote: float = 0.03
    attach: float = 0.03
    bare: float = 0.1

    def apply(self, words: Sequence[str], allowed: Sequence[int], chance: random.Random) -> tuple[list[str], list[int]]:
        """A changed copy of the row."""
        new_words: list[str] = []
        new_allowed: list[int] = []
        at = 0
        while at < len(words):
            kind = next((k for k, mask in _BEGIN.items() if mask == allowed[at]), None)
            if kind is None:
                new_words.append(words[at])
                new_allowed.append(allowed[at])
                at += 1
                continue
            end = at + 1
            while end < len(words) and allowed[end] == _INSIDE[kind]:
                end += 1
            name = self._name(list(words[at:end]), kind, chance)
            labels = [_BEGIN[kind], *[_INSIDE[kind]] * (len(name) - 1)]
            if chance.random() < self.quote:
                left, right = chance.choice(_QUOTES)
                name, labels = [left, *name, right], [OUTSIDE, *labels, OUTSIDE]
            new_words += name
            new_allowed += labels
            at = end
        if len(new_words) > 4 and not new_words[-1].isalnum() and chance.random() < self.bare:
            new_words.pop()
            new_allowed.pop()
        if chance.random() < self.alef:
            new_words = [word.translate(_FOLD_ALEF) for word in new_words]
        if chance.random() < self.ending:
            new_words = [word.translate(_FOLD_ENDING) for word in new_words]
        return new_words, new_allowed

    def _name(self, name: list[str], kind: str, chance: random.Random) -> list[str]:
        options = self.names.get(kind)
        if options and chance.random() < self.swap:
            name = list(chance.choice(options))
        if chance.random() < self.attach and name[0].isalpha() and not name[0].isascii():
            first = name[0]
            clitic = chance.choice("وبل")
            name[0] = "لل" + first[2:] if clitic == "ل" and first.startswith("ال") else clitic + first
        return name
