"""Windows: every word is read, once, whatever the sentences and word sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.ner.windows import plan_windows


@st.composite
def texts(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, int]]]:
    lengths = draw(st.lists(st.integers(1, 30), max_size=12))
    sizes = draw(st.lists(st.integers(1, 40), min_size=sum(lengths), max_size=sum(lengths)))
    ends = [sum(lengths[: index + 1]) for index in range(len(lengths))]
    return sizes, [(end - length, end) for end, length in zip(ends, lengths, strict=True)]


@given(texts(), st.integers(8, 64))
def test_every_word_is_owned_once_in_order_and_windows_fit(
    text: tuple[list[int], list[tuple[int, int]]], limit: int
) -> None:
    sizes, sentences = text
    windows = plan_windows(sizes, sentences, limit=limit, stride=limit // 4)
    owned = [word for window in windows for word in range(window.own_start, window.own_end)]
    assert owned == list(range(len(sizes)))
    for window in windows:
        assert window.start <= window.own_start < window.own_end <= window.end
        assert sum(sizes[window.start : window.end]) <= limit or window.end - window.start == 1


def test_a_text_that_fits_is_one_window() -> None:
    (window,) = plan_windows([1] * 50, [(0, 20), (20, 50)], limit=50, stride=10)
    assert (window.start, window.end) == (0, 50)


def test_sentences_that_fit_are_not_cut() -> None:
    sentences = [(start, start + 10) for start in range(0, 100, 10)]
    windows = plan_windows([1] * 100, sentences, limit=40, stride=5)
    assert {window.own_start % 10 for window in windows} == {0}


def test_a_stride_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="stride"):
        plan_windows([1], [(0, 1)], limit=4, stride=2)
