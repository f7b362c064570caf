"""Temperature and reliability of scores."""

from __future__ import annotations

import numpy as np
import pytest

from arner.training.evaluation.score_calibration import fit_temperature, reliability


def test_the_temperature_that_made_the_labels_is_found():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 4)).astype(np.float32) * 2
    exact = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    drawn = (rng.random((len(exact), 1)) > exact.cumsum(axis=1)).sum(axis=1).clip(max=3)
    sharp = logits * 1.5  # too sure by half
    log_probs = sharp - np.logaddexp.reduce(sharp, axis=1, keepdims=True)
    temperature, loss, before = fit_temperature([log_probs.astype(np.float32)], [np.eye(4, dtype=bool)[drawn]])
    assert temperature == pytest.approx(1.5, abs=0.11)
    assert loss < before


def test_words_whose_label_is_open_say_nothing():
    log_probs = np.log(np.array([[0.9, 0.1], [0.1, 0.9]], dtype=np.float32))
    both = np.ones((2, 2), dtype=bool)
    assert fit_temperature([log_probs], [both])[1] == pytest.approx(0.0, abs=1e-6)


def test_bins_hold_all_names():
    bins = reliability([(1.0, True), (0.0, False), (0.15, True), (0.11, False)])
    assert [part.names for part in bins] == [1, 2, 1]
    assert [part.right for part in bins] == [0.0, 0.5, 1.0]
