"""Label schemes and decoding: any tag scheme becomes the right spans, and no ill-formed sequence comes out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.ner.decoding import best_path, decode
from arner.ner.labels import LabelScheme, canonical_type

IOB2 = LabelScheme(("O", "B-PER", "I-PER", "B-LOC", "I-LOC"))


@pytest.mark.parametrize(
    ("labels", "tags", "spans"),
    [
        ("O B-PER I-PER", "B-PER I-PER O B-PER", [(0, 2, "PER"), (3, 4, "PER")]),
        ("O I-PER B-PER", "I-PER I-PER B-PER O", [(0, 2, "PER"), (2, 3, "PER")]),
        ("O B-PER I-PER E-PER S-PER", "S-PER B-PER I-PER E-PER", [(0, 1, "PER"), (1, 4, "PER")]),
        ("O B-PER I-PER L-PER U-PER", "U-PER B-PER L-PER O", [(0, 1, "PER"), (1, 3, "PER")]),
        ("O PER LOC", "PER PER LOC O", [(0, 2, "PER"), (2, 3, "LOC")]),
        ("O B-PER I-PER B-LOC I-LOC", "O I-LOC I-LOC I-PER", [(1, 3, "LOC"), (3, 4, "PER")]),
    ],
    ids=["IOB2", "IOB1", "BIOES", "BILOU", "bare", "orphans"],
)
def test_spans_of_every_scheme(labels: str, tags: str, spans: list[tuple[int, int, str]]) -> None:
    scheme = LabelScheme(tuple(labels.split()))
    assert scheme.spans([scheme.labels.index(tag) for tag in tags.split()]) == spans


@given(st.lists(st.lists(st.floats(-20, 0), min_size=5, max_size=5), max_size=12))
def test_best_path_is_well_formed_and_as_good_as_any_greedy_path(rows: list[list[float]]) -> None:
    log_probs = np.array(rows, dtype=np.float32).reshape(-1, 5)
    path = best_path(log_probs, IOB2)
    assert len(path) == len(rows)
    if path:
        assert IOB2.may_start[path[0]]
        assert all(IOB2.may_follow[a, b] for a, b in zip(path, path[1:], strict=False))


def _exhaustive(log_probs: np.ndarray, scheme: LabelScheme) -> float:
    best = {label: float(log_probs[0][label]) for label in range(5) if scheme.may_start[label]}
    for row in log_probs[1:]:
        best = {
            b: max(score for a, score in best.items() if scheme.may_follow[a, b]) + float(row[b])
            for b in range(5)
            if any(scheme.may_follow[a, b] for a in best)
        }
    return max(best.values())


@given(st.lists(st.lists(st.floats(-20, 0), min_size=5, max_size=5), min_size=1, max_size=8))
def test_best_path_is_the_best(rows: list[list[float]]) -> None:
    log_probs = np.array(rows, dtype=np.float32)
    path = best_path(log_probs, IOB2)
    total = sum(float(log_probs[at][label]) for at, label in enumerate(path))
    assert total == pytest.approx(_exhaustive(log_probs, IOB2), abs=1e-3)


def test_score_is_the_probability_of_the_type() -> None:
    probabilities = np.array([[0.1, 0.7, 0.1, 0.05, 0.05], [0.1, 0.1, 0.7, 0.05, 0.05]], dtype=np.float32)
    (span,) = decode(np.log(probabilities), IOB2)
    assert (span.start, span.end, span.type) == (0, 2, "PER")
    assert span.score == pytest.approx(0.8)


def test_labels_of_other_models_have_a_canonical_type() -> None:
    assert [canonical_type(label) for label in ("PERS", "GPE", "FAC", "ORG", "MIS1")] == [
        "PER",
        "LOC",
        "LOC",
        "ORG",
        "MISC",
    ]
    assert canonical_type("ORDINAL") is None
