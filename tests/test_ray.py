"""Ray: what a worker makes of a block, what is refused, and a run over files from end to end.

What happens when workers and machines die is measured by scripts/ray_kill.py, which takes longer than a test may.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import pytest

import arner.ray
from arner.bridges import TableReader
from arner.bridges.columns import COLUMNS, arrow_schema
from arner.cli import main
from arner.errors import InputError, MissingExtraError

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

TEXTS = ["زار فلاديمير بوتين كازاخستان.", None, "طقس جميل.", "", "ولم يزر بوتين القاهرة أمس."]

needs_ray = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("ray", "aiohttp")), reason="needs arner[ray]"
)


@pytest.fixture(autouse=True)
def _fresh_extractors(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets the extractor of another."""
    monkeypatch.setattr("arner.bridges.settings._kept", None)


def table(rows: int) -> object:
    return pyarrow.table({"id": list(range(rows)), "text": [TEXTS[row % len(TEXTS)] for row in range(rows)]})


def test_a_block_keeps_its_rows_and_gets_the_columns(list_model):
    block = table(10)
    read = arner.ray._Worker(TableReader(id="id"))(block)
    assert read.schema == pyarrow.schema([*block.schema, *arrow_schema()])
    assert read.select(["id", "text"]) == block
    assert read.select(COLUMNS).to_pydict() == TableReader(id="id").read(block.to_pydict())
    assert arner.ray._Worker(TableReader())(block.slice(0, 0)).num_rows == 0


def test_a_worker_loads_the_model_before_it_reads(list_model):
    arner.ray._Worker(TableReader(min_score=0.25))
    assert list_model().min_score == 0.25
    with pytest.raises(InputError, match="no column 'body'"):
        arner.ray._Worker(TableReader("body"))(table(1))


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'arner\[ray\]'"):
        arner.ray.extract(None)


def run(code: str, *arguments: object, timeout: float = 280) -> subprocess.CompletedProcess[str]:
    """In a process of its own: Ray warns, forks and keeps threads."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        env={name: value for name, value in os.environ.items() if not name.startswith("RAY_")},
    )


@needs_ray
def test_files_from_end_to_end(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(3):
        parquet.write_table(table(10), tmp_path / "in" / f"{number}.parquet")
    code = (
        "import os, sys, arner.ray; source, target = sys.argv[1:]\n"
        "counts = arner.ray.extract_files([source], target, workers=2)\n"
        "print(counts, os.environ['RAY_USAGE_STATS_ENABLED'], sorted(os.listdir(os.path.dirname(target))))"
    )
    done = run(code, tmp_path / "in", tmp_path / "out")
    if "timed out during startup" in done.stderr:
        pytest.skip("Ray gives up on a machine that is too busy to start it")
    assert done.stdout == "RowCounts(rows=30, errors=12) 0 ['in', 'out']\n", done.stderr
    rows = parquet.read_table(tmp_path / "out").to_pylist()
    assert sorted(row["id"] for row in rows) == sorted(list(range(10)) * 3)
    expected = TableReader(id="id").read(table(10).to_pydict())
    for row in rows:
        assert [row[name] for name in COLUMNS] == [expected[name][row["id"]] for name in COLUMNS]


@needs_ray
def test_what_is_refused_before_anything_starts(tmp_path):
    (tmp_path / "in.csv").touch()
    (tmp_path / "in.parquet").touch()
    (tmp_path / "in.jsonl").touch()
    code = (
        "import sys, arner.ray\n"
        "from arner.errors import InputError\n"
        "def tell(call, *arguments, **options):\n"
        "    try: call(*arguments, **options)\n"
        "    except InputError as error: print(error)\n"
        "folder = sys.argv[1]\n"
        "tell(arner.ray.extract_files, [f'{folder}/in.csv'], f'{folder}/out')\n"
        "tell(arner.ray.extract_files, [f'{folder}/in.parquet', f'{folder}/in.jsonl'], f'{folder}/out')\n"
        "tell(arner.ray.extract_files, [f'{folder}/in.parquet'], folder)\n"
        "tell(arner.ray.extract, None, workers=(3, 2))\n"
        "tell(arner.ray.extract, None, cpus=0)\n"
        "import ray; print(ray.is_initialized())\n"
    )
    done = run(code, tmp_path)
    told = done.stdout.splitlines()
    assert [line.partition(tmp_path.name)[2] or line for line in told] == [
        "/in.csv: Ray reads tables, .parquet or .jsonl; it has no reader here for '.csv' files",
        "name .parquet files or .jsonl files, or folders of them; not both at once, and at least one",
        " is there already; name a folder that is not, or remove it",
        "workers must be at least 1, or a pair such as (1, 8), not (3, 2)",
        "cpus=0, gpus=0, batch_size=64 cannot be",
        "False",
    ], done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["in.parquet"], "writes a folder: name both"),
        (["-o", "out"], "writes a folder: name both"),
        (["in.parquet", "-o", "out", "--format", "csv"], "it takes no --format"),
        (["in.parquet", "-o", "out", "--date", "2024-11-27"], "it takes no --date"),
    ],
)
def test_the_command_says_what_it_needs(capsys, arguments, told):
    with pytest.raises(SystemExit) as caught:
        main(["extract", "--engine", "ray", *arguments])
    assert caught.value.code == 2
    assert told in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_the_command_counts_rows_and_errors(capsys, monkeypatch, tmp_path):
    """Ray itself is left out."""
    called = {}

    def extract_files(paths, output, **options):
        called.update(options, paths=paths, output=output)
        return arner.ray.RowCounts(1200, 2)

    monkeypatch.setattr("arner.ray.extract_files", extract_files)
    monkeypatch.chdir(tmp_path)
    for name in "ba":
        (tmp_path / f"{name}.parquet").touch()
    with pytest.raises(SystemExit) as caught:
        main(["extract", "--engine", "ray", "*.parquet", "-o", "out", "-j", "3", "--min-score", "0.5"])
    assert caught.value.code == 1
    assert called["paths"] == ["a.parquet", "b.parquet"]
    assert (called["workers"], called["min_score"], called["model"]) == (3, 0.5, "default")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "arner: 1,200 rows in out",
        "arner: error: 2 of them could not be read; the column 'error' says why",
    ]
