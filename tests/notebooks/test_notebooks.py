"""The notebooks run from a clean kernel, and are committed with what a whole run showed."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def outputs(path: Path) -> list[nbformat.NotebookNode]:
    return [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]


def test_both_are_there():
    assert [path.stem for path in NOTEBOOKS] == ["finetune", "quickstart"]


@each
def test_runs_from_a_clean_kernel(path: Path):
    """With little data and one epoch; a cell that fails or writes to stderr ends the script with its message."""
    run = subprocess.run(
        [sys.executable, ROOT / "scripts/run_notebooks.py", "--quick", path.stem], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


@each
def test_is_committed_with_the_outputs_of_one_run_from_top_to_bottom(path: Path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [output for output in outputs(path) if output.output_type == "error" or output.get("name") == "stderr"]


@each
def test_is_small_and_shows_a_picture(path: Path):
    assert path.stat().st_size < 500_000
    assert any("image/png" in output.get("data", {}) for output in outputs(path))


def test_the_committed_figures_are_of_all_the_training_data():
    sentences = len((ROOT / "notebooks/data/health/train.txt").read_text(encoding="utf-8").splitlines())
    texts = [output.text for output in outputs(ROOT / "notebooks/finetune.ipynb") if output.output_type == "stream"]
    assert any(f"{sentences} sentences" in text for text in texts)
