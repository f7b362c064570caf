"""The graph for a CPU says what the graph that it was made from says, without a mask."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
import transformers

from arner.ner.onnx import OnnxBackend
from arner.training.output.cpu_graph import for_cpu
from arner.training.output.export_onnx import export_onnx, quantise


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small BERT with random weights."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("bert")
    sizes = {"vocab_size": 1200, "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = transformers.BertConfig(**sizes, intermediate_size=128, num_labels=5, initializer_range=0.2)
    transformers.BertForTokenClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def small(folder: Path) -> Path:
    export_onnx(folder, folder / "model.onnx")
    quantise(folder / "model.onnx", folder / "model_int8.onnx", 4, 64)
    return folder / "model_int8.onnx"


def test_it_is_close_to_the_full_model(folder: Path, small: Path) -> None:
    ids = np.random.default_rng(0).integers(5, 1200, (1, 40))
    full = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    (expected,) = full.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
    found = OnnxBackend(small).logits(ids.tolist(), 0)
    assert np.abs(found - expected).mean() < 0.08 * np.abs(expected).mean()


def test_it_has_no_mask_and_no_slow_nodes_and_a_second_time_changes_nothing(small: Path) -> None:
    model = onnx.load(small)
    onnx.checker.check_model(model)
    assert [entry.name for entry in model.graph.input] == ["input_ids"]
    kinds = {node.op_type for node in model.graph.node}
    assert "MatMulIntegerToFloat" in kinds and kinds.isdisjoint({"MatMulInteger", "SkipLayerNormalization"})
    inside = [node for node in model.graph.node if node.op_type == "MatMulIntegerToFloat" and len(node.input) == 7]
    assert len(inside) == 5  # what leaves attention and the second half of each layer, and the labels
    before = model.SerializeToString(deterministic=True)
    assert for_cpu(model).SerializeToString(deterministic=True) == before


def test_sequences_of_several_lengths_give_what_each_gives_alone(small: Path) -> None:
    backend = OnnxBackend(small, threads=1)
    sequences = [list(range(5, 5 + size)) for size in (3, 9, 9, 1)]
    together = backend.logits(sequences, 0)
    assert together.shape[:2] == (4, 9)
    for sequence, row in zip(sequences, together, strict=True):
        assert np.array_equal(row[: len(sequence)], backend.logits([sequence], 0)[0])


def test_sequences_of_one_length_do_not_share_a_scale(small: Path) -> None:
    backend = OnnxBackend(small, threads=1)
    sequences = [list(range(first, first + 12)) for first in (5, 300, 900)]
    together = backend.logits(sequences, 0)
    assert all(np.array_equal(backend.logits([s], 0)[0], row) for s, row in zip(sequences, together, strict=True))


def test_a_graph_without_what_it_looks_for_stays_as_it_is() -> None:
    weight = onnx.numpy_helper.from_array(np.ones((2, 2), np.float32), "w")
    values = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 2]) for name in "xy"]
    node = onnx.helper.make_node("Mul", ["x", "w"], ["y"])
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "small", values[:1], values[1:], [weight]))
    before = model.SerializeToString()
    assert for_cpu(model).SerializeToString() == before
