"""What one worker of a cluster does: words a second, memory, and bytes that it writes; for docs/SCALING.md.

    python benchmarks/rows.py [FOLDER]

One process with one thread reads the texts of a folder, by default the articles of models/data/news, as
`arner.bridges.TableReader` gives them to Ray, Spark and datasets, and writes them as Parquet.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import psutil
import pyarrow
from pyarrow import parquet

from arner.bridges import TableReader
from arner.bridges.columns import arrow_schema
from benchmarks.texts import articles

_BATCH = 64


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="text files, or JSON files with a text")
    texts = articles(parser.parse_args().folder)
    process = psutil.Process()
    empty = process.memory_info().rss
    reader = TableReader()
    reader.read({"text": ["زار الوزير القاهرة."]})  # loads the model
    loaded = process.memory_info().rss
    read = sum(len(text.split()) for text in texts)
    most = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        schema = pyarrow.schema([("text", pyarrow.string()), *arrow_schema()])
        began = time.perf_counter()
        with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            for start in range(0, len(texts), _BATCH):
                batch = {"text": texts[start : start + _BATCH]}
                writer.write_table(pyarrow.table({**batch, **reader.read(batch)}, schema=schema))
                most = max(most, process.memory_info().rss)
        seconds = time.perf_counter() - began
        sizes = column_sizes(path)
    print("| rows | words | words a second | MB without the model | MB with it | MB at most | bytes a word | text |")
    print("|---|---|---|---|---|---|---|---|")
    print(
        f"| {len(texts):,} | {read:,} | {read / seconds:,.0f} | {empty / 2**20:.0f} | {loaded / 2**20:.0f} "
        f"| {most / 2**20:.0f} | {sum(sizes.values()) / read:.1f} | {sizes['text'] / read:.1f} |"
    )
    print("\nbytes a word: " + ", ".join(f"`{name}` {size / read:.1f}" for name, size in sizes.items()))


def column_sizes(path: Path) -> dict[str, int]:
    """Bytes of each column of a Parquet file, compressed as they are in it."""
    metadata = parquet.ParquetFile(path).metadata
    sizes: Counter[str] = Counter()
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            sizes[chunk.path_in_schema.split(".")[0]] += chunk.total_compressed_size
    return dict(sizes)


if __name__ == "__main__":
    main()
