"""One thread reads for all: in batches, in turns, within bounds, and one bad text does not hurt the others."""

from __future__ import annotations

import time
from concurrent.futures import CancelledError, wait

import pytest
from prometheus_client.parser import text_string_to_metric_families

from arner.errors import InputError
from arner.extractor import TextItem
from arner.serve import Settings, is_loopback
from arner.serve.batching import Batcher
from arner.serve.metrics import Metrics
from arner.serve.problems import RefusalError


@pytest.fixture
def batcher_for(gate):
    made = []

    def make(**settings) -> Batcher:
        metrics = Metrics("m")
        batcher = Batcher(
            lambda items: [document.text.encode() for document in gate.extract_batch(items)],
            Settings(**{"max_texts": 1, **settings}),
            metrics,
        )
        batcher.metrics = metrics
        batcher.start()
        made.append(batcher)
        return batcher

    yield make
    gate.open.set()
    for batcher in made:
        batcher.close()


def items(*texts: str) -> list[TextItem]:
    return [TextItem(text) for text in texts]


def results(*jobs) -> list[bytes]:
    return [future.result(20) for job in jobs for future in job.results]


def occupied(batcher, gate):
    """A job that the thread is at, so that what comes after it waits."""
    job = batcher.submit(items("أول"))
    assert gate.entered.wait(20)
    return job


def test_texts_of_several_requests_are_read_in_one_batch(batcher_for, gate):
    batcher = batcher_for(batch_texts=4)
    first = occupied(batcher, gate)
    jobs = [batcher.submit(items(f"نص {n}")) for n in range(6)]
    gate.open.set()
    assert results(first, *jobs) == ["أول".encode(), *(f"نص {n}".encode() for n in range(6))]
    assert [len(batch) for batch in gate.batches] == [1, 4, 2]


def test_a_batch_has_only_so_many_characters(batcher_for, gate):
    batcher = batcher_for(batch_chars=10)
    first = occupied(batcher, gate)
    jobs = [batcher.submit(items("أ" * length)) for length in (6, 4, 1, 30, 2)]
    gate.open.set()
    results(first, *jobs)
    assert [[len(text) for text in batch] for batch in gate.batches[1:]] == [[6, 4], [1], [30], [2]]


def test_a_long_list_takes_turns_with_others(batcher_for, gate):
    batcher = batcher_for(batch_texts=2)
    first = occupied(batcher, gate)
    many = batcher.submit(items(*(f"كثير {n}" for n in range(5))))
    one = batcher.submit(items("واحد"))
    gate.open.set()
    results(first, many, one)
    assert gate.batches[1:] == [["كثير 0", "واحد"], ["كثير 1", "كثير 2"], ["كثير 3", "كثير 4"]]


def test_the_first_text_waits_a_moment_for_others(batcher_for, gate):
    gate.open.set()
    batcher = batcher_for(batch_texts=2, batch_window=20)
    begin = time.monotonic()
    jobs = [batcher.submit(items("أ")), batcher.submit(items("ب"))]  # together they fill a batch, which waits no longer
    assert results(*jobs) == ["أ".encode(), "ب".encode()]
    assert time.monotonic() - begin < 15
    assert gate.batches == [["أ", "ب"]]


def test_one_bad_text_fails_alone(batcher_for, gate):
    batcher = batcher_for()
    first = occupied(batcher, gate)
    good, bad, other = (batcher.submit(items(text)) for text in ("أ", "ERROR", "ب"))
    gate.open.set()
    assert results(first, good, other)[1:] == ["أ".encode(), "ب".encode()]
    with pytest.raises(RuntimeError, match="cannot be read"):
        results(bad)


@pytest.mark.parametrize("limits", [{"queue_texts": 3}, {"queue_chars": 6}])
def test_a_full_queue_refuses_and_says_when_to_come_back(batcher_for, gate, limits):
    batcher = batcher_for(**limits)
    first = occupied(batcher, gate)
    jobs = [batcher.submit(items("نص", "نص")), batcher.submit(items("نص"))]
    with pytest.raises(RefusalError) as refused:
        batcher.submit(items("نص"))
    assert (refused.value.status_code, refused.value.body.code) == (503, "overloaded")
    assert int(refused.value.headers["retry-after"]) >= 1
    late = batcher.submit(items("موعود"), promised=True)
    gate.open.set()
    assert len(results(first, *jobs, late)) == 5


def test_an_empty_queue_takes_a_text_of_any_length(batcher_for, gate):
    gate.open.set()
    assert results(batcher_for(queue_chars=3).submit(items("نص طويل"))) == ["نص طويل".encode()]


def test_a_long_wait_refuses(batcher_for, gate):
    batcher = batcher_for(max_wait=0.001)
    first = occupied(batcher, gate)
    time.sleep(0.02)
    gate.open.set()
    results(first)
    gate.open.clear()
    gate.entered.clear()
    end = time.monotonic() + 20
    while batcher._speed is None:  # known a moment after the result
        assert time.monotonic() < end
    second = occupied(batcher, gate)
    with pytest.raises(RefusalError):
        batcher.submit(items("نص" * 1000)) and batcher.submit(items("نص"))
    gate.open.set()
    results(second)


def test_what_is_taken_back_is_not_read_and_leaves_its_room(batcher_for, gate):
    batcher = batcher_for(queue_texts=2)
    first = occupied(batcher, gate)
    gone = batcher.submit(items("ذهب", "ذهب"))
    batcher.cancel(gone)
    batcher.cancel(gone)
    stays = batcher.submit(items("باق", "باق"))
    gate.open.set()
    assert len(results(first, stays)) == 3
    with pytest.raises(CancelledError):
        results(gone)
    assert gate.batches == [["أول"], ["باق", "باق"]]
    shown = {
        sample.name: sample.value
        for family in text_string_to_metric_families(batcher.metrics.page().decode())
        for sample in family.samples
    }
    assert shown["arner_queue_texts"] == shown["arner_queue_characters"] == 0


def test_closing_reads_what_waits_and_takes_no_more(batcher_for, gate):
    batcher = batcher_for()
    first = occupied(batcher, gate)
    waiting = batcher.submit(items("أ", "ب"))
    gate.open.set()
    batcher.close()
    assert wait([*first.results, *waiting.results], timeout=0).not_done == set()
    with pytest.raises(RefusalError) as refused:
        batcher.submit(items("ج"))
    assert refused.value.body.code == "stopping"
    assert not batcher.alive


def test_abandoning_ends_what_waits(batcher_for, gate):
    batcher = batcher_for()
    first = occupied(batcher, gate)
    waiting = batcher.submit(items("أ", "ب"))
    batcher.abandon()
    gate.open.set()
    assert len(results(first)) == 1
    with pytest.raises(CancelledError):
        results(waiting)


@pytest.mark.parametrize(
    "settings",
    [
        {"max_body": 0},
        {"timeout": -1.0},
        {"timeout": float("nan")},
        {"batch_window": -0.1},
        {"queue_texts": 5, "max_texts": 6},
        {"max_bodies": 5, "max_body": 6},
        {"tokens": ("short",)},
        {"tokens": ("sixteen chars and blanks",)},
        {"tokens": ("رمز طويل بما يكفي للاستعمال",)},
    ],
)
def test_settings_that_make_no_sense(settings):
    with pytest.raises(InputError):
        Settings(**settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "[::1]", "LOCALHOST"])
def test_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "fe80::1%eth0", "localhost.example", ""])
def test_not_loopback(host):
    assert not is_loopback(host)
