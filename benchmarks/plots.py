"""Results as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["draw"]


def draw(results: dict[str, Any], folder: Path) -> list[Path]:
    """Writes `comparison.png`, `growth.png` and `profile.png`, as far as there is something to draw.

    Without matplotlib, nothing is written.
    """
    try:
        import matplotlib as mpl
    except ImportError:
        return []
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    written: list[Path] = []
    if results.get("comparison"):
        rows = sorted(results["comparison"]["rows"], key=lambda row: row["words_per_second"])
        figure, axes = plt.subplots(figsize=(8, 0.45 * len(rows) + 1), layout="constrained")
        colours = ["tab:blue" if row["name"].startswith("arner") else "tab:grey" for row in rows]
        bars = axes.barh([row["name"] for row in rows], [row["words_per_second"] for row in rows], color=colours)
        axes.bar_label(bars, fmt="{:,.0f}", padding=3)
        axes.set_xscale("log")
        axes.set_xlabel("words per second")
        axes.margins(x=0.15)
        axes.spines[["top", "right"]].set_visible(False)
        written.append(folder / "comparison.png")
        figure.savefig(written[-1], dpi=120)
        plt.close(figure)
    grown = [row for row in results.get("speed", ()) if row["group"] == "growth"]
    if len(grown) > 1:
        figure, (time, memory) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
        for label in dict.fromkeys(row["label"] for row in grown):
            rows = [row for row in grown if row["label"] == label]
            words = [row["words"] for row in rows]
            time.loglog(words, [row["seconds"] for row in rows], "o-", label=label)
            memory.semilogx(words, [row["peak_mb"] for row in rows], "o-", label=label)
        time.set(xlabel="words", ylabel="seconds")
        memory.set(xlabel="words", ylabel="peak memory, MB", ylim=(0, None))
        time.legend(frameon=False)
        for axes in (time, memory):
            axes.spines[["top", "right"]].set_visible(False)
        written.append(folder / "growth.png")
        figure.savefig(written[-1], dpi=120)
        plt.close(figure)
    if results.get("profile"):
        written.append(folder / "profile.png")
        _profile(plt, results["profile"], written[-1])
    return written


def _profile(plt: Any, found: dict[str, Any], path: Path) -> None:
    """A bar for the layers and one for the operators of the encoder, in shares."""
    figure, axes = plt.subplots(figsize=(9, 3), layout="constrained")
    bars = {"arner": found["layers_us_per_word"], "the encoder": found.get("operators_ms", {})}
    for row, (label, parts) in enumerate(bars.items()):
        total, left = sum(parts.values()), 0.0
        for name, value in sorted(parts.items(), key=lambda item: -item[1]):
            share = value / total
            if share < 0.01:
                continue
            axes.barh(
                [label], [share], left=[left], label=name, edgecolor="white", color=plt.cm.tab20(len(axes.patches) % 20)
            )
            if share > 0.08:
                axes.text(left + share / 2, row, f"{name}\n{share:.0%}", ha="center", va="center", fontsize=8)
            left += share
    axes.set(xlim=(0, 1), xlabel="share of the time on one core")
    axes.invert_yaxis()
    axes.legend(frameon=False, fontsize=7, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.25))
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
    plt.close(figure)
