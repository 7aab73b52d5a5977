"""Representative days of a commodity hour by hour: who makes it, who uses it, at which price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim.results import Results
from transform_sim.scenario.units import capacity_unit, is_energy

from . import days as of_days
from . import reading, stack, style
from .colours import looks
from .days import Days
from .hourly import LOADS, Hours, hours
from .language import say
from .stack import Tag
from .words import amount, capital, label, percent, quantity, sized

FIGURE = "dispatch"
USERS = 9
"""Most users by name; more stand by sector."""
CHEAPER = 0.98
"""Share of the mean price below which a user is said to choose its hours."""


def dispatch(
    results: Results,
    commodity: str | None = None,
    *,
    period: int | None = None,
    days: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Hourly balance on representative days side by side: making above zero, using below, the price underneath.

    Plants stand by route; more users than fit stand by sector.

    Args:
        commodity: electricity if absent and priced by the hour, else the first that is.
        period: the last if absent.
        days: dates such as '2025-01-17'. If absent all, or of more than four those at the quartiles of the mean price.

    Raises NotApplicableError if the results have no hours.
    """
    commodity = _commodity(results, commodity)
    period = _period(results, period)
    balance = hours(results, commodity, period, FIGURE)
    using, _ = reading.grouped(results, balance.using, USERS)
    balance = replace(balance, making=reading.routes(results, balance.making), using=using)
    shown = of_days.side_by_side(results, balance, days, FIGURE)
    unit = reading.unit_of(results, "commodity", commodity)
    rate = capacity_unit(unit) if is_energy(unit) else f"{unit}/h"
    making, using = reading.largest(balance.making), reading.largest(of_days.steady_first(balance.using))
    factor, rate = sized(float(making.sum(axis=1).max()), rate)
    with style.sheet(ax, style.HEIGHT + 1.0) as ax:
        (bottom,) = style.split(ax, 0.33)
        _areas(ax, making / factor, using / factor, shown)
        style.upright(ax, say("{what}, {unit} (made above, used below)", what=capital(label(commodity)), unit=rate))
        of_days.prices(bottom, results, commodity, balance.price, shown)
        style.finish(ax, results, finding(results, balance, commodity, period), note=shown.note, bottom=bottom)
    return ax


def _commodity(results: Results, commodity: str | None) -> str:
    price = reading.take(results, "shadow_price_hour", FIGURE).dropna("commodity", how="all")
    priced = [str(c) for c in price["commodity"].values]
    if commodity is None:
        return "electricity" if "electricity" in priced else priced[0]
    if commodity not in priced:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — '{commodity}' does not balance by the hour — "
            f"choose from {', '.join(priced)}"
        )
    return commodity


def _period(results: Results, period: int | None) -> int:
    known = [int(y) for y in results.data["period"].values]
    if period is None:
        return known[-1]
    if period not in known:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — there is no period {period} — "
            f"choose from {', '.join(map(str, known))}"
        )
    return period


def _areas(ax: Axes, making: pd.DataFrame, using: pd.DataFrame, shown: Days) -> None:
    drawn = looks(list(dict.fromkeys([*making.columns, *using.columns])))
    tags = []
    for frame, sign in ((making, 1.0), (using, -1.0)):
        base = np.zeros(len(frame))
        for name in frame.columns:
            top = base + sign * frame[name].to_numpy()
            of_days.area(ax, top, base, shown, drawn[name], label(name))
            tags.append(Tag(capital(label(name)), drawn[name], float((base + top)[shown.steps].mean() / 2), False))
            base = top
    high, low = float(making.iloc[shown.steps].sum(axis=1).max()), float(using.iloc[shown.steps].sum(axis=1).max())
    ax.set_ylim(-1.08 * low - 1e-12, 1.08 * high + 1e-12)
    ax.set_xlim(*shown.limits)
    ax.axhline(0.0, color=style.INK, linewidth=0.8, zorder=3)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
    stack.beside(ax, tags, 0.0)


def _plants(results: Results) -> list[str]:
    names = list(results.data["process"].values) if "process" in results.data.dims else []
    frame = pd.DataFrame(columns=names)
    own = list(reading.routes(results, frame).columns)
    return own + (list(reading.sectors(results, frame).columns) if "process_sector" in results.data.coords else [])


def finding(results: Results, balance: Hours, commodity: str, period: int) -> str:
    """Who makes most over the year, and what the most flexible user pays compared with the mean."""
    stores = list(results.data["storage"].values) if "storage" in results.data.dims else []
    moved = [c for c in balance.making.columns if c in stores or c == LOADS]
    sources = balance.making.drop(columns=moved)
    total = pd.Series(balance.weight @ sources.to_numpy(), index=sources.columns)
    what = label(commodity)
    if total.sum() <= 0:
        return say("No {what} is made or bought in {year}", what=what, year=period)
    most = str(total.idxmax())
    share = percent(float(total[most]), float(total.sum()))
    values = {"who": capital(label(most)), "share": share, "what": what, "year": period}
    users = balance.using[[c for c in balance.using.columns if c in _plants(results)]]
    swing = users.max() - users.min()
    if swing.empty or swing.max() < 0.01 * balance.using.sum(axis=1).max():
        return say("{who} provides {share} of {what} in {year}", **values)
    user = str(swing.idxmax())
    use = balance.using[user].to_numpy() * balance.weight
    paid, mean = float(use @ balance.price / use.sum()), float(balance.weight @ balance.price / balance.weight.sum())
    if not paid < CHEAPER * mean:
        return say("{who} provides {share} of {what} in {year}", **values)
    money = reading.unit_of(results, "commodity", commodity, "price_unit")
    values |= {"user": capital(label(user)), "paid": amount(paid), "mean": quantity(mean, money)}
    return say(
        "{user} uses cheap hours: for {what} it pays {paid} instead of {mean} in {year}",
        **values,
    )
