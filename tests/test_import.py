"""`import arner` is quick and brings in no model runtime."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("torch", "transformers", "onnxruntime", "tokenizers", "datasets", "numpy", "rich", "typer")
EXTRAS = ("matplotlib", "networkx", "pyarrow", "rdflib")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def test_import_loads_nothing_heavy():
    loaded = run("import sys, arner; arner.Document; print(*sys.modules)").split()
    assert "arner.schema.document" in loaded
    assert not {*HEAVY, *EXTRAS, "arner.export"} & set(loaded)


def test_formats_load_their_packages_when_they_write():
    code = "import sys, arner.export as e; e.to_csv(e.formats.Document(text='x')); print(*sys.modules)"
    assert not {*HEAVY, *EXTRAS} & set(run(code).split())


def test_import_is_quick():
    code = "import time; t = time.perf_counter(); import arner; print(time.perf_counter() - t)"
    # The best of several: other programs on the machine can only make a start slower.
    assert min(float(run(code)) for _ in range(3)) < 0.3


def test_an_extractor_needs_no_torch():
    loaded = run("import sys, arner; arner.Extractor; print(*sys.modules)").split()
    assert not {"torch", "transformers", "datasets"} & set(loaded)
