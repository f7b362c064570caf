#!/usr/bin/env python3
"""Runs the notebooks from a clean kernel, each in a copy of its folder, and writes what they show into them.

    python scripts/run_notebooks.py                    # all, in full: what is committed
    python scripts/run_notebooks.py quickstart         # one
    python scripts/run_notebooks.py --quick            # little data, and nothing is written: what the tests run

A cell that fails, or that writes to stderr, is an error.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
QUICK = "ARNER_NOTEBOOK_QUICK"
"""Environment variable by which a notebook that trains takes less data and fewer epochs."""


def execute(path: Path, *, quick: bool) -> nbformat.NotebookNode:
    """The notebook with fresh outputs.

    Raises:
        CellExecutionError: a cell failed.
        RuntimeError: a cell wrote to stderr.
    """
    notebook = nbformat.read(path, as_version=4)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TOKENIZERS_PARALLELISM": "false"}
    environment.pop(QUICK, None)
    if quick:
        environment[QUICK] = "1"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "notebooks"
        shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns("build", ".ipynb_checkpoints"))
        client = NotebookClient(
            notebook,
            timeout=3600,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
        )
        client.execute(env=environment)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise RuntimeError(f"{path.name}, cell {cell.execution_count}, wrote to stderr:\n{output.text}")
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="notebooks, with or without .ipynb; all by default")
    parser.add_argument("--quick", action="store_true", help="little data; write nothing")
    options = parser.parse_args()
    names = [Path(name).stem for name in options.names] or sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
    for name in names:
        path = NOTEBOOKS / f"{name}.ipynb"
        began = time.monotonic()
        try:
            notebook = execute(path, quick=options.quick)
        except (CellExecutionError, RuntimeError) as error:
            sys.exit(re.sub(r"\x1b\[[0-9;]*m", "", f"{path.name}: {error}"))
        if not options.quick:
            nbformat.write(notebook, path)
        print(f"{path.name}: {time.monotonic() - began:.0f} s, {path.stat().st_size / 1000:,.0f} kB", flush=True)


if __name__ == "__main__":
    main()
