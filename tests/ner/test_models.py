"""How a model's name is resolved, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import onnxruntime
import pytest

from arner.errors import InputError, ModelFormatError, ModelNotFoundError
from arner.ner.models import available_models, embedded_folder, load_recognizer


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The embedded model without its weights."""
    for name in ("config.json", "tokenizer.json", "arner.json"):
        shutil.copyfile(embedded_folder() / "default" / name, tmp_path / name)
    return tmp_path


def test_the_embedded_model_is_listed() -> None:
    (default,) = [info for info in available_models() if info.name == "default"]
    assert set(default.labels) == {"PER", "LOC", "ORG", "MISC"}
    assert default.licence == "CC-BY-SA-4.0"
    assert default.version and default.size_bytes > 1_000_000


@pytest.mark.parametrize("name", ["no-such-model", "./no/such/folder", "/no/such", "a/b/c"])
def test_an_unknown_model_is_named_with_what_there_is(name: str) -> None:
    with pytest.raises(ModelNotFoundError, match="default"):
        load_recognizer(name)


def test_a_file_is_not_a_model(copied: Path) -> None:
    with pytest.raises(ModelFormatError, match="folder"):
        load_recognizer(str(copied / "config.json"))


def test_a_folder_without_weights_is_refused(copied: Path) -> None:
    with pytest.raises(ModelFormatError, match=r"model\.safetensors"):
        load_recognizer(str(copied))


def test_pickled_weights_are_refused_and_named(copied: Path) -> None:
    (copied / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelFormatError, match=r"pytorch_model\.bin is a pickle"):
        load_recognizer(str(copied))


def test_broken_files_are_named(copied: Path) -> None:
    (copied / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelFormatError, match=r"model\.onnx"):
        load_recognizer(str(copied))
    (copied / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelFormatError, match=r"tokenizer\.json"):
        load_recognizer(str(copied))
    (copied / "config.json").write_text(json.dumps({"id2label": {"0": "O", "2": "B-PER"}}))
    with pytest.raises(ModelFormatError, match="id2label"):
        load_recognizer(str(copied))
    (copied / "config.json").unlink()
    with pytest.raises(ModelFormatError, match=r"config\.json is missing"):
        load_recognizer(str(copied))


@pytest.mark.skipif("CUDAExecutionProvider" in onnxruntime.get_available_providers(), reason="a GPU is there")
def test_a_device_that_is_not_there_is_an_error_and_not_a_cpu(copied: Path) -> None:
    shutil.copyfile(embedded_folder() / "default" / "model_int8.onnx", copied / "model_int8.onnx")
    with pytest.raises(InputError, match="onnxruntime-gpu"):
        load_recognizer(str(copied), device="cuda")
