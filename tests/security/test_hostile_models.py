"""Model folders that a stranger made to do harm: each is refused with an error that says why, before harm is done."""

# ruff: noqa: E501  # a table reads best with a case on a line

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from arner.errors import ModelError, ModelFormatError
from arner.ner.models import load_recognizer
from tests.security.conftest import LABELS, config, write_onnx

TEXT = "التقى فلاديمير بوتين وزيرا في القاهرة."
Change = Callable[[Path], object]


class Payload:
    """Writes a file beside the model when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (self.path, "harm")


class Case(NamedTuple):
    """A change to the folder of a backend, and words of the error."""

    backend: str
    change: Change
    words: str


def configured(**changes: Any) -> Change:
    return lambda folder: (folder / "config.json").write_text(json.dumps(config(**changes)), "utf-8")


def labelled(*labels: Any) -> Change:
    return configured(id2label={str(index): label for index, label in enumerate(labels)})


def about(**fields: Any) -> Change:
    return lambda folder: (folder / "arner.json").write_text(json.dumps(fields), "utf-8")


def written(name: str, data: bytes | str) -> Change:
    return lambda folder: (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


def linked(name: str, target: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder.parent / "outside").write_text("{}")
        (folder / name).symlink_to(target)

    return change


def tokenized(**changes: Any) -> Change:
    def change(folder: Path) -> None:
        value = json.loads((folder / "tokenizer.json").read_text("utf-8"))
        value.update(changes)
        (folder / "tokenizer.json").write_text(json.dumps(value), "utf-8")

    return change


def split_at(pattern: str) -> dict[str, Any]:
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


def onnx(**options: Any) -> Change:
    return lambda folder: write_onnx(folder / "model.onnx", **options)


def external(location: str) -> Change:
    """Weights that stand in another file."""

    def change(model: Any) -> None:
        table = model.graph.initializer[0]
        table.ClearField("raw_data")
        table.data_location = 1
        entry = table.external_data.add()
        entry.key, entry.value = "location", location

    def write(folder: Path) -> None:
        (folder.parent / "outside").write_bytes(bytes(9968 * len(LABELS) * 4))
        write_onnx(folder / "model.onnx", change=change)

    return write


def node(kind: str, inputs: list[str], **attributes: Any) -> Change:
    """Another way to the logits."""
    from onnx import helper

    def change(model: Any) -> None:
        del model.graph.node[:]
        domain = attributes.pop("domain", "")
        model.graph.node.append(helper.make_node(kind, inputs, ["logits"], domain=domain, **attributes))
        if domain:
            model.opset_import.append(helper.make_opsetid(domain, 1))

    return onnx(change=change)


def huge_tensor(folder: Path) -> None:
    """A graph of some bytes that asks for terabytes."""
    import numpy as np
    from onnx import helper, numpy_helper

    def change(model: Any) -> None:
        del model.graph.node[:]
        model.graph.initializer.append(numpy_helper.from_array(np.array([2**20, 2**22, 5], dtype=np.int64), "size"))
        model.graph.node.append(helper.make_node("ConstantOfShape", ["size"], ["logits"]))

    write_onnx(folder / "model.onnx", change=change)


def saved(header: Any, data: bytes = b"") -> Change:
    """A safetensors file with a header of our own."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return written("model.safetensors", struct.pack("<Q", len(head)) + head + data)


def tensors(change: Callable[[dict[str, Any]], object]) -> Change:
    def write(folder: Path) -> None:
        from safetensors.torch import load_file, save_file

        held = load_file(folder / "model.safetensors")
        change(held)
        save_file(held, folder / "model.safetensors", metadata={"format": "pt"})

    return write


def truncated(name: str, size: int) -> Change:
    return lambda folder: os.truncate(folder / name, size)


def only_pickle(name: str) -> Change:
    def change(folder: Path) -> None:
        (folder / "model.safetensors").unlink()
        (folder / name).write_bytes(pickle.dumps(Payload(folder / "harm")))

    return change


def archive() -> bytes:
    """A zip bomb: a small archive of many zeros."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("archive/data.pkl", bytes(50_000_000))
    return file.getvalue()


def code(folder: Path) -> None:
    """A model that comes with Python code."""
    (folder / "modeling_evil.py").write_text(f"open({str(folder / 'harm')!r}, 'w').write('harm')\n")
    configured(model_type="evil", auto_map={"AutoModelForTokenClassification": "modeling_evil.Evil"})(folder)


def sharded(location: str) -> Change:
    def change(folder: Path) -> None:
        (folder / "model.safetensors").rename(folder.parent / "outside.safetensors")
        index = {"metadata": {}, "weight_map": {"classifier.weight": location}}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))

    return change


def adapter(base: str) -> Change:
    return written("adapter_config.json", json.dumps({"base_model_name_or_path": base, "peft_type": "LORA"}))


def nested(depth: int) -> str:
    return '{"a": ' + "[" * depth + "]" * depth + "}"


F32 = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
NAN = float("nan")
CASES: dict[str, Case] = {
    # config.json and arner.json
    "no config.json": Case("onnx", lambda folder: (folder / "config.json").unlink(), "is missing"),
    "config.json nested deeply": Case("onnx", written("config.json", nested(100_000)), "nested too deeply"),
    "config.json nested somewhat": Case("torch", configured(a=json.loads(nested(60))), "nested too deeply"),
    "config.json with a key twice": Case("onnx", written("config.json", '{"id2label": {}, "id2label": {"0": "O"}}'), "twice"),
    "config.json of 11 MB": Case("onnx", written("config.json", "{" + " " * 11_000_000 + "}"), "more than 10 MB"),
    "config.json is a list": Case("onnx", written("config.json", "[]"), "expected a JSON object"),
    "config.json is no UTF-8": Case("onnx", written("config.json", b"\xff\xfe{}"), "cannot be read as JSON"),
    "config.json has a number of 5,000 digits": Case("onnx", written("config.json", '{"a": ' + "9" * 5000 + "}"), "cannot be read"),
    "config.json is a pipe": Case("onnx", lambda f: ((f / "config.json").unlink(), os.mkfifo(f / "config.json")), "no ordinary file"),
    "config.json is a folder": Case("onnx", lambda f: ((f / "config.json").unlink(), (f / "config.json").mkdir()), "no ordinary file"),
    "no id2label": Case("onnx", configured(id2label=None), "no id2label"),
    "id2label is a list": Case("onnx", configured(id2label=["O"]), "no id2label"),
    "id2label is empty": Case("onnx", configured(id2label={}), "no id2label"),
    "id2label under words": Case("onnx", configured(id2label={"a": "O", "b": "B-PER"}), "none with index"),
    "id2label under fractions": Case("onnx", configured(id2label={"0.0": "O", "1.0": "B-PER"}), "none with index"),
    "id2label with a gap": Case("onnx", configured(id2label={"0": "O", "2": "B-PER"}), "none with index"),
    "id2label with 1,001 labels": Case("onnx", labelled(*(f"B-T{n}" for n in range(1001))), "at most 1000"),
    "a label that is a number": Case("onnx", labelled("O", 1, "B-A", "B-B", "B-C"), "label 1 of id2label"),
    "a label that is an object": Case("onnx", labelled("O", {"x": 1}, "B-A", "B-B", "B-C"), "label 1"),
    "a label that is null": Case("onnx", labelled("O", None, "B-A", "B-B", "B-C"), "label 1"),
    "a label of two lines": Case("onnx", labelled("O", "B-PER\nO", "B-A", "B-B", "B-C"), "text of one line"),
    "a label with an escape": Case("onnx", labelled("O", "B-\x1b[2J", "B-A", "B-B", "B-C"), "text of one line"),
    "a label that turns the direction": Case("onnx", labelled("O", "B-\u202eREP", "B-A", "B-B", "B-C"), "text of one line"),
    "a label of half a surrogate pair": Case("onnx", labelled("O", "B-\ud800", "B-A", "B-B", "B-C"), "text of one line"),
    "a label of blanks": Case("onnx", labelled("O", "  ", "B-A", "B-B", "B-C"), "text of one line"),
    "a label of 10,000 letters": Case("onnx", labelled("O", "B-" + "x" * 10_000, "B-A", "B-B", "B-C"), "at most 100"),
    "code beside an ONNX model": Case("onnx", code, "Python code"),
    "code beside torch weights": Case("torch", code, "Python code"),
    "a window of 10^30": Case("onnx", about(window=10**30), "window must be a whole number"),
    "a window below nothing": Case("onnx", about(window=-1), "window must be"),
    "a window that is true": Case("onnx", about(window=True), "window must be"),
    "a window that is text": Case("onnx", about(window="256"), "window must be"),
    "a window longer than the model": Case("onnx", about(window=1024), "more than the model can read, 512"),
    "a stride as long as the window": Case("onnx", about(window=64, stride=64), "stride must be"),
    "a temperature of 0": Case("onnx", about(temperature=0), "temperature must be"),
    "a temperature that is no number": Case("onnx", about(temperature=NAN), "temperature must be"),
    "a temperature without end": Case("onnx", about(temperature=float("inf")), "temperature must be"),
    "a temperature that is text": Case("onnx", about(temperature="1"), "temperature must be"),
    "a version of two lines": Case("onnx", about(version="1\n2"), "version is no line of text"),
    "arner.json nested deeply": Case("onnx", written("arner.json", nested(100_000)), "nested too deeply"),
    # links
    "config.json is a link": Case("onnx", linked("config.json", "../outside"), "outside of the model's folder"),
    "config.json is a link to the system": Case("onnx", linked("config.json", "/etc/hostname"), "outside of the model's folder"),
    "arner.json is a link": Case("onnx", linked("arner.json", "../outside"), "outside of the model's folder"),
    "tokenizer.json is a link": Case("onnx", linked("tokenizer.json", "../outside"), "outside of the model's folder"),
    "model.onnx is a link": Case("onnx", linked("model.onnx", "../outside"), "outside of the model's folder"),
    "model.safetensors is a link": Case("torch", linked("model.safetensors", "../outside"), "outside of the model's folder"),
    "a link to nothing": Case("onnx", linked("model.onnx", "../nothing"), "not there"),
    "a link to itself": Case("onnx", linked("model.onnx", "model.onnx"), "link"),
    # tokenizer.json
    "a tokenizer that is none": Case("onnx", written("tokenizer.json", "{}"), "is not a tokenizer"),
    "a tokenizer nested deeply": Case("onnx", written("tokenizer.json", nested(100_000)), "is not a tokenizer"),
    "a tokenizer of 300 MB": Case("onnx", truncated("tokenizer.json", 300_000_000), "no tokenizer has more"),
    "a tokenizer with a broken pattern": Case("onnx", tokenized(pre_tokenizer=split_at("(a+")), "is not a tokenizer"),
    "a tokenizer that panics": Case("onnx", tokenized(normalizer={"type": "Precompiled", "precompiled_charsmap": "AAAA"}), "is not a tokenizer"),
    "a tokenizer without tokens of its own": Case("onnx", tokenized(model={"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}, added_tokens=[], post_processor=None), "none of the tokens"),
    "a tokenizer of another model": Case("onnx", onnx(rows=100), "cannot read the tokens"),
    "a tokenizer of another model, torch": Case("torch", lambda f: (tensors(lambda t: t.update({"bert.embeddings.word_embeddings.weight": t["bert.embeddings.word_embeddings.weight"][:100].clone()}))(f), configured(vocab_size=100)(f)), "they are of two models"),
    # ONNX
    "ONNX that is none": Case("onnx", written("model.onnx", "no model"), "onnxruntime cannot load it"),
    "ONNX that is empty": Case("onnx", written("model.onnx", ""), "onnxruntime cannot load it"),
    "ONNX that is a zip bomb": Case("onnx", written("model.onnx", archive()), "onnxruntime cannot load it"),
    "ONNX that is a pickle": Case("onnx", written("model.onnx", pickle.dumps([1])), "onnxruntime cannot load it"),
    "ONNX cut short": Case("onnx", truncated("model.onnx", 1000), "onnxruntime cannot load it"),
    "ONNX with weights above": Case("onnx", external("../outside"), "onnxruntime cannot load it"),
    "ONNX with weights at a path of the system": Case("onnx", external("/etc/hostname"), "onnxruntime cannot load it"),
    "ONNX with weights that are not there": Case("onnx", external("weights.bin"), "onnxruntime cannot load it"),
    "ONNX with another input": Case("onnx", onnx(inputs={"pixels": 7}), "expected inputs input_ids"),
    "ONNX with one input more": Case("onnx", onnx(inputs={"input_ids": 7, "secret": 7}), "expected inputs input_ids"),
    "ONNX with inputs of 32 bits": Case("onnx", onnx(inputs={"input_ids": 6, "attention_mask": 6}), "cannot read the tokens"),
    "ONNX with other labels": Case("onnx", onnx(labels=7), "its labels in config.json"),
    "ONNX with one label": Case("onnx", onnx(labels=1), "its labels in config.json"),
    "ONNX with weights that are no numbers": Case("onnx", onnx(fill=NAN), "NaN"),
    "ONNX with weights without end": Case("onnx", onnx(fill=float("inf")), "NaN or infinite"),
    "ONNX with an output of another form": Case("onnx", node("Shape", ["table"]), "cannot"),
    "ONNX with an operator of its own": Case("onnx", node("Evil", ["table"], domain="evil"), "onnxruntime cannot load it"),
    "ONNX that asks for terabytes": Case("onnx", huge_tensor, "cannot"),
    # safetensors and transformers
    "only pytorch_model.bin": Case("torch", only_pickle("pytorch_model.bin"), "pytorch_model.bin is a pickle"),
    "only a .pt": Case("torch", only_pickle("model.pt"), "model.pt is a pickle"),
    "only a .pkl": Case("torch", only_pickle("model.pkl"), "model.pkl is a pickle"),
    "only training_args.bin": Case("torch", only_pickle("training_args.bin"), "training_args.bin is a pickle"),
    "safetensors that is empty": Case("torch", written("model.safetensors", ""), "cannot load"),
    "safetensors that is a zip bomb": Case("torch", written("model.safetensors", archive()), "cannot load"),
    "safetensors that is a pickle": Case("torch", lambda f: (f / "model.safetensors").write_bytes(pickle.dumps(Payload(f / "harm"))), "cannot load"),
    "safetensors cut short": Case("torch", truncated("model.safetensors", 50_000), "cannot load"),
    "safetensors with a header of 2^63 bytes": Case("torch", written("model.safetensors", struct.pack("<Q", 2**63) + b"{}"), "cannot load"),
    "safetensors with a header that is no JSON": Case("torch", saved(b"{nothing"), "cannot load"),
    "safetensors with a header nested deeply": Case("torch", saved(nested(100_000).encode()), "cannot load"),
    "safetensors with tensors beyond its end": Case("torch", saved({"a": {**F32, "data_offsets": [0, 800]}}), "cannot load"),
    "safetensors with tensors over each other": Case("torch", saved({"a": F32, "b": F32}, bytes(8)), "cannot load"),
    "safetensors with offsets backwards": Case("torch", saved({"a": {**F32, "data_offsets": [8, 0]}}, bytes(8)), "cannot load"),
    "safetensors with a shape that overflows": Case("torch", saved({"a": {**F32, "shape": [2**40, 2**40]}}, bytes(8)), "cannot load"),
    "safetensors with numbers of another kind": Case("torch", saved({"a": {**F32, "dtype": "EVIL"}}, bytes(8)), "cannot load"),
    "safetensors without tensors": Case("torch", saved({}), "holds 0 tensors"),
    "safetensors of another model": Case("torch", saved({"a": F32}, bytes(8)), "no trained token-classification head"),
    "a table of other rows": Case("torch", configured(vocab_size=5000), "word_embeddings.weight of the shape (5000, 8)"),
    "an inner layer of another width": Case("torch", configured(intermediate_size=16), "of the shape (16, 8)"),
    "other labels than the head has": Case("torch", labelled("O", "B-PER"), "classifier.weight of the shape (2, 8)"),
    "a head that is not there": Case("torch", tensors(lambda held: [held.pop(name) for name in list(held) if "classifier" in name]), "no trained token-classification head"),
    "weights that are no numbers": Case("torch", tensors(lambda held: held["classifier.bias"].fill_(NAN)), "NaN"),
    "a width of 10^9": Case("torch", configured(hidden_size=10**9), "no model has so many"),
    "a width of 10^30": Case("torch", configured(hidden_size=10**30), "no model has so many"),
    "a width of 10^7": Case("torch", configured(hidden_size=10**7, num_attention_heads=10), "parameters, but model.safetensors holds"),
    "a width below nothing": Case("torch", configured(hidden_size=-8), "cannot load"),
    "a width that is text": Case("torch", configured(hidden_size="8"), "cannot load"),
    "10^6 layers": Case("torch", configured(num_hidden_layers=10**6), "tensors in all"),
    "10^8 positions": Case("torch", configured(max_position_embeddings=10**8), "no model has so many"),
    "10^8 labels": Case("torch", configured(num_labels=10**8), "num_labels"),
    "10^8 tokens": Case("torch", configured(vocab_size=10**8), "parameters, but model.safetensors holds"),
    "a kernel from elsewhere": Case("torch", configured(attn_implementation="evil/kernel"), "names code from elsewhere"),
    "a kernel from elsewhere, within": Case("torch", configured(text_config={"_attn_implementation": "evil/kernel:x"}), "names code from elsewhere"),
    "code, within": Case("torch", configured(text_config={"auto_map": {"AutoModel": "evil--x.Y"}}), "Python code"),
    "weights of another library": Case("torch", configured(quantization_config={"quant_method": "gptq"}), "quantised"),
    "an adapter on a model of the hub": Case("torch", adapter("evil/base"), "adapter"),
    "an adapter on another folder": Case("torch", adapter("/etc"), "adapter"),
    "an architecture that is unknown": Case("torch", configured(model_type="evil"), "cannot load"),
    "an architecture of another task": Case("torch", configured(model_type="whisper"), "cannot load"),
    "an architecture that is a path": Case("torch", configured(model_type="../../evil"), "cannot load"),
    "numbers of an unknown kind": Case("torch", configured(dtype="evil"), "cannot load"),
    "weights at a path of the system": Case("torch", sharded("/etc/hostname"), "nor model.safetensors"),
    "weights above": Case("torch", sharded("../outside.safetensors"), "nor model.safetensors"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
def test_a_hostile_folder_is_refused(
    name: str, folder_of: Callable[[str], Path], watched: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    case = CASES[name]
    folder = folder_of(case.backend)
    case.change(folder)
    with pytest.raises(ModelError) as caught:
        load_recognizer(str(folder), device="cpu")
    assert case.words in str(caught.value), str(caught.value)
    assert not (folder / "harm").exists()


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_the_folder_that_the_others_are_made_from_loads(
    backend: str, folder_of: Callable[[str], Path], watched: list[str]
) -> None:
    load_recognizer(str(folder_of(backend)), device="cpu").recognize(TEXT)


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_pickles_beside_sound_weights_are_never_opened(
    backend: str, folder_of: Callable[[str], Path], watched: list[str]
) -> None:
    folder = folder_of(backend)
    for name in ("pytorch_model.bin", "training_args.bin", "optimizer.pt", "model.pkl", "scheduler.pt"):
        (folder / name).write_bytes(pickle.dumps(Payload(folder / "harm")))
    for name in ("sitecustomize.py", "modeling_bert.py", "tokenization_bert.py", "torch.py", "json.py"):
        (folder / name).write_text(f"open({str(folder / 'harm')!r}, 'w').write('harm')\n")
    load_recognizer(str(folder), device="cpu").recognize(TEXT)
    assert not (folder / "harm").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"pre_tokenizer": split_at("(a+)+$")},
        {"model": {"type": "Unigram", "unk_id": None, "vocab": [[t, -1.0] for t in ("<s>", "<pad>", "</s>", "<unk>")]}},
    ],
    ids=["a pattern that takes forever", "no token for the unknown"],
)
def test_a_tokenizer_that_fails_at_a_word(changes: dict[str, Any], folder_of: Callable[[str], Path]) -> None:
    folder = folder_of("onnx")
    tokenized(**changes)(folder)
    recognizer = load_recognizer(str(folder))
    with pytest.raises(ModelFormatError, match="cannot cut the word"):
        recognizer.recognize("a" * 60 + "b ☃")


def test_weights_that_give_no_number_for_one_word(folder_of: Callable[[str], Path]) -> None:
    folder = folder_of("onnx")

    def spoil(model: Any) -> None:
        import numpy as np
        from onnx import numpy_helper

        table = np.zeros((9968, len(LABELS)), dtype=np.float32)
        table[4:9000] = np.nan
        model.graph.initializer[0].CopyFrom(numpy_helper.from_array(table, "table"))

    write_onnx(folder / "model.onnx", change=spoil)
    recognizer = load_recognizer(str(folder))
    with pytest.raises(ModelFormatError, match="NaN"):
        recognizer.recognize(TEXT)


def test_links_within_the_cache_of_the_hub_are_followed(folder_of: Callable[[str], Path], tmp_path: Path) -> None:
    folder = folder_of("onnx")
    home = tmp_path / "hub" / "models--owner--name"
    snapshot = home / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (home / "blobs").mkdir()
    for number, path in enumerate(sorted(folder.iterdir())):
        path.rename(home / "blobs" / str(number))
        (snapshot / path.name).symlink_to(Path("..", "..", "blobs", str(number)))
    load_recognizer(str(snapshot)).recognize(TEXT)


TO_TRAIN = (
    "code beside torch weights",
    "only pytorch_model.bin",
    "an adapter on a model of the hub",
    "model.safetensors is a link",
    "tokenizer.json is a link",
    "arner.json nested deeply",
    "safetensors cut short",
    "10^6 layers",
)


@pytest.mark.parametrize("name", TO_TRAIN)
def test_training_refuses_them_too(name: str, folder_of: Callable[[str], Path], watched: list[str]) -> None:
    from arner.training.tuning.base import load_base

    folder = folder_of("torch")
    CASES[name].change(folder)
    with pytest.raises(ModelError):
        load_base(str(folder))
    assert not (folder / "harm").exists()


def test_training_begins_from_an_encoder_without_labels(folder_of: Callable[[str], Path]) -> None:
    from arner.training.tuning.base import load_base

    folder = folder_of("torch")
    plain = {key: value for key, value in config().items() if key != "id2label"}
    (folder / "config.json").write_text(json.dumps(plain), "utf-8")
    tensors(lambda held: [held.pop(name) for name in list(held) if "classifier" in name])(folder)
    assert load_base(str(folder)).scheme is None
    (folder / "config.json").write_text(json.dumps({**plain, "num_labels": 10**7}), "utf-8")
    with pytest.raises(ModelFormatError, match="num_labels"):
        load_base(str(folder))
