"""arner and its peers on the same texts, chunk by chunk in turns."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import interleaved, paired_test
from benchmarks.peers import Peer, load_peers
from benchmarks.texts import chunks, paragraphs

__all__ = ["compare"]

_WHOLE = "arner, names and relations"
_LAYERS = "arner, all but the model"


def compare(
    extractor: Any, model: Path, texts: Sequence[str], *, count: int, words: int, threads: int, device: str
) -> dict[str, Any]:
    """Words per second of each, ratios to arner with a test, and which peers are absent.

    Args:
        extractor: an `arner.Extractor` on `threads` threads.
        model: folder with the weights of both.
        texts: articles.
        count: chunks.
        words: words of a chunk, about.
        threads: CPU threads for the peers.
        device: for arner and the peers.
    """
    parts = chunks(texts, count, words)
    peers, absent = load_peers(model, parts[0], threads=threads, device=device)
    own = [
        Peer(_WHOLE, "Extractor.pipe over articles, linking and relations included", lambda t: list(extractor.pipe(t))),
        Peer("arner, names", "the recogniser alone, over paragraphs", lambda t: _names(extractor, t)),
        Peer(
            _LAYERS, "linking and relations, the model's answers kept from before", _Layers(extractor, parts), "rules"
        ),
    ]
    readers = {peer.name: peer.read for peer in (*own, *peers)}
    seconds = interleaved(readers, parts)
    sizes = [sum(len(text.split()) for text in part) for part in parts]
    rows = []
    for peer in (*own, *peers):
        against = _LAYERS if peer.kind == "rules" else _WHOLE
        logs = [math.log(b / a) for a, b in zip(seconds[against], seconds[peer.name], strict=True)]
        rates = [size / second for size, second in zip(sizes, seconds[peer.name], strict=True)]
        rows.append(
            {
                "name": peer.name,
                "note": peer.note,
                "words_per_second": statistics.median(rates),
                "against": against,
                "times_slower": math.exp(statistics.median(logs)),
                "p": None if peer.name == against else paired_test(logs),
                "seconds": seconds[peer.name],
            }
        )
    return {"chunks": count, "words": sum(sizes), "rows": rows, "absent": absent}


def _names(extractor: Any, texts: Sequence[str]) -> Any:
    return extractor._recognizer.recognize_many([line for text in texts for line in paragraphs(text)])


class _Layers:
    """The layers above the model, on texts whose names are known."""

    def __init__(self, extractor: Any, parts: Sequence[Sequence[str]]) -> None:
        recognizer = extractor._recognizer
        self._extractor = extractor
        self._names = {text: recognizer.recognize(text) for part in parts for text in part}

    def __call__(self, texts: Sequence[str]) -> object:
        extractor = self._extractor
        prepare = extractor._recognizer.prepare
        return [extractor._read(prepare(text), self._names[text], None, None) for text in texts]
