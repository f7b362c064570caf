"""The model that fine-tuning starts from: an embedded one, a local folder, or a Hugging Face id."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from arner.errors import MissingExtraError, ModelFormatError
from arner.ner.hub import load_from_hub
from arner.ner.labels import LabelScheme
from arner.ner.model_folder import own_file, read_about
from arner.ner.models import find_folder
from arner.ner.torch_loading import load_token_classifier
from arner.ner.word_tokenizer import WordTokenizer

__all__ = ["REHEARSAL", "Base", "load_base", "quiet_transformers"]

REHEARSAL: Final = "rehearsal.txt"
"""Text in a model's folder, a passage on each line, that keeps its types in mind when it is fine-tuned."""


@dataclass(frozen=True)
class Base:
    """A transformers token-classification model in 32-bit floats on the CPU, with what belongs to it.

    Attributes:
        scheme: labels of its classifier; None where it was never trained.
        licence: of its weights, where known.
        fingerprint: tells these weights from others under the same name.
    """

    name: str
    folder: Path | None
    model: Any
    scheme: LabelScheme | None
    tokenizer: WordTokenizer
    licence: str | None
    fingerprint: str

    def save_tokenizer(self, output: Path) -> None:
        """Writes `tokenizer.json`, what transformers wants beside it, and the rehearsal text."""
        if self.folder is None:
            from transformers import AutoTokenizer

            load_from_hub(AutoTokenizer.from_pretrained, self.name, trust_remote_code=False).save_pretrained(output)
            return
        for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", REHEARSAL):
            path = own_file(self.folder, name)
            if path is not None:
                shutil.copyfile(path, output / name)


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keeps transformers from drawing progress bars for every file that it reads or writes.

    Raises:
        MissingExtraError: transformers is not installed.
    """
    try:
        from transformers.utils import logging
    except ImportError as error:
        raise MissingExtraError("Fine-tuning", "train") from error
    drawn = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if drawn:
            logging.enable_progress_bar()


def load_base(base: str, *, device: str = "cpu") -> Base:
    """Loads the model; safetensors only, and never code from the model's folder.

    Args:
        device: where it is to be trained; it is loaded on the CPU.

    Raises:
        MissingExtraError: torch, transformers or accelerate is not installed.
        ModelNotFoundError: no such model.
        ModelFormatError: it has no safetensors weights, or transformers cannot load it for token classification.
    """
    try:
        import accelerate
    except ImportError as error:
        raise MissingExtraError("Fine-tuning", "train") from error
    del accelerate
    folder = find_folder(base)
    if folder is not None and own_file(folder, "model.safetensors") is None:
        raise ModelFormatError(f"{folder} has no model.safetensors; fine-tuning starts from those weights")
    # On a CPU the fused attention of torch takes half as long again, forward and back in bfloat16.
    attention = "sdpa" if device == "cuda" else "eager"
    model, missing = load_token_classifier(base if folder is None else str(folder), attention=attention)
    untrained = any("classifier" in name for name in missing)
    names = model.config.id2label
    return Base(
        name=base,
        folder=folder,
        model=model.float(),
        scheme=None if untrained else LabelScheme(tuple(str(names[index]) for index in range(len(names)))),
        tokenizer=WordTokenizer.from_hub(base)
        if folder is None
        else WordTokenizer.from_file(own_file(folder, "tokenizer.json") or folder / "tokenizer.json"),
        licence=(read_about(folder).licence or None) if folder is not None else None,
        fingerprint=_digest(folder / "model.safetensors")
        if folder is not None
        else str(getattr(model.config, "_commit_hash", None) or ""),
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
