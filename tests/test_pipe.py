"""Streams: what comes out of `pipe`, of batches, of threads and of processes is what single calls give, to the byte."""

from __future__ import annotations

import gc
import importlib
import itertools
import multiprocessing
import pickle
import subprocess
import sys
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from arner import ArnerError, EmptyTextError, Extractor, InputError
from arner.stream import TextItem, map_in_processes

SENTENCES = [
    "وصل وزير الخارجية الروسي سيرغي لافروف إلى القاهرة مساء الأحد، والتقى نظيره المصري بدر عبد العاطي.",
    "وأعلنت شركة مايكروسوفت افتتاح مكتب جديد في دبي.",
    "زار محمود عباس باريس ولندن في 27 نوفمبر 2024.",
    "قالت الحكومة اللبنانية إن بيروت لن توقع الاتفاق مع صندوق النقد الدولي قبل نهاية العام.",
    "طقس جميل اليوم.",
]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Short ones, and long ones of several windows."""
    return [*SENTENCES, " ".join(SENTENCES * 8), "\n".join(SENTENCES[::-1] * 5), SENTENCES[0] * 3]


@pytest.fixture(scope="module")
def alone(extractor: Extractor, texts: list[str]) -> list[str]:
    return [extractor.extract(text).to_json() for text in texts]


@pytest.mark.parametrize("options", [{}, {"batch_size": 1}, {"batch_size": 3}, {"batch_tokens": 1}, {"batch_size": 99}])
def test_a_stream_gives_what_single_calls_give(extractor, texts, alone, options):
    assert [doc.to_json() for doc in extractor.pipe(iter(texts), **options)] == alone


def test_a_batch_gives_what_single_calls_give(extractor, texts, alone):
    assert [doc.to_json() for doc in extractor.extract_batch([TextItem(text) for text in texts])] == alone


def test_the_number_of_threads_changes_nothing(texts, alone):
    for threads in (1, 3):
        assert [doc.to_json() for doc in Extractor(threads=threads).pipe(texts)] == alone
    with pytest.raises(InputError, match="threads must be at least 0"):
        Extractor(threads=-1)


def test_eight_threads_may_share_an_extractor(extractor, texts, alone):
    with ThreadPoolExecutor(8) as pool:
        assert [doc.to_json() for doc in pool.map(extractor.extract, texts * 4)] == alone * 4


def test_streams_may_run_side_by_side(extractor, texts, alone):
    with ThreadPoolExecutor(3) as pool:
        streams = pool.map(lambda _: [doc.to_json() for doc in extractor.pipe(texts, batch_size=2)], range(3))
        assert list(streams) == [alone] * 3


def test_a_stream_that_is_left_can_be_followed_by_another(extractor, texts, alone):
    stream = extractor.pipe(texts * 2, batch_size=2)
    assert next(stream).to_json() == alone[0]
    stream.close()
    assert extractor.extract(texts[1]).to_json() == alone[1]


def test_processes_give_what_single_calls_give(extractor, texts, alone):
    pairs = [(text, str(number)) for number, text in enumerate(texts)]
    docs = []
    stream = extractor.pipe([*pairs, ("", "bad"), pairs[0]], batch_size=2, workers=2)
    for number in range(len(pairs)):
        docs.append(next(stream))
        assert docs[-1].id == str(number)
    assert [doc.model_copy(update={"id": None}).to_json() for doc in docs] == alone
    with pytest.raises(EmptyTextError, match=f"text {len(pairs) + 1}: "):
        next(stream)


def test_an_extractor_can_be_pickled(tmp_path, texts):
    rules = tmp_path / "rules.toml"
    rules.write_text("", encoding="utf-8")
    made = Extractor(rules=rules, min_score=0.5, date="2024-11-28", threads=1)
    again = pickle.loads(pickle.dumps(made))
    assert repr(again) == repr(made)
    assert again.extract(texts[2]) == made.extract(texts[2])


def test_no_document_is_kept(list_model):
    """However long a stream is, what has been consumed is gone."""
    alive: set[int] = set()
    most = 0
    for number, doc in enumerate(Extractor().pipe((f"زار بوتين القاهرة {n} مرة" for n in range(300)), batch_size=4)):
        alive.add(number)
        weakref.finalize(doc, alive.discard, number)
        del doc
        gc.collect(0)
        most = max(most, len(alive))
    assert most <= 8


def test_processes_take_no_more_than_they_have_room_for():
    numbers = itertools.count(1)
    results = map_in_processes(importlib.import_module, ("math",), "factorial", numbers, 2)
    assert [next(results) for _ in range(3)] == [1, 2, 6]
    assert next(numbers) <= 2 * 2 + 3
    results.close()


def test_a_process_that_dies_is_an_error_and_no_hang():
    with pytest.raises(ArnerError, match="process that reads texts died in batch 1"):
        list(map_in_processes(importlib.import_module, ("os",), "_exit", iter([1, 1, 1]), 2))


def test_processes_end_when_nobody_waits_for_them():
    results = map_in_processes(importlib.import_module, ("time",), "sleep", iter([0, 600, 600, 600]), 2)
    next(results)
    before = multiprocessing.active_children()
    assert before
    results.close()  # it would take ten minutes
    assert not set(before) & set(multiprocessing.active_children())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_processes_end_with_the_one_that_started_them():
    code = """
import importlib, multiprocessing
from arner.stream import map_in_processes
if __name__ == "__main__":
    results = map_in_processes(importlib.import_module, ("time",), "sleep", iter([0] + [600] * 9), 2)
    next(results)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    next(results)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        children = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(children) == 2
    while any(runs(pid) for pid in children):
        time.sleep(0.05)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
