"""Training: partial labels, augmentation that keeps names whole, and a killed run that ends at the same weights."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from arner.errors import LabelledDataError
from models.recipe import train
from models.recipe.augment import Augmenter
from models.recipe.corpora import PROFILES, allowed_labels, conll_rows, document_rows
from models.recipe.import_encoder import SPECIAL, build_tokenizer
from models.recipe.labels import ANYTHING, LABELS, OUTSIDE, OUTSIDE_OR_MISC, mask_of


def test_a_corpus_without_a_type_does_not_vote_against_it() -> None:
    logits = torch.full((1, 1, len(LABELS)), -5.0)
    logits[0, 0, LABELS.index("B-MISC")] = 5.0
    one = torch.ones((1, 1))
    silent = train.partial_label_loss(logits, torch.tensor([[OUTSIDE_OR_MISC]]), one)
    opposed = train.partial_label_loss(logits, torch.tensor([[OUTSIDE]]), one)
    assert float(silent) < 0.01 < 5 < float(opposed)
    assert float(train.partial_label_loss(logits, torch.tensor([[ANYTHING]]), one)) == pytest.approx(0, abs=1e-5)


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
def setting(tmp_path: Path) -> argparse.Namespace:
    """A very small encoder, a corpus of a few rows, and the options of a short run."""
    from datasets import Dataset
    from transformers import BertConfig, BertModel

    encoder = tmp_path / "encoder"
    letters = [(piece, 0.0) for piece in SPECIAL] + [(letter, -3.0) for letter in "▁ابتقلمنويرسدع."]
    config = BertConfig(
        vocab_size=len(letters), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    torch.manual_seed(0)
    BertModel(config).save_pretrained(encoder)
    build_tokenizer(letters).save(str(encoder / "tokenizer.json"))
    (encoder / "tokenizer_config.json").write_text("{}")
    rows = [
        {"corpus": "documents", "words": ["قال", "علي", "."], "allowed": [1, 2, 1], "weight": 1.0},
        {"corpus": "anercorp", "words": ["دبي", "مدينة"], "allowed": [8, 1], "weight": 1.0},
    ] * 6
    Dataset.from_list(rows).save_to_disk(str(tmp_path / "corpora"))
    parser = argparse.ArgumentParser()
    train.add_arguments(parser)
    command = ["--encoder", str(encoder), "--corpora", str(tmp_path / "corpora"), "--output", str(tmp_path / "whole")]
    return parser.parse_args([*command, "--budget", "32", "--epochs", "2", "--device", "cpu", "--no-bf16"])


def weights(folder: Path) -> dict[str, object]:
    from safetensors.torch import load_file

    return dict(load_file(folder / "model.safetensors"))


@pytest.mark.filterwarnings("ignore")
def test_a_killed_run_goes_on_to_the_same_weights(
    setting: argparse.Namespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train.main(setting)
    whole = weights(tmp_path / "whole")

    setting.output = tmp_path / "killed"
    setting.save_every = 0.0
    step, steps = train.Run._step, iter(range(7))

    def dying(run: train.Run, batch: object, total: int) -> float:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        return step(run, batch, total)

    monkeypatch.setattr(train.Run, "_step", dying)
    with pytest.raises(KeyboardInterrupt):
        train.main(setting)
    monkeypatch.setattr(train.Run, "_step", step)
    train.main(setting)
    resumed = weights(tmp_path / "killed")
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
