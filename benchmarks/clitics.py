"""Measures how well proclitics are cut off names, on a corpus that exists with and without its clitics split off.

    python benchmarks/clitics.py SEGMENTED DETOKENISED [--part held-out]

Both files are in CoNLL form (word TAB tag, a blank line after each sentence) with the same sentences and entities in
the same order, as WikiFANE Gold is: SEGMENTED has each proclitic as a token of its own, DETOKENISED has the words as
written. The words measured are those that open an entity. Blocks of 100 sentences go to "train" and "held-out" in turn,
so that the words of one article stay together; the weights in `arner/text/data/proclitic_weights.json` come from
"train".

Left out are the words where the corpus gives no cut that Arabic allows: an entity that begins inside a word for another
reason, a split inside the entity, a chain of letters that are no chain of proclitics (و+و, و+ف, ب+ب). Words with لل,
which the corpus keeps whole, count as cut after the first ل, as arner's contract has it.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from arner.text import fold_plain, proclitic_length

PROCLITIC_LETTERS: Final = frozenset("وفبلكس")
CHAIN: Final = re.compile("[وف]?[بلك]?")
ARABIC_WORD: Final = re.compile("[\u0621-\u064a]+")
BLOCK: Final = 100


@dataclass
class NamedEntity:
    """An entity of a corpus: the number of its sentence, and its words."""

    sentence: int
    words: list[str]


@dataclass(frozen=True)
class GoldCut:
    """A word that opens an entity, and how many letters of it are proclitics."""

    sentence: int
    word: str
    cut: int

    @property
    def part(self) -> str:
        """The part of the corpus that the word belongs to."""
        return "held-out" if self.sentence // BLOCK % 2 else "train"


def read_entities(path: Path) -> list[NamedEntity]:
    """The entities of a CoNLL file, in their order."""
    entities: list[NamedEntity] = []
    sentence = 0
    inside = False
    with path.open(encoding="utf-8") as file:
        for line in file:
            word, _, tag = line.rstrip("\n").partition("\t")
            if not word:
                sentence += 1
            if tag.startswith("B-"):
                entities.append(NamedEntity(sentence, [word]))
            elif tag.startswith("I-") and inside:
                entities[-1].words.append(word)
            inside = tag[:2] in ("B-", "I-")
    return entities


def gold_cut(segmented: NamedEntity, written: NamedEntity) -> int | None:
    """The letters cut off the entity's first word, or None where the corpus gives no cut that Arabic allows."""
    word, first = written.words[0], segmented.words[0]
    if word.endswith(first):
        cut = len(word) - len(first)
        if CHAIN.fullmatch(word[:cut]) is None:
            return None
        conjunction = cut if word[:cut] in ("و", "ف") else 0
        if cut == conjunction and re.match("لل(?!ه?$|ا$)", word[cut:]):
            return cut + 1
        return cut
    if first.startswith("ال"):
        for conjunction in (0, 1):
            if CHAIN.fullmatch(word[:conjunction]) and word[conjunction:] == "لل" + first[2:]:
                return conjunction + 1
    return None


def gold_cuts(segmented: Path, written: Path) -> Iterator[GoldCut]:
    """Every word that opens an entity and for which the corpus gives a cut."""
    pairs = zip(read_entities(segmented), read_entities(written), strict=True)
    for split, whole in pairs:
        if split.sentence != whole.sentence:
            raise SystemExit(f"the files differ in sentence {split.sentence + 1}: not the same text")
        cut = gold_cut(split, whole)
        if cut is not None and ARABIC_WORD.fullmatch(whole.words[0]):
            yield GoldCut(whole.sentence, whole.words[0], cut)


def report(name: str, cuts: list[GoldCut]) -> None:
    """Prints precision and recall of cutting at all at the right place, and the share of words with the right cut."""
    predicted = Counter[str]()
    for gold in cuts:
        found = proclitic_length(gold.word)
        predicted["exact"] += found == gold.cut
        predicted["found"] += found > 0
        predicted["gold"] += gold.cut > 0
        predicted["right"] += found == gold.cut > 0
    precision = predicted["right"] / max(1, predicted["found"])
    recall = predicted["right"] / max(1, predicted["gold"])
    accuracy = predicted["exact"] / max(1, len(cuts))
    print(f"{name:<36} words {len(cuts):>6}  precision {precision:.4f}  recall {recall:.4f}  exact {accuracy:.4f}")


def main() -> None:
    """Reads the arguments and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("segmented", type=Path, help="the corpus with clitics as tokens of their own")
    parser.add_argument("detokenised", type=Path, help="the same corpus with words as written")
    parser.add_argument("--part", choices=("all", "train", "held-out"), default="held-out")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="print the N most frequent errors")
    arguments = parser.parse_args()
    cuts = list(gold_cuts(arguments.segmented, arguments.detokenised))
    cuts = [cut for cut in cuts if arguments.part in ("all", cut.part)]
    candidates = [cut for cut in cuts if fold_plain(cut.word)[0] in PROCLITIC_LETTERS]
    report("all words that open an entity", cuts)
    report("those that begin with و ف ب ل ك س", candidates)
    for letter in "وفبلكس":
        report(f"  with {letter}", [cut for cut in candidates if cut.word[0] == letter])
    if arguments.errors:
        wrong = Counter((cut.word, cut.cut, proclitic_length(cut.word)) for cut in candidates)
        for (word, gold, found), count in wrong.most_common():
            if gold != found and arguments.errors > 0:
                print(f"{count:>4}  {word}  gold {gold}, found {found}")
                arguments.errors -= 1


if __name__ == "__main__":
    main()
