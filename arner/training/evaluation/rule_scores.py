"""Scores that mean something: what rules are worth by annotated documents, and whether scores keep what they promise.

Few rules make many claims in a few dozen texts, so a rule's share of right claims is drawn towards that of its relation
type, and a type's towards that of all rules: with r right claims out of n and a parent's share p, the share is
(r + k p) / (n + k), the mean of a Beta distribution with the prior Beta(k p, k (1 - p)). k, how many claims the parent
is worth, is one number for all types and one for all rules: that under which the counts are most probable.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from arner.relations import Rule

__all__ = [
    "Count",
    "Fit",
    "Outcome",
    "calibration_error",
    "equal_bins",
    "fit_scores",
    "mean",
    "precision_recall",
    "ranking",
    "shrink",
]

STRENGTHS: Final = tuple(2**n for n in range(3, 10))
"""Numbers of claims that a parent may be worth. With fewer than eight, one wrong claim would condemn a rule."""
HIGHEST: Final = 0.99
"""No count of a few dozen texts makes a rule certain."""
BINS: Final = 5


class Count(NamedTuple):
    """Claims of a rule or a type: how many are right, of how many."""

    right: int
    all: int


class Outcome(NamedTuple):
    """A relation read: its score, and whether it is right; `counted` where it takes part in precision and recall."""

    score: float
    right: bool
    counted: bool
    hit: bool


@dataclass(frozen=True)
class Fit:
    """The scores of rules by id, and what they are made of."""

    scores: Mapping[str, float]
    counts: Mapping[str, Count]
    types: Mapping[str, float]
    everything: float
    strength: tuple[int, int]


def log_likelihood(counts: Iterable[tuple[Count, float]], strength: float) -> float:
    """Of counts with their parents' shares, under the prior Beta(k p, k (1 - p)).

    >>> round(log_likelihood([(Count(1, 1), 0.5)], 2), 3) == round(math.log(0.5), 3)
    True
    """

    def log_beta(a: float, b: float) -> float:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    total = 0.0
    for (right, n), share in counts:
        a, b = strength * share, strength * (1 - share)
        total += log_beta(a + right, b + n - right) - log_beta(a, b)
    return total


def shrink(count: Count, share: float, strength: float) -> float:
    """The share of a count, drawn towards its parent's.

    >>> shrink(Count(3, 4), 0.9, 8)
    0.85
    >>> shrink(Count(0, 0), 0.9, 8)
    0.9
    """
    return (count.right + strength * share) / (count.all + strength)


def fit_scores(claims: Sequence[tuple[str, str, bool]], rules: Iterable[Rule]) -> Fit:
    """Scores for the rules from their claims.

    Args:
        claims: rule id, relation type and whether it is right, of each claim.
        rules: all rules that are to have a score; those without a claim get their types' share.
    """
    by_rule = _counts((rule, right) for rule, _, right in claims)
    by_type = _counts((type, right) for _, type, right in claims)
    # One right and one wrong claim more: even a spotless record is no certainty.
    everything = (sum(right for _, _, right in claims) + 1) / (len(claims) + 2)
    of_types = max(STRENGTHS, key=lambda k: log_likelihood(((c, everything) for c in by_type.values()), k))
    types = {type: shrink(count, everything, of_types) for type, count in by_type.items()}
    parents: dict[str, float] = {}
    for rule in rules:
        claimed = Counter(type for id, type, _ in claims if id == rule.id) or Counter(t.value for t in rule.types)
        shares = [types.get(type, everything) for type in claimed.elements()]
        parents[rule.id] = math.fsum(shares) / len(shares) if shares else everything
    none = Count(0, 0)
    known = [(by_rule[id], parent) for id, parent in parents.items() if id in by_rule]
    of_rules = max(STRENGTHS, key=lambda k: log_likelihood(known, k))
    scores = {
        id: min(HIGHEST, round(shrink(by_rule.get(id, none), parent, of_rules), 2)) for id, parent in parents.items()
    }
    return Fit(scores, by_rule, types, everything, (of_types, of_rules))


def _counts(claims: Iterable[tuple[str, bool]]) -> dict[str, Count]:
    right: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for key, is_right in claims:
        right[key] += is_right
        every[key] += 1
    return {key: Count(right[key], n) for key, n in every.items()}


def equal_bins(outcomes: Sequence[Outcome]) -> list[tuple[float, float, int]]:
    """Mean score, share of right ones and size of five bins of (nearly) equal size, by rising score."""
    ranked = sorted(outcomes)
    edges = [round(n * len(ranked) / BINS) for n in range(BINS + 1)]
    parts = [ranked[a:b] for a, b in zip(edges, edges[1:], strict=False) if a < b]
    return [(mean(o.score for o in part), mean(o.right for o in part), len(part)) for part in parts]


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """The expected calibration error: how far bins' scores lie from their shares of right ones, on average.

    >>> calibration_error([Outcome(0.75, True, True, True)] * 5)
    0.25
    """
    return sum(abs(score - share) * n for score, share, n in equal_bins(outcomes)) / len(outcomes) if outcomes else 0.0


def ranking(outcomes: Sequence[Outcome]) -> float:
    """How often a right relation scores above a wrong one (area under the ROC curve); not a number without both.

    >>> ranking([Outcome(0.9, True, True, True), Outcome(0.9, False, True, False), Outcome(0.5, False, True, False)])
    0.75
    """
    right = [o.score for o in outcomes if o.right]
    wrong = [o.score for o in outcomes if not o.right]
    pairs = len(right) * len(wrong)
    return sum((a > b) + (a == b) / 2 for a in right for b in wrong) / pairs if pairs else math.nan


def precision_recall(outcomes: Sequence[Outcome], wanted: int) -> tuple[float, float]:
    """Of the required relations; optional ones count neither way."""
    hits = sum(o.hit for o in outcomes)
    counted = sum(o.counted for o in outcomes)
    return (hits / counted if counted else math.nan), (hits / wanted if wanted else math.nan)


def mean(values: Iterable[float]) -> float:
    """Not a number where there is none."""
    listed = list(values)
    return math.fsum(listed) / len(listed) if listed else math.nan
