"""What labelled data holds, before anything is trained on it: counts, schemes, repairs, duplicates, leaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from arner.ner.models import find_folder
from arner.ner.word_tokenizer import WordTokenizer
from arner.training.data.labelled import LabelledText
from arner.training.data.reading import LabelledData, LabelledFile, ReadData, read_pair

__all__ = ["DataReport", "FileReport", "check_data", "data_report"]

_SHOWN: Final = 10
"""Lines of each kind that the summary shows; the report itself holds all."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileReport(_Frozen):
    """What one file holds."""

    file: str
    form: str = Field(description="form of the file and its tag scheme or annotation tool")
    texts: int = Field(description="sentences of a CoNLL file or table, documents of annotated JSON")
    sentences: int
    words: int = Field(description="words as the library cuts them")
    names: dict[str, int] = Field(description="names of each type")


class DataReport(_Frozen):
    """What training and evaluation data hold. Places are written ``file:line``."""

    train: tuple[FileReport, ...]
    eval: tuple[FileReport, ...] = ()
    repairs: tuple[str, ...] = Field(default=(), description="what was changed or left out, each with its place")
    duplicates: tuple[tuple[str, str], ...] = Field(
        default=(), description="training sentences with the same words: place of the first, place of the other"
    )
    conflicts: tuple[tuple[str, str], ...] = Field(
        default=(), description="training sentences with the same words but other labels"
    )
    leaks: tuple[tuple[str, str], ...] = Field(
        default=(), description="sentences of the evaluation data that training sees: place there, place in training"
    )
    long: tuple[str, ...] = Field(
        default=(), description="places of sentences over the model's window; they are read in overlapping parts"
    )
    notes: tuple[str, ...] = Field(default=(), description="what else deserves a look")

    @property
    def types(self) -> tuple[str, ...]:
        """The types of the training data, sorted."""
        return tuple(sorted({kind for file in self.train for kind in file.names}))

    def summary(self) -> str:
        """The report in lines for a person; long lists are cut after ten entries, and say so."""
        lines: list[str] = []
        for role, files in (("train", self.train), ("eval", self.eval)):
            for file in files:
                names = ", ".join(f"{kind} {count:,}" for kind, count in file.names.items()) or "none"
                size = f"{file.sentences:,} sentences, {file.words:,} words"
                lines.append(f"{role}: {file.file} ({file.form}): {size}; names: {names}")
        lines += _listed("repair", self.repairs)
        lines += _listed("duplicate in training", [f"{other} repeats {first}" for first, other in self.duplicates])
        lines += _listed(
            "same words, other labels", [f"{other} contradicts {first}" for first, other in self.conflicts]
        )
        lines += _listed("leak from training into evaluation", [f"{at} is also {there}" for at, there in self.leaks])
        lines += _listed("over the window", self.long)
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)


def _listed(title: str, items: Sequence[str]) -> list[str]:
    lines = [f"{title}: {item}" for item in items[:_SHOWN]]
    if len(items) > _SHOWN:
        lines.append(f"{title}: and {len(items) - _SHOWN:,} more ({len(items):,} in all)")
    return lines


def check_data(
    train: LabelledData,
    *,
    eval: LabelledData | None = None,
    types: Mapping[str, str] | None = None,
    base: str | Path = "default",
    window: int = 256,
) -> DataReport:
    """Read labelled data and report on it, without training and without torch.

    Args:
        train: a path (CoNLL; JSON of arner, doccano, Label Studio or Prodigy), a `datasets.Dataset` or `DatasetDict`, a
            folder of one or its name on the hub, or a sequence of such. Of several splits, ``train`` is read.
        eval: the same for evaluation; leaks between the two are reported. By default the validation split, if any.
        types: other names for types of the data, such as ``{"PERS": "PER"}``.
        base: model whose tokens are counted; a Hugging Face id is not asked for, so that no sentence counts as long.
        window: tokens that the model reads at once.

    Raises:
        LabelledDataError: a file is missing or malformed; with file and line.
        MissingExtraError: the data are in a form of `datasets`, which is not installed.
        ModelError: the base model cannot be found.
    """
    read, held = read_pair(train, eval, types=types)
    folder = find_folder(str(base))
    tokenizer = None if folder is None else WordTokenizer.from_file(folder / "tokenizer.json")
    return data_report(read, held, tokenizer, window)


def data_report(train: ReadData, held: ReadData | None, tokenizer: WordTokenizer | None, window: int) -> DataReport:
    """The report on data that were read.

    Args:
        held: the data for evaluation.
        tokenizer: counts the tokens of sentences; without it none counts as long.
        window: tokens that the model reads at once, special tokens included.
    """
    both = [*_sentences(train), *(_sentences(held) if held else ())]
    long = [sentence for sentence in both if tokenizer and _tokens(sentence, tokenizer) > window - 2]
    first: dict[tuple[str, ...], LabelledText] = {}
    duplicates: list[tuple[str, str]] = []
    conflicts: list[tuple[str, str]] = []
    for sentence in _sentences(train):
        known = first.setdefault(sentence.key, sentence)
        if known is not sentence:
            pair = (str(known.source), str(sentence.source))
            (duplicates if known.labels == sentence.labels else conflicts).append(pair)
    leaks = [
        (str(sentence.source), str(first[sentence.key].source))
        for sentence in (_sentences(held) if held else ())
        if sentence.key in first
    ]
    return DataReport(
        train=tuple(map(_file_report, train.files)),
        eval=tuple(map(_file_report, held.files)) if held else (),
        repairs=tuple(map(str, (*train.repairs, *(held.repairs if held else ())))),
        duplicates=tuple(duplicates),
        conflicts=tuple(conflicts),
        leaks=tuple(leaks),
        long=tuple(str(sentence.source) for sentence in long),
        notes=tuple(_notes(train, held)),
    )


def _sentences(data: ReadData) -> Iterable[LabelledText]:
    return (sentence for text in data.texts for sentence in text.sentences())


def _tokens(sentence: LabelledText, tokenizer: WordTokenizer) -> int:
    return sum(len(tokenizer.ids(word.folded)) for word in sentence.words)


def _file_report(file: LabelledFile) -> FileReport:
    names = Counter(span.type for text in file.texts for span in text.spans)
    return FileReport(
        file=file.name,
        form=file.form,
        texts=len(file.texts),
        sentences=sum(len(text.sentences()) for text in file.texts),
        words=sum(len(text.words) for text in file.texts),
        names=dict(sorted(names.items())),
    )


def _notes(train: ReadData, held: ReadData | None) -> Iterable[str]:
    by_fold: dict[str, set[str]] = {}
    for kind in {*train.types, *(held.types if held else ())}:
        by_fold.setdefault(kind.casefold().replace("_", "-"), set()).add(kind)
    for alike in sorted(map(sorted, by_fold.values())):
        if len(alike) > 1:
            yield f"the types {' and '.join(alike)} differ in spelling only, and count as different"
    counts = Counter(span.type for text in train.texts for span in text.spans)
    for kind, count in sorted(counts.items()):
        if count < 20:
            yield f"only {count} name{'s'[: count != 1]} of type {kind} to learn from"
    if held:
        for kind in sorted(set(held.types) - set(train.types)):
            yield f"the evaluation data has the type {kind}, which the training data never shows"
        for kind in sorted(set(train.types) - set(held.types)):
            yield f"the evaluation data never shows the type {kind}"
