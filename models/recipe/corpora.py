"""Read the labelled corpora into one dataset of words with the labels that each annotation allows.

Every corpus is a CoNLL file (``word TAB tag``, IOB2), a folder of annotated documents (JSON with `text` and
`mentions`) or a folder of text files whose names are marked inline (`markup`). A profile says how its tags map to
ours, what an unmarked word means there, and how much it weighs. The result is a `datasets` folder with one row a
sentence or paragraph, in document order:

``corpus``, ``words`` (folded), ``allowed`` (bit masks, see `recipe.labels`), ``weight``.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arner.training.data.conll import read_tagged_sentences
from models.recipe.labels import ANYTHING, OUTSIDE, OUTSIDE_OR_MISC, TYPES, mask_of
from models.recipe.markup import read_articles

log = logging.getLogger("recipe.corpora")

Row = dict[str, Any]


@dataclass(frozen=True)
class Profile:
    """How one corpus speaks.

    Attributes:
        types: its entity types → ours. A type mapped to None says nothing: its words may be anything.
            A type that is absent is treated as unmarked.
        unmarked: mask of the labels that an unmarked word may have.
        soft: its types whose words may also be outside (a wider notion of the type than ours).
        ignored: words that are a name of the first type there and none here, such as currencies in amounts; a name
            made of nothing else is outside.
        weight: weight of its words in the loss.
    """

    types: Mapping[str, str | None]
    unmarked: int = OUTSIDE
    soft: frozenset[str] = field(default_factory=frozenset)
    ignored: frozenset[str] = field(default_factory=frozenset)
    weight: float = 1.0


_WIKIFANE = {
    "PER": "Artist Athlete Businessperson Engineer Lawyer Other_PER Police Politician Religious_PER Scientist",
    "LOC": "Airport Building-Grounds Path Continent County-or-District GPE-Cluster Nation Population-Center "
    "State-or-Province Special Land-Region-Natural Water-Body Subarea-Facility Plant",
    "ORG": "Commercial Educational Entertainment Government Media Medical-Science Non-Governmental "
    "Religious_ORG Sports",
    "MISC": "Book Movie Software Sound Hardware Other_PRO",
}
_AQMAR = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "MIS0": "MISC", "MIS1": "MISC", "MIS2": "MISC", "MIS3": "MISC"}
_WOJOOD = {"PERS": "PER", "LOC": "LOC", "GPE": "LOC", "FAC": "LOC", "ORG": "ORG", "LAW": "MISC", "EVENT": "MISC"}

# ANERcorp marks these as MISC; they are words of amounts and religions, which we do not call names.
_NO_NAMES = frozenset(
    "دولار دولارا دولارات الدولار درهم درهما دراهم جنيه جنيها جنيهات يورو شيكل ريال ريالا دينار دينارا ليرة فرنك روبل "
    "ين إسترليني استرليني والاسترليني الله لله الاسلام الإسلام للإسلام للاسلام الإسلامية أوكتين اليورانيوم السولار "
    "تسونامي المونديال".split()
)

PROFILES: Mapping[str, Profile] = {
    "anercorp": Profile({"PERS": "PER", "LOC": "LOC", "ORG": "ORG", "MISC": "MISC"}, ignored=_NO_NAMES),
    "wikifane": Profile(
        {
            **{fine: coarse for coarse, names in _WIKIFANE.items() for fine in names.split()},
            "Celestial": None,
            "Air": None,
            "Land": None,
            "Water": None,
            "Food": None,
            "Drug": None,
            "Projectile": None,
        },
        unmarked=OUTSIDE_OR_MISC,
        soft=frozenset({"Hardware", "Other_PRO", "Government"}),
        weight=0.6,
    ),
    "aqmar": Profile(_AQMAR, soft=frozenset({"MIS0", "MIS1", "MIS2", "MIS3"}), weight=0.6),
    "wikiann": Profile({"PER": "PER", "LOC": "LOC", "ORG": "ORG"}, unmarked=OUTSIDE_OR_MISC, weight=0.3),
    "wojood": Profile(_WOJOOD, unmarked=OUTSIDE_OR_MISC, weight=0.7),
    "documents": Profile({kind: kind for kind in TYPES}, weight=2.0),
    "paragraphs": Profile({kind: kind for kind in TYPES}, weight=1.0),
}


def allowed_labels(tag: str, profile: Profile) -> tuple[int, int]:
    """Masks for the first and for the later words of a token with this tag."""
    prefix, _, kind = tag.partition("-")
    if prefix == "O" or kind not in profile.types:
        return profile.unmarked, profile.unmarked
    ours = profile.types[kind]
    if ours is None:
        return ANYTHING, ANYTHING
    extra = OUTSIDE if kind in profile.soft else 0
    inside = mask_of([f"I-{ours}"]) | extra
    first = mask_of([f"B-{ours}"]) | extra if prefix == "B" else inside
    return first, inside


def conll_rows(corpus: str, path: Path, profile: Profile) -> Iterator[Row]:
    """Rows of a CoNLL corpus; tokens are split into words as arner splits text."""
    from arner.text import split_words

    for tagged in read_tagged_sentences(path):
        sentence = list(zip(tagged.tokens, tagged.tags, strict=True))
        words: list[str] = []
        allowed: list[int] = []
        for position, (token, tag) in enumerate(sentence):
            first, later = allowed_labels(tag, profile)
            parts = split_words(token)
            following = sentence[position + 1][1] if position + 1 < len(sentence) else "O"
            if tag.startswith("B-") and profile.ignored and _is_ignored(sentence, position, profile.ignored):
                tag = "O"
                first = later = profile.unmarked
            last = len(parts)
            if tag != "O" and not following.startswith("I-"):
                while last > 1 and parts[last - 1].kind == "punctuation":
                    last -= 1  # a mark glued to the last word of a name is not part of the name
            for index, part in enumerate(parts):
                words.append(part.folded)
                allowed.append(profile.unmarked if index >= last else first if index == 0 else later)
        if words:
            yield {"corpus": corpus, "words": words, "allowed": allowed, "weight": profile.weight}


def _is_ignored(sentence: list[tuple[str, str]], position: int, ignored: frozenset[str]) -> bool:
    """Whether the one-word name at `position` is a word that is no name here."""
    alone = position + 1 == len(sentence) or not sentence[position + 1][1].startswith("I-")
    return alone and sentence[position][1].endswith("-MISC") and sentence[position][0] in ignored


def document_rows(corpus: str, folder: Path, profile: Profile) -> Iterator[Row]:
    """Rows of annotated documents, a paragraph each."""
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        at = 0
        spans = sorted((m["start"], m["end"], [m["type"], *m.get("also", [])]) for m in document["mentions"])
        for paragraph in document["text"].split("\n"):
            inside = [(start - at, end - at, kinds) for start, end, kinds in spans]
            yield from _marked_row(corpus, paragraph, inside, profile)
            at += len(paragraph) + 1


def paragraph_rows(corpus: str, folder: Path, profile: Profile) -> Iterator[Row]:
    """Rows of text files whose names are marked inline, a paragraph each."""
    for path in sorted(folder.glob("*.txt")):
        for article in read_articles(path):
            for marked in article:
                spans = [(start, end, [kind]) for start, end, kind in marked.names]
                yield from _marked_row(corpus, marked.text, spans, profile)


def _marked_row(
    corpus: str, paragraph: str, spans: Sequence[tuple[int, int, list[str]]], profile: Profile
) -> Iterator[Row]:
    """The row of a paragraph with its spans and their types, any of which is right; none if it has no word."""
    from arner.text import split_words

    words, allowed = [], []
    for word in split_words(paragraph):
        covering = [span for span in spans if span[0] < word.end and word.start < span[1]]
        mask = profile.unmarked
        if covering:
            begin, _, kinds = covering[0]
            prefix = "B" if begin >= word.start else "I"
            mask = mask_of(f"{prefix}-{profile.types[kind]}" for kind in kinds if kind in profile.types)
        words.append(word.folded)
        allowed.append(mask)
    if words:
        yield {"corpus": corpus, "words": words, "allowed": allowed, "weight": profile.weight}


READERS: Mapping[str, Callable[[str, Path, Profile], Iterator[Row]]] = {
    "documents": document_rows,
    "paragraphs": paragraph_rows,
}


def parse_source(argument: str) -> tuple[str, Path]:
    """``PROFILE=PATH`` as a pair.

    Raises:
        argparse.ArgumentTypeError: another form, an unknown profile, or no such path.
    """
    profile, _, path = argument.partition("=")
    if profile not in PROFILES or not path:
        raise argparse.ArgumentTypeError(f"{argument!r} is not PROFILE=PATH with a profile among {', '.join(PROFILES)}")
    if not Path(path).exists():
        raise argparse.ArgumentTypeError(f"{path}: no such file or folder")
    return profile, Path(path)


def run(sources: list[tuple[str, Path]], output: Path) -> None:
    """Writes the dataset folder `output`."""
    from datasets import Dataset

    rows: list[Row] = []
    for profile, path in sources:
        before = len(rows)
        rows.extend(READERS.get(profile, conll_rows)(profile, path, PROFILES[profile]))
        words = sum(len(row["words"]) for row in rows[before:])
        log.info("%s: %s rows, %s words from %s", profile, f"{len(rows) - before:,}", f"{words:,}", path)
    Dataset.from_list(rows).save_to_disk(str(output))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument(
        "sources",
        nargs="+",
        type=parse_source,
        metavar="PROFILE=PATH",
        help=f"a corpus and how it speaks; profiles: {', '.join(PROFILES)}",
    )
    parser.add_argument("--output", type=Path, required=True, help="dataset folder to write")


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    run(args.sources, args.output)
