"""Batches of a stream: closed by number or by weight, and no member taken before its time."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from arner.stream import cut_batches


@given(st.lists(st.integers(0, 9)), st.integers(1, 5), st.integers(1, 20))
def test_nothing_is_lost_and_no_batch_is_too_large(members, size, most):
    batches = list(cut_batches(members, size=size, weight=int, most=most))
    assert [member for batch in batches for member in batch] == members
    for batch in batches:
        assert 0 < len(batch) <= size
        assert sum(batch[:-1]) < most
    for batch in batches[:-1]:
        assert len(batch) == size or sum(batch) >= most


def test_an_endless_stream_is_taken_batch_by_batch():
    source = itertools.count()
    batches = cut_batches(source, size=4, weight=int, most=10**9)
    assert next(batches) == [0, 1, 2, 3]
    assert next(source) == 4
