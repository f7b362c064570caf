"""Lower layers learn more slowly."""

from __future__ import annotations

import pytest

import arner
from arner.training.tuning.config import FinetuneConfig
from arner.training.tuning.rates import rate_shares

from ..conftest import conll, split_visits

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from safetensors.torch import load_file  # noqa: E402

SIZES = {"vocab_size": 50, "hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 8}


@pytest.mark.parametrize(
    "config",
    [
        transformers.BertConfig(**SIZES, num_hidden_layers=3),
        transformers.DistilBertConfig(vocab_size=50, dim=8, n_heads=2, hidden_dim=8, n_layers=3),
        transformers.ModernBertConfig(**SIZES, num_hidden_layers=3, pad_token_id=0),
    ],
    ids=lambda config: config.model_type,
)
def test_the_rate_falls_from_the_classifier_to_the_embeddings_whatever_the_family(config):
    model = transformers.AutoModelForTokenClassification.from_config(config)
    shares = rate_shares([name for name, _ in model.named_parameters()], 0.5)
    assert {share for name, share in shares.items() if "embeddings." in name} == {0.5**4}
    for layer in range(3):
        assert {share for name, share in shares.items() if f".{layer}." in name} == {0.5 ** (3 - layer)}
    assert {share for name, share in shares.items() if name.startswith("classifier")} == {1.0}


def test_it_falls_where_old_types_are_unmarked():
    assert FinetuneConfig().layer_decay_for(unmarked=True) == 0.75
    assert FinetuneConfig().layer_decay_for(unmarked=False) == 1.0
    assert FinetuneConfig(lora=4).layer_decay_for(unmarked=True) == 1.0
    assert FinetuneConfig(layer_decay=0.9).layer_decay_for(unmarked=False) == 0.9


def test_a_steep_fall_leaves_the_embeddings_nearly_as_they_are(small_model, tmp_path):
    train, held = split_visits()
    for name, part in (("train", train), ("dev", held)):
        (tmp_path / f"{name}.conll").write_text(conll(part), "utf-8")
    moved = {}
    for decay in (0.1, 1.0):
        folder = tmp_path / str(decay)
        report = arner.finetune(
            tmp_path / "train.conll",
            folder,
            base=small_model,
            eval=tmp_path / "dev.conll",
            epochs=1,
            learning_rate=1e-3,
            layer_decay=decay,
            average=False,
            onnx="none",
            tensorboard=False,
        )
        assert report.plan.layer_decay == decay
        assert (f"each layer {decay:g} of the one above" in (folder / "README.md").read_text("utf-8")) == (decay < 1)
        before, after = (load_file(place / "model.safetensors") for place in (small_model, folder))
        moved[decay] = {
            part: max(float((after[name] - before[name]).abs().max()) for name in before if part in name)
            for part in ("embeddings", "layer.0")
        }
    assert moved[0.1]["embeddings"] < 0.05 * moved[1.0]["embeddings"]
    assert 0.02 * moved[1.0]["layer.0"] < moved[0.1]["layer.0"] < 0.3 * moved[1.0]["layer.0"]
