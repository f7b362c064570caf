"""Quantisation: close to the 32-bit model, large channels or not, and safe in 16 bits."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime

from arner.training.output.quantise import quantise_products


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
    small = quantise_products(full)
    onnx.checker.check_model(small)
    assert np.abs(run(small, ids) - expected).mean() < 0.02 * np.abs(expected).mean()
    assert small.ByteSize() < 0.4 * size


def test_large_channels_behind_a_norm_leave_the_others_their_steps() -> None:
    rng = np.random.default_rng(0)
    gain = np.where(np.arange(32) == 7, 60.0, 1.0).astype(np.float32)
    constants = {"gain": gain, "shift": np.zeros(32, np.float32), "w": rng.normal(size=(32, 8)).astype(np.float32)}
    nodes = [
        onnx.helper.make_node("LayerNormalization", ["x", "gain", "shift"], ["y"], axis=-1),
        onnx.helper.make_node("MatMul", ["y", "w"], ["out"]),
    ]
    constants["w"][7] /= 60
    values = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, None, None]) for name in ("x", "out")
    ]
    tensors = [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = onnx.helper.make_graph(nodes, "norm", values[:1], values[1:], tensors)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    x = rng.normal(size=(1, 50, 32)).astype(np.float32)

    def read(model: onnx.ModelProto) -> np.ndarray:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return np.asarray(session.run(None, {"x": x})[0])

    expected = read(model)
    assert np.abs(read(quantise_products(model)) - expected).mean() < 0.02 * np.abs(expected).mean()


def test_no_two_products_leave_16_bits() -> None:
    """A CPU without VNNI adds them there, and would cut off the rest."""
    model = quantise_products(small_model())
    weights = {tensor.name: onnx.numpy_helper.to_array(tensor).astype(int) for tensor in model.graph.initializer}
    products = [node for node in model.graph.node if node.op_type == "MatMulIntegerToFloat"]
    assert len(products) == 2
    for node in products:
        columns = weights[node.input[1]]
        assert np.abs(columns).max(axis=0).min() > 63
        assert (255 * np.abs(columns[:-1] + columns[1:])).max() <= 2**15
