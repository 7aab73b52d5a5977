"""The shared style: sheet, fonts, title, source line. Nothing outside the figure changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from transform_sim.results import Results

from .words import amount, wrapped

WIDTH, HEIGHT = 7.2, 4.3
"""Inches: the text width of a printed page (18 cm)."""
TITLE, TEXT, SMALL = 10.5, 8.5, 7.0
"""Points."""
INK, QUIET, PALE = "#222222", "#666666", "#DDDDDD"
GLYPH = 0.56
"""Mean width of a character as share of the font size."""

# Font names are resolved when a figure is drawn, so only the font that comes with matplotlib is the same everywhere.
RC = {
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT,
    "text.color": INK,
    "axes.labelcolor": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 200.0,
    "svg.fonttype": "path",
    "svg.hashsalt": "transform-sim",
}


def new_figure(height: float = HEIGHT) -> Figure:
    """A sheet that pyplot does not know, to be saved and forgotten."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


@contextmanager
def sheet(ax: Axes | None, height: float = HEIGHT) -> Iterator[Axes]:
    """Axes in the shared style to draw on, inside a context that holds its settings.

    Without `ax`, pyplot makes the figure: a notebook shows it when the cell ends, and closes it.
    """
    with mpl.rc_context(RC):  # type: ignore[arg-type]
        if ax is None:
            from matplotlib import pyplot  # only here: it picks a backend

            ax = pyplot.figure(figsize=(WIDTH, height), layout="constrained").add_subplot()
        dress(ax)
        yield ax


def dress(ax: Axes) -> None:
    """Quiet frame, light horizontal grid, readable numbers."""
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(QUIET)
    ax.grid(axis="y", color=PALE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=TEXT, labelcolor=INK, labelfontfamily="DejaVu Sans")
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value)))


def below(ax: Axes, start: float, height: float) -> Axes:
    """A second panel under the axes; start and height as shares of the height of `ax`.

    It belongs to `ax`, so that it moves with it and the layout makes room for both.
    """
    panel = ax.inset_axes((0.0, -start - height, 1.0, height))
    dress(panel)
    return panel


def finish(ax: Axes, results: Results, finding: str, *, note: str = "", bottom: Axes | None = None) -> None:
    """Title with the finding; under the lowest panel (`bottom`) the scenario and a note."""
    room = _room(ax)
    ax.set_title(
        wrapped(finding, int(room / (GLYPH * 1.12 * TITLE)), 3), loc="left", fontsize=TITLE, fontweight="bold", pad=10
    )
    attrs = results.data.attrs
    title = f"{attrs['title']} [{results.name}]" if attrs.get("title") else results.name
    source = f"Scenario: {title}, {attrs['view']} view. {note}".strip()
    (bottom or ax).annotate(
        wrapped(source, int(room / (GLYPH * SMALL)), 4), xy=(0, 0), xycoords="axes fraction",
        xytext=(0, -24), textcoords="offset points", ha="left", va="top", fontsize=SMALL, color=QUIET,
        annotation_clip=False,
    )  # fmt: skip


def _room(ax: Axes) -> float:
    """Points from the left edge of the axes to where its part of the figure ends."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    spec = ax.get_subplotspec()
    columns = spec.get_topmost_subplotspec().get_gridspec().ncols if spec else 1
    return float(72 * figure.get_size_inches()[0] * 0.9 / columns)
