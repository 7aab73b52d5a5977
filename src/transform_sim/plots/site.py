"""Figures of one plant as a price taker, drawn from what `Site.run` gives.

from transform_sim.plots import site
site.operation(found, works, week=10)
site.distribution(found)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from transform_sim.scenario.units import capacity_unit, is_energy

from . import style
from .language import digits, say
from .reading import NotApplicableError
from .stack import LABEL
from .style import INK, PALE, QUIET
from .words import amount, capital, label, percent, quantity, sized

if TYPE_CHECKING:
    from transform_sim.sites.opened import SiteCases
    from transform_sim.sites.site import Site

__all__ = ["distribution", "operation"]

PRICE, LOAD, MIDDLE = "#CC6677", "#332288", "#847AB7"
HOURS, WEEK = 8760, 168
BINS = 40
HIGHEST = 53


def operation(
    found: SiteCases,
    site: Site,
    commodity: str = "electricity",
    *,
    case: int = 0,
    week: int = 2,
    ax: Axes | None = None,
) -> Axes:
    """Price and use of a commodity over one week (1 … 52), and below it the hours of the year sorted by use.

    Args:
        found: cases run with `keep="hourly"`; `case` is the number of one of them.
        site: the plant; its own prices are drawn, so the case should have been run at them.

    Raises NotApplicableError without hours, or for a commodity that is not traded by the hour.
    """
    price, use = np.asarray(site.prices.get(commodity)), _use(found, commodity, case)
    if price.shape != (HOURS,):
        raise NotApplicableError(
            f"figure operation — the site has no hourly prices of {commodity} — give ts.site a series"
        )
    if not 1 <= week < HIGHEST:
        raise NotApplicableError(f"figure operation — there is no week {week} — give 1 … {HIGHEST - 1}")
    unit = f"{found.data.attrs['currency']}/{site.scenario.commodities[commodity].unit}"
    factor, rate = sized(float(use.max()), _rate(site.scenario.commodities[commodity].unit))
    shown = np.minimum(np.arange((week - 1) * WEEK, week * WEEK + 1), HOURS - 1)
    with style.sheet(ax, 5.4) as ax:
        (below,) = style.split(ax, 0.8)
        _week(ax, use[shown] / factor, price[shown], unit)
        ax.set_ylim(0, 1.08 * use.max() / factor)
        _below(ax, say("Days of week {week}", week=week))
        style.upright(ax, say("Use, {unit}", unit=rate))
        _sorted(below, use / factor, rate)
        note = say("Line: price; area: use. The prices of this plant in this year, proved optimal.")
        title = _operation(use, price, commodity, unit)
        style.sign(ax, say("Site: {name}.", name=found.name), title, note=note, bottom=below)
    return ax


def distribution(found: SiteCases, *, ax: Axes | None = None) -> Axes:
    """How the annual cost (below zero: profit) lies over the cases, with the middle nine tenths marked.

    Raises NotApplicableError for fewer than ten proved cases.
    """
    cost = found.data["objective"].values.reshape(-1)
    cost = cost[~np.isnan(cost)]
    if len(cost) < 10:
        raise NotApplicableError(f"figure distribution — {len(cost)} cases are proved — run at least ten")
    factor, unit = sized(float(np.abs(cost).max()), str(found.data.attrs["currency"]))
    cost = cost / factor
    low, middle, high = np.quantile(cost, [0.05, 0.5, 0.95])
    with style.sheet(ax, 3.8) as ax:
        counts, edges = np.histogram(cost, BINS)
        centre = (edges[:-1] + edges[1:]) / 2
        colours = [MIDDLE if low <= x <= high else PALE for x in centre]
        ax.bar(centre, counts, edges[1] - edges[0], color=colours, linewidth=0)
        ax.axvline(middle, color=INK, linewidth=1.0)
        _at(ax, say("median {value}", value=quantity(middle, unit)), (middle, counts.max()), "left")
        _below(ax, say("Annual cost, {unit}", unit=unit))
        style.upright(ax, say("Cases"))
        title = say(
            "In nine of ten of {n} price cases the year costs between {low} and {high}",
            n=digits(f"{len(cost):,}"), low=amount(low), high=quantity(high, unit),
        )  # fmt: skip
        note = say("Dark: the middle nine tenths. Capital and fixed costs are left out; below zero the plant earns.")
        style.sign(ax, say("Site: {name}.", name=found.name), title, note=note)
    return ax


def _use(found: SiteCases, commodity: str, case: int) -> NDArray[np.float64]:
    """Bought in each hour of one case."""
    if "load" not in found.data:
        raise NotApplicableError("figure operation — these cases have no hours — run them with keep='hourly'")
    if (name := f"bought_{commodity}") not in found.data:
        raise NotApplicableError(f"figure operation — {commodity} is not bought by the hour — choose another commodity")
    return np.asarray(found.data[name].values.reshape(-1, HOURS)[case])


def _week(ax: Axes, use: NDArray[np.float64], price: NDArray[np.float64], unit: str) -> None:
    """Use as an area and price as a line over it, hour by hour."""
    days = np.arange(WEEK + 1) / 24
    ax.fill_between(days, use, step="post", color=LOAD, alpha=0.35, linewidth=0)
    ax.step(days, use, where="post", color=LOAD, linewidth=1.0)
    ax.set_xlim(0, 7)
    ax.set_xticks(range(8))
    beside = ax.twinx()
    beside.step(days, price, where="post", color=PRICE, linewidth=1.2)
    beside.spines[["top", "left", "right"]].set_visible(False)
    beside.tick_params(length=0, labelsize=style.TEXT, labelcolor=PRICE, labelfontfamily=style.FONT)
    beside.set_ylabel(say("Price, {unit}", unit=unit), fontsize=style.TEXT, color=PRICE, fontfamily=style.FONT)


def _sorted(ax: Axes, use: NDArray[np.float64], unit: str) -> None:
    """Load duration curve."""
    ordered = np.sort(use)[::-1]
    ax.fill_between(np.arange(HOURS), ordered, color=LOAD, alpha=0.35, linewidth=0)
    ax.plot(np.arange(HOURS), ordered, color=LOAD, linewidth=1.2)
    ax.set_xlim(0, HOURS)
    ax.set_ylim(0, 1.08 * ordered[0])
    ax.axhline(use.mean(), color=QUIET, linewidth=0.8, linestyle="--")
    _at(ax, say("mean {value}", value=quantity(use.mean(), unit)), (HOURS, use.mean()), "right")
    _below(ax, say("Hours of the year, sorted by use"))
    style.upright(ax, say("Use, {unit}", unit=unit))


def _operation(use: NDArray[np.float64], price: NDArray[np.float64], commodity: str, unit: str) -> str:
    paid, mean = float(use @ price / use.sum()) if use.sum() else 0.0, float(price.mean())
    values = {"what": label(commodity), "paid": amount(paid), "mean": amount(mean), "unit": unit}
    if paid >= mean:
        return capital(
            say("The plant pays {paid} {unit} for {what}, no less than the mean of the year, {mean}", **values)
        )
    values["share"] = percent(mean - paid, abs(mean))
    return capital(
        say("The plant pays {paid} {unit} for {what}, {share} less than the mean of the year, {mean}", **values)
    )


def _at(ax: Axes, text: str, place: tuple[float, float], side: str) -> None:
    """A word beside what it names."""
    shift = {"left": (4, -8), "right": (-4, 3)}[side]
    ax.annotate(
        text, place, shift, textcoords="offset points", ha=side, fontsize=LABEL, color=INK, path_effects=style.halo()
    )  # fmt: skip


def _below(ax: Axes, text: str) -> None:
    ax.set_xlabel(text, fontsize=style.TEXT, color=INK, fontfamily=style.FONT)


def _rate(unit: str) -> str:
    return capacity_unit(unit) if is_energy(unit) else f"{unit}/h"
