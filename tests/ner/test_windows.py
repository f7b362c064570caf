"""Windows: every word is read, once, whatever the sentences and word sizes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arner.ner.windows import plan_windows


@st.composite
def texts(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, int]]]:
    lengths = draw(st.lists(st.integers(1, 30), max_size=12))
    sizes = draw(st.lists(st.integers(1, 40), min_size=sum(lengths), max_size=sum(lengths)))
    ends = [sum(lengths[: index + 1]) for index in range(len(lengths))]
    return sizes, [(end - length, end) for end, length in zip(ends, lengths, strict=True)]


@settings(deadline=None)
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


def test_the_ends_of_a_text_need_no_room_for_context() -> None:
    sentences = [(start, start + 10) for start in range(0, 60, 10)]
    windows = plan_windows([1] * 60, sentences, limit=40, stride=10)
    assert [(window.start, window.end) for window in windows] == [(0, 40), (20, 60)]


def test_windows_are_of_about_the_same_length() -> None:
    sentences = [(start, start + 10) for start in range(0, 100, 10)]
    windows = plan_windows([1] * 100, sentences, limit=80, stride=10)
    assert [(window.own_start, window.own_end) for window in windows] == [(0, 50), (50, 100)]


def test_context_is_never_more_than_the_stride() -> None:
    windows = plan_windows([1] * 200, [(start, start + 8) for start in range(0, 200, 8)], limit=64, stride=12)
    assert all(w.own_start - w.start <= 12 and w.end - w.own_end <= 12 for w in windows)
    assert all(window.own_start - window.start == 12 for window in windows[1:])
