"""Hugging Face `datasets`: an object, a folder, an Arrow or Parquet file, or a name on the hub; with splits or not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from arner.errors import LabelledDataError, MissingExtraError
from arner.training.data.annotations import read_records
from arner.training.data.files import one_line
from arner.training.data.labelled import LabelledText, Repair
from arner.training.data.tagged import TAGS, TOKENS, TaggedSentence, TagRepairs, tagged_row, tagged_texts

__all__ = ["is_hub_id", "is_table", "is_table_path", "load_hub", "load_table", "read_table"]

_LABELS: Final = ("mentions", "spans", "label", "labels", "entities")
"""Columns of spans, in a table of texts that an annotation tool has labelled."""


def is_table(data: object) -> bool:
    """Whether the object is of the `datasets` package; `datasets` itself is not imported."""
    return any(parent.__module__.split(".")[0] == "datasets" for parent in type(data).__mro__)


def is_table_path(path: Path) -> bool:
    """Whether the path is a folder or file of the `datasets` package."""
    try:
        return path.suffix.lower() in (".arrow", ".parquet") or path.is_dir()
    except (OSError, ValueError):  # a name that no system takes
        return False


def is_hub_id(name: str) -> bool:
    """Whether a name that is no file can be that of a dataset on the Hugging Face hub.

    >>> is_hub_id("owner/name"), is_hub_id("data/train.conll"), is_hub_id("train")
    (True, False, False)
    """
    owner, _, rest = name.partition("/")
    return bool(owner and rest) and "/" not in rest and "." not in owner and not Path(rest).suffix


def load_table(path: Path) -> Any:
    """The dataset, or the mapping of splits, in a folder that `save_to_disk` wrote, in a folder of Parquet or Arrow
    files, or in one such file.

    Raises:
        MissingExtraError: `datasets` is not installed.
        LabelledDataError: no such file, or it is no dataset.
    """
    datasets = _datasets(f"Reading the dataset {path}")
    try:
        if not path.is_dir():
            return datasets.Dataset(_arrow(path))
        if any((path / name).is_file() for name in ("state.json", "dataset_dict.json")):
            return datasets.load_from_disk(str(path), keep_in_memory=True)
        if next((found for ending in ("parquet", "arrow") for found in path.rglob(f"*.{ending}")), None) is None:
            raise LabelledDataError(
                "is a folder without a dataset in it; name the files, or a folder that save_to_disk wrote", path=path
            )
        with _quiet(datasets), tempfile.TemporaryDirectory() as cache:
            return datasets.load_dataset(str(path), cache_dir=cache, keep_in_memory=True)
    except LabelledDataError:
        raise
    except FileNotFoundError as error:
        problem = f"lacks a file: {one_line(str(error))}; save it again" if path.is_dir() else "no such file"
        raise LabelledDataError(problem, path=path) from None
    except Exception as error:  # pyarrow's errors share no base class with those of datasets
        raise LabelledDataError(
            f"is not a dataset that can be read, or it is damaged; write it again with save_to_disk or to_parquet "
            f"({one_line(str(error))})",
            path=path,
        ) from error


def load_hub(name: str) -> Any:
    """The dataset, or the mapping of splits, of that name on the Hugging Face hub (or in its cache).

    Raises:
        MissingExtraError: `datasets` is not installed.
        LabelledDataError: there is no such dataset, or it cannot be loaded without running its code.
    """
    datasets = _datasets(f"Reading the dataset {name}")
    try:
        return datasets.load_dataset(name)
    except Exception as error:
        raise LabelledDataError(
            "is no file here, and no dataset of that name can be loaded from the Hugging Face hub; check the name, or "
            f"the network ({one_line(str(error))})",
            path=name,
        ) from error


def _datasets(feature: str) -> Any:
    try:
        import datasets
    except ImportError as error:
        raise MissingExtraError(feature, "train") from error
    return datasets


@contextmanager
def _quiet(datasets: Any) -> Iterator[None]:
    drawn = datasets.is_progress_bar_enabled()
    datasets.disable_progress_bar()
    try:
        yield
    finally:
        if drawn:
            datasets.enable_progress_bar()


def _arrow(path: Path) -> Any:
    """The table of a file, read into memory: `datasets` would put a copy of a Parquet file into its cache."""
    import pyarrow
    import pyarrow.parquet

    with path.open("rb") as file:
        if path.suffix.lower() == ".parquet":
            return pyarrow.parquet.read_table(file)
        begins = file.read(6)
        file.seek(0)
        opened = pyarrow.ipc.open_file if begins == b"ARROW1" else pyarrow.ipc.open_stream
        return opened(file).read_all()


def read_table(data: Any, name: str) -> tuple[list[LabelledText], str, list[Repair]]:
    """Reads a `datasets.Dataset`; sources count its rows from 1.

    Args:
        data: tokens in the column `tokens` or `words`, and tags in `ner_tags`, `tags`, `labels` or `ner`, as strings or
            as numbers that a `ClassLabel` names; or texts with spans, in the columns of an annotation tool.
        name: what to call it in messages.

    Raises:
        LabelledDataError: it has splits, a column is missing, or a row is malformed.
    """
    if isinstance(data, Mapping):
        splits = ", ".join(map(str, data))
        raise LabelledDataError(f"holds several splits; pass one of them: {splits}", path=name)
    if not hasattr(data, "with_format") or getattr(data, "features", None) is None or not hasattr(data, "num_rows"):
        raise LabelledDataError(
            f"is a {type(data).__name__}, which can be read only once; pass a Dataset, for example "
            "datasets.Dataset.from_list(list(data))",
            path=name,
        )
    data = data.with_format(None)
    columns = data.column_names
    if "text" in columns and any(label in columns for label in _LABELS) and not any(t in columns for t in TOKENS):
        rows = ({key: item for key, item in row.items() if item is not None} for row in data)
        texts, form, repairs = read_records(enumerate(rows, 1), name)
        return texts, form, repairs
    token_column, tag_column = (_column(columns, names, name) for names in (TOKENS, TAGS))
    names = _tag_names(data.features[tag_column])
    sentences: list[TaggedSentence] = []
    changes = TagRepairs(name)
    for number, (tokens, tags) in enumerate(zip(data[token_column], data[tag_column], strict=True), 1):
        try:
            sentence = tagged_row(tokens, tags, names, number, changes)
        except ValueError as error:
            raise LabelledDataError(str(error), path=name, line=number) from None
        if sentence.tokens:
            sentences.append(sentence)
        else:
            changes.add("a row without tokens is left out", number)
    if not sentences:
        raise LabelledDataError("has no row with tokens; nothing can be learnt or measured with it", path=name)
    texts, scheme, repairs = tagged_texts(sentences, name)
    return texts, scheme, [*changes.repairs(), *repairs]


def _column(columns: list[str], names: tuple[str, ...], source: str) -> str:
    for name in names:
        if name in columns:
            return name
    raise LabelledDataError(f"has no column {' or '.join(names)}, but {', '.join(columns)}; rename one", path=source)


def _tag_names(feature: Any) -> list[str] | None:
    """Names of the tags, where a `ClassLabel` gives them."""
    inner = feature[0] if isinstance(feature, list) and feature else getattr(feature, "feature", None)
    names = getattr(inner, "names", None)
    return None if names is None else list(names)
