"""Dynamic 8-bit quantisation: a scale for the activations of every sequence, one for every column of the weights.

Each ``MatMul`` by a constant becomes ``DynamicQuantizeLinear``, shared by all products of one input, and
``MatMulIntegerToFloat``, which multiplies by the scales while the product is still in registers. The scale of the
activations is that of the sequence: `arner.ner.onnx` runs sequences one by one on a CPU, so that what a model says of a
text does not depend on the texts beside it.

A few channels behind a layer norm are many times as large as the others and would leave these few of the 256 steps. So
the channels are brought nearer to each other, and the rows of the weights take up the difference (SmoothQuant, Xiao et
al. 2023). How large a channel is follows from the gain and the shift of the norm: no text is needed to measure it.

A CPU without VNNI adds the products of two neighbouring weights in 16 bits and cuts off what does not fit. So the scale
of a column also keeps neighbours small enough, and one file reads alike on any CPU.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

__all__ = ["quantise_products"]

_CONTRIB: Final = "com.microsoft"
_MIN_SCALE: Final = 1e-8
_PAIR: Final = 128
"""Largest sum of two neighbouring weights: times 255, the largest activation, it still fits into 16 bits."""
_STRENGTH: Final = 0.7
"""How much of the difference between channels the weights take up, from 0 to 1 (α of SmoothQuant)."""
_DEVIATIONS: Final = 3.0
"""Standard deviations within which the values of a channel behind a norm are taken to lie."""
_NORMS: Final = {"LayerNormalization": 1, "SkipLayerNormalization": 2}
"""Operators whose output is normalised → which input is the gain; the shift is the next."""


def quantise_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """Quantises, in place, every product with a constant matrix and every embedding that is looked up by `Gather`.

    Args:
        model: a model with 32-bit weights, operator set 17 or newer.
    """
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    makers = {node.output[0]: node for node in graph.node}
    products: dict[str, list[str]] = {}
    for node in graph.node:
        if _is_product(node, constants):
            products.setdefault(node.input[0], []).append(node.input[1])
    replaced: set[str] = set()
    quantised: dict[str, NDArray[np.float32]] = {}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if _is_product(node, constants):
            source, weight = node.input[:2]
            if source not in quantised:
                weights = [numpy_helper.to_array(constants[name]) for name in products[source]]
                factors = _smoothing(makers.get(source), constants, weights)
                quantised[source] = np.ones(len(weights[0]), np.float32) if factors is None else factors
                nodes += _quantise_input(source, smooth=factors is not None)
                if factors is not None:
                    graph.initializer.append(numpy_helper.from_array(1 / factors, f"{source}/factors"))
            values = numpy_helper.to_array(constants[weight]) * quantised[source][:, None]
            nodes.append(_product(node, source, weight))
            graph.initializer.extend(_integers(values, weight, axis=0))
            replaced.add(weight)
        elif node.op_type == "Gather" and node.input[0] in constants and constants[node.input[0]].dims[0] > 1000:
            weight = node.input[0]
            nodes += _lookup(node, weight)
            graph.initializer.extend(_integers(numpy_helper.to_array(constants[weight]), weight, axis=1))
            replaced.add(weight)
        else:
            nodes.append(node)
    kept = [tensor for tensor in graph.initializer if tensor.name not in replaced]
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.initializer[:]
    graph.initializer.extend(kept)
    if quantised and not any(entry.domain == _CONTRIB for entry in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_CONTRIB, 1))
    return model


def _is_product(node: onnx.NodeProto, constants: Mapping[str, onnx.TensorProto]) -> bool:
    return node.op_type == "MatMul" and node.input[1] in constants and len(constants[node.input[1]].dims) == 2


def _smoothing(
    maker: onnx.NodeProto | None, constants: Mapping[str, onnx.TensorProto], weights: Sequence[NDArray[np.float32]]
) -> NDArray[np.float32] | None:
    """What each channel of an input is divided by, and the rows of its weights multiplied by; None behind no norm."""
    at = _NORMS.get(maker.op_type) if maker is not None else None
    if maker is None or at is None or not all(name in constants for name in maker.input[at : at + 2]):
        return None
    gain, shift = (np.abs(numpy_helper.to_array(constants[name])) for name in maker.input[at : at + 2])
    channels = np.maximum(shift + _DEVIATIONS * gain, _MIN_SCALE)
    rows = np.maximum(np.abs(np.concatenate(weights, axis=1)).max(axis=1), _MIN_SCALE)
    logs = _STRENGTH * np.log(channels) - (1 - _STRENGTH) * np.log(rows)
    factors: NDArray[np.float32] = np.exp(logs - logs.mean()).astype(np.float32)
    return factors


def _integers(values: NDArray[np.float32], name: str, axis: int) -> Iterator[onnx.TensorProto]:
    """A weight as 8-bit integers, and its scales: one for each column (axis 0) or row (axis 1)."""
    scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True) / 127, _MIN_SCALE)
    if axis == 0 and len(values) > 1:
        # Rounding may add a half to each of the two.
        pairs = np.abs(values[:-1] + values[1:]).max(axis=0, keepdims=True)
        scale = np.maximum(scale, pairs / (_PAIR - 1))
    scale = scale.astype(np.float32)
    yield numpy_helper.from_array(np.rint(values / scale).astype(np.int8), f"{name}/integers")
    yield numpy_helper.from_array(scale[0] if axis == 0 else scale, f"{name}/scale")


def _node(kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, inputs, outputs, name=f"{outputs[0]}/{kind}", **attributes)


def _quantise_input(source: str, *, smooth: bool) -> list[onnx.NodeProto]:
    outputs = [f"{source}/integers", f"{source}/scale", f"{source}/zero"]
    if not smooth:
        return [_node("DynamicQuantizeLinear", [source], outputs)]
    smoothed = f"{source}/smoothed"
    return [
        _node("Mul", [source, f"{source}/factors"], [smoothed]),
        _node("DynamicQuantizeLinear", [smoothed], outputs),
    ]


def _product(node: onnx.NodeProto, source: str, weight: str) -> onnx.NodeProto:
    inputs = [f"{source}/integers", f"{weight}/integers", f"{source}/scale", f"{weight}/scale", f"{source}/zero"]
    return _node("MatMulIntegerToFloat", inputs, [node.output[0]], domain=_CONTRIB)


def _lookup(node: onnx.NodeProto, weight: str) -> list[onnx.NodeProto]:
    output = node.output[0]
    return [
        _node("Gather", [f"{weight}/integers", node.input[1]], [f"{output}/row"]),
        _node("Gather", [f"{weight}/scale", node.input[1]], [f"{output}/row_scale"]),
        _node("Cast", [f"{output}/row"], [f"{output}/row_float"], to=onnx.TensorProto.FLOAT),
        _node("Mul", [f"{output}/row_float", f"{output}/row_scale"], [output]),
    ]
