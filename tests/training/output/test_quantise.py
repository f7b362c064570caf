"""Quantisation by rows: close to the 32-bit model, and independent of what else is in the batch."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime

from arner.training.output.quantise import quantise_rows


def small_model() -> object:
    """Embedding look-up, then two products: ids (batch, length) → (batch, length, 8)."""
    rng = np.random.default_rng(0)
    table, first, second = (rng.normal(size=size).astype(np.float32) for size in ((2000, 16), (16, 32), (32, 8)))
    nodes = [
        onnx.helper.make_node("Gather", ["table", "ids"], ["x"]),
        onnx.helper.make_node("MatMul", ["x", "first"], ["y"]),
        onnx.helper.make_node("Relu", ["y"], ["z"]),
        onnx.helper.make_node("MatMul", ["z", "second"], ["out"]),
    ]
    constants = {"table": table, "first": first, "second": second}
    graph = onnx.helper.make_graph(
        nodes,
        "small",
        [onnx.helper.make_tensor_value_info("ids", onnx.TensorProto.INT64, ["batch", "length"])],
        [onnx.helper.make_tensor_value_info("out", onnx.TensorProto.FLOAT, ["batch", "length", 8])],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)


def run(model: object, ids: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"ids": ids})[0])


def test_close_to_the_full_model_and_a_quarter_of_its_size() -> None:
    ids = np.arange(60).reshape(3, 20)
    full = small_model()
    expected = run(full, ids)
    size = full.ByteSize()
    small = quantise_rows(full)
    onnx.checker.check_model(small)
    assert np.abs(run(small, ids) - expected).mean() < 0.02 * np.abs(expected).mean()
    assert small.ByteSize() < 0.4 * size


def test_a_row_does_not_depend_on_its_batch() -> None:
    ids = np.arange(60).reshape(3, 20)
    model = quantise_rows(small_model())
    together = run(model, ids)
    assert all(np.array_equal(run(model, ids[row : row + 1])[0], together[row]) for row in range(3))


def test_no_two_products_leave_16_bits() -> None:
    """A CPU without VNNI adds them there, and would cut off the rest."""
    model = quantise_rows(small_model())
    weights = {tensor.name: onnx.numpy_helper.to_array(tensor).astype(int) for tensor in model.graph.initializer}
    products = [node for node in model.graph.node if node.op_type == "MatMulInteger"]
    assert len(products) == 2
    for node in products:
        columns = weights[node.input[1]]
        assert np.abs(columns).max(axis=0).min() > 63
        assert (255 * np.abs(columns[:-1] + columns[1:])).max() <= 2**15
