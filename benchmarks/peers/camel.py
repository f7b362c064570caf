"""The way of CAMeL Tools: a sentence a row, every row padded to one length, batches of 32."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Peer, UnavailableError

NAME = "padded to 256 (CAMeL Tools)"
_LENGTH = 256
_BATCH = 32


def load(model: Path, sample: Sequence[str], *, threads: int, device: str) -> list[Peer]:  # noqa: ARG001
    """The same weights, read as `camel_tools.ner` reads them."""
    try:
        import torch
        from transformers import AutoModelForTokenClassification, AutoTokenizer
    except ImportError as error:
        raise UnavailableError(f"{error.name} is not installed (pip install 'arner[train]')") from error
    from arner.text import split_sentences, split_words

    torch.set_num_threads(threads)
    network = AutoModelForTokenClassification.from_pretrained(model, use_safetensors=True).float().to(device).eval()
    tokenizer = AutoTokenizer.from_pretrained(model)

    def read(texts: Sequence[str]) -> list[list[int]]:
        rows = []
        for text in texts:
            words = split_words(text)
            rows += [[word.text for word in words[a:b]] for a, b in split_sentences(words, text)]
        labels: list[list[int]] = []
        with torch.inference_mode():
            for at in range(0, len(rows), _BATCH):
                batch = tokenizer(
                    rows[at : at + _BATCH],
                    is_split_into_words=True,
                    padding="max_length",
                    truncation=True,
                    max_length=_LENGTH,
                    return_tensors="pt",
                ).to(device)
                labels += network(**batch).logits.argmax(-1).tolist()
        return labels

    return [Peer(NAME, "names only; sentences in batches of 32, 32-bit torch; CAMeL Tools' loop, not its code", read)]
