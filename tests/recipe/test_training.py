"""Training: partial labels, augmentation that keeps names whole, and a killed run that ends at the same weights."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from arner.errors import LabelledDataError
from models.recipe import label, pretrain, tokens, train
from models.recipe.augment import Augmenter
from models.recipe.corpora import PROFILES, allowed_labels, conll_rows, document_rows
from models.recipe.import_encoder import SPECIAL, build_tokenizer
from models.recipe.labels import ANYTHING, LABELS, OUTSIDE, OUTSIDE_OR_MISC, mask_of
from models.recipe.run import Run


def test_a_corpus_without_a_type_does_not_vote_against_it() -> None:
    logits = torch.full((1, 1, len(LABELS)), -5.0)
    logits[0, 0, LABELS.index("B-MISC")] = 5.0
    one = torch.ones((1, 1))
    silent = train.batch_loss(logits, torch.tensor([[OUTSIDE_OR_MISC]]), one)
    opposed = train.batch_loss(logits, torch.tensor([[OUTSIDE]]), one)
    assert float(silent) < 0.01 < 5 < float(opposed)
    assert float(train.batch_loss(logits, torch.tensor([[ANYTHING]]), one)) == pytest.approx(0, abs=1e-5)


def test_tags_become_sets_of_labels() -> None:
    wikifane = PROFILES["wikifane"]
    assert allowed_labels("B-Politician", wikifane)[0] == mask_of(["B-PER"])
    assert allowed_labels("I-Nation", wikifane)[0] == mask_of(["I-LOC"])
    assert allowed_labels("B-Book", wikifane)[0] == mask_of(["B-MISC"])
    assert allowed_labels("B-Hardware", wikifane)[0] == mask_of(["B-MISC", "O"])
    assert allowed_labels("B-Celestial", wikifane)[0] == ANYTHING
    assert allowed_labels("B-Group", wikifane)[0] == OUTSIDE_OR_MISC


def test_a_mark_glued_to_a_name_is_outside_it(tmp_path: Path) -> None:
    path = tmp_path / "corpus.conll"
    path.write_text("قال\tO\nفرنسوا\tB-PER\nميتيران،\tI-PER\nأمس\tO\n", encoding="utf-8")
    (row,) = conll_rows("wikiann", path, PROFILES["wikiann"])
    assert row["words"] == ["قال", "فرنسوا", "ميتيران", "،", "أمس"]
    inside = mask_of(["I-PER"])
    assert row["allowed"] == [OUTSIDE_OR_MISC, mask_of(["B-PER"]), inside, OUTSIDE_OR_MISC, OUTSIDE_OR_MISC]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "corpus.conll"
    path.write_text("قال\tO\nفرنسوا\n", encoding="utf-8")
    with pytest.raises(LabelledDataError, match=r"corpus\.conll:2"):
        list(conll_rows("wikiann", path, PROFILES["wikiann"]))


def test_documents_label_words_that_carry_clitics(tmp_path: Path) -> None:
    text = "سافر الوفد.\nوصل لباريس ثم لندن"
    places = ("باريس", "لندن")
    mentions = [{"start": text.index(p), "end": text.index(p) + len(p), "type": "LOC"} for p in places]
    (tmp_path / "a.json").write_text(json.dumps({"text": text, "mentions": mentions}), encoding="utf-8")
    first, second = document_rows("documents", tmp_path, PROFILES["documents"])
    assert first["allowed"] == [OUTSIDE] * 3
    begin = mask_of(["B-LOC"])
    assert list(zip(second["words"], second["allowed"], strict=True))[1] == ("لباريس", begin)
    assert second["allowed"] == [OUTSIDE, begin, OUTSIDE, begin]


NAMES = {"PER": [("جون", "سميث"), ("مريم",)], "LOC": [("الخرطوم",)]}


@given(st.integers(0, 10_000))
def test_augmented_rows_keep_words_and_labels_together(seed: int) -> None:
    words = ["قال", "محمد", "علي", "في", "القاهرة", "."]
    allowed = [OUTSIDE, mask_of(["B-PER"]), mask_of(["I-PER"]), OUTSIDE, mask_of(["B-LOC"]), OUTSIDE]
    augmenter = Augmenter(NAMES, swap=0.5, alef=0.5, ending=0.5, quote=0.5, attach=0.5, bare=0.5)
    new_words, new_allowed = augmenter.apply(words, allowed, random.Random(seed))
    assert len(new_words) == len(new_allowed)
    assert new_allowed.count(mask_of(["B-PER"])) == new_allowed.count(mask_of(["B-LOC"])) == 1
    assert new_words[0] == "قال" and new_allowed[0] == OUTSIDE
    assert (words, allowed[0]) == (["قال", "محمد", "علي", "في", "القاهرة", "."], OUTSIDE)


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    """A folder with a very small encoder."""
    from transformers import BertConfig, BertModel

    folder = tmp_path / "encoder"
    letters = [(piece, 0.0) for piece in SPECIAL] + [(letter, -3.0) for letter in "▁ابتقلمنويرسدع."]
    config = BertConfig(
        vocab_size=len(letters), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16
    )
    torch.manual_seed(0)
    BertModel(config).save_pretrained(folder)
    build_tokenizer(letters).save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text("{}")
    return folder


def options(stage: ModuleType, *command: object) -> argparse.Namespace:
    """The options of a stage's short run on a CPU."""
    parser = argparse.ArgumentParser()
    stage.add_arguments(parser)
    return parser.parse_args([*map(str, command), "--budget", "32", "--epochs", "2", "--device", "cpu", "--no-bf16"])


@pytest.fixture
def fine_tuning(encoder: Path, tmp_path: Path) -> argparse.Namespace:
    from datasets import Dataset

    rows = [
        {"corpus": "documents", "words": ["قال", "علي", "."], "allowed": [1, 2, 1], "weight": 1.0},
        {"corpus": "anercorp", "words": ["دبي", "مدينة"], "allowed": [8, 1], "weight": 1.0},
    ] * 6
    Dataset.from_list(rows).save_to_disk(str(tmp_path / "corpora"))
    return options(train, "--encoder", encoder, "--corpora", tmp_path / "corpora", "--output", tmp_path / "whole")


@pytest.fixture
def pretraining(encoder: Path, tmp_path: Path) -> argparse.Namespace:
    text = tmp_path / "news.txt"
    text.write_text("قال علي مرة.\nوسار.\n\nدبي مدينة.\n\nعاد.\n\n" * 4, encoding="utf-8")
    tokens.run(encoder, [text], tmp_path / "tokens", share=1.0, limit=16, seed=1)
    return options(pretrain, "--encoder", encoder, "--tokens", tmp_path / "tokens", "--output", tmp_path / "whole")


def weights(folder: Path) -> dict[str, object]:
    from safetensors.torch import load_file

    return dict(load_file(folder / "model.safetensors"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("stage", "name"), [(train, "fine_tuning"), (pretrain, "pretraining")])
def test_a_killed_run_goes_on_to_the_same_weights(
    stage: ModuleType, name: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = request.getfixturevalue(name)
    stage.main(setting)
    whole = weights(tmp_path / "whole")

    setting.output = tmp_path / "killed"
    setting.save_every = 0.0
    step, steps = Run._step, iter(range(5))

    def dying(run: Run, batch: object, total: int) -> float:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        return step(run, batch, total)

    monkeypatch.setattr(Run, "_step", dying)
    with pytest.raises(KeyboardInterrupt):
        stage.main(setting)
    monkeypatch.setattr(Run, "_step", step)
    stage.main(setting)
    resumed = weights(tmp_path / "killed")
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


@pytest.mark.filterwarnings("ignore")
def test_pretraining_can_be_fine_tuned_with_fewer_layers(
    fine_tuning: argparse.Namespace, pretraining: argparse.Namespace, tmp_path: Path
) -> None:
    pretrain.main(pretraining)
    before = weights(tmp_path / "whole")
    fine_tuning.encoder, fine_tuning.layers, fine_tuning.output = tmp_path / "whole", 1, tmp_path / "tuned"
    fine_tuning.rate = 0.0
    train.main(fine_tuning)
    after = weights(tmp_path / "tuned")
    name = "bert.encoder.layer.0.output.dense.weight"
    assert torch.allclose(before[name], after[name], atol=1e-6)
    assert not any("layer.1" in key for key in after)


def test_whole_words_are_hidden() -> None:
    begins, special = frozenset({10, 11}), frozenset({0, 2})
    ids = [0, 10, 5, 6, 11, 10, 5, 2]
    for seed in range(30):
        hidden = pretrain.hide_words(ids, begins, special, 0.5, random.Random(seed))
        assert not hidden[0] and not hidden[-1]
        assert hidden[1] == hidden[2] == hidden[3] and hidden[5] == hidden[6]


def test_sequences_hold_every_word_and_fit(encoder: Path) -> None:
    from tokenizers import Tokenizer

    from models.recipe.batches import Encoder

    words = Encoder(Tokenizer.from_file(str(encoder / "tokenizer.json")))
    text = "قال علي مرة.\n" + "وسار من دبي " * 20 + "\nعاد.\n"
    found = list(tokens.sequences(text, words, 16))
    assert all(len(ids) <= 16 and ids[0] == words.bos and ids[-1] == words.eos for ids in found)
    pieces = [piece for word in text.replace(".", " .").split() for piece in words.word_ids(word)]
    assert [piece for ids in found for piece in ids[1:-1]] == pieces


def test_only_labels_that_models_agree_on_count() -> None:
    certain, other = np.full((3, len(LABELS)), 0.001), np.full((3, len(LABELS)), 0.001)
    certain[:, 0] = 0.99
    other[0, 0], other[1, 1], other[2, 0] = 0.99, 0.99, 0.02
    opinions = [np.log(rows).astype(np.float32) for rows in (certain, other)]
    assert label.masks(opinions, 0.9) == [OUTSIDE, ANYTHING, ANYTHING]
    assert label.masks(opinions[:1], 0.9) == [OUTSIDE] * 3
