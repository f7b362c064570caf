"""Raw text → sequences of token ids, for the masked-language-model stage.

Text is folded and split into words as the library does it. Consecutive paragraphs of a document share a sequence as
long as they fit; a paragraph that is longer than a sequence goes on in the next one. The result is a `datasets` folder
with one row a sequence, `ids` (16-bit), a few bytes a word, so that it travels well to a machine with a GPU.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.recipe.raw_text import read_documents

log = logging.getLogger("recipe.tokens")


def sequences(text: str, encoder: Any, limit: int) -> Iterator[list[int]]:
    """Token ids of a document in runs of at most `limit`, bos and eos included; words stay whole.

    Args:
        encoder: a `models.recipe.batches.Encoder`.
    """
    from arner.text import split_words

    ids: list[int] = [encoder.bos]
    for paragraph in text.split("\n"):
        pieces = [encoder.word_ids(word.folded) for word in split_words(paragraph)]
        size = sum(map(len, pieces))
        if len(ids) > 1 and len(ids) + size + 1 > limit:
            yield [*ids, encoder.eos]
            ids = [encoder.bos]
        for piece in pieces:
            if len(ids) > 1 and len(ids) + len(piece) + 1 > limit:
                yield [*ids, encoder.eos]
                ids = [encoder.bos]
            ids += piece[: limit - 2]
    if len(ids) > 1:
        yield [*ids, encoder.eos]


def run(encoder: Path, texts: list[Path], output: Path, *, share: float, limit: int, seed: int) -> None:
    """Writes the dataset folder `output`.

    Raises:
        SystemExit: the vocabulary is too large for 16-bit ids.
    """
    from datasets import Dataset, Features, Sequence, Value
    from tokenizers import Tokenizer

    from models.recipe.batches import Encoder

    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    if tokenizer.get_vocab_size() > 2**16:
        raise SystemExit(f"{encoder} has {tokenizer.get_vocab_size():,} pieces, more than 16-bit ids can name")
    words = Encoder(tokenizer)

    def rows() -> Iterator[dict[str, list[int]]]:
        for path in texts:
            count = tokens = 0
            for document in read_documents(path, share, seed):
                for ids in sequences(document, words, limit):
                    count, tokens = count + 1, tokens + len(ids)
                    yield {"ids": ids}
            log.info("%s: %s sequences, %s tokens", path.name, f"{count:,}", f"{tokens:,}")

    Dataset.from_list(list(rows()), features=Features({"ids": Sequence(Value("uint16"))})).save_to_disk(str(output))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--encoder", type=Path, required=True, help="folder that `import` wrote")
    parser.add_argument("--text", type=Path, nargs="+", required=True, help="raw text, plain or .xz")
    parser.add_argument("--output", type=Path, required=True, help="dataset folder to write")
    parser.add_argument("--share", type=float, default=1.0, help="share of a file's documents that is read")
    parser.add_argument("--limit", type=int, default=128, help="tokens in a sequence")
    parser.add_argument("--seed", type=int, default=1)


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    run(args.encoder, args.text, args.output, share=args.share, limit=args.limit, seed=args.seed)
