"""Checks an installed wheel as a user meets it: size, licences, import time, no torch, and the demo's triples.

Usage: check_wheel.py WHEEL TEXT, run by the Python of an environment that holds the wheel and what it depends on.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

MAX_BYTES = 100_000_000
MAX_IMPORT_SECONDS = 0.3
NEEDED_FILES = (
    "arner/py.typed",
    "arner/_models/default/tokenizer.json",
    "licenses/LICENSE",
    "licenses/LICENSE-WEIGHTS",
)
EXPECTED_TRIPLES = {
    ("رجب طيب أردوغان", "head_of_state_of", "تركيا", "affirmed"),
    ("عبد الفتاح السيسي", "head_of_state_of", "مصر", "affirmed"),
    ("تركيا", "member_of", "بريكس", "negated"),
}
"""Plain statements of the demo text. A model or rule set that misses one of them is broken."""


def check_files(wheel: Path) -> None:
    size = wheel.stat().st_size
    print(f"wheel: {size / 1e6:.1f} MB")
    assert size < MAX_BYTES, f"the wheel has {size} bytes; at most {MAX_BYTES} are allowed"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for needed in NEEDED_FILES:
        assert any(name.endswith(needed) for name in names), f"the wheel lacks {needed}"
    strange = [name for name in names if not name.startswith(("arner/", "arner-"))]
    assert not strange, f"the wheel carries files outside the package: {strange[:3]}"


def check_import() -> None:
    """The best of five starts: other programs on the machine can only make one slower."""
    code = "import time; t = time.perf_counter(); import arner; print(time.perf_counter() - t, arner.__file__)"
    runs = [run([sys.executable, "-c", code]).split() for _ in range(5)]
    seconds = min(float(run[0]) for run in runs)
    print(f"import arner: {seconds:.3f} s")
    assert seconds < MAX_IMPORT_SECONDS, f"import arner took {seconds:.2f} s"
    assert "site-packages" in runs[0][1], f"arner was imported from {runs[0][1]}, not from the wheel"


def check_demo(text: Path) -> None:
    assert importlib.util.find_spec("torch") is None, "this environment has torch; the check is for one without"
    begin = time.perf_counter()
    output = run([str(Path(sys.executable).parent / "arner"), "extract", str(text)])
    seconds = time.perf_counter() - begin
    document = json.loads(output)
    names = {entity["id"]: entity["name"] for entity in document["entities"]}
    triples = {(names[r["subject"]], r["type"], names[r["object"]], r["polarity"]) for r in document["relations"]}
    print(f"demo: {len(names)} entities, {len(triples)} triples in {seconds:.1f} s")
    missing = EXPECTED_TRIPLES - triples
    assert not missing, f"the demo's output lacks {sorted(missing)}; it has {sorted(triples)}"


def run(command: list[str]) -> str:
    # Away from the checkout, so that the installed package is imported and not the folder beside this script.
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, encoding="utf-8", cwd=tempfile.gettempdir()
    ).stdout


if __name__ == "__main__":
    check_files(Path(sys.argv[1]))
    check_import()
    check_demo(Path(sys.argv[2]).resolve())
