"""Results as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["draw"]


def draw(results: dict[str, Any], folder: Path) -> list[Path]:
    """Writes `comparison.png` and `growth.png`, as far as there is something to draw; nothing without matplotlib."""
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
    return written
