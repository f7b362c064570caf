"""Dynamic 8-bit quantisation, a scale for every row of the activations.

onnxruntime's own dynamic quantisation takes one scale for a whole batch, so that what a model says of a sentence
depends on the sentences beside it. Here every token has its own scale (as in LLM.int8(), Dettmers et al. 2022,
vector-wise quantisation): a text gets the same labels in any batch, and the error is smaller.

Each ``MatMul`` by a constant becomes: row scale = max |x| / 127; integers = round(x / scale) + 128, unsigned, since
that is the form whose products CPUs do fastest; ``MatMulInteger`` with 8-bit weights that have a scale for each
column; product × row scale × column scale. A CPU without VNNI adds the products of two neighbouring weights in 16 bits
and cuts off what does not fit. So the scale of a column also keeps neighbours small enough, and one file reads alike on
any CPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

__all__ = ["quantise_rows"]

_MIN_SCALE: Final = 1e-8
_PAIR: Final = 128
"""Largest sum of two neighbouring weights: times 255, the largest activation, it still fits into 16 bits."""

_LIMIT, _FLOOR, _ONE, _MIDDLE = "quantise/127", "quantise/floor", "quantise/1", "quantise/128"
"""Names of the constants that all nodes share."""


def quantise_rows(model: onnx.ModelProto) -> onnx.ModelProto:
    """Quantises, in place, every product with a constant matrix and every embedding that is looked up by `Gather`.

    Args:
        model: a model with 32-bit weights, operator set 17 or newer.
    """
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array(127, np.float32), _LIMIT),
            numpy_helper.from_array(np.array(_MIN_SCALE, np.float32), _FLOOR),
            numpy_helper.from_array(np.array(1, np.float32), _ONE),
            numpy_helper.from_array(np.array(128, np.uint8), _MIDDLE),
        ]
    )
    quantised: dict[str, tuple[str, str]] = {}
    replaced: set[str] = set()
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        weight = constants.get(node.input[1]) if node.op_type == "MatMul" else None
        if weight is not None and len(weight.dims) == 2:
            source = node.input[0]
            if source not in quantised:
                nodes += _quantise_input(source)
                quantised[source] = (f"{source}/integers", f"{source}/scale")
            nodes += _product(node, weight.name, *quantised[source])
            graph.initializer.extend(_integers(weight, axis=0))
            replaced.add(weight.name)
        elif node.op_type == "Gather" and node.input[0] in constants and constants[node.input[0]].dims[0] > 1000:
            weight = constants[node.input[0]]
            nodes += _lookup(node, weight.name)
            graph.initializer.extend(_integers(weight, axis=1))
            replaced.add(weight.name)
        else:
            nodes.append(node)
    kept = [tensor for tensor in graph.initializer if tensor.name not in replaced]
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return model


def _integers(weight: onnx.TensorProto, axis: int) -> Iterator[onnx.TensorProto]:
    """The weight as 8-bit integers, and its scales: one for each column (axis 0) or row (axis 1)."""
    values: NDArray[np.float32] = numpy_helper.to_array(weight)
    scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True) / 127, _MIN_SCALE)
    if axis == 0 and len(values) > 1:
        # Rounding may add a half to each of the two.
        pairs = np.abs(values[:-1] + values[1:]).max(axis=0, keepdims=True)
        scale = np.maximum(scale, pairs / (_PAIR - 1))
    scale = scale.astype(np.float32)
    yield numpy_helper.from_array(np.rint(values / scale).astype(np.int8), f"{weight.name}/integers")
    yield numpy_helper.from_array(scale[0] if axis == 0 else scale, f"{weight.name}/scale")


def _node(kind: str, inputs: list[str], output: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, inputs, [output], name=f"{output}/{kind}", **attributes)


def _quantise_input(source: str) -> list[onnx.NodeProto]:
    return [
        _node("Abs", [source], f"{source}/abs"),
        _node("ReduceMax", [f"{source}/abs"], f"{source}/max", axes=[-1], keepdims=1),
        _node("Div", [f"{source}/max", _LIMIT], f"{source}/raw_scale"),
        _node("Max", [f"{source}/raw_scale", _FLOOR], f"{source}/scale"),
        _node("Div", [source, f"{source}/scale"], f"{source}/scaled"),
        _node("QuantizeLinear", [f"{source}/scaled", _ONE, _MIDDLE], f"{source}/integers"),
    ]


def _product(node: onnx.NodeProto, weight: str, integers: str, scale: str) -> list[onnx.NodeProto]:
    output = node.output[0]
    return [
        _node("MatMulInteger", [integers, f"{weight}/integers", _MIDDLE], f"{output}/integers"),
        _node("Cast", [f"{output}/integers"], f"{output}/float", to=onnx.TensorProto.FLOAT),
        _node("Mul", [f"{output}/float", scale], f"{output}/rows"),
        _node("Mul", [f"{output}/rows", f"{weight}/scale"], output),
    ]


def _lookup(node: onnx.NodeProto, weight: str) -> list[onnx.NodeProto]:
    output = node.output[0]
    return [
        _node("Gather", [f"{weight}/integers", node.input[1]], f"{output}/row"),
        _node("Gather", [f"{weight}/scale", node.input[1]], f"{output}/row_scale"),
        _node("Cast", [f"{output}/row"], f"{output}/row_float", to=onnx.TensorProto.FLOAT),
        _node("Mul", [f"{output}/row_float", f"{output}/row_scale"], output),
    ]
