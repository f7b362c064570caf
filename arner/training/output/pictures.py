"""Pictures of a run, drawn with matplotlib: the learning curve, which types are confused, and how far scores hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from arner.training.evaluation.score_calibration import Bin
from arner.training.tuning.logs import Epoch

__all__ = ["draw_calibration", "draw_confusion", "draw_learning_curve"]

_LOSS: Final = "#b42318"
_F1: Final = "#0b62b8"
_GREY: Final = "#59636e"


def draw_learning_curve(path: Path, epochs: Sequence[Epoch], best: int, base_f1: float | None) -> None:
    """Loss and strict F1 of each epoch.

    Args:
        best: number of the epoch that was taken.
        base_f1: strict F1 of the base model on the same data.
    """
    figure, axes = _figure(6.4, 3.6)
    numbers = [epoch.number for epoch in epochs]
    axes.plot(numbers, [epoch.f1 for epoch in epochs], color=_F1, marker="o", label="strict F1, evaluation data")
    axes.plot([best], [epochs[best - 1].f1], color=_F1, marker="o", markersize=11, fillstyle="none", linestyle="none")
    if base_f1 is not None:
        axes.axhline(base_f1, color=_GREY, linestyle=":", label="strict F1 of the base model")
    axes.set_ylim(0, 1.02)
    axes.set_xticks(numbers)
    axes.set_xlabel("epoch (the circle marks the one that was taken)")
    axes.set_ylabel("strict F1", color=_F1)
    losses = axes.twinx()
    losses.plot(
        numbers, [epoch.loss for epoch in epochs], color=_LOSS, marker="s", linestyle="--", label="training loss"
    )
    losses.set_ylim(bottom=0)
    losses.set_ylabel("training loss per word", color=_LOSS)
    lines = [*axes.get_lines()[:1], *axes.get_lines()[2:], *losses.get_lines()]
    figure.legend(lines, [line.get_label() for line in lines], loc="outside upper center", ncols=3, fontsize=7)
    _save(figure, path)


def draw_confusion(path: Path, counts: Mapping[tuple[str, str], int], types: Sequence[str], none: str) -> None:
    """How often names of one type were read as another.

    Args:
        counts: (type in the data, type found) → names.
        types: the types, in order.
        none: stands for a name that is in only one of the two.
    """
    names = [*types, none]
    size = 1.6 + 0.62 * len(names)
    figure, axes = _figure(size + 0.6, size)
    rows = [[counts.get((gold, found), 0) for found in names] for gold in names]
    shares = [[count / max(1, sum(row)) for count in row] for row in rows]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for y, row in enumerate(rows):
        for x, count in enumerate(row):
            if count:
                axes.text(
                    x, y, f"{count:,}", ha="center", va="center", color="white" if shares[y][x] > 0.5 else "black"
                )
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("found")
    axes.set_ylabel("in the data")
    _save(figure, path)


def draw_calibration(path: Path, bins: Sequence[Bin], error: float) -> None:
    """The share of right names against their mean score; the area of a dot is the number of names.

    Args:
        error: expected calibration error, 0 to 1.
    """
    figure, axes = _figure(4.2, 4.0)
    axes.plot([0, 1], [0, 1], color=_GREY, linestyle=":")
    most = max((part.names for part in bins), default=1)
    axes.scatter(
        [part.score for part in bins],
        [part.right for part in bins],
        s=[20 + 180 * part.names / most for part in bins],
        color=_F1,
    )
    for part in bins:
        point = (part.score, part.right)
        axes.annotate(f"{part.names:,}", point, fontsize=7, xytext=(6, 6), textcoords="offset points")
    axes.set_xlim(0, 1.05)
    axes.set_ylim(-0.03, 1.1)
    axes.set_xlabel("mean score of the names")
    axes.set_ylabel("share that is right")
    axes.set_title(f"calibration error {error:.3f}, {sum(part.names for part in bins):,} names", fontsize=9)
    _save(figure, path)


def _figure(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, dpi=150, metadata={"Software": None})
