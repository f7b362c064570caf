"""What fuzzing kept and what it found is read anew, without the fuzzer."""

from __future__ import annotations

import pytest

from fuzz.corpus import CORPORA, read_corpus
from fuzz.seeds import DICTIONARY, seeds_of
from fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_every_kept_input_is_read_or_refused(name: str) -> None:
    target = TARGETS[name].load(name)
    kept = read_corpus(name)
    assert kept, f"no corpus: scripts/fuzz {name} --keep"
    for data in (*seeds_of(name), *kept):
        target(data)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_any_bytes(name: str) -> None:
    target = TARGETS[name].load(name)
    for data in (b"", b"\0", b"\xff", b"\xf0\x9f", b"{", b"[", b'"', bytes(range(256))):
        target(data)


def test_corpora_are_small_and_belong_to_targets() -> None:
    files = list(CORPORA.iterdir())
    assert {path.stem for path in files} == set(TARGETS)
    assert sum(path.stat().st_size for path in files) < 400_000
    assert all(len(word.encode()) <= 64 for word in DICTIONARY)  # what libFuzzer takes of a word
