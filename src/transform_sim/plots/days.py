"""Representative days side by side: which are shown, where their hours stand, what is drawn on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from transform_sim.results import Results

from . import reading, style
from .colours import Look
from .language import say, word
from .words import amount

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST = 4
"""Most days side by side."""
GAP = 3
"""Hours of white between two days."""
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


class Dated(Protocol):
    """What has a date, hours per year and a price at each step."""

    @property
    def day(self) -> list[str]: ...
    @property
    def weight(self) -> Floats: ...
    @property
    def price(self) -> Floats: ...


@dataclass(frozen=True, eq=False)
class Days:
    """Days side by side.

    Attributes:
        shown: their dates.
        spans: steps of each, and the edges between these on the axis.
        often: how many days a year each stands for.
        some: whether there are others that are not shown.
    """

    shown: list[str]
    spans: list[tuple[Ints, Floats]]
    often: list[float]
    some: bool

    @property
    def steps(self) -> Ints:
        """All steps that are shown."""
        return np.concatenate([own for own, _ in self.spans])

    @property
    def note(self) -> str:
        """What a figure says of days that it leaves out; empty if there are none."""
        return say("Not every day is shown.") if self.some else ""

    @property
    def limits(self) -> tuple[float, float]:
        """Of the horizontal axis."""
        return -1.0, float(self.spans[-1][1][-1]) + 1.0


def side_by_side(results: Results, of: Dated, days: Sequence[str] | None, figure: str) -> Days:
    """The days asked for; if none, all, or of more than four those at the quartiles of the mean price."""
    known = list(dict.fromkeys(of.day))
    shown = _picked(of, known) if days is None else list(days)
    unknown = [d for d in shown if d not in known]
    if unknown:
        raise reading.NotApplicableError(
            f"figure {figure} of {results.name} — there is no day {unknown[0]} — "
            f"choose from {', '.join(known[:10])}" + (", …" if len(known) > 10 else "")
        )
    spans: list[tuple[Ints, Floats]] = []
    start = 0
    for day in shown:
        steps = np.flatnonzero(np.array(of.day) == day)
        spans.append((steps, start + np.arange(len(steps) + 1.0)))
        start += len(steps) + GAP
    often = [float(of.weight[steps].sum()) / 24 for steps, _ in spans]
    return Days(shown, spans, often, len(shown) < len(known))


def _picked(of: Dated, known: list[str]) -> list[str]:
    if len(known) <= MOST:
        return known
    mean = pd.Series(of.price).groupby(np.array(of.day)).mean().sort_values(kind="stable")
    return sorted(str(mean.index[i]) for i in np.linspace(0, len(mean) - 1, MOST).round().astype(int))


def steady_first(frame: pd.DataFrame) -> pd.DataFrame:
    """What runs evenly stands at the axis, so that the others show how they move."""
    swing = (frame.max() - frame.min()) / frame.max().where(frame.max() > 0, 1.0)
    return frame[list(swing.sort_values(kind="stable").index)]


def area(ax: Axes, top: Floats, base: Floats, days: Days, look: Look, name: str) -> None:
    """Fill between two lines on the days shown."""
    for own, edges in days.spans:
        patch = ax.stairs(
            top[own], edges, baseline=base[own], fill=True, facecolor=look.colour, edgecolor="white", linewidth=0.0
        )
        patch.set_label(name)
        patch.set_hatch(look.hatch)


def prices(ax: Axes, results: Results, commodity: str, price: Floats, days: Days) -> None:
    """The lowest panel: the price of a commodity in each hour as a line over zero, and which days these are."""
    for own, edges in days.spans:
        ax.stairs(price[own], edges, baseline=None, color=style.INK, linewidth=1.3, label="price")
    ax.set_xlim(*days.limits)
    seen = price[days.steps]
    ax.axhline(0.0, color=style.QUIET, linewidth=0.8)
    ax.spines["bottom"].set_visible(False)
    ax.set_ylim(min(0.0, float(seen.min()) * 1.1), max(float(seen.max()), 1e-9) * 1.15)
    style.upright(ax, say("Price, {unit}", unit=reading.unit_of(results, "commodity", commodity, "price_unit")))
    dates(ax, days)


def dates(ax: Axes, days: Days) -> None:
    """Date and number of days a year in the middle of each day; the number is left out if each stands for itself."""
    middles = [(edges[0] + edges[-1]) / 2 for _, edges in days.spans]
    if all(n == 1 for n in days.often):
        ax.set_xticks(middles, [told(day) for day in days.shown])
        return
    often = [say("1 day/a") if n == 1 else say("{count} days/a", count=amount(n)) for n in days.often]
    ax.set_xticks(middles, [f"{told(day)}\n{text}" for day, text in zip(days.shown, often, strict=True)])


def told(day: str) -> str:
    """A date as people say it: '17 January'."""
    when = date.fromisoformat(day)
    return say("{day} {month}", day=when.day, month=word(MONTHS[when.month - 1]))
