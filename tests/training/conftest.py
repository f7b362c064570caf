"""Labelled files and a very small model."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from arner.ner.models import embedded_folder

CITIES = ("باريس", "لندن", "دبي", "تونس", "عدن", "روما")
DRUGS = ("الأسبرين", "البنسلين", "الأنسولين", "الكورتيزون")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a file of this name and text."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def conll(sentences: list[list[tuple[str, str]]]) -> str:
    return "\n".join("".join(f"{token}\t{tag}\n" for token, tag in sentence) for sentence in sentences)


def visits() -> list[list[tuple[str, str]]]:
    """Sentences of two types: one that the small model knows, and a new one."""
    told = [[("سافر", "O"), ("الوفد", "O"), ("إلى", "O"), (city, "B-LOC"), (".", "O")] for city in CITIES]
    told += [[("يباع", "O"), (drug, "B-DRUG"), ("في", "O"), (city, "B-LOC")] for drug in DRUGS for city in CITIES[:4]]
    return told + [[("تناول", "O"), ("المريض", "O"), (drug, "B-DRUG"), ("أمس", "O")] for drug in DRUGS]


def split_visits() -> tuple[list[list[tuple[str, str]]], list[list[tuple[str, str]]]]:
    """The visits in a random order, parted into those to train on and those to judge by."""
    sentences = visits()
    random.Random(0).shuffle(sentences)
    return sentences[8:], sentences[:8]


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained BERT with one narrow layer, the embedded vocabulary and two types."""
    import torch
    import transformers

    folder = tmp_path_factory.mktemp("models") / "small"
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=10_000,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        pad_token_id=1,
        id2label=dict(enumerate(("O", "B-LOC", "I-LOC", "B-PER", "I-PER"))),
    )
    transformers.utils.logging.disable_progress_bar()
    transformers.BertForTokenClassification(config).save_pretrained(folder)
    transformers.utils.logging.enable_progress_bar()
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(embedded_folder() / "default" / name, folder / name)
    return folder
