"""``datasets.map``: what comes out, in one process and in several, and what is found in the cache."""

from __future__ import annotations

import subprocess
import sys

import pytest

from arner.bridges import TableReader
from arner.bridges.datasets import Extract
from arner.errors import InputError, MissingExtraError

datasets = pytest.importorskip("datasets")

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")


@pytest.fixture(autouse=True)
def _cache_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()


@pytest.fixture
def news():
    texts = [None, "زار فلاديمير بوتين كازاخستان.", "", "طقس جميل.", "غادر السيسي القاهرة."] * 6
    return datasets.Dataset.from_dict({"text": texts, "id": list(range(len(texts)))})


def test_rows_and_types(news):
    extract = Extract(id="id")
    features = extract.features(news.features)
    read = news.map(extract, batched=True, batch_size=4, features=features)
    assert read.features == features
    assert read.num_rows == news.num_rows
    assert read["text"][:] == news["text"][:]
    assert read[:] == {**news[:], **TableReader(id="id").read(news[:])}
    # Without the types too, where the first rows show them.
    assert news.select(range(1, 30)).map(extract, batched=True)["error"][1] == read["error"][2]


def test_several_processes_and_streams_give_the_same(news):
    extract = Extract()
    alone = news.map(extract, batched=True, batch_size=4, features=extract.features(news.features))
    several = news.map(extract, batched=True, batch_size=7, num_proc=2, features=extract.features(news.features))
    assert several[:] == alone[:]
    stream = news.to_iterable_dataset().map(extract, batched=True, batch_size=5)
    assert list(stream) == list(alone)


def test_what_was_read_before_is_found_again(news, tmp_path, monkeypatch):
    news.save_to_disk(tmp_path / "news")
    news = datasets.load_from_disk(tmp_path / "news")
    features = Extract().features(news.features)
    first = news.map(Extract(), batched=True, features=features)
    monkeypatch.setattr(Extract, "__call__", None)  # it is not called again
    assert news.map(Extract(), batched=True, features=features)[:] == first[:]


def test_the_hash_is_the_same_in_every_run():
    from datasets.fingerprint import Hasher

    code = (
        "from datasets.fingerprint import Hasher; from arner.bridges.datasets import Extract;"
        "print(Hasher.hash(Extract(id='id', min_score=0.5, model='default')))"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8", env={"PYTHONHASHSEED": "1"})
    assert Hasher.hash(Extract(model="default", min_score=0.5, id="id")) == run.stdout.strip()
    assert Hasher.hash(Extract(id="id")) != run.stdout.strip()


def test_columns_that_are_missing_or_taken(news):
    with pytest.raises(InputError, match="no column 'body'"):
        news.map(Extract("body"), batched=True)
    with pytest.raises(InputError, match="already has a column 'error'"):
        news.rename_column("id", "error").map(Extract(), batched=True)


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'arner\[train\]'"):
        Extract().features()
