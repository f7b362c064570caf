"""Fine-tuning: labels old and new, the folder that comes out, runs that are killed, and what is refused."""

from __future__ import annotations

import json
import random
import shutil

import pytest

import arner
from arner.cli import main
from arner.errors import InputError, LabelledDataError, MissingExtraError, ModelFormatError, ModelNotFoundError
from arner.ner.labels import LabelScheme
from arner.training.heads import fit_head, plan_labels
from arner.training.labelled import LabelledSpan, LabelledText, Source, passages
from arner.training.sampling import LengthSampler
from arner.training.sequences import IGNORED, encode
from arner.training.split import hold_out

from .conftest import conll, visits

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

OPTIONS = {"epochs": 6, "batch_size": 8, "learning_rate": 5e-3, "onnx": False}


@pytest.fixture
def data(write):
    sentences = visits()
    random.Random(0).shuffle(sentences)
    return write("train.conll", conll(sentences[8:])), write("dev.conll", conll(sentences[:8]))


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def test_labels_of_the_new_model():
    bioes = LabelScheme(("O", "S-PER", "B-PER", "I-PER", "E-PER", "S-ORG", "B-ORG", "I-ORG", "E-ORG"))
    plan = plan_labels(bioes, ["DRUG", "PER"])
    assert plan.labels == ("O", "B-PER", "I-PER", "B-DRUG", "I-DRUG")
    assert (plan.kept, plan.new, plan.dropped) == (("PER",), ("DRUG",), ("ORG",))
    assert plan_labels(None, ["PER"]).new == ("PER",)


def test_rows_of_old_types_are_taken_over(small_model):
    model = transformers.AutoModelForTokenClassification.from_pretrained(small_model)
    old = model.classifier.weight.detach().clone()
    base = LabelScheme(("O", "B-LOC", "I-LOC", "B-PER", "I-PER"))
    fit_head(model, base, plan_labels(base, ["DRUG", "PER"]), seed=1)
    new = model.classifier.weight
    assert torch.equal(new[0], old[0])
    assert torch.equal(new[1:3], old[3:5])
    assert torch.allclose(new[3], old[[1, 3]].mean(0), atol=0.1)
    assert model.config.id2label[3] == "B-DRUG"
    assert model(input_ids=torch.tensor([[0, 5, 2]])).logits.shape == (1, 3, 5)


def text(body, *spans, line=1):
    return LabelledText(body, tuple(LabelledSpan(*span) for span in spans), Source("a", line))


def test_a_long_sentence_is_read_in_windows_and_each_word_learnt_once(small_model):
    from arner.ner.word_tokenizer import WordTokenizer

    tokenizer = WordTokenizer.from_file(small_model / "tokenizer.json")
    sentence = text(" ".join(["وصل إلى باريس"] * 40))
    encoded = encode([sentence, text("وصل")], tokenizer, {"O": 0}, window=32, stride=7)
    assert len(encoded) > 3
    assert all(len(item.ids) == len(item.labels) <= 32 for item in encoded)
    assert sum(label != IGNORED for item in encoded for label in item.labels) == 121


def test_passages_join_sentences_of_one_file():
    tagged = [
        LabelledText("زار سامح", (LabelledSpan(4, 8, "PER"),), Source("a", n), ((0, 3), (4, 8))) for n in (1, 4, 7)
    ]
    first, second = passages(tagged, 2)
    assert first.text == "زار سامح\nزار سامح"
    assert first.labels == ("O", "B-PER") * 2
    assert second.text == "زار سامح"


def test_held_out_texts_do_not_leak():
    texts = [text(f"جملة {number % 10}", line=number) for number in range(60)]
    learn, judge = hold_out(texts, 0.2, seed=1)
    assert len(learn) + len(judge) == 60
    assert 10 <= len(judge) <= 20
    assert not {part.key for part in learn} & {part.key for part in judge}
    assert hold_out(texts, 0.2, seed=1) == (learn, judge)
    with pytest.raises(ValueError, match="two different"):
        hold_out([text("جملة"), text("جملة")], 0.5, seed=1)


def test_the_order_is_fixed_by_seed_and_epoch():
    sampler = LengthSampler([5, 90, 7, 80, 6, 85, 300], batch=2, seed=1)
    first = list(sampler)
    assert sorted(first) == list(range(7))
    assert first == list(sampler)
    sampler.set_epoch(1)
    others = {tuple(sampler)}
    for epoch in range(2, 8):
        sampler.set_epoch(epoch)
        others.add(tuple(sampler))
    assert len(others) > 1


def test_a_run_learns_a_new_type_and_its_folder_is_a_model(data, small_model, tmp_path):
    train, dev = data
    output = tmp_path / "model"
    steps = []
    report = arner.finetune(
        train, output, base=small_model, eval=dev, on_progress=lambda p: steps.append(p), **OPTIONS | {"onnx": True}
    )
    assert report.plan.new_types == ("DRUG",)
    assert report.plan.dropped_types == ("PER",)
    assert report.evaluation.strict.f1 > 0.6 > report.base_score.f1
    assert report.epochs[report.best_epoch - 1].f1 == max(epoch.f1 for epoch in report.epochs)
    assert [progress.step for progress in steps][-1] == report.plan.steps
    assert arner.FinetuneReport.model_validate_json(report.to_json()).evaluation == report.evaluation
    assert {path.name for path in output.iterdir()} >= {
        "README.md",
        "arner.json",
        "model.safetensors",
        "model_int8.onnx",
    }
    assert not (output / "checkpoints").exists()
    drug = arner.extract("يباع البنسلين في روما", model=output)
    assert "DRUG" in {mention.type for mention in drug.mentions}
    again = arner.evaluate(output, dev)
    assert again.strict == report.evaluation.strict
    loaded = transformers.AutoModelForTokenClassification.from_pretrained(output)
    assert loaded.config.id2label[1] == "B-LOC"
    card = (output / "README.md").read_text(encoding="utf-8")
    assert f"| **all** | {again.strict.precision:.3f}" in card
    assert "not known any more: PER" in card
    with pytest.raises(InputError, match="not empty"):
        arner.finetune(train, output, base=small_model)


@pytest.mark.parametrize(("family", "has_onnx"), [("xlm-roberta", True), ("electra", True), ("distilbert", False)])
def test_other_families(data, small_model, tmp_path, family, has_onnx):
    base = tmp_path / "base"
    sizes = {"vocab_size": 10_000, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    labels = dict(enumerate(("O", "B-GPE", "I-GPE")))
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(family, **sizes, intermediate_size=64, id2label=labels, pad_token_id=1)
    transformers.AutoModelForTokenClassification.from_config(config).save_pretrained(base)
    shutil.copyfile(small_model / "tokenizer.json", base / "tokenizer.json")
    output = tmp_path / "model"
    report = arner.finetune(data[0], output, base=base, eval=data[1], **OPTIONS | {"epochs": 3, "onnx": True})
    assert (output / "model_int8.onnx").is_file() == has_onnx
    assert bool(report.notes) != has_onnx
    assert arner.extract("يباع البنسلين في روما", model=output).text


def test_killed_runs_go_on_to_the_same_weights(data, small_model, tmp_path):
    train, dev = data
    options = {"base": small_model, "eval": dev, **OPTIONS, "epochs": 3}
    whole = arner.finetune(train, tmp_path / "whole", **options)
    chance = random.Random(1)
    for _ in range(5):
        left = chance.randint(1, 9)

        def kill(_):
            nonlocal left
            left -= 1
            if left == 0:
                raise KeyboardInterrupt

        try:
            arner.finetune(train, tmp_path / "killed", on_progress=kill, **options)
            break
        except KeyboardInterrupt:
            continue
    else:
        with pytest.raises(InputError, match="other data or options"):
            arner.finetune(train, tmp_path / "killed", **{**options, "seed": 2})
        resumed = arner.finetune(train, tmp_path / "killed", **options)
        assert resumed.epochs == whole.epochs
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "killed")
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_damaged_checkpoint_is_passed_over(data, small_model, tmp_path):
    train, dev = data
    options = {"base": small_model, "eval": dev, **OPTIONS, "epochs": 2}
    arner.finetune(train, tmp_path / "whole", **options)
    count = 0

    def kill(_):
        nonlocal count
        count += 1
        if count == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        arner.finetune(train, tmp_path / "killed", on_progress=kill, **options)
    (saved,) = (tmp_path / "killed" / "checkpoints").glob("checkpoint-*")
    torn = saved.with_name("checkpoint-999")
    shutil.copytree(saved, torn)
    (torn / "trainer_state.json").write_text('{"log_hist', encoding="utf-8")
    arner.finetune(train, tmp_path / "killed", **options)
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "killed")
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_dry_run_settles_the_plan_and_writes_nothing(data, small_model, tmp_path):
    report = arner.finetune(data[0], tmp_path / "model", base=small_model, dry_run=True)
    assert report.plan.seconds > 0
    assert report.plan.held_out
    assert report.plan.epochs == 15
    assert report.evaluation is None
    assert not (tmp_path / "model").exists()


def test_the_command(data, small_model, tmp_path, capsys):
    train, dev = data

    def call(*args):
        with pytest.raises(SystemExit) as caught:
            main(["finetune", str(train), *map(str, args)])
        return caught.value.code or 0, capsys.readouterr().out

    assert "train: " in call("--eval", dev, "--check", "--format", "table")[1]
    assert set(json.loads(call("--check")[1])["train"][0]["names"]) == {"DRUG", "LOC"}
    code, out = call("--base", small_model, "--dry-run", "--format", "table")
    assert code == 0
    assert "estimated time" in out
    assert call("--base", small_model)[0] == 2  # no folder is named
    output = tmp_path / "model"
    options = ("--epochs", 1, "--no-onnx", "--format", "table")
    code, out = call("--base", small_model, "-o", output, *options)
    assert code == 0
    assert "strict F1" in out
    assert (output / "model.safetensors").is_file()


def test_what_is_refused(data, write, small_model, tmp_path, monkeypatch):
    train, _ = data
    plain = write("plain.conll", "زار O\n\nثم O\n")
    with pytest.raises(LabelledDataError, match="nothing to learn"):
        arner.finetune(plain, tmp_path / "m", base=small_model)
    with pytest.raises(LabelledDataError, match="nothing to judge by"):
        arner.finetune(train, tmp_path / "m", base=small_model, eval=plain)
    with pytest.raises(LabelledDataError, match="name eval data"):
        arner.finetune(write("one.conll", "باريس B-LOC\n"), tmp_path / "m", base=small_model)
    with pytest.raises(LabelledDataError, match="name eval data"):
        arner.finetune(write("few.conll", "باريس B-LOC\n\nثم O\n"), tmp_path / "m", base=small_model)
    with pytest.raises(InputError, match="option 'epochs'"):
        arner.finetune(train, tmp_path / "m", epochs=0)
    with pytest.raises(InputError, match=r"option 'epoch'.*options: epochs"):
        arner.finetune(train, tmp_path / "m", epoch=3)
    with pytest.raises(InputError, match="not both"):
        arner.finetune(train, tmp_path / "m", config=arner.FinetuneConfig(), epochs=3)
    with pytest.raises(InputError, match="is a file"):
        arner.finetune(train, train)
    with pytest.raises(InputError, match="fp16"):
        arner.finetune(train, tmp_path / "m", base=small_model, device="cpu", precision="fp16")
    with pytest.raises(ModelNotFoundError, match="no-such-model"):
        arner.finetune(train, tmp_path / "m", base="no-such-model")
    with pytest.raises(ModelFormatError, match=r"no model\.safetensors"):
        arner.finetune(train, tmp_path / "m", base=tmp_path)
    assert not (tmp_path / "m").exists()
    monkeypatch.setitem(__import__("sys").modules, "transformers.utils", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'arner\[train\]'"):
        arner.finetune(train, tmp_path / "m")
