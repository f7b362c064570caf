"""Rewrites of a fused, 8-bit BERT graph that keep its meaning and make it faster on a CPU.

What they rest on, measured with onnxruntime on 256 tokens: attention without a mask takes a path that works block by
block in the cache; `SkipLayerNormalization` takes several times as long as `Add` and `LayerNormalization`; and
`MatMulIntegerToFloat` adds a bias while the product is still in registers.

A graph without a mask reads sequences of one length only: `arner.ner.onnx` runs them one by one, which costs a CPU less
than a padded batch does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

import onnx
from onnx import helper

__all__ = ["for_cpu"]

_MASK: Final = "attention_mask"
_MASK_INPUT: Final = 4
"""Which input of `MultiHeadAttention` is the mask."""
_PRODUCT: Final = "MatMulIntegerToFloat"
_SCALES: Final = 3
"""Which input of a product holds the scales of its columns."""
_PRODUCT_INPUTS: Final = 5
"""Inputs of a product without a zero point of its weights and without a bias."""


def for_cpu(model: onnx.ModelProto) -> onnx.ModelProto:
    """Rewrites a graph that `quantise_products` made, in place; a second time changes nothing.

    Args:
        model: a fused BERT with 8-bit weights.
    """
    graph = model.graph
    if not any(node.op_type == _PRODUCT for node in graph.node):
        return model
    sizes = {tensor.name: tensor.dims[0] for tensor in graph.initializer if len(tensor.dims) == 1}
    uses = Counter(name for node in graph.node for name in node.input)
    uses.update(entry.name for entry in graph.output)
    products = {node.output[0]: node for node in graph.node if node.op_type == _PRODUCT}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type == "MultiHeadAttention":
            del node.input[_MASK_INPUT:]
        if node.op_type == "Add" and _take_bias(node, products, uses, sizes):
            continue
        if node.op_type == "SkipLayerNormalization" and len(node.output) == 1:
            nodes += _norm(node, products, uses)
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    _prune(graph)
    return model


def _take_bias(
    node: onnx.NodeProto, products: dict[str, onnx.NodeProto], uses: Mapping[str, int], sizes: Mapping[str, int]
) -> bool:
    """Moves a constant that is added to a product into it, where nothing else uses the bare product."""
    for source, bias in (tuple(node.input), tuple(reversed(node.input))):
        product = products.get(source)
        if product is None or bias not in sizes or sizes[bias] != sizes.get(product.input[_SCALES]):
            continue
        if _with_bias(product, bias, uses):
            del products[source]
            product.output[0] = node.output[0]
            products[node.output[0]] = product
            return True
    return False


def _with_bias(product: onnx.NodeProto, bias: str, uses: Mapping[str, int]) -> bool:
    if uses[product.output[0]] != 1 or len(product.input) != _PRODUCT_INPUTS:
        return False
    product.input.extend(["", bias])
    return True


def _norm(
    node: onnx.NodeProto, products: Mapping[str, onnx.NodeProto], uses: Mapping[str, int]
) -> list[onnx.NodeProto]:
    """(input, skip, gamma, beta, bias) → the sum of input, bias and skip, and its `LayerNormalization`."""
    source, skip, gamma, beta, *bias = node.input
    output = node.output[0]
    added: list[onnx.NodeProto] = []
    if bias and not any(name in products and _with_bias(products[name], bias[0], uses) for name in (source, skip)):
        added.append(helper.make_node("Add", [source, bias[0]], [f"{output}/biased"], name=f"{output}/bias"))
        source = f"{output}/biased"
    epsilon = next((attribute.f for attribute in node.attribute if attribute.name == "epsilon"), 1e-12)
    return [
        *added,
        helper.make_node("Add", [source, skip], [f"{output}/sum"], name=f"{output}/skip"),
        helper.make_node(
            "LayerNormalization",
            [f"{output}/sum", gamma, beta],
            [output],
            name=f"{output}/norm",
            axis=-1,
            epsilon=epsilon,
        ),
    ]


def _prune(graph: onnx.GraphProto) -> None:
    """Leaves out the nodes, constants and the mask that nothing uses any more."""
    wanted = {entry.name for entry in graph.output}
    kept: list[onnx.NodeProto] = []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append(node)
    tensors = [tensor for tensor in graph.initializer if tensor.name in wanted]
    inputs = [entry for entry in graph.input if entry.name in wanted or entry.name != _MASK]
    for field, values in ((graph.node, kept[::-1]), (graph.initializer, tensors), (graph.input, inputs)):
        del field[:]
        field.extend(values)
    del graph.value_info[:]
