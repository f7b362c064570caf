"""The torch backend: the same names as ONNX from the embedded model, and models of other families and label sets."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from arner.errors import InputError, ModelFormatError
from arner.ner.backend import log_softmax
from arner.ner.models import embedded_folder, load_recognizer
from arner.ner.torch import TorchBackend
from arner.text import split_words

TEXTS = [
    "التقى الرئيس المصري عبد الفتاح السيسي وزير الخارجية الأميركي أنتوني بلينكن في القاهرة.",
    "افتتحت شركة مايكروسوفت مكتبا جديدا في دبي.",
]


@pytest.fixture
def torch_folder(tmp_path: Path) -> Path:
    """The embedded model with its safetensors weights only."""
    for name in ("config.json", "tokenizer.json", "arner.json", "model.safetensors"):
        shutil.copyfile(embedded_folder() / "default" / name, tmp_path / name)
    return tmp_path


def test_torch_and_onnx_find_the_same_names(torch_folder: Path) -> None:
    onnx = load_recognizer("default").recognize_many(TEXTS)
    torch_names = load_recognizer(str(torch_folder), device="cpu").recognize_many(TEXTS)
    for ours, theirs in zip(onnx, torch_names, strict=True):
        assert [(n.start, n.end, n.type) for n in ours] == [(n.start, n.end, n.type) for n in theirs]
        assert [n.score for n in ours] == pytest.approx([n.score for n in theirs], abs=0.1)


def _other_model(folder: Path, family: str, labels: list[str]) -> None:
    """A small untrained model of another family over the embedded vocabulary."""
    torch.manual_seed(0)
    sizes = {"vocab_size": 10_000, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = transformers.AutoConfig.for_model(
        family, **sizes, intermediate_size=64, id2label=dict(enumerate(labels)), pad_token_id=1
    )
    transformers.AutoModelForTokenClassification.from_config(config).save_pretrained(folder)
    shutil.copyfile(embedded_folder() / "default" / "tokenizer.json", folder / "tokenizer.json")


@pytest.mark.parametrize("family", ["bert", "xlm-roberta", "electra", "distilbert"])
def test_any_family_with_its_own_labels_runs(tmp_path: Path, family: str) -> None:
    _other_model(tmp_path, family, ["O", "B-OCC", "I-OCC", "B-GPE", "I-GPE"])
    recogniser = load_recognizer(str(tmp_path), device="cpu")
    assert recogniser.scheme.types == ("OCC", "GPE")
    for name in recogniser.recognize(TEXTS[0]):
        assert name.type in ("OCC", "GPE")


def test_a_model_without_a_trained_head_is_refused(tmp_path: Path) -> None:
    _other_model(tmp_path, "bert", ["O", "B-PER"])
    config = transformers.AutoConfig.from_pretrained(tmp_path)
    transformers.BertModel(config).save_pretrained(tmp_path)
    transformers.BertConfig(**{**config.to_dict(), "id2label": {0: "O", 1: "B-PER"}}).save_pretrained(tmp_path)
    with pytest.raises(ModelFormatError, match="head"):
        load_recognizer(str(tmp_path), device="cpu")


def test_a_batch_changes_no_probability_by_more_than_rounding(torch_folder: Path) -> None:
    """Documented tolerance of torch on a CPU: 1e-4 between a padded batch and a sequence alone."""
    recogniser = load_recognizer(str(torch_folder), device="cpu")
    texts = [*TEXTS, " ".join(TEXTS * 9)]
    words = [split_words(text) for text in texts]
    together = recogniser.word_log_probs(texts, words)
    for text, found, probs in zip(texts, words, together, strict=True):
        (alone,) = recogniser.word_log_probs([text], [found])
        assert np.abs(np.exp(alone) - np.exp(probs)).max() < 1e-4


@pytest.mark.parametrize("family", ["bert", "electra", "xlm-roberta"])
def test_packed_sequences_give_what_padded_ones_give(tmp_path: Path, family: str) -> None:
    """What a GPU reads; on a CPU, with its attention computed sequence by sequence."""
    _other_model(tmp_path, family, ["O", "B-PER", "I-PER"])
    padded, packed = (TorchBackend(str(tmp_path), device="cpu", packed=packed) for packed in (False, True))
    batch = [[0, *range(5, 5 + length), 2] for length in (1, 40, 7, 7, 200)]
    kept = [[1], [1, 3, 40], [2], [], list(range(200))]
    assert packed.packed and not padded.packed
    logits = padded.logits(batch, 1)
    for row, sequence in enumerate(batch):
        assert packed.logits(batch, 1)[row, : len(sequence)] == pytest.approx(logits[row, : len(sequence)], abs=1e-5)
    both = (backend.log_probs(batch, kept, 1, 1.5) for backend in (padded, packed))
    for ours, theirs, places, row in zip(*both, kept, logits, strict=True):
        assert theirs.shape == (len(places), 3)
        assert theirs == pytest.approx(ours, abs=1e-5)
        assert ours == pytest.approx(log_softmax(row[places] / 1.5), abs=1e-5)


def test_a_family_that_cannot_be_packed_is_refused_and_not_padded(tmp_path: Path) -> None:
    _other_model(tmp_path, "distilbert", ["O", "B-PER"])
    with pytest.raises(InputError, match="packed"):
        TorchBackend(str(tmp_path), device="cpu", packed=True)
    assert not TorchBackend(str(tmp_path), device="cpu").packed


def test_a_gpu_that_is_not_there_is_an_error(torch_folder: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("a GPU is there")
    with pytest.raises(InputError, match="cannot be used"):
        load_recognizer(str(torch_folder), device="cuda")
