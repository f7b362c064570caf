"""The graph of a document as a matplotlib figure. Needs `arner[graph]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arner.errors import MissingExtraError
from arner.export.labels import claim_label
from arner.export.layout import Picture, draw_plan
from arner.schema import Document

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot"]

_FILL: Final = {"PER": "#cfe6ff", "LOC": "#cdf0d4", "ORG": "#ead9ff", "MISC": "#fff0b8"}
_OTHER: Final = "#e3e6ea"
_INK: Final = "#1f2328"
_LINE: Final = "#59636e"
_DENIED: Final = "#b42318"
_UNIT: Final = 1 / 72  # inches for one unit of the layout, so that text of 10 points fits its box


def plot(document: Document, *, ax: Axes | None = None) -> Figure:
    """Draw the entities that relations join, and the relations: denied ones red and dashed, with "not" in their words.

    The figure belongs to nobody else (pyplot does not know it): save it with ``figure.savefig("graph.png")``; a
    notebook shows it after ``%matplotlib inline``. Arabic needs matplotlib 3.11 or later, which joins letters and
    orders them from right to left by itself.

    Args:
        document: what to draw.
        ax: axes to draw into, for a figure of your own; by default a new figure of fitting size.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("Plotting a document", "graph") from error
    picture = draw_plan(document)
    axes: Any = ax
    if axes is None:
        size = (max(picture.width, 240) * _UNIT, max(picture.height, 80) * _UNIT)
        axes = Figure(figsize=size).add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, max(picture.width, 1))
    axes.set_ylim(max(picture.height, 1), 0)
    axes.set_aspect("equal")
    if picture.entities:
        _draw(axes, picture)
    else:
        axes.text(0.5, 0.5, "no relations", transform=axes.transAxes, ha="center", va="center", color=_LINE)
    figure: Figure = axes.figure
    return figure


def _draw(axes: Any, picture: Picture) -> None:
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
    from matplotlib.path import Path

    for placed in picture.relations:
        denied = placed.relation.polarity == "negated"
        colour = _DENIED if denied else _LINE
        style = "--" if denied else "-" if placed.relation.status == "actual" else ":"
        path = Path([placed.start, placed.control, placed.end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
        arrow = "<|-|>" if placed.relation.type.symmetric else "-|>"
        axes.add_patch(
            FancyArrowPatch(
                path=path, arrowstyle=arrow, mutation_scale=11, linestyle=style, color=colour, shrinkA=0, shrinkB=0
            )
        )
        axes.text(
            *placed.label_at,
            claim_label(placed.relation),
            color=colour,
            fontsize=10,
            ha="center",
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        )
    for box in picture.entities:
        corner = (box.at.x - box.width / 2, box.at.y - box.height / 2)
        axes.add_patch(
            FancyBboxPatch(
                corner,
                box.width,
                box.height,
                boxstyle="round,pad=0,rounding_size=8",
                facecolor=_FILL.get(box.entity.type, _OTHER),
                edgecolor=_LINE,
                zorder=3,
            )
        )
        # A dollar sign in a name is no formula.
        axes.text(*box.at, box.label, color=_INK, fontsize=13, ha="center", va="center", zorder=4, parse_math=False)
