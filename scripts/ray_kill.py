"""Kills a worker, then a machine, in the middle of a run on a local Ray cluster, and compares what comes out.

    python scripts/ray_kill.py --output benchmarks/results/ray_kill.json

Two runs read the same table: one is left alone; in the other a process that reads gets kill -9 after a quarter of the
blocks, and a whole node (its raylet, with all its processes) after a half. Rows and contents must be equal; the exit
code says whether they are. The texts are made here; some rows cannot be read on purpose.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import psutil
import pyarrow
import ray
from pyarrow import parquet
from ray.cluster_utils import Cluster

import arner.ray

SENTENCES = (
    "وصل وزير الخارجية الروسي سيرغي لافروف إلى القاهرة في {} نوفمبر 2024، والتقى نظيره المصري بدر عبد العاطي.",
    "وأعلنت شركة مايكروسوفت افتتاح مكتب رقم {} في دبي.",
    "زار محمود عباس باريس ولندن قبل {} أيام.",
    "قالت الحكومة اللبنانية إن بيروت لن توقع الاتفاق رقم {} مع صندوق النقد الدولي قبل نهاية العام.",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blocks", type=int, default=32)
    parser.add_argument("--rows", type=int, default=25, help="rows of a block")
    parser.add_argument("--output", type=Path, help="JSON file for the result")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), args.blocks, args.rows)
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if args.output:
        args.output.parent.mkdir(parents=True, exist_ok=True)
        args.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if result["equal"] else 1


def run(folder: Path, blocks: int, rows: int) -> dict[str, Any]:
    load = os.getloadavg()[0]
    source = folder / "in"
    source.mkdir()
    for block in range(blocks):
        parquet.write_table(table(block, rows), source / f"{block:03}.parquet")
    # The head holds the driver and no worker, so that it outlives what is killed.
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": 200 * 2**20})
    nodes = [cluster.add_node(num_cpus=1, object_store_memory=200 * 2**20) for _ in range(2)]
    cluster.wait_for_nodes()
    ray.init(address=cluster.address, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        began = time.monotonic()
        read(source, folder / "alone")
        alone_s = time.monotonic() - began
        began = time.monotonic()
        killer = Killer(folder / "disturbed", blocks, nodes)
        killer.start()
        read(source, folder / "disturbed")
        killer.join(timeout=10)
        disturbed_s = time.monotonic() - began
    finally:
        ray.shutdown()
        cluster.shutdown()
    alone, disturbed = sorted_rows(folder / "alone"), sorted_rows(folder / "disturbed")
    return {
        "machine": f"{os.cpu_count()} cores, load {load:.1f} before the run",
        "ray": ray.__version__,
        "rows in": blocks * rows,
        "rows out, alone": len(alone),
        "rows out, disturbed": len(disturbed),
        "ids out, disturbed": len({row["id"] for row in disturbed}),
        "rows with an error": sum(row["error"] is not None for row in disturbed),
        "files out, disturbed": len(list((folder / "disturbed").iterdir())),
        "killed": killer.done,
        "seconds, alone": round(alone_s, 1),
        "seconds, disturbed": round(disturbed_s, 1),
        "equal": alone == disturbed and len(alone) == blocks * rows and len(killer.done) == 2,
    }


def table(block: int, rows: int) -> pyarrow.Table:
    texts = [
        None if row % 10 == 9 else " ".join(sentence.format(block * rows + row + 1) for sentence in SENTENCES * 3)
        for row in range(rows)
    ]
    return pyarrow.table({"id": [f"{block}-{row}" for row in range(rows)], "text": texts})


def read(source: Path, target: Path) -> None:
    files = sorted(map(str, source.iterdir()))
    dataset = ray.data.read_parquet(files, num_cpus=0, concurrency=2).repartition(len(files))  # else they are one block
    found = arner.ray.extract(dataset, id="id", workers=2, batch_size=8)
    found.write_parquet(str(target), ray_remote_args={"num_cpus": 0}, concurrency=2)


def sorted_rows(folder: Path) -> list[dict[str, Any]]:
    rows = parquet.read_table(folder).to_pylist()
    return sorted(rows, key=lambda row: [int(part) for part in row["id"].split("-")])


class Killer(threading.Thread):
    """Kills a reading process after a quarter of the blocks, and the node of another after a half.

    Args:
        target: the folder in which a file appears for every block that is done.
        blocks: how many there will be.
        nodes: the worker nodes.
    """

    def __init__(self, target: Path, blocks: int, nodes: list[Any]) -> None:
        super().__init__(daemon=True)
        self.target = target
        self.blocks = blocks
        self.nodes = nodes
        self.done: list[str] = []

    def run(self) -> None:
        self._wait_for(self.blocks // 4)
        worker = self._workers()[0]
        worker.send_signal(signal.SIGKILL)
        self.done.append(f"kill -9 of a worker after {self._files()} of {self.blocks} blocks")
        self._wait_for(self.blocks // 2)
        process = self.nodes[0].all_processes["raylet"][0].process
        os.kill(process.pid, signal.SIGKILL)
        self.done.append(f"kill -9 of a raylet after {self._files()} of {self.blocks} blocks")

    def _wait_for(self, files: int) -> None:
        while self._files() < files:
            time.sleep(0.02)

    def _files(self) -> int:
        return len(list(self.target.glob("*.parquet")))

    def _workers(self) -> list[psutil.Process]:
        found = [p for p in psutil.process_iter(["cmdline"]) if "ray::MapWorker" in " ".join(p.info["cmdline"] or ())]
        if not found:
            raise RuntimeError("no process reads")
        return found


if __name__ == "__main__":
    sys.exit(main())
