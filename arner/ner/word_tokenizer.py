"""Words → the token ids of a model, one word at a time, so that a word's tokens are known without offsets."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tokenizers import Tokenizer

from arner.errors import MissingExtraError, ModelFormatError, ModelNotFoundError
from arner.ner.hub import load_from_hub

__all__ = ["WordTokenizer"]

_FIRST = ("<s>", "[CLS]")
_LAST = ("</s>", "[SEP]")
_PAD = ("<pad>", "[PAD]")
_UNKNOWN = ("<unk>", "[UNK]")
_REMEMBERED = 100_000
"""Words whose token ids are kept: some 20 MB, and nearly every word of a news stream."""
_LONGEST = 100
"""Characters of a word that are tokenised: what is longer is no word, and the cost of a unigram grows with it."""


_LARGEST: Final = 200_000_000
"""Bytes of a `tokenizer.json`: those of a million tokens have some 80 MB."""


class WordTokenizer:
    """A tokenizer with a memory of the words it has seen. Threads may share one.

    Args:
        tokenizer: any fast tokenizer with a beginning, an end and a padding token.

    Attributes:
        highest: the highest id that it can give.

    Raises:
        ModelFormatError: the tokenizer lacks one of those tokens.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self.first = self._special(_FIRST)
        self.last = self._special(_LAST)
        self.pad = self._special(_PAD)
        self._unknown = self._special(_UNKNOWN)
        self.highest = max(tokenizer.get_vocab(with_added_tokens=True).values())
        self._seen: dict[str, tuple[int, ...]] = {}

    @classmethod
    def from_file(cls, path: Path) -> WordTokenizer:
        """Reads a `tokenizer.json`.

        Raises:
            ModelFormatError: no such file, or not a tokenizer.
        """
        if not path.is_file():
            raise ModelFormatError(f"{path} is missing; it belongs to every model folder")
        size = path.stat().st_size
        if size > _LARGEST:
            raise ModelFormatError(f"{path} has {size:,} bytes; no tokenizer has more than {_LARGEST:,}")
        try:
            return cls(Tokenizer.from_file(str(path)))
        except ModelFormatError:
            raise
        except BaseException as error:
            if _is_of_tokenizers(error):
                raise ModelFormatError(f"{path} is not a tokenizer: {error}") from error
            raise

    @classmethod
    def from_hub(cls, model: str) -> WordTokenizer:
        """The fast tokenizer of a Hugging Face model.

        Raises:
            MissingExtraError: transformers is not installed.
            ModelNotFoundError: no such model.
            ModelFormatError: it has no fast tokenizer.
        """
        try:
            from transformers import AutoTokenizer
        except ImportError as error:
            raise MissingExtraError(f"Loading the tokenizer of {model!r}", "train") from error
        try:
            loaded: Any = load_from_hub(AutoTokenizer.from_pretrained, model, trust_remote_code=False)
        except (OSError, ValueError) as error:
            raise ModelNotFoundError(f"transformers cannot load the tokenizer of {model!r}: {error}") from error
        if getattr(loaded, "backend_tokenizer", None) is None:
            raise ModelFormatError(f"{model!r} has no fast tokenizer")
        return cls(loaded.backend_tokenizer)

    def _special(self, names: tuple[str, ...]) -> int:
        for name in names:
            index = self._tokenizer.token_to_id(name)
            if index is not None:
                return int(index)
        raise ModelFormatError(f"the tokenizer has none of the tokens {', '.join(names)}")

    def ids(self, word: str) -> tuple[int, ...]:
        """Token ids of a folded word: at least one, since a word that leaves no token is an unknown one.

        Raises:
            ModelFormatError: the tokenizer fails.
        """
        known = self._seen.get(word)
        if known is None:
            try:
                encoded = self._tokenizer.encode(word[:_LONGEST], add_special_tokens=False).ids
            except BaseException as error:
                if _is_of_tokenizers(error):
                    raise ModelFormatError(f"the tokenizer cannot cut the word {word[:40]!r}: {error}") from error
                raise
            known = tuple(encoded) or (self._unknown,)
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[word] = known
        return known


def _is_of_tokenizers(error: BaseException) -> bool:
    """Whether tokenizers raised it: a bare Exception, or a panic of Rust, which is none."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"
