"""The shared style: sheet, fonts, title, source line. Nothing outside the figure changes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, SubFigure
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from transform_sim.results import Results

from .language import language, say, spoken, word
from .words import amount, balanced, wrapped

WIDTH, HEIGHT = 7.2, 4.3
"""Inches: the text width of a printed page (18 cm)."""
TITLE, TEXT, SMALL = 10.5, 8.5, 7.0
"""Points."""
INK, QUIET, PALE = "#222222", "#666666", "#DDDDDD"
GLYPH, BOLD = 0.56, 0.61
"""Mean width of a character as share of the font size, plain and bold."""

# Font names are resolved when a figure is drawn, so only the font that comes with matplotlib is the same everywhere.
FONT = "DejaVu Sans"
RC = {
    "font.family": [FONT],
    "font.size": TEXT,
    "text.color": INK,
    "axes.labelcolor": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 200.0,
    "svg.fonttype": "path",
    "svg.hashsalt": "transform-sim",
}


class Page(Figure):
    """A figure for one set of axes that pyplot does not know; it takes the height that its content needs."""

    def __init__(self) -> None:
        super().__init__(figsize=(WIDTH, HEIGHT), layout="constrained")


@contextmanager
def sheet(ax: Axes | None, height: float = HEIGHT) -> Iterator[Axes]:
    """Axes in the shared style to draw on, inside a context that holds its settings.

    Without `ax`, pyplot makes the figure: a notebook shows it when the cell ends, and closes it.
    """
    if ax is None:
        # Only here, as it picks a backend; and outside the context, which would take back what a notebook sets then.
        from matplotlib import pyplot

        ax = pyplot.figure(figsize=(WIDTH, height), layout="constrained").add_subplot()
    elif isinstance(ax.figure, Page):
        ax.figure.set_figheight(height)
    with mpl.rc_context(RC):  # type: ignore[arg-type]
        dress(ax)
        yield ax


def dress(ax: Axes) -> None:
    """Quiet frame, light horizontal grid, readable numbers."""
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(QUIET)
    ax.grid(axis="y", color=PALE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=TEXT, labelcolor=INK, labelfontfamily=FONT)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    numbers(ax.yaxis)


def numbers(axis: Axis) -> None:
    """Numbers along an axis with the signs of the language in which the figure is made."""
    axis.set_major_formatter(FuncFormatter(partial(_tick, spoken())))


def _tick(code: str, value: float, _: int) -> str:
    """A number on an axis in the language in which the figure was made; it is only written when the figure is drawn."""
    with language(code):
        return amount(value)


def split(ax: Axes, *heights: float) -> list[Axes]:
    """Make room for panels under the axes, within the place that the axes had; heights as shares of what `ax` keeps."""
    if not heights:
        return []
    figure, spec = ax.get_figure(root=False), ax.get_subplotspec()
    assert figure is not None
    if spec is not None:
        inner = spec.subgridspec(1 + len(heights), 1, height_ratios=(1.0, *heights))
        ax.set_subplotspec(inner[0])
        panels = [figure.add_subplot(inner[k + 1]) for k in range(len(heights))]
    else:
        panels = _cut(figure, ax, heights)
    for panel in panels:
        dress(panel)
    return panels


def _cut(figure: Figure | SubFigure, ax: Axes, heights: Sequence[float]) -> list[Axes]:
    """Panels for axes that stand at a position of their own; an eighth of it goes to the gaps."""
    place = ax.get_position()
    unit, top = place.height * 0.875 / (1.0 + sum(heights)), place.y1
    gap = place.height * 0.125 / len(heights)
    ax.set_position((place.x0, top - unit, place.width, unit))
    panels, top = [], top - unit
    for height in heights:
        top -= gap + height * unit
        panels.append(figure.add_axes((place.x0, top, place.width, height * unit)))
    return panels


def height(ax: Axes) -> float:
    """Height of the axes in points, before the layout takes a little from it for title and source."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return float(ax.get_window_extent().height / figure.dpi * 72)


def width(ax: Axes) -> float:
    """Width of the axes in points, before the layout gives them what labels and title leave."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return float(ax.get_window_extent().width / figure.dpi * 72)


def upright(ax: Axes, text: str) -> None:
    """Quantity and unit along the vertical axis, in two lines where the axes are low."""
    width = max(int(height(ax) / (GLYPH * TEXT)), 1)
    ax.set_ylabel(textwrap.fill(text, width, break_long_words=False), fontsize=TEXT, color=INK, fontfamily=FONT)


def halo() -> list[AbstractPathEffect]:
    """A white rim, so that text stays readable over lines."""
    return [withStroke(linewidth=2.2, foreground="white")]


def finish(ax: Axes, results: Results, finding: str, *, note: str = "", bottom: Axes | None = None) -> None:
    """Title with the finding; under the lowest panel (`bottom`) the scenario and a note."""
    attrs = results.data.attrs
    title = f"{attrs['title']} [{results.name}]" if attrs.get("title") else results.name
    source = say("Scenario: {title}, {view} view.", title=title, view=word(str(attrs["view"])))
    sign(ax, source, finding, note=note, bottom=bottom)


def sign(ax: Axes, source: str, finding: str, *, note: str = "", bottom: Axes | None = None) -> None:
    """The same for what no single scenario holds: `source` says where the numbers are from."""
    room = _room(ax)
    ax.set_title(
        balanced(finding, int(room / (BOLD * TITLE)), 3), loc="left",
        fontsize=TITLE, fontweight="bold", fontfamily=FONT, color=INK, pad=10,
    )  # fmt: skip
    lowest = bottom or ax
    lines = 1 + max((t.get_text().count("\n") for t in lowest.get_xticklabels()), default=0)
    lines += lowest.get_xlabel() != "" and lowest.xaxis.get_label_position() == "bottom"
    lowest.annotate(
        wrapped(f"{source} {note}".rstrip(), int(room / (GLYPH * SMALL)), 4), xy=(0, 0), xycoords="axes fraction",
        xytext=(0, -11 - 12 * lines), textcoords="offset points", ha="left", va="top", fontsize=SMALL, color=QUIET,
        annotation_clip=False,
    )  # fmt: skip


def _room(ax: Axes) -> float:
    """Points from the left edge of the axes to where its part of the figure ends; names at its left take from it."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    spec = ax.get_subplotspec()
    columns = spec.get_topmost_subplotspec().get_gridspec().ncols if spec else 1
    names = max((len(line) for t in ax.get_yticklabels() for line in t.get_text().splitlines()), default=0)
    # Beside other axes, their labels take from the room too.
    room = 72 * (figure.get_size_inches()[0] / columns * (1.0 if columns == 1 else 0.8) - 0.6)
    return float(room - max(GLYPH * TEXT * names - 36, 0))
