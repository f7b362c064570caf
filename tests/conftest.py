"""What several tests share: a recognizer that needs no model, and the example text."""

from __future__ import annotations

import os
import re
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from arner.ner.labels import LabelScheme

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # tests may load onnxruntime before arner does
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a test that asks the hub would pass or fail with the network

ROOT = Path(__file__).parents[1]

NAMES = {
    "فلاديمير بوتين": "PER",
    "بوتين": "PER",
    "توكاييف": "PER",
    "كازاخستان": "LOC",
    "أستانا": "LOC",
    "القاهرة": "LOC",
    "بريكس": "ORG",
}


class ListRecognizer:
    """Finds the names of a list: what the model does, without its size and its mistakes."""

    name = "list 1.0"
    device = "cpu"
    threads = 1
    scheme = LabelScheme(("O", "PER", "LOC", "ORG"))

    def __init__(self, names: Mapping[str, str], min_score: float = 0.0) -> None:
        self._types = names
        self._pattern = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
        self.min_score = min_score
        self.batches: list[int] = []

    def recognize(self, text: str) -> list[object]:
        from arner.ner.recognizer import NameSpan

        return [NameSpan(m.start(), m.end(), self._types[m[0]], 0.9) for m in self._pattern.finditer(text)]

    def recognize_many(self, texts: Sequence[str]) -> list[list[object]]:
        return self.read([self.prepare(text) for text in texts])

    def prepare(self, text: str) -> object:
        from arner.ner.recognizer import ReadyText
        from arner.text import split_sentences, split_words

        words = split_words(text)
        return ReadyText(text, words, split_sentences(words, text), ())

    def read(self, texts: Sequence[object]) -> list[list[object]]:
        return self.start(texts).names()

    def start(self, texts: Sequence[object]) -> ListReading:
        self.batches.append(len(texts))
        return ListReading(self, texts)


class ListReading:
    """What `ListRecognizer` reads, when it is asked for."""

    def __init__(self, recognizer: ListRecognizer, texts: Sequence[object]) -> None:
        self.recognizer = recognizer
        self.texts = texts

    def names(self) -> list[list[object]]:
        return [self.recognizer.recognize(ready.text) for ready in self.texts]

    def cancel(self) -> None:
        """Nothing is under way."""


@pytest.fixture
def list_model(monkeypatch: pytest.MonkeyPatch) -> Callable[[], ListRecognizer]:
    """Puts a `ListRecognizer` in the place of every model; returns a function that gives the last one made."""
    made: list[ListRecognizer] = []

    def load(model: str = "default", *, min_score: float = 0.0, **_: object) -> ListRecognizer:
        made.append(ListRecognizer(NAMES, min_score))
        return made[-1]

    monkeypatch.setattr("arner.extractor.load_recognizer", load)
    monkeypatch.setattr("arner.extractor._extractors", OrderedDict())
    return lambda: made[-1]


@pytest.fixture(scope="session")
def example_text() -> str:
    return (ROOT / "examples" / "visit.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A headless Chromium that is installed already; without one, the test is skipped."""
    sync_api = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium is installed")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()
