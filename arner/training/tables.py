"""Hugging Face `datasets`: an object, a folder that `save_to_disk` wrote, or an Arrow or Parquet file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from arner.errors import LabelledDataError, MissingExtraError
from arner.training.conll import TaggedSentence, tagged_texts
from arner.training.labelled import LabelledText, Repair
from arner.training.tags import tag_problem

__all__ = ["is_table", "is_table_path", "read_table", "read_table_path"]

_TOKENS: Final = ("tokens", "words")
_TAGS: Final = ("ner_tags", "tags", "labels", "ner")


def is_table(data: object) -> bool:
    """Whether the object is a `datasets.Dataset` or `DatasetDict`; `datasets` itself is not imported."""
    return type(data).__module__.split(".")[0] == "datasets"


def is_table_path(path: Path) -> bool:
    """Whether the path is a folder or file of the `datasets` package."""
    return path.is_dir() or path.suffix in (".arrow", ".parquet")


def read_table_path(path: Path) -> tuple[list[LabelledText], str, list[Repair]]:
    """Reads a folder that `save_to_disk` wrote, or an Arrow or Parquet file.

    Raises:
        MissingExtraError: `datasets` is not installed.
        LabelledDataError: it is no dataset, or has not the columns that `read_table` reads.
    """
    try:
        import datasets
    except ImportError as error:
        raise MissingExtraError(f"Reading the dataset {path}", "train") from error
    try:
        if path.suffix == ".arrow":
            data = datasets.Dataset.from_file(str(path))
        elif path.suffix == ".parquet":
            data = datasets.Dataset.from_parquet(str(path))
        else:
            data = datasets.load_from_disk(str(path))
    except FileNotFoundError:
        missing = "is a folder without a dataset in it; name the files, or a folder that save_to_disk wrote"
        raise LabelledDataError(missing if path.is_dir() else "no such file", path=path) from None
    except Exception as error:  # pyarrow's errors share no base class with those of datasets
        raise LabelledDataError(f"is not a dataset that can be read: {error}", path=path) from error
    return read_table(data, str(path))


def read_table(data: Any, name: str) -> tuple[list[LabelledText], str, list[Repair]]:
    """Reads a `datasets.Dataset` with a column of tokens and a column of tags; sources count its rows from 1.

    Args:
        data: tokens in the column `tokens` or `words`; tags in `ner_tags`, `tags`, `labels` or `ner`, as strings or
            as numbers that a `ClassLabel` names.
        name: what to call it in messages.

    Raises:
        LabelledDataError: it is a dict of splits, a column is missing, or a row is malformed.
    """
    if not hasattr(data, "features") or isinstance(data, dict):
        splits = ", ".join(map(str, data)) if isinstance(data, dict) else ""
        raise LabelledDataError(f"holds several splits; pass one of them: {splits}", path=name)
    token_column, tag_column = (_column(data, names, name) for names in (_TOKENS, _TAGS))
    inner = getattr(data.features[tag_column], "feature", None)
    names = getattr(inner, "names", None)
    sentences: list[TaggedSentence] = []
    for number, (tokens, tags) in enumerate(zip(data[token_column], data[tag_column], strict=True), 1):
        problem = _row_problem(tokens, tags, names)
        if problem:
            raise LabelledDataError(problem, path=name, line=number)
        if tokens:
            spelled = tuple(tag if names is None else names[tag] for tag in tags)
            sentences.append(TaggedSentence(tuple(tokens), spelled, (number,) * len(tokens)))
    if not sentences:
        raise LabelledDataError("has no row with tokens", path=name)
    return tagged_texts(sentences, name)


def _column(data: Any, names: tuple[str, ...], source: str) -> str:
    for name in names:
        if name in data.column_names:
            return name
    raise LabelledDataError(
        f"has no column {' or '.join(names)}, but {', '.join(data.column_names)}; rename one", path=source
    )


def _row_problem(tokens: Any, tags: Any, names: list[str] | None) -> str | None:
    if not isinstance(tokens, list) or not isinstance(tags, list):
        return "tokens and tags must be lists"
    if len(tokens) != len(tags):
        return f"{len(tokens)} tokens but {len(tags)} tags"
    for token, tag in zip(tokens, tags, strict=True):
        if not isinstance(token, str) or not token.strip():
            return f"the token {token!r} is not a string with letters in it"
        if names is not None and not (isinstance(tag, int) and 0 <= tag < len(names)):
            return f"the tag {tag!r} is none of the {len(names)} that the ClassLabel names"
        if names is None and not isinstance(tag, str):
            return f"the tag {tag!r} is a number without a ClassLabel that names it; cast the column to ClassLabel"
        problem = tag_problem(tag if names is None else names[tag])
        if problem:
            return problem
    return None
