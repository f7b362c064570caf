"""Ids of the Hugging Face hub as model and as base: revisions, the cache, what cannot be had. The hub is a fake one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from .conftest import conll, split_visits
from .fake_hub import hub

pytest.importorskip("torch")
pytest.importorskip("transformers")

FIRST, SECOND = "1" * 40, "2" * 40
TRY = """
    import json, sys
    import arner

    def said(call):
        try:
            return call()
        except arner.ArnerError as error:
            return f"{type(error).__name__}: {error}"

    def read(model):
        return arner.extract("سافر الوفد إلى باريس .", model=model).model
"""


def run(code: str, home: Path, endpoint: str, **more: str) -> tuple[object, str]:
    """What the code prints as JSON, and its errors; in a process of its own, as the hub is chosen at import."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "TRANSFORMERS_"))}
    env |= {"HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_HUB_DISABLE_TELEMETRY": "1", **more}
    done = subprocess.run(
        [sys.executable, "-c", dedent(TRY) + dedent(code)], env=env, capture_output=True, text=True, cwd=home
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


@pytest.fixture(scope="module")
def models(small_model, tmp_path_factory):
    """Two revisions of a model that differ in their labels, and one with pickled weights alone."""
    folder = tmp_path_factory.mktemp("hub")
    newer, pickled = folder / "newer", folder / "pickled"
    shutil.copytree(small_model, newer)
    config = json.loads((newer / "config.json").read_text("utf-8"))
    for number, label in enumerate(("O", "B-TOWN", "I-TOWN", "B-PER", "I-PER")):
        config["id2label"][str(number)] = label
    config["label2id"] = {label: int(number) for number, label in config["id2label"].items()}
    (newer / "config.json").write_text(json.dumps(config), "utf-8")
    shutil.copytree(small_model, pickled)
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    return {
        "acme/ner": {SECOND: newer, FIRST: small_model},
        "acme/pickled": {FIRST: pickled},
        "acme/gated": {FIRST: small_model},
    }


def test_a_hub_id_is_read_and_fine_tuned_pinned_cached_and_refused(models, tmp_path):
    train, held = split_visits()
    (tmp_path / "train.conll").write_text(conll(train), "utf-8")
    (tmp_path / "dev.conll").write_text(conll(held), "utf-8")
    tune = """
        def tune(base, output):
            report = arner.finetune("train.conll", output, base=base, eval="dev.conll", epochs=1, onnx="none")
            return report.plan.labels[1], (open(output + "/README.md").read().count("base_model: acme/ner\\n"))
    """
    with hub(models, gated=frozenset({"acme/gated"})) as endpoint:
        found, _ = run(
            dedent(tune)
            + dedent(f"""
                names = ["acme/ner", "acme/ner@{FIRST}", "acme/none", "acme/gated", "acme/pickled", "acme/ner@v9"]
                tuned = [tune("acme/ner", "new"), tune("acme/ner@{FIRST}", "pinned")]
                print(json.dumps([tuned, [said(lambda: read(name)) for name in names]]))
            """),
            tmp_path,
            endpoint,
        )
    tuned, (newest, pinned, none, gated, pickled, unknown) = found
    assert tuned == [["B-TOWN", 1], ["B-LOC", 1]]
    assert (newest, pinned) == ("acme/ner", f"acme/ner@{FIRST}")
    assert none.startswith("ModelNotFoundError") and "acme/none" in none
    assert gated.startswith("ModelNotFoundError") and "gated" in gated
    assert pickled.startswith("ModelFormatError") and "safetensors" in pickled
    assert unknown.startswith("ModelNotFoundError") and "v9" in unknown
    # The hub is gone: what is in the cache goes on working, and is not looked for again.
    again, errors = run(
        f"""print(json.dumps([said(lambda: read(name)) for name in ["acme/ner", "acme/ner@{FIRST}"]]))""",
        tmp_path,
        endpoint,
    )
    assert again == ["acme/ner", f"acme/ner@{FIRST}"]
    assert "refused" not in errors and "Retrying" not in errors
    (missing,), _ = run(
        """print(json.dumps([said(lambda: read("acme/other"))]))""", tmp_path, endpoint, HF_HUB_OFFLINE="1"
    )
    assert missing.startswith("ModelNotFoundError") and "cached" in missing
