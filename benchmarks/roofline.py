"""What the processor could do: its matmul rate, what the model needs, and the share that is reached."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["roofline"]

_ROWS, _WIDTH, _INNER = 256, 384, 1536
"""The product that a window asks for most: rows × width by width × inner."""


def operations(config: dict[str, Any], length: int) -> tuple[float, float]:
    """Multiplications and additions for one token of a sequence: with weights, and within attention.

    The embedding and the labels are left out.

    >>> operations({"hidden_size": 384, "intermediate_size": 1536, "num_hidden_layers": 1}, 0) == (2 * 12 * 384**2, 0)
    True
    """
    width, inner, layers = config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]
    return float(layers * 2 * (4 * width**2 + 2 * width * inner)), float(layers * 4 * length * width)


def roofline(extractor: Any, texts: Sequence[str], model: Path, seconds: float) -> dict[str, Any]:
    """Measures the rates of products in 32 and in 8 bits, and the encoder alone.

    Args:
        extractor: an `arner.Extractor`.
        texts: what the encoder reads.
        model: its folder.
        seconds: for each measurement.
    """
    recognizer = extractor._recognizer
    threads = recognizer.threads
    windows = [job.ids for text in texts for job in recognizer.prepare(text).windows]
    tokens = sum(map(len, windows))
    length = sum(len(ids) ** 2 for ids in windows) / tokens
    begin = time.perf_counter()
    rounds = 0
    while rounds == 0 or time.perf_counter() - begin < seconds:
        recognizer.start([recognizer.prepare(text) for text in texts]).log_probs()
        rounds += 1
    rate = rounds * tokens / (time.perf_counter() - begin)
    weights, attention = operations(json.loads((model / "config.json").read_text("utf-8")), round(length))
    per_token = weights + attention
    result: dict[str, Any] = {
        "threads": threads,
        "tokens_per_second": rate,
        "tokens_read_per_word": tokens / sum(len(text.split()) for text in texts),
        "mean_window": length,
        "gflop_per_token": per_token / 1e9,
        "encoder_gflops": rate * per_token / 1e9,
    }
    for name, make in (("fp32", _fp32), ("int8", _int8)):
        product = make()
        if isinstance(product, str):
            result[f"{name}_absent"] = product
            continue
        peak = _rate(product, threads, seconds)
        result[f"{name}_gflops"] = peak
        result[f"share_of_{name}"] = result["encoder_gflops"] / peak
    if "fp32_gflops" in result and "int8_gflops" in result:
        limit = 1e9 / (weights / result["int8_gflops"] + attention / result["fp32_gflops"])
        result["limit_tokens_per_second"] = limit
        result["share_of_limit"] = rate / limit
    return result


def _rate(product: Callable[[], object], threads: int, seconds: float) -> float:
    """GFLOP/s with so many threads, each with products of its own."""
    each = 2.0 * _ROWS * _WIDTH * _INNER
    product()

    def work() -> int:
        done, begin = 0, time.perf_counter()
        while time.perf_counter() - begin < seconds:
            product()
            done += 1
        return done

    with ThreadPoolExecutor(threads) as pool:
        begin = time.perf_counter()
        done = sum(task.result() for task in [pool.submit(work) for _ in range(threads)])
        return done * each / (time.perf_counter() - begin) / 1e9


def _fp32() -> Callable[[], object] | str:
    return _onnx("MatMul", np.float32)


def _int8() -> Callable[[], object] | str:
    return _onnx("MatMulInteger", np.uint8)


def _onnx(operator: str, kind: Any) -> Callable[[], object] | str:
    """A product by a constant matrix in onnxruntime, which is what runs the model."""
    try:
        import onnx
    except ImportError:
        return "onnx is not installed (pip install 'arner[train]')"
    import onnxruntime

    integer = operator == "MatMulInteger"
    weight = (np.random.default_rng(0).normal(size=(_WIDTH, _INNER)) * 20).astype(np.int8 if integer else np.float32)
    types = (onnx.TensorProto.UINT8, onnx.TensorProto.INT32) if integer else (onnx.TensorProto.FLOAT,) * 2
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node(operator, ["x", "weight"], ["y"])],
        "product",
        [onnx.helper.make_tensor_value_info("x", types[0], [_ROWS, _WIDTH])],
        [onnx.helper.make_tensor_value_info("y", types[1], [_ROWS, _INNER])],
        [onnx.numpy_helper.from_array(weight, "weight")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    feed = {"x": np.ones((_ROWS, _WIDTH), dtype=kind)}
    return lambda: session.run(None, feed)
