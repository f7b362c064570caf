"""The texts of a run: those to learn from, those to judge by, and those that only keep old types in mind."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from arner.errors import LabelledDataError
from arner.training.data.files import read_utf8
from arner.training.data.labelled import LabelledText, Source, passages
from arner.training.data.reading import LabelledData, ReadData, read_labelled, read_pair
from arner.training.data.split import hold_out
from arner.training.evaluation.predictions import TOGETHER
from arner.training.tuning.config import FinetuneConfig

__all__ = ["Material", "gather", "sentences"]

_REHEARSED: Final = 1
"""Words to rehearse for each word of the training data, at most."""
_REMEMBERED: Final = 60
"""Rehearsal texts that are kept back, at most."""


@dataclass(frozen=True)
class Material:
    """What a run reads.

    Attributes:
        read, held: the training data and the evaluation data as they were read; `held` is None where a part of the
            training data is held out.
        learn, judge, rehearse: texts to learn from, to judge by, and to keep old types in mind with.
        remember: more of the rehearsal text, on which it is seen what is kept in mind.
        marked: file → types that its annotation marks: those of its names. An unmarked word may be of another type.
        judged: types of the names in `judge`.
        types: types of the names in training and rehearsal data.
    """

    read: ReadData
    held: ReadData | None
    learn: list[LabelledText]
    judge: list[LabelledText]
    rehearse: list[LabelledText]
    remember: list[LabelledText]
    marked: dict[str, frozenset[str]]
    judged: frozenset[str]
    types: tuple[str, ...]

    def without_rehearsal(self) -> Material:
        """The same without the rehearsal text."""
        return replace(self, rehearse=[], remember=[], types=self.read.types)

    def running(self, texts: Sequence[LabelledText]) -> list[LabelledText]:
        """Texts to learn from: every sentence alone and in its passage, since the library reads either."""
        return [*sentences(texts), *(text for text in self.passages(texts) if len(text.sentences()) > 1)]

    def passages(self, texts: Sequence[LabelledText]) -> list[LabelledText]:
        """Texts as the library reads them."""
        return passages(texts, TOGETHER)


def gather(
    train: LabelledData,
    held: LabelledData | None,
    rehearsal: LabelledData | None,
    types: Mapping[str, str] | None,
    config: FinetuneConfig,
) -> Material:
    """Reads and parts the data.

    Raises:
        LabelledDataError: data are missing or malformed, or hold too few names to learn from or to judge by.
    """
    read, judged = read_pair(train, held, types=types)
    if not read.types:
        raise LabelledDataError("no name is labelled here, so there is nothing to learn", path=read.files[0].name)
    learn, judge = _parts(read, judged, config)
    known = {text.key for text in (*sentences(learn), *sentences(judge))}
    spare = [text for text in _rehearsal(rehearsal, types) if text.words and text.key not in known]
    rehearse, remember = _sample(spare, _REHEARSED * sum(len(text.words) for text in learn), config.seed)
    marked: dict[str, set[str]] = {}
    for text in (*read.texts, *(judged.texts if judged else ()), *spare):
        marked.setdefault(text.source.file, set()).update(span.type for span in text.spans)
    return Material(
        read=read,
        held=judged,
        learn=learn,
        judge=judge,
        rehearse=rehearse,
        remember=remember,
        marked={file: frozenset(kinds) for file, kinds in marked.items()},
        judged=frozenset(span.type for text in judge for span in text.spans),
        types=tuple(sorted({*read.types, *(span.type for text in rehearse for span in text.spans)})),
    )


def sentences(texts: Sequence[LabelledText]) -> list[LabelledText]:
    """The sentences of texts."""
    return [sentence for text in texts for sentence in text.sentences()]


def _parts(
    read: ReadData, held: ReadData | None, config: FinetuneConfig
) -> tuple[list[LabelledText], list[LabelledText]]:
    """Texts to learn from, and texts to judge by."""
    first = read.files[0].name
    if held is not None:
        if not held.types:
            raise LabelledDataError(
                "no name is labelled here, so there is nothing to judge by", path=held.files[0].name
            )
        return read.texts, held.texts
    try:
        learn, judge = hold_out(read.texts, config.eval_share, config.seed)
    except ValueError as error:
        raise LabelledDataError(f"too little to hold a part out ({error}); name eval data", path=first) from None
    for part, name in ((learn, "train on"), (judge, "judge by")):
        if not any(text.spans for text in part):
            raise LabelledDataError(
                f"too few names: of those labelled, none is left to {name} once a part is held out; name eval data",
                path=first,
            )
    return learn, judge


def _rehearsal(data: LabelledData | None, types: Mapping[str, str] | None) -> list[LabelledText]:
    """Labelled texts, and those of plain text files (.txt), of which the base model alone says what they hold."""
    if data is None:
        return []
    items: list[Any] = list(data) if isinstance(data, Sequence) and not isinstance(data, (str, bytes)) else [data]
    plain = [Path(item) for item in items if isinstance(item, (str, Path)) and str(item).lower().endswith(".txt")]
    others = [item for item in items if not (isinstance(item, (str, Path)) and str(item).lower().endswith(".txt"))]
    texts = read_labelled(others, types=types).texts if others else []
    for path in plain:
        texts += [
            LabelledText(line, (), Source(str(path), number))
            for number, line in enumerate(read_utf8(path)[0].splitlines(), 1)
            if line.strip()
        ]
    return texts


def _sample(texts: Sequence[LabelledText], words: int, seed: int) -> tuple[list[LabelledText], list[LabelledText]]:
    """Texts to rehearse and texts to remember by, in their order.

    The first are of at most so many words in all, or rehearsal would take far longer than what is to be learnt.
    """
    order = list(range(len(texts)))
    random.Random(seed).shuffle(order)  # noqa: S311  # a repeatable choice, no secret
    aside = min(len(order) // 5, _REMEMBERED)
    chosen: list[int] = []
    for index in order[aside:]:
        words -= len(texts[index].words)
        if words < 0:
            break
        chosen.append(index)
    return [texts[index] for index in sorted(chosen)], [texts[index] for index in sorted(order[:aside])]
