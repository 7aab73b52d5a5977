"""Stacked bars over periods, and labels that stand beside what they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, TextArea
from matplotlib.patches import Rectangle

from . import style
from .colours import Look, looks
from .language import say
from .style import INK, QUIET, TEXT, halo
from .words import SPACE, amounts, capital, label, shortened, told_apart

BAR = 0.74
TICKS = 11
"""Most labels on the axis of periods."""
LABEL = TEXT - 0.5
LINE = 1.25 * LABEL
CHARACTERS = 25
"""In one line of a label."""
LEADER = {"arrowstyle": "-", "color": "#999999", "linewidth": 0.6, "relpos": (0.0, 0.5), "shrinkA": 2, "shrinkB": 2}
MARK = (11.0, 7.0)
"""Points, of the patch or line before a label."""

Dashes = Literal["-", "--", "-.", ":"]


@dataclass(frozen=True)
class Tag:
    """A label beside the axes: what it names stands at height `at` (data), reached by a thin line if `here`.

    `mark` is what is drawn before the text: a patch of an area or a piece of a line with its dashes.
    """

    text: str
    look: Look
    at: float
    here: bool = True
    mark: Literal["patch", "line"] = "patch"
    dashes: Dashes = "-"


def chart(
    ax: Axes, frame: pd.DataFrame, quantity: str, *, drawn: Mapping[str, Look] | None = None,
    name: Callable[[str], str] = label, until: bool = True,
) -> None:  # fmt: skip
    """Stacked bars by period with their sums, labels beside them, and quantity and unit along the axis.

    `drawn` says how each column looks if not by its name, `name` how people call it. With `until`, what has gone
    before the last period says so.
    """
    drawn = looks(list(frame.columns)) if drawn is None else drawn
    middle = bars(ax, frame, drawn, name)
    totals(ax, frame)
    beside(ax, tags(frame, middle, drawn, name, until=until), end(frame))
    style.upright(ax, quantity)


def bars(ax: Axes, frame: pd.DataFrame, looks: Mapping[str, Look], name: Callable[[str], str] = label) -> pd.DataFrame:
    """Bars by period (index of the frame), columns stacked from zero, negative ones downwards.

    Returns the height at which each segment has its middle, to label it.
    """
    at = np.arange(len(frame))
    up, down = np.zeros(len(frame)), np.zeros(len(frame))
    middle = {}
    for column in frame.columns:
        value = frame[column].to_numpy(dtype=float)
        base = np.where((value < 0) | ((value == 0) & (value.sum() < 0)), down, up)
        look = looks[column]
        ax.bar(
            at, value, BAR, bottom=base, color=look.colour, hatch=look.hatch, edgecolor=look.edge, linewidth=0.6,
            label=name(column),
        )  # fmt: skip
        middle[column] = base + value / 2
        up, down = up + np.maximum(value, 0.0), down + np.minimum(value, 0.0)
    periods_axis(ax, list(frame.index))
    _vertical_limits(ax, up, down)
    return pd.DataFrame(middle, index=frame.index)


def _vertical_limits(ax: Axes, up: np.ndarray, down: np.ndarray) -> None:
    low, high = float(down.min(initial=0.0)), float(up.max(initial=0.0))
    span = (high - low) or 1.0
    ax.set_ylim(low - 0.09 * span if low < 0 else 0.0, high + 0.10 * span)
    if high == low:
        ax.set_yticks([0.0])
    if low < 0:
        ax.axhline(0.0, color=QUIET, linewidth=0.8, zorder=3)
        ax.spines["bottom"].set_visible(False)


def end(frame: pd.DataFrame) -> float:
    """Right edge of the last bar."""
    return len(frame) - 1 + BAR / 2


def periods_axis(ax: Axes, periods: Sequence[object]) -> None:
    """Years under the bars; when there are many, not under each. A single bar does not fill the axes."""
    step = -(-len(periods) // TICKS)
    ticks = range(0, len(periods), max(step, 1))
    ax.set_xticks(ticks, [str(periods[i]) for i in ticks])
    side = max(0.55, (3 - len(periods)) / 2)
    ax.set_xlim(-side, len(periods) - 1 + side)


def totals(ax: Axes, frame: pd.DataFrame) -> None:
    """The sum of each bar above it; left out where bars are too many to read."""
    if len(frame) > TICKS:
        return
    total, tops = frame.sum(axis=1), frame.clip(lower=0).sum(axis=1)
    for i, (top, value, text) in enumerate(zip(tops, total, amounts(total), strict=True)):
        if value and text != "0":
            above(ax, text, i, float(top))


def above(ax: Axes, text: str, at: float, top: float, *, side: int = 0, under: bool = False) -> None:
    """A number over (or under) a bar or point; `side` moves it to the left (-1) or right (1) of what stands there."""
    ax.annotate(
        text, (at, top), (4 * side, (2.5 + 2 * abs(side)) * (-1 if under else 1)), textcoords="offset points",
        va="top" if under else "bottom",
        ha={-1: "right", 0: "center", 1: "left"}[side], fontsize=LABEL, color=INK, path_effects=halo(), zorder=7,
    )  # fmt: skip


def tags(
    frame: pd.DataFrame, middle: pd.DataFrame, looks: Mapping[str, Look], name: Callable[[str], str] = label, *,
    until: bool = True,
) -> list[Tag]:  # fmt: skip
    """Labels for the segments of the last bar; with `until`, what has gone before it says so."""
    out = []
    for c in frame.columns:
        column = frame[c]
        last = float(column.iloc[-1])
        text = capital(name(c))
        if until and last == 0 and (column != 0).any():
            gone = column.index[np.flatnonzero(column.to_numpy())[-1]]
            text = SPACE.join(say("{what} (to {year})", what=text, year=gone).rsplit(" ", 1))
        out.append(Tag(text, looks[c], float(middle[c].iloc[-1]), last != 0))
    return out


def beside(ax: Axes, labels: Sequence[Tag], start: float) -> None:
    """Write labels in a column right of the axes, in the order of their heights and clear of each other.

    `start` is where thin lines to the labels begin on the horizontal axis.
    """
    if not labels:
        return
    ordered = sorted(labels, key=lambda tag: tag.at)
    height = 0.92 * style.height(ax)  # title and source line still take from it
    lines = 2 if sum(_lines(t.text, 2) for t in ordered) * LINE <= height else 1
    texts = told_apart([t.text for t in ordered], CHARACTERS, lines)
    low, high = ax.get_ylim()
    wanted = np.array([(t.at - low) / (high - low) for t in ordered]) * height
    sizes = np.array([(1 + text.count("\n")) * LINE for text in texts])
    for tag, text, place in zip(ordered, texts, spread(wanted, sizes, height), strict=True):
        _write(ax, tag, text, place / height, start)


def _lines(text: str, most: int) -> int:
    return shortened(text, CHARACTERS, most).count("\n") + 1


def spread(wanted: np.ndarray, sizes: np.ndarray, height: float) -> np.ndarray:
    """Middles of boxes near their wanted places, in order and without overlap, between 0 and `height` if they fit."""
    gaps = (sizes[:-1] + sizes[1:]) / 2
    offsets = np.concatenate([[0.0], np.cumsum(gaps)])
    # Boxes in order without overlap are places minus offsets in rising order: isotonic regression by pooling.
    pools: list[list[float]] = []
    for value in wanted - offsets:
        pools.append([float(value), 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, count = pools.pop()
            total = pools[-1][1] + count
            pools[-1] = [(pools[-1][0] * pools[-1][1] + mean * count) / total, total]
    free = np.concatenate([np.full(int(count), mean) for mean, count in pools])
    low, high = sizes[0] / 2, height - sizes[-1] / 2 - offsets[-1]
    return np.asarray(np.clip(free, low, max(low, high)) + offsets)


def _write(ax: Axes, tag: Tag, text: str, place: float, edge: float) -> None:
    words = TextArea(text, textprops={"fontsize": LABEL, "color": INK, "linespacing": 1.05})
    box = AnnotationBbox(
        HPacker(children=[_mark(tag), words], align="center", pad=0, sep=4), xy=(edge, tag.at), xycoords="data",
        xybox=(1.02, place), boxcoords="axes fraction", box_alignment=(0.0, 0.5), frameon=False, pad=0.0,
        annotation_clip=False,
        arrowprops=LEADER if tag.here else None,
    )  # fmt: skip
    ax.add_artist(box)


def _mark(tag: Tag) -> DrawingArea:
    width, height = MARK if tag.mark == "patch" else (1.8 * MARK[0], MARK[1])
    area = DrawingArea(width, height)
    if tag.mark == "line":
        line = Line2D([0, width], [height / 2] * 2, color=tag.look.colour, linewidth=1.8)
        line.set_linestyle(tag.dashes)
        area.add_artist(line)
        return area
    area.add_artist(
        Rectangle(
            (0, 0), width, height, facecolor=tag.look.colour, hatch=tag.look.hatch, edgecolor=tag.look.edge,
            linewidth=0.5,
        )
    )  # fmt: skip
    return area
