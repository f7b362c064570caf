"""Fine-tuning: what is learnt, what is not forgotten, the folder that comes out, and what is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from pydantic_core import PydanticUndefined

import arner
from arner.cli import main
from arner.errors import InputError, LabelledDataError, MissingExtraError, ModelFormatError, ModelNotFoundError

from .conftest import CITIES, DRUGS, conll

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("matplotlib")

OPTIONS = {
    "epochs": 6,
    "batch_tokens": 96,
    "learning_rate": 5e-3,
    "layer_decay": 1.0,  # what a model of one layer knows is in its embeddings
    "onnx": "none",
    "precision": "fp32",
    "average": False,
    "tensorboard": False,
}


def types_of(document):
    return {mention.type for mention in document.mentions}


@pytest.fixture(scope="module")
def learnt(tmp_path_factory, small_model):
    """A run on visits and drugs with both ONNX copies, and its report."""
    from .conftest import split_visits

    folder = tmp_path_factory.mktemp("run")
    paths = [folder / "train.conll", folder / "dev.conll"]
    for path, sentences in zip(paths, split_visits(), strict=True):
        path.write_text(conll(sentences), encoding="utf-8")
    steps = []
    output = folder / "model"
    report = arner.finetune(
        paths[0], output, base=small_model, eval=paths[1], on_progress=steps.append, **OPTIONS | {"onnx": "both"}
    )
    return output, report, steps, paths


def test_a_run_learns_a_new_type(learnt):
    output, report, steps, (_, dev) = learnt
    assert (report.plan.new_types, report.plan.kept_types, report.plan.unmarked_types) == (
        ("DRUG",),
        ("LOC",),
        ("PER",),
    )
    assert report.evaluation.strict.f1 > 0.6 > report.base_score.f1
    assert report.epochs[report.best_epoch - 1].f1 == max(epoch.f1 for epoch in report.epochs)
    assert [progress.step for progress in steps] == list(range(1, steps[-1].step + 1))
    assert "DRUG" in types_of(arner.extract("يباع البنسلين في روما", model=output))
    assert arner.evaluate(output, dev).strict == report.evaluation.strict
    assert arner.FinetuneReport.model_validate_json(report.to_json()).evaluation == report.evaluation


def test_the_folder_is_a_model_for_arner_and_for_transformers(learnt):
    output, report, steps, _ = learnt
    assert {path.name for path in output.iterdir()} >= {
        "README.md",
        "arner.json",
        "calibration.png",
        "confusion.png",
        "learning_curve.png",
        "logs",
        "model.onnx",
        "model.safetensors",
        "model_int8.onnx",
        "tokenizer.json",
    }
    assert not (output / "checkpoints").exists()
    loaded = transformers.AutoModelForTokenClassification.from_pretrained(output)
    assert loaded.config.id2label[1] == "B-LOC"
    assert loaded.config.label2id["B-DRUG"] == 5
    about = json.loads((output / "arner.json").read_text(encoding="utf-8"))
    assert about["temperature"] == report.calibration.temperature
    assert len((output / "logs" / "steps.csv").read_text(encoding="utf-8").splitlines()) == steps[-1].step + 1
    assert len((output / "logs" / "epochs.csv").read_text(encoding="utf-8").splitlines()) == len(report.epochs) + 1


def test_onnx_copies_read_as_the_full_model(learnt):
    from arner.ner.onnx import OnnxBackend
    from arner.ner.torch import TorchBackend

    output, report, _, _ = learnt
    full, small = report.onnx
    assert (full.file, small.file) == ("model.onnx", "model_int8.onnx")
    assert full.words == small.words > 20
    assert full.agreement == 1.0
    assert full.difference < 1e-3
    assert small.agreement >= 0.98
    ids = [[0, 9, 8, 7, 2], [0, 5, 2]]
    logits = TorchBackend(str(output), device="cpu").logits(ids, 1)
    assert OnnxBackend(output / "model.onnx").logits(ids, 1)[0] == pytest.approx(logits[0], abs=1e-4)


def test_the_card_tells_figures_and_data(learnt):
    output, report, _, _ = learnt
    card = (output / "README.md").read_text(encoding="utf-8")
    assert str(output.parent) not in card and "dev.conll" in card  # the card is published, the path is not
    figures = report.evaluation.strict
    assert f"| **all** | {figures.precision:.3f} | {figures.recall:.3f} | {figures.f1:.3f}" in card
    assert "not marked in the data: PER" in card
    assert f"calibration error is {report.calibration.error:.3f}" in card
    for picture in ("confusion.png", "calibration.png", "learning_curve.png"):
        assert f"({picture})" in card
        assert (output / picture).read_bytes().startswith(b"\x89PNG")


def test_a_finished_run_returns_its_report_and_keeps_its_folder(learnt, small_model):
    output, report, _, (train, dev) = learnt
    again = arner.finetune(train, output, base=small_model, eval=dev, **OPTIONS | {"onnx": "both"})
    assert again.to_json() == report.to_json()
    with pytest.raises(InputError, match=r"not empty.*seed"):
        arner.finetune(train, output, base=small_model, eval=dev, **OPTIONS | {"onnx": "both", "seed": 2})


def drug_files(write):
    """Sentences that mark drugs only, though cities stand in them."""
    rows = [[("يباع", "O"), (drug, "B-DRUG"), ("في", "O"), (city, "O")] for drug in DRUGS for city in CITIES]
    return write("drugs.conll", conll(rows[4:])), write("drugs_dev.conll", conll(rows[:4]))


@pytest.fixture(scope="module")
def knows_cities(tmp_path_factory, small_model):
    """The small model after it has learnt cities."""
    folder = tmp_path_factory.mktemp("cities")
    rows = [
        [(verb, "O"), ("الوفد", "O"), ("في", "O"), (city, "B-LOC"), (end, "O")]
        for verb in ("وصل", "نزل", "يباع")
        for city in CITIES
        for end in (".", "أمس")
    ]
    (folder / "cities.conll").write_text(conll(rows), encoding="utf-8")
    options = {**OPTIONS, "complete": True}
    arner.finetune(folder / "cities.conll", folder / "model", base=small_model, eval=folder / "cities.conll", **options)
    return folder / "model"


def cities_found(model):
    texts = [f"يباع الدواء في {city}" for city in CITIES]
    return sum("LOC" in types_of(arner.extract(text, model=model)) for text in texts)


def test_types_that_a_file_does_not_mark_are_not_unlearnt(write, knows_cities, tmp_path):
    train, dev = drug_files(write)
    options = {"base": knows_cities, "eval": dev, **OPTIONS}
    report = arner.finetune(train, tmp_path / "open", **options)
    assert report.plan.unmarked_types == ("LOC",)
    assert report.evaluation.strict.f1 > 0.9
    assert report.retention.gold >= 4
    assert report.retention.f1 > 0.8
    assert cities_found(knows_cities) == len(CITIES)
    assert cities_found(tmp_path / "open") >= len(CITIES) - 1
    closed = arner.finetune(train, tmp_path / "closed", complete=True, **options)
    assert closed.plan.dropped_types == ("LOC",)
    assert closed.retention is None
    assert cities_found(tmp_path / "closed") == 0


def test_two_files_of_different_types_make_a_model_of_both(write, small_model, tmp_path):
    drugs, _ = drug_files(write)
    rows = [
        [(verb, "O"), (drug, "O"), ("في", "O"), (city, "B-LOC")]
        for verb in ("يباع", "يوزع")
        for drug in DRUGS
        for city in CITIES
    ]
    cities = write("cities.conll", conll(rows))
    both = write("both.conll", conll([[("يباع", "O"), (DRUGS[0], "B-DRUG"), ("في", "O"), (CITIES[0], "B-LOC")]]))
    report = arner.finetune([drugs, cities], tmp_path / "m", base=small_model, eval=both, **OPTIONS | {"epochs": 8})
    assert report.evaluation.strict.f1 == 1.0


def test_rehearsal_of_labelled_and_of_plain_text(write, knows_cities, tmp_path):
    train, dev = drug_files(write)
    plain = write("plain.txt", "".join(f"نزل الوفد في {city} أمس\n\n" for city in CITIES))
    labelled = write("old.conll", conll([[("وصل", "O"), (city, "B-LOC")] for city in CITIES]))
    options = {"base": knows_cities, "eval": dev, **OPTIONS, "epochs": 2}
    report = arner.finetune(train, tmp_path / "m", rehearsal=[plain, labelled], **options)
    assert report.plan.rehearsal_sentences == 2 * len(CITIES) - 2  # a fifth is kept back
    assert report.plan.kept_types == ("LOC",)
    assert report.plan.train_sentences == 20


def test_the_text_in_the_folder_of_the_base_model_is_rehearsed(write, knows_cities, tmp_path):
    train, dev = drug_files(write)
    base = tmp_path / "base"
    shutil.copytree(knows_cities, base)
    lines = [f"نزل الوفد في {city} {end}" for city in CITIES for end in ("أمس", "اليوم", "صباحا")]
    (base / "rehearsal.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = {"base": base, "eval": dev, **OPTIONS, "epochs": 1}
    report = arner.finetune(train, tmp_path / "m", **options)
    assert 0 < report.plan.rehearsal_sentences < len(lines)
    assert report.retention.gold > 4  # names of the text that was kept back are among them
    assert (tmp_path / "m" / "rehearsal.txt").read_text(encoding="utf-8").splitlines() == lines
    for other in ({"rehearse": False}, {"complete": True}):
        assert not arner.finetune(train, tmp_path / "n", dry_run=True, **options | other).plan.rehearsal_sentences
    cities = write("cities.conll", conll([[("وصل", "O"), (city, "B-LOC")] for city in CITIES]))
    marked = arner.finetune(cities, tmp_path / "n", dry_run=True, **options | {"eval": cities})
    assert not marked.plan.rehearsal_sentences  # no type of the base model is left unmarked


def test_the_mean_of_old_and_new_weights(write, knows_cities, tmp_path):
    from safetensors.torch import load_file

    train, dev = drug_files(write)
    options = {"base": knows_cities, "eval": dev, **OPTIONS, "weight_decay": 0.0}
    trained = arner.finetune(train, tmp_path / "trained", **options)
    mean = arner.finetune(train, tmp_path / "mean", **options | {"average": True})
    assert trained.share == 1.0
    assert 0.5 <= mean.share < 1.0
    assert mean.epochs == trained.epochs
    name = "bert.embeddings.word_embeddings.weight"
    old, new, between = (
        load_file(folder / "model.safetensors")[name]
        for folder in (knows_cities, tmp_path / "trained", tmp_path / "mean")
    )
    assert torch.allclose(between, torch.lerp(old, new, mean.share), atol=1e-6)


def test_low_rank_adapters_are_merged(learnt, small_model, tmp_path):
    pytest.importorskip("peft")
    _, _, _, (train, dev) = learnt
    output = tmp_path / "m"
    report = arner.finetune(train, output, base=small_model, eval=dev, **OPTIONS | {"lora": 4, "learning_rate": 0.05})
    assert report.plan.trained_parameters < report.plan.parameters / 10
    assert report.epochs[-1].loss < report.epochs[0].loss
    loaded = transformers.AutoModelForTokenClassification.from_pretrained(output)
    assert not any("lora" in name for name, _ in loaded.named_parameters())
    assert arner.evaluate(output, dev).strict == report.evaluation.strict


@pytest.mark.parametrize(("family", "has_onnx"), [("xlm-roberta", True), ("electra", True), ("distilbert", False)])
def test_other_families(learnt, small_model, tmp_path, family, has_onnx):
    _, _, _, (train, dev) = learnt
    base = tmp_path / "base"
    sizes = {"vocab_size": 10_000, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    labels = dict(enumerate(("O", "B-GPE", "I-GPE")))
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(family, **sizes, intermediate_size=64, id2label=labels, pad_token_id=1)
    transformers.AutoModelForTokenClassification.from_config(config).save_pretrained(base)
    shutil.copyfile(small_model / "tokenizer.json", base / "tokenizer.json")
    output = tmp_path / "model"
    report = arner.finetune(train, output, base=base, eval=dev, **OPTIONS | {"epochs": 2, "onnx": "int8"})
    assert (output / "model_int8.onnx").is_file() == has_onnx
    assert not (output / "model.onnx").exists()
    assert bool(report.notes) != has_onnx
    assert arner.extract("يباع البنسلين في روما", model=output).text


def test_a_dry_run_settles_the_plan_and_writes_nothing(learnt, small_model, tmp_path):
    _, _, _, (train, _) = learnt
    report = arner.finetune(train, tmp_path / "model", base=small_model, dry_run=True)
    assert report.plan.seconds > 0
    assert report.plan.held_out
    assert report.plan.epochs == 15
    assert report.plan.memory_bytes == 20 * report.plan.parameters
    larger = arner.finetune(train, tmp_path / "model", base=small_model, dry_run=True, batch_tokens=64)
    assert 0 < larger.plan.activation_bytes < report.plan.activation_bytes
    assert report.evaluation is None
    assert not (tmp_path / "model").exists()


def test_gradients_of_summed_batches_are_those_of_one(learnt, small_model, tmp_path):
    _, _, _, (train, dev) = learnt
    options = {"base": small_model, "eval": dev, **OPTIONS, "epochs": 1, "weight_decay": 0.0}
    options["accumulate"] = 1000
    one = arner.finetune(train, tmp_path / "one", **options | {"batch_tokens": 4096})
    summed = arner.finetune(train, tmp_path / "summed", **options | {"batch_tokens": 64})
    assert one.plan.steps == summed.plan.steps == 1
    # Dropout falls differently; a sum in place of a mean, or a mean of means, would be far off.
    assert one.epochs[0].loss == pytest.approx(summed.epochs[0].loss, rel=1e-3)


def call(capsys, *args):
    with pytest.raises(SystemExit) as caught:
        main(["finetune", *map(str, args)])
    return caught.value.code or 0, capsys.readouterr().out


def test_the_command(learnt, small_model, tmp_path, capsys):
    _, _, _, (train, dev) = learnt
    assert "train: " in call(capsys, train, "--eval", dev, "--check", "--format", "table")[1]
    assert set(json.loads(call(capsys, train, "--check")[1])["train"][0]["names"]) == {"DRUG", "LOC"}
    code, out = call(capsys, train, "--base", small_model, "--dry-run", "--format", "table")
    assert code == 0
    assert "estimated time" in out
    assert "GB" in out
    assert call(capsys, train, "--base", small_model)[0] == 2  # no folder is named
    output = tmp_path / "model"
    options = ("--epochs", 1, "--onnx", "none", "--no-average", "--no-tensorboard", "--format", "table")
    code, out = call(capsys, train, "--base", small_model, "-o", output, *options)
    assert code == 0
    assert "strict F1" in out
    assert "types that the data never marks" in out
    assert (output / "model.safetensors").is_file()


def test_every_option_is_on_the_command_line_with_the_same_default():
    import inspect

    from arner.cli.finetune import finetune_command

    parameters = inspect.signature(finetune_command).parameters
    for name, field in arner.FinetuneConfig.model_fields.items():
        assert field.default is not PydanticUndefined
        assert field.description
        assert parameters[name].default == field.default


def test_what_is_refused(learnt, write, small_model, tmp_path):
    _, _, _, (train, _) = learnt
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
    with pytest.raises(InputError, match="not empty"):
        arner.finetune(train, small_model)
    with pytest.raises(InputError, match="fp16"):
        arner.finetune(train, tmp_path / "m", base=small_model, device="cpu", precision="fp16")
    with pytest.raises(ModelNotFoundError, match="no-such-model"):
        arner.finetune(train, tmp_path / "m", base="no-such-model")
    with pytest.raises(ModelFormatError, match=r"no model\.safetensors"):
        arner.finetune(train, tmp_path / "m", base=tmp_path)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("module", "options", "extra"),
    [
        ("torch", {}, "train"),
        ("accelerate", {}, "train"),
        ("matplotlib", {}, "train"),
        ("peft", {"lora": 8}, "lora"),
        ("tensorboard", {"tensorboard": True}, "tensorboard"),
    ],
)
def test_a_package_that_is_missing_is_one_error(learnt, tmp_path, monkeypatch, module, options, extra):
    import importlib.util

    _, _, _, (train, _) = learnt
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "arner.training.tuning.packages.find_spec", lambda name: None if name == module else found(name)
    )
    with pytest.raises(MissingExtraError, match=rf"pip install 'arner\[{extra}\]'"):
        arner.finetune(train, tmp_path / "m", **options)


def test_without_torch_the_command_names_the_extra(learnt, tmp_path):
    _, _, _, (train, _) = learnt
    program = "import sys; sys.modules['torch'] = None; from arner.cli import main; main(sys.argv[1:])"
    arguments = ["finetune", str(train), "-o", str(tmp_path / "m")]
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, encoding="utf-8", check=False
    )
    assert run.returncode == 3
    assert "pip install 'arner[train]'" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_a_cpu_without_matrix_units_computes_in_32_bits(monkeypatch):
    from arner.training.tuning.hardware import choose_hardware

    for there, precision in ((True, "bf16"), (False, "fp32")):
        monkeypatch.setattr("arner.training.tuning.hardware.cpu_has_bf16", lambda there=there: there)
        assert choose_hardware(arner.FinetuneConfig(device="cpu")).precision == precision
    with pytest.raises(InputError, match="no AMX"):
        choose_hardware(arner.FinetuneConfig(device="cpu", precision="bf16"))
