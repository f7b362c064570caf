"""Model folders of a few kilobytes to be broken, and a watch over what Python does meanwhile."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from arner.ner.models import embedded_folder

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
FORBIDDEN = (
    "pickle.find_class",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "urllib.Request",
    "ctypes.dlopen",
)
"""Audit events of Python that reading a text never gives rise to."""

_watch: list[str] | None = None


def _hook(event: str, arguments: Any) -> None:
    if _watch is not None and event in FORBIDDEN:
        _watch.append(f"{event} {arguments!r}"[:200])


sys.addaudithook(_hook)  # a hook cannot be taken away again; outside of a watch it does nothing


@pytest.fixture
def watched() -> Iterator[list[str]]:
    """What forbidden things happen in the test: they are listed, and must be none at its end."""
    global _watch
    _watch = []
    yield _watch
    seen, _watch = _watch, None
    assert not seen


def config(**changes: Any) -> dict[str, Any]:
    return {
        "model_type": "bert",
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 8,
        "vocab_size": 9968,
        "max_position_embeddings": 512,
        "id2label": {str(index): label for index, label in enumerate(LABELS)},
        **changes,
    }


def write_onnx(
    path: Path,
    *,
    rows: int = 9968,
    labels: int = len(LABELS),
    inputs: dict[str, int] | None = None,
    fill: float = 0.0,
    change: Callable[[Any], None] | None = None,
) -> None:
    """A model in ONNX that gives each token a row of a table."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    names = inputs or {"input_ids": TensorProto.INT64, "attention_mask": TensorProto.INT64}
    table = numpy_helper.from_array(np.full((rows, labels), fill, dtype=np.float32), "table")
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", next(iter(names))], ["logits"])],
        "tiny",
        [helper.make_tensor_value_info(name, kind, ["batch", "length"]) for name, kind in names.items()],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "length", labels])],
        [table],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    if change is not None:
        change(model)
    path.write_bytes(model.SerializeToString())


@pytest.fixture(scope="session")
def sound_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders that load: one for each backend."""
    pytest.importorskip("onnx")
    torch = pytest.importorskip("torch")
    import transformers

    folders: dict[str, Path] = {}
    for backend in ("onnx", "torch"):
        folder = folders[backend] = tmp_path_factory.mktemp("sound") / backend
        folder.mkdir()
        shutil.copyfile(embedded_folder() / "default" / "tokenizer.json", folder / "tokenizer.json")
        (folder / "config.json").write_text(json.dumps(config()), "utf-8")
    write_onnx(folders["onnx"] / "model.onnx")
    torch.manual_seed(0)
    made = transformers.AutoConfig.from_pretrained(folders["torch"])
    transformers.AutoModelForTokenClassification.from_config(made).save_pretrained(folders["torch"])
    (folders["torch"] / "config.json").write_text(json.dumps(config()), "utf-8")
    return folders


@pytest.fixture
def folder_of(sound_folders: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the sound folder of a backend."""
    return lambda backend: shutil.copytree(sound_folders[backend], tmp_path / "model")
