"""Flexible demand over the year: when use is moved, and what that does to the duration curve of purchases."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from numpy.typing import NDArray

from transform_sim.analysis.flexibility import duration_curve
from transform_sim.names import HOURS_PER_YEAR
from transform_sim.results import Results

from . import days as of_days
from . import reading, stack, style
from .colours import Look
from .flexibility import hours_of, rate_unit, taken
from .language import say, word
from .stack import Tag
from .words import amount, capital, label, quantity, sized

Floats = NDArray[np.float64]
MAP, DURATION = "shift_map", "duration"
DIVERGING = "PuOr_r"
"""Colours that people who do not see red or green tell apart: violet less, orange more."""
TICKS = (0.0, 2000.0, 4000.0, 6000.0, HOURS_PER_YEAR)
MANY = 30
"""Days beyond which they are told by month."""
ROWS = 2
"""In which dates stand under representative days."""
AS_SOLVED, WITHOUT = Look("#0B5FA5"), Look(style.QUIET)


def shift_map(
    results: Results, commodity: str | None = None, *, name: str | None = None, period: int | None = None,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """By day and hour, how much more or less of a commodity flexible loads and stores use than without being moved.

    Representative days are as wide as they are often. `name` is one load or store; all of the commodity if absent, and
    the period is the last. Raises NotApplicableError if the results have none, or no hours.
    """
    own, commodity, y = taken(results, commodity, period, MAP)
    own = [m for m in own if name in (None, m.name)]
    if not own:
        raise reading.NotApplicableError(
            f"figure {MAP} of {results.name} — no flexible load or store of {commodity} is called '{name}' — "
            "leave the name out"
        )
    year = hours_of(results, own, commodity, y, MAP)
    change = np.sum([m.change[y] for m in own], axis=0)
    days = list(dict.fromkeys(year.day))
    grid = change.reshape(len(days), 24).T
    width = year.weight.reshape(len(days), 24).sum(axis=1) / 24
    factor, unit = sized(float(np.abs(change).max()), rate_unit(results, own[0]))
    with style.sheet(ax, style.HEIGHT) as ax:
        edges = np.concatenate([[0.0], np.cumsum(width)])
        most = max(float(np.abs(grid).max()) / factor, 1e-12)
        mesh = ax.pcolormesh(
            edges, np.arange(25), grid / factor, cmap=DIVERGING, vmin=-most, vmax=most, rasterized=True
        )
        ax.grid(False)
        ax.set_ylim(24, 0)
        ax.set_yticks(range(0, 25, 4))
        style.upright(ax, say("Hour of the day"))
        _bar(ax, mesh, say("More (+) or less (−) {what} used, {unit}", what=label(commodity), unit=unit))
        _days_below(ax, days, edges, width)
        style.finish(ax, results, _moved(change, year.weight, commodity, int(results.data["period"].values[y])))
    return ax


def _days_below(ax: Axes, days: list[str], edges: Floats, width: Floats) -> None:
    """Months under a whole year; under representative days their dates, those of narrow ones below the others."""
    if len(days) > MANY:
        starts = [i for i, day in enumerate(days) if i == 0 or day[:7] != days[i - 1][:7]]
        names = [word(of_days.MONTHS[date.fromisoformat(days[i]).month - 1])[:3] for i in starts]
        ax.set_xticks(edges[starts], names, ha="left")
        return
    often = [say("1 day/a") if n == 1 else say("{count} days/a", count=amount(float(n))) for n in width]
    names = [f"{of_days.told(day)}\n{text}" for day, text in zip(days, often, strict=True)]
    middles = (edges[:-1] + edges[1:]) / 2
    rows = _rows(middles / edges[-1] * style.width(ax), names, width)
    ax.set_xticks(middles[list(rows)], ["\n\n" * row + names[i] for i, row in rows.items()])
    for edge in edges[1:-1]:
        ax.axvline(float(edge), color="white", linewidth=1.5)


def _rows(middles: Floats, names: list[str], often: Floats) -> dict[int, int]:
    """In which row each name stands clear of the others, the most frequent first; without those that have no room."""
    half = [style.GLYPH * style.TEXT * (1 + max(len(line) for line in name.split("\n"))) / 2 for name in names]
    placed: dict[int, int] = {}
    for i in np.argsort(-often, kind="stable").tolist():
        for row in range(ROWS):
            if all(abs(middles[i] - middles[k]) >= half[i] + half[k] for k, there in placed.items() if there == row):
                placed[i] = row
                break
    return placed


def _bar(ax: Axes, mesh: QuadMesh, text: str) -> None:
    figure = ax.get_figure(root=False)
    assert figure is not None
    bar = figure.colorbar(mesh, ax=ax, pad=0.02, aspect=30)
    bar.outline.set_visible(False)
    style.numbers(bar.ax.yaxis)
    bar.ax.tick_params(length=0, labelsize=style.TEXT, labelcolor=style.INK, labelfontfamily=style.FONT)
    style.upright(bar.ax, text)


def _moved(change: Floats, weight: Floats, commodity: str, year: int) -> str:
    """From which hour of the day to which most is moved, mean of all days."""
    hour = np.arange(len(change)) % 24
    mean = np.bincount(hour, weights=change * weight) / np.bincount(hour, weights=weight)
    return say(
        "Use of {what} moves from about {start}:00 to about {end}:00 above all in {year}",
        what=label(commodity), start=int(mean.argmin()), end=int(mean.argmax()), year=year,
    )  # fmt: skip


def duration(
    results: Results, commodity: str | None = None, *, period: int | None = None, ax: Axes | None = None
) -> Axes:
    """Purchases of a commodity, less sales, from the highest hour to the lowest: as solved, and without shifting.

    Period: the last if absent. Raises NotApplicableError if nothing moves the commodity, or none is bought by the hour.
    """
    own, commodity, y = taken(results, commodity, period, DURATION)
    year = int(results.data["period"].values[y])
    with reading.applicable(results, DURATION):
        curves = [duration_curve(results, commodity, period=year, with_shift=shift) for shift in (False, True)]
    factor, unit = sized(max(float(c.abs().max()) for c in curves), rate_unit(results, own[0]))
    with style.sheet(ax, style.HEIGHT + 0.8) as ax:
        (below,) = style.split(ax, 0.4)
        names = say("without shifting"), say("as solved")
        for curve, look, text, dashes in zip(curves, (WITHOUT, AS_SOLVED), names, ("--", "-"), strict=True):
            ax.stairs(
                curve.to_numpy() / factor, np.concatenate([[0.0], curve.index.to_numpy(dtype=float)]), baseline=None,
                color=look.colour, linewidth=1.8, linestyle=dashes, label=text,
            )  # fmt: skip
        low = min(float(c.min()) for c in curves) / factor
        ax.set_ylim(min(1.08 * low, 0.0), 1.08 * max(float(c.max()) for c in curves) / factor + 1e-12)
        ax.set_xlim(0, HOURS_PER_YEAR)
        ax.set_xticks(TICKS, [])
        _difference(below, curves, rate_unit(results, own[0]))
        style.upright(ax, say("{what} bought, {unit}", what=capital(label(commodity)), unit=unit))
        _named(ax, curves, [c / factor for c in curves])
        note = say("Without shifting: loads and stores move no {what}, all else as solved.", what=label(commodity))
        style.finish(ax, results, _peaks(curves, commodity, year, factor, unit), note=note, bottom=below)
    return ax


def _difference(ax: Axes, curves: list[pd.Series[float]], rate: str) -> None:
    """How far the curve as solved lies above the other."""
    edges = np.unique(np.concatenate([[0.0], *(c.index.to_numpy(dtype=float) for c in curves)]))
    without, solved = (
        c.to_numpy()[np.minimum(np.searchsorted(c.index.to_numpy(dtype=float), edges[:-1], side="right"), len(c) - 1)]
        for c in curves
    )
    factor, unit = sized(float(np.abs(solved - without).max()), rate)
    ax.stairs((solved - without) / factor, edges, baseline=0.0, fill=True, color=AS_SOLVED.colour, label="difference")
    ax.axhline(0.0, color=style.QUIET, linewidth=0.8)
    ax.set_xlim(0, HOURS_PER_YEAR)
    ax.set_xticks(TICKS, [amount(h) for h in TICKS])
    ax.set_xlabel(say("Hours of the year, each curve sorted on its own"), fontsize=style.TEXT, color=style.INK,
                  fontfamily=style.FONT)  # fmt: skip
    style.upright(ax, say("Difference, {unit}", unit=unit))


def _named(ax: Axes, curves: list[pd.Series[float]], drawn: list[pd.Series[float]]) -> None:
    tags = [
        Tag(capital(say("without shifting")), WITHOUT, float(drawn[0].iloc[-1]), True, "line", "--"),
        Tag(capital(say("as solved")), AS_SOLVED, float(drawn[1].iloc[-1]), True, "line", "-"),
    ]
    stack.beside(ax, tags, float(curves[0].index[-1]))


def _peaks(curves: list[pd.Series[float]], commodity: str, year: int, factor: float, unit: str) -> str:
    before, after = (float(c.iloc[0]) / factor for c in curves)
    values = {"what": label(commodity), "then": amount(before), "now": quantity(after, unit), "year": year}
    if amount(before) == amount(after):
        return say("Shifting leaves the highest purchases of {what} at {now} in {year}", **values)
    if after < before:
        return say("Shifting cuts the highest purchases of {what} from {then} to {now} in {year}", **values)
    return say("Shifting raises the highest purchases of {what} from {then} to {now} in {year}", **values)
