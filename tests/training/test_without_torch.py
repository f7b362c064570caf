"""Without torch, everything but training works, and training gives one error that names the extra."""

from __future__ import annotations

import json
import subprocess
import sys
from textwrap import dedent

from .conftest import conll

GONE = ("torch", "transformers", "accelerate", "safetensors", "datasets", "onnx", "peft", "matplotlib")
PROGRAM = """
    import io, json, sys
    from contextlib import redirect_stdout
    from pathlib import Path

    gone = set(sys.argv[1].split(","))

    class Without:
        # A finder of modules that does not see those that are gone.

        def __init__(self, finder):
            self.finder = finder

        def find_spec(self, name, path=None, target=None):
            return None if name.partition(".")[0] in gone else self.finder.find_spec(name, path, target)

        def __getattr__(self, name):
            return getattr(self.finder, name)

    sys.meta_path[:] = map(Without, sys.meta_path)
    import arner
    from arner.cli import main

    def said(call):
        try:
            return call()
        except arner.ArnerError as error:
            return f"{type(error).__name__}: {error}"

    def command(*words):
        out = io.StringIO()
        try:
            with redirect_stdout(out):
                return main(list(words))
        except SystemExit as end:
            return end.code

    calls = {
        "finetune": lambda: arner.finetune("a.conll", "model"),
        "dry run": lambda: arner.finetune("a.conll", "model", dry_run=True),
        "hub": lambda: arner.extract("زار", model="acme/ner"),
        "evaluate": lambda: arner.evaluate("default", "a.conll", compare="default").strict.gold,
        "page": lambda: len(arner.evaluate("default", "a.conll").to_html()) > 1000,
        "suggest": lambda: len(arner.suggest(Path("a.txt"), n=1).suggestions),
        "check": lambda: arner.check_data("a.conll").train[0].names["LOC"],
    }
    commands = {
        "finetune": ("finetune", "a.conll", "-o", "model"),
        "dry run": ("finetune", "a.conll", "--dry-run"),
        "check": ("finetune", "a.conll", "--check"),
        "evaluate": ("evaluate", "default", "a.conll", "--html", "page.html"),
        "suggest": ("suggest", "a.txt", "-o", "next.jsonl"),
    }
    results = {name: said(call) for name, call in calls.items()}
    print(json.dumps([results, {name: command(*words) for name, words in commands.items()}]))
"""


def run(folder, *gone):
    sentence = [("زار", "O"), ("الوزير", "O"), ("باريس", "B-LOC"), (".", "O")]
    (folder / "a.conll").write_text(conll([sentence]), "utf-8")
    (folder / "a.txt").write_text("زار الوزير باريس أمس.", "utf-8")
    program = [sys.executable, "-c", dedent(PROGRAM), ",".join(gone)]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return *json.loads(done.stdout), done.stderr


def test_only_training_needs_it(tmp_path):
    calls, commands, errors = run(tmp_path, *GONE)
    for name in ("finetune", "dry run", "hub"):
        error = calls.pop(name)
        assert error.startswith("MissingExtraError") and error.endswith("pip install 'arner[train]'"), name
    assert calls == {"evaluate": 1, "page": True, "suggest": 1, "check": 1}
    assert commands == {"finetune": 3, "dry run": 3, "check": 0, "evaluate": 0, "suggest": 0}
    assert errors.count("pip install 'arner[train]'") == 2 and "Traceback" not in errors
    assert not (tmp_path / "model").exists() and (tmp_path / "page.html").is_file()


def test_evaluation_needs_seqeval_alone(tmp_path):
    calls, commands, errors = run(tmp_path, *GONE, "seqeval", "sklearn", "pandas", "scipy")
    assert calls["evaluate"].endswith("pip install 'arner[evaluate]'")
    assert commands == {"finetune": 3, "dry run": 3, "check": 0, "evaluate": 3, "suggest": 0}
    assert errors.count("arner[evaluate]") == 1
