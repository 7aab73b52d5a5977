"""Flexible loads and stores over the day: use with and without shifting, and how full stores are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from transform_sim.analysis.flexibility import flexible_use
from transform_sim.analysis.flexibility_hours import LOAD, Moved, moved, price_at, weights
from transform_sim.names import HOUR
from transform_sim.results import Results
from transform_sim.scenario.units import capacity_unit, is_energy

from . import days as of_days
from . import reading, stack, style
from .colours import Look, looks
from .days import Days
from .hourly import dates
from .language import say
from .prices import DASHES
from .stack import Tag
from .words import SPACE, amount, amounts, capital, inside, label, percent, quantity, sized

Floats = NDArray[np.float64]
LOADS, LEVELS = "flexible_load", "store_levels"
MOST = 8
"""Loads in a stack, and lines."""
WITHOUT = Look(style.INK)


@dataclass(frozen=True, eq=False)
class Year:
    """The hours of one period: date, hours per year and price of each."""

    day: list[str]
    weight: Floats
    price: Floats


def flexible_load(
    results: Results, commodity: str | None = None, *, period: int | None = None, days: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """What flexible loads use on representative days, and what they would use if nothing were shifted; price below.

    Args:
        commodity: the first that a flexible load uses if absent.
        period: the last if absent.
        days: dates; if absent all, or of more than four those at the quartiles of the mean price.

    Raises NotApplicableError if the results have no flexible loads or no hours.
    """
    own, commodity, y = taken(results, commodity, period, LOADS, kinds=(LOAD,))
    year = hours_of(results, own, commodity, y, LOADS)
    shown = of_days.side_by_side(results, year, days, LOADS)
    used = reading.largest(by_name(own, [(m.use + m.change)[y] for m in own]), MOST)
    frame = of_days.steady_first(used)
    before = np.sum([m.use[y] for m in own], axis=0)
    factor, unit = sized(max(float(before.max()), float(frame.sum(axis=1).max())), rate_unit(results, own[0]))
    with style.sheet(ax, style.HEIGHT + 1.0) as ax:
        (bottom,) = style.split(ax, 0.33)
        _stack(ax, frame / factor, before / factor, shown)
        style.upright(ax, say("{what} used by flexible loads, {unit}", what=capital(label(commodity)), unit=unit))
        of_days.prices(bottom, results, commodity, year.price, shown)
        style.finish(ax, results, _shifted(results, commodity, y), note=shown.note, bottom=bottom)
    return ax


def taken(
    results: Results, commodity: str | None, period: int | None, figure: str, kinds: Sequence[str] = (),
) -> tuple[list[Moved], str, int]:  # fmt: skip
    """Flexible loads and stores of a commodity, that commodity, and the place of the period.

    Without a commodity it is the first that a flexible load uses, else the first that a store keeps.
    """
    found = sorted((m for m in moved(results) if not kinds or m.kind in kinds), key=lambda m: m.kind != LOAD)
    own = [m for m in found if m.commodity == (commodity or found[0].commodity)]
    if not own:
        known = ", ".join(dict.fromkeys(m.commodity for m in found))
        raise reading.NotApplicableError(
            f"figure {figure} of {results.name} — nothing flexible moves {repr(commodity) if commodity else 'anything'}"
            f" — {f'choose from {known}' if known else 'give the scenario flexible_loads'}"
        )
    periods = [int(p) for p in results.data["period"].values]
    if period is not None and period not in periods:
        raise reading.NotApplicableError(
            f"figure {figure} of {results.name} — there is no period {period} — "
            f"choose from {', '.join(map(str, periods))}"
        )
    return own, own[0].commodity, len(periods) - 1 if period is None else periods.index(period)


def hours_of(results: Results, own: Sequence[Moved], commodity: str, y: int, figure: str) -> Year:
    """The hours of a period; the price is the mean over the nodes of these things."""
    at = list(dict.fromkeys(m.node for m in own))
    price = np.mean([np.nan_to_num(price_at(results, commodity, node)[y]) for node in at], axis=0)
    return Year(dates(results, figure), weights(results), price)


def rate_unit(results: Results, one: Moved) -> str:
    """Unit of rates of a load's or store's commodity: MW, t/h."""
    unit = reading.unit_of(results, one.kind, one.name)
    return capacity_unit(unit) if is_energy(unit) else f"{unit}/h"


def by_name(own: Sequence[Moved], values: Sequence[Floats]) -> pd.DataFrame:
    """Values by step (rows) and name (columns), nodes added."""
    return reading.add_up(pd.DataFrame(np.array(values).T), [m.name for m in own])


def _stack(ax: Axes, frame: pd.DataFrame, before: Floats, days: Days) -> None:
    drawn = looks(list(frame.columns))
    base, tags = np.zeros(len(frame)), []
    for name in frame.columns:
        top = base + frame[name].to_numpy()
        of_days.area(ax, top, base, days, drawn[name], label(name))
        tags.append(Tag(capital(label(name)), drawn[name], float((base + top)[days.steps].mean() / 2), False))
        base = top
    text = say("without shifting")
    for own, edges in days.spans:
        ax.stairs(before[own], edges, baseline=None, color=WITHOUT.colour, linewidth=1.4, linestyle="--", label=text)
    high = max(float(base[days.steps].max()), float(before[days.steps].max()))
    tags.append(Tag(capital(text), WITHOUT, float(before[days.steps].mean()), False, "line", "--"))
    ax.set_ylim(0.0, 1.08 * high + 1e-12)
    ax.set_xlim(*days.limits)
    ax.set_xticks([])
    stack.beside(ax, tags, 0.0)


def _shifted(results: Results, commodity: str, y: int) -> str:
    """How much is moved between which prices, or given up."""
    year = int(results.data["period"].values[y])
    rows = flexible_use(results)
    rows = rows[(rows["kind"] == LOAD) & (rows["commodity"] == commodity) & (rows["period"] == year)]
    less, shed = float(rows["less"].sum()), float(rows["shed"].sum())
    what, unit = label(commodity), str(rows["unit"].iloc[0])
    values = {"what": what, "year": year, "share": percent(less, float(rows["use"].sum()))}
    if less <= reading.NOTHING * float(rows["use"].sum()):
        factor, unit = sized(shed, unit)
        if shed > 0:
            return say("Flexible loads give up {amount} of {what} in {year}",
                       **values | {"amount": quantity(shed / factor, unit)})  # fmt: skip
        return say("Flexible loads move no {what} in {year}", **values)
    paid = float((rows["price_more"] * rows["more"]).sum() / rows["more"].sum())
    saved = float((rows["price_less"] * rows["less"]).sum() / less)
    money = reading.unit_of(results, "commodity", commodity, "price_unit")
    then, now = amounts([saved, paid])
    return say(
        "Flexible loads shift {share} of their {what} in {year}, from hours at {saved} to hours at {paid}",
        **values | {"saved": then, "paid": f"{now} {money}".replace(" ", SPACE)},
    )


def store_levels(
    results: Results, *, period: int | None = None, days: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """How full stores are over representative days, in per cent: levels at the end of each hour, a line for each.

    Of flexible loads those have a level that are kept like a battery; it counts as share of its highest. Raises
    NotApplicableError if nothing keeps a level by the hour.
    """
    own, commodity, y = taken(results, None, period, LEVELS)
    shown = of_days.side_by_side(results, hours_of(results, own, commodity, y, LEVELS), days, LEVELS)
    frame = levels(results, y)
    swing = (frame.max() - frame.min()).sort_values(ascending=False, kind="stable")
    kept = frame[[c for c in frame.columns if c in set(swing.index[:MOST])]]
    if not len(kept.columns):
        raise reading.NotApplicableError(
            f"figure {LEVELS} of {results.name} — nothing keeps a level by the hour — give it storages, or flexible "
            "loads of method battery"
        )
    with style.sheet(ax, style.HEIGHT) as ax:
        drawn = looks(list(kept.columns))
        tags = []
        for (name, level), dashes in zip(kept.items(), cycle(DASHES), strict=False):
            look, values = Look(drawn[str(name)].colour), level.to_numpy()
            for steps, edges in shown.spans:
                ax.plot(edges[1:], values[steps], color=look.colour, linestyle=dashes, linewidth=1.8,
                        label=label(str(name)))  # fmt: skip
            tags.append(Tag(capital(label(str(name))), look, float(values[shown.steps[-1]]), True, "line", dashes))
        ax.set_ylim(-4.0, 104.0)
        ax.set_xlim(*shown.limits)
        of_days.dates(ax, shown)
        style.upright(ax, say("Level, % of capacity"))
        stack.beside(ax, tags, shown.limits[1] - 1.0)
        loads = any(m.kind == LOAD and m.name in kept.columns for m in own)
        share = say("The level of a flexible load counts as share of its highest.") if loads else ""
        style.finish(ax, results, _turned_over(results, y), note=" ".join(filter(None, (shown.note, share))))
    return ax


def levels(results: Results, y: int) -> pd.DataFrame:
    """Level at the end of each hour in per cent, by step and name, of all that have one and a capacity."""
    out = {}
    for variable, dim, place in ((f"level_{HOUR}", "storage", "region"), (f"shift_level_{HOUR}", "load", "node")):
        if variable not in results.data:
            continue
        level = getattr(results, variable).isel(period=y).sum(place)
        for name in map(str, level[dim].values):
            values = np.asarray(level.sel({dim: name}).values)
            whole = float(values.max())
            if dim == "storage":
                whole = float(results.data["storage_capacity"].sel(storage=name).isel(period=y).sum())
            if whole > 0 and values.max() > reading.NOTHING * whole:
                out[name] = 100 * values / whole
    return pd.DataFrame(out)


def _turned_over(results: Results, y: int) -> str:
    """Which store is used most."""
    year = int(results.data["period"].values[y])
    rows = flexible_use(results)
    cycles = rows[rows["period"] == year].dropna(subset="cycles").groupby("name")["cycles"].max()
    if not len(cycles):
        return say("How full flexible loads are in {year}", year=year)
    most = str(cycles.idxmax())
    return say(
        "Most often emptied: {who}, {count} times in {year}",
        who=inside(label(most)), count=amount(float(round(cycles[most]))), year=year,
    )  # fmt: skip
