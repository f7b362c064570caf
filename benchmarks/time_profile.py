"""Where the time goes: the layers of arner on one core, and the operators of the encoder."""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

__all__ = ["profile"]

_ROUNDS = 5
_WINDOWS = 30
_PARTS = {
    "complete_names": "names that the model left out",
    "link": "linking",
    "find_relations": "relations and dates",
    "Document": "the document",
}
"""What `arner.extractor` calls above the recogniser."""


def profile(model: str, texts: Sequence[str]) -> dict[str, Any]:
    """CPU time of each layer in µs a word, and of each operator of the encoder in ms for a window.

    Args:
        model: name or folder of a model.
        texts: articles.
    """
    from arner.extractor import Extractor
    from arner.ner.models import find_folder

    extractor = Extractor(model, device="cpu", threads=1)
    words = sum(len(text.split()) for text in texts)
    rounds = [_layers(extractor, texts) for _ in range(_ROUNDS)]
    layers = {name: min(one[name] for one in rounds) / words * 1e6 for name in rounds[0]}
    result: dict[str, Any] = {"words": words, "layers_us_per_word": layers}
    folder = find_folder(model)
    path = None if folder is None else next((p for p in sorted(folder.glob("*.onnx"), reverse=True)), None)
    if path is not None:
        windows = [job.ids for text in texts for job in extractor._recognizer.prepare(text).windows]
        longest = sorted(windows, key=len)[-_WINDOWS:]
        result["window_tokens"] = sum(map(len, longest)) / len(longest)
        result["operators_ms"] = _operators(path, longest)
    return result


class _Clock:
    """CPU time of this thread within calls, without that of the timed calls inside them."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            begin = time.thread_time()
            try:
                return call(*args, **options)
            finally:
                whole = time.thread_time() - begin
                self.spent[name] += whole - self._inner.pop()
                self._inner[-1] += whole

        return run


def _layers(extractor: Any, texts: Sequence[str]) -> dict[str, float]:
    import arner.extractor as composed

    clock = _Clock()
    recognizer = extractor._recognizer
    backend = recognizer._backend
    with ExitStack() as stack:
        for name, label in _PARTS.items():
            stack.enter_context(patch.object(composed, name, clock.timed(label, getattr(composed, name))))
        stack.enter_context(
            patch.object(recognizer, "prepare", clock.timed("words, sentences, tokens", recognizer.prepare))
        )
        stack.enter_context(patch.object(backend, "logits", clock.timed("the encoder", backend.logits)))
        stack.enter_context(patch.object(recognizer, "names", clock.timed("labels to names", recognizer.names)))
        read = clock.timed("everything else", lambda: [extractor.extract(text) for text in texts])
        read()
    return dict(clock.spent)


def _operators(path: Path, windows: Sequence[Sequence[int]]) -> dict[str, float]:
    """Median time of each kind of operator on one core, in ms for a window."""
    from arner.ner.quiet_onnxruntime import onnxruntime

    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder) / "profile")
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        masked = any(entry.name == "attention_mask" for entry in session.get_inputs())
        for ids in windows:
            feed = {"input_ids": np.array([ids], dtype=np.int64)}
            if masked:
                feed["attention_mask"] = np.ones_like(feed["input_ids"])
            session.run(None, feed)
        events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
    spent: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            spent[event["args"]["op_name"]][event["name"]].append(event["dur"] / 1000)
    totals = {kind: sum(float(np.median(times)) for times in nodes.values()) for kind, nodes in spent.items()}
    return dict(sorted(totals.items(), key=lambda item: -item[1]))
