"""Two models: the test tells chance from more than chance, whatever the seed, and is symmetric."""

from __future__ import annotations

import numpy as np
import pytest

from arner.training.evaluation.compare import differences
from arner.training.evaluation.scores import counts_by_type, f1_of


def hits(chance: np.random.Generator, rate: float, count: int = 300) -> np.ndarray:
    """Counts of a model that finds each of one name a text with that chance."""
    right = (chance.random(count) < rate).astype(float)
    return np.stack([right, np.ones(count), np.ones(count)], axis=-1)[:, None]


@pytest.mark.parametrize("seed", range(3))
def test_a_large_difference_is_more_than_chance(seed):
    chance = np.random.default_rng(seed)
    first, second = hits(chance, 0.9), hits(chance, 0.7)
    (apart,) = differences(first, second, rounds=500, seed=seed)
    assert apart.difference == pytest.approx(apart.first.f1 - apart.second.f1)
    assert apart.p_value < 0.01
    assert 0 < apart.low < apart.difference < apart.high
    (other,) = differences(second, first, rounds=500, seed=seed)
    assert other.difference == -apart.difference
    assert (other.low, other.high) == pytest.approx((-apart.high, -apart.low))
    assert other.p_value == apart.p_value


def test_equal_models_differ_by_chance_as_often_as_the_level_says():
    low = 0
    for seed in range(100):
        chance = np.random.default_rng(seed)
        (apart,) = differences(hits(chance, 0.8, 80), hits(chance, 0.8, 80), rounds=200, seed=seed)
        low += apart.p_value < 0.05
    assert low <= 12  # 5 of 100 are expected; more than 12 would come once in a thousand times


def test_one_text_or_no_rounds_leave_the_test_out():
    one = hits(np.random.default_rng(0), 0.5, 1)
    assert differences(one, one, rounds=100, seed=1)[0].p_value is None
    many = hits(np.random.default_rng(0), 0.5)
    assert differences(many, many, rounds=0, seed=1)[0].low is None


def test_counts_by_type():
    gold = [{(0, 1, "PER"), (2, 3, "LOC")}, set()]
    found = [{(0, 1, "PER"), (2, 3, "PER")}, {(0, 1, "LOC")}]
    counts = counts_by_type(gold, found, ["LOC", "PER"])
    assert counts[0].tolist() == [[1, 2, 2], [0, 1, 0], [1, 1, 2]]
    assert counts[1].tolist() == [[0, 0, 1], [0, 0, 1], [0, 0, 0]]
    assert f1_of(counts.sum(axis=0)).tolist() == pytest.approx([0.4, 0.0, 2 / 3])
