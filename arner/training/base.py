"""The model that fine-tuning starts from: an embedded one, a local folder, or a Hugging Face id."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arner.errors import MissingExtraError, ModelFormatError, ModelNotFoundError
from arner.ner.labels import LabelScheme
from arner.ner.models import find_folder
from arner.ner.word_tokenizer import WordTokenizer

__all__ = ["Base", "load_base", "quiet_transformers"]


@dataclass(frozen=True)
class Base:
    """A transformers token-classification model in 32-bit floats on the CPU, with what belongs to it.

    Attributes:
        scheme: labels of its classifier; None where it was never trained.
        licence: of its weights, where known.
    """

    name: str
    folder: Path | None
    model: Any
    scheme: LabelScheme | None
    tokenizer: WordTokenizer
    licence: str | None

    def save_tokenizer(self, output: Path) -> None:
        """Writes `tokenizer.json`, and what transformers wants beside it."""
        if self.folder is None:
            from transformers import AutoTokenizer

            AutoTokenizer.from_pretrained(self.name, trust_remote_code=False).save_pretrained(output)
            return
        for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
            if (self.folder / name).is_file():
                shutil.copyfile(self.folder / name, output / name)


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


def load_base(base: str) -> Base:
    """Loads the model; safetensors only, and never code from the model's folder.

    Raises:
        MissingExtraError: torch, transformers or accelerate is not installed.
        ModelNotFoundError: no such model.
        ModelFormatError: it has no safetensors weights, or transformers cannot load it for token classification.
    """
    try:
        import accelerate
        import transformers
    except ImportError as error:
        raise MissingExtraError("Fine-tuning", "train") from error
    del accelerate
    folder = find_folder(base)
    if folder is not None and not (folder / "model.safetensors").is_file():
        raise ModelFormatError(f"{folder} has no model.safetensors; fine-tuning starts from those weights")
    source = base if folder is None else str(folder)
    try:
        model, report = transformers.AutoModelForTokenClassification.from_pretrained(
            source, use_safetensors=True, trust_remote_code=False, output_loading_info=True
        )
    except (OSError, ValueError, KeyError) as error:
        kind = ModelNotFoundError if folder is None and isinstance(error, OSError) else ModelFormatError
        raise kind(f"transformers cannot load {source!r} for token classification: {error}") from error
    untrained = any("classifier" in name for name in report["missing_keys"])
    names = model.config.id2label
    about = folder / "arner.json" if folder is not None else None
    return Base(
        name=base,
        folder=folder,
        model=model.float(),
        scheme=None if untrained else LabelScheme(tuple(str(names[index]) for index in range(len(names)))),
        tokenizer=WordTokenizer.from_hub(base)
        if folder is None
        else WordTokenizer.from_file(folder / "tokenizer.json"),
        licence=json.loads(about.read_text(encoding="utf-8")).get("licence") if about and about.is_file() else None,
    )
