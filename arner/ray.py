"""Tables read by a cluster, with Ray Data. Needs `arner[ray]`.

A pool of actors reads the blocks of a dataset. Each actor loads the model once. When an actor or its machine dies, Ray
starts another and gives it the blocks that were lost; a row that cannot be read comes out with the reason. So exactly
one row comes out for every row that goes in. See docs/SCALING.md.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Unpack

from arner.bridges.columns import arrow_schema
from arner.bridges.rows import TableReader
from arner.bridges.settings import ExtractorSettings, kept_extractor
from arner.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    import pyarrow
    from ray.data import Dataset

__all__ = ["RowCounts", "extract", "extract_files"]

_BATCH_SIZE: Final = 64
_IO_TASKS: Final = 4
"""Tasks that read files, and tasks that write them: one reads faster than a thousand actors do."""


class RowCounts(NamedTuple):
    """What `extract_files` did: rows written, and how many of them could not be read."""

    rows: int
    errors: int


class _Worker:
    """What an actor of the pool holds: the model, loaded before the first block comes."""

    def __init__(self, reader: TableReader) -> None:
        kept_extractor(reader.settings, reader.made_of)
        self._reader = reader
        self._schema = arrow_schema(reader.prefix)

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        import pyarrow

        reader = self._reader
        reader.check_names(table.column_names)
        wanted = [name for name in (reader.text, reader.id, reader.date) if name is not None]
        columns = reader.read({name: table[name].to_pylist() for name in wanted})
        for field in self._schema:
            table = table.append_column(field, pyarrow.array(columns[field.name], field.type))
        return table


def extract(
    dataset: Dataset,
    *,
    text: str = "text",
    id: str | None = None,
    date: str | None = None,
    prefix: str = "",
    workers: int | tuple[int, int] | None = None,
    cpus: float = 1,
    gpus: float = 0,
    batch_size: int = _BATCH_SIZE,
    **settings: Unpack[ExtractorSettings],
) -> Dataset:
    """The dataset with the columns that arner reads: document, mentions, entities, relations, error.

    Like all of Ray Data it is lazy: rows are read when the result is written or looped over. Rows keep their columns;
    their order is Ray's, unless the dataset's context preserves it, so give rows an id.

    Args:
        dataset: has a column of texts.
        text: name of the column with the texts.
        id: name of a column with ids, strings or whole numbers.
        date: name of a column with the days on which the texts were written.
        prefix: stands in front of the names of the new columns.
        workers: the most actors, each with a model of its own; by default as many as the cluster has room for. A pair
            says how many there are from the start, too: leave cores for the tasks that read and write.
        cpus: cores of each actor; the model runs on as many threads.
        gpus: GPUs of each actor.
        batch_size: rows that an actor takes at a time.
        settings: arguments of `arner.Extractor`; paths must be there on every machine of the cluster.

    Raises:
        InputError: an argument cannot be used; a column is missing, or has the name of a new one. Where the columns
            are not known before anything is read, this comes from the run, as the cause of Ray's own exception.
        MissingExtraError: ray is not installed.
    """
    data = _load_ray().data
    if cpus <= 0 or gpus < 0 or batch_size < 1:
        raise InputError(f"cpus={cpus!r}, gpus={gpus!r}, batch_size={batch_size!r} cannot be")
    fewest, most = workers if isinstance(workers, tuple) else (1, workers)
    if fewest < 1 or (most is not None and most < fewest):
        raise InputError(f"workers must be at least 1, or a pair such as (1, 8), not {workers!r}")
    settings.setdefault("threads", max(1, int(cpus)))
    reader = TableReader(text, id=id, date=date, prefix=prefix, **settings)
    schema = dataset.schema(fetch_if_missing=False)
    if schema is not None:
        reader.check_names(schema.names)
    return dataset.map_batches(
        _Worker,
        fn_constructor_args=(reader,),
        batch_size=batch_size,
        batch_format="pyarrow",
        compute=data.ActorPoolStrategy(min_size=fewest, max_size=most),
        num_cpus=cpus,
        num_gpus=gpus or None,
        udf_modifying_row_count=False,
    )


def extract_files(
    paths: Sequence[str],
    output: str | Path,
    *,
    text: str = "text",
    id: str | None = None,
    date: str | None = None,
    workers: int | None = None,
    cpus: float = 1,
    gpus: float = 0,
    **settings: Unpack[ExtractorSettings],
) -> RowCounts:
    """Read Parquet or JSON-lines files with a cluster, and write a folder of Parquet files.

    Joins the cluster that the variable RAY_ADDRESS names; without it, starts Ray on this machine and stops it at the
    end. The folder takes its name only when all is written. Other arguments are those of `extract`; by default, ids
    come from a column ``id`` where there is one.

    Args:
        paths: files or folders, all of one kind: Parquet, or JSON lines (``.jsonl``).
        output: the folder to write; every machine of the cluster must reach it, as it must reach the files.

    Raises:
        InputError: files of no known or of several kinds; the folder is there already; as `extract` does.
        MissingExtraError: ray is not installed.
        OSError: a file cannot be read or written.
    """
    ray = _load_ray()
    kind = _kind(paths)
    target = Path(output).resolve()
    if target.exists():
        raise InputError(f"{output} is there already; name a folder that is not, or remove it")
    started = not ray.is_initialized()
    if started:
        _start(ray)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        ray.data.DataContext.get_current().enable_progress_bars = sys.stderr.isatty()
        read = ray.data.read_parquet if kind == "parquet" else ray.data.read_json
        # Reading and writing wait for disks. They take no core of their own, so that they never wait for one that an
        # actor holds, and are few, since each is a process.
        dataset = read([os.path.abspath(path) for path in paths], num_cpus=0, concurrency=_IO_TASKS)
        if id is None and "id" in (dataset.columns() or ()):
            id = "id"
        found = extract(dataset, text=text, id=id, date=date, workers=workers, cpus=cpus, gpus=gpus, **settings)
        found.write_parquet(str(partial), ray_remote_args={"num_cpus": 0}, concurrency=_IO_TASKS)
        counts = _count(partial)
        os.replace(partial, target)
        return counts
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if started:
            ray.shutdown()


def _load_ray() -> Any:
    # Nothing that arner starts reports to anyone. Who wants Ray's statistics sets the variable.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError("Reading with Ray", "ray") from error
    return ray


def _start(ray: Any) -> None:
    if os.environ.get("RAY_ADDRESS"):
        ray.init()
    else:
        ray.init(include_dashboard=False, log_to_driver=False)


def _kind(paths: Sequence[str]) -> str:
    kinds = set()
    for path in paths:
        os.stat(path)  # what is not there is told before Ray is started
        suffixes = {p.suffix for p in Path(path).iterdir()} if os.path.isdir(path) else {Path(path).suffix}
        if not suffixes <= {".parquet", ".jsonl"}:
            other = sorted(suffixes - {".parquet", ".jsonl"})[0]
            raise InputError(f"{path}: Ray reads tables, .parquet or .jsonl; it has no reader here for {other!r} files")
        kinds |= suffixes
    if len(kinds) != 1:
        raise InputError("name .parquet files or .jsonl files, or folders of them; not both at once, and at least one")
    return kinds.pop().removeprefix(".")


def _count(folder: Path) -> RowCounts:
    from pyarrow import dataset

    table = dataset.dataset(folder, format="parquet")
    return RowCounts(table.count_rows(), table.count_rows(filter=dataset.field("error").is_valid()))
