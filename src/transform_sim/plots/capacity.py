"""Capacity by route, and what becomes of plants whose campaigns end."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from transform_sim.analysis.capacity_use import idle
from transform_sim.results import Results

from . import reading, stack, style
from .campaigns import CLOSED, EARLY, RELINED, fates
from .colours import OTHER, WHITE, Look, looks
from .language import say, word
from .words import amount, capital, inside, label, percent, quantity, sized

FIGURE = "capacity"
GONE = 0.001
"""Share of what stood at the start below which nothing is left."""
UNUSED = 0.005
"""Share of the highest bar below which idle capacity is not shown."""
TOLD = 0.1
"""Share of all capacity in the last period above which the title tells what is idle."""
PALE = 0.72
"""How much of its colour idle capacity loses."""
ENDS = {RELINED: Look("#7A7A7A", ".."), CLOSED: Look(WHITE), EARLY: Look(WHITE, "///")}


def capacity(results: Results, commodity: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Capacity of the plants that make a commodity, by route in each period; below, what ends and what follows.

    Pale is what stands idle: capacity that runs at no time of the period.

    `commodity` is the first that is demanded if absent. The lower panel stands where plants have campaigns (reline,
    retrofit). Plants measured in another kind of unit are left out and named. Raises NotApplicableError if no plant
    makes the commodity.
    """
    commodity = reading.chosen(results, commodity, FIGURE)
    scale, unit, left_out = makers(results, commodity)
    all_capacity = _of(results.data["capacity"], scale)
    factor, shown = sized(float(all_capacity.sum(axis=1).max()), unit)
    by_route = reading.routes(results, all_capacity)
    frame = reading.largest(by_route) / factor
    pale = _as_drawn(reading.routes(results, _of(idle(results), scale)), by_route, frame) / factor
    ends = fates(results, scale) / factor
    ends = ends.where(ends > reading.NOTHING * max(float(frame.sum(axis=1).max()), 1.0), 0.0)
    ends = ends.loc[:, (ends > 0).any()]
    with style.sheet(ax, style.HEIGHT + (1.5 if len(ends.columns) else 0.0)) as ax:
        panels = style.split(ax, 0.45) if len(ends.columns) else []
        stack.chart(ax, frame, say("Capacity, {unit}", unit=shown))
        if pale.to_numpy().any():
            _fade(ax, frame, pale)
        for panel in panels:
            _ends(panel, results, ends, shown)
        title = finding(frame, shown) + (_idle(frame, pale) or _fate(results, ends, shown))
        style.finish(ax, results, title, note=" ".join(_notes(pale, panels, left_out)), bottom=[ax, *panels][-1])
    return ax


def _of(array: xr.DataArray, scale: dict[str, float]) -> pd.DataFrame:
    """A quantity of these plants by period and process, in one unit of capacity."""
    return reading.by(array.sel(process=list(scale)), "process") * list(scale.values())


def _as_drawn(unused: pd.DataFrame, by_route: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Idle capacity by the columns that are drawn; little of it is none."""
    drawn = [c if c in frame.columns else OTHER for c in by_route.columns]
    own = reading.add_up(unused[by_route.columns], drawn).reindex(columns=frame.columns, fill_value=0.0)
    return own.where(own > UNUSED * float(by_route.sum(axis=1).max()), 0.0)


def _fade(ax: Axes, frame: pd.DataFrame, pale: pd.DataFrame) -> None:
    """Take colour from the upper part of each segment, as far as it is idle."""
    tops = frame.cumsum(axis=1)
    for name in frame.columns:
        ax.bar(
            np.arange(len(frame)), pale[name], stack.BAR, bottom=tops[name] - pale[name], color=WHITE, alpha=PALE,
            linewidth=0, label=f"_{name}",
        )  # fmt: skip


def _notes(pale: pd.DataFrame, panels: list[Axes], left_out: list[str]) -> list[str]:
    notes = []
    if pale.to_numpy().any():
        notes.append(say("Pale: idle, runs at no time of the period."))
    if panels:
        notes.append(
            say(
                "Lower panel: capacity that has left its campaign since the period before, at the campaign's end or "
                "earlier, and what becomes of it."
            )
        )
    if left_out:
        notes.append(say("Not shown, measured in other units: {names}.", names=", ".join(map(label, left_out))))
    return notes


def makers(results: Results, commodity: str) -> tuple[dict[str, float], str, list[str]]:
    """Plants that make a commodity with the factor to one capacity unit, this unit, and those of another kind."""
    flow = reading.take(results, "flow", FIGURE)
    reading.take(results, "capacity", FIGURE)
    if commodity not in flow["commodity"].values:
        made = pd.Series(dtype=float)
    else:
        made = reading.by(flow.sel(commodity=commodity).clip(min=0.0), "process").sum()
    has = set(results.data["capacity"]["process"].values)
    names = [str(p) for p in made.index if made[p] > 0 and p in has]
    if not names:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — no plant makes '{commodity}' — choose a commodity that is made"
        )
    units = {p: reading.unit_of(results, "process", p, "capacity_unit") for p in names}
    unit = units[str(made[names].idxmax())]
    scale = {p: reading.converted(u, unit) for p, u in units.items()}
    return {p: f for p, f in scale.items() if f is not None}, unit, [p for p, f in scale.items() if f is None]


def _ends(ax: Axes, results: Results, ends: pd.DataFrame, unit: str) -> None:
    """Capacity that leaves its campaign, by what becomes of it."""
    ends = reading.add_up(ends, [c if c in ENDS else _route(results, c) for c in ends.columns])
    drawn = {**looks([c for c in ends.columns if c not in ENDS]), **ENDS}
    stack.chart(ax, ends, say("Leaving a campaign, {unit}", unit=unit), drawn=drawn, name=_becomes, until=False)


def _becomes(name: str) -> str:
    return word(name) if name in ENDS else say("becomes {what}", what=inside(label(name)))


def _route(results: Results, process: str) -> str:
    frame = pd.DataFrame({process: [0.0]})
    return str(reading.routes(results, frame).columns[0])


def _idle(frame: pd.DataFrame, pale: pd.DataFrame) -> str:
    """How much stands idle in the end, if that is worth a title."""
    unused, whole = (float(f.iloc[-1].sum()) for f in (pale, frame))
    if unused < TOLD * whole or not unused:
        return ""
    return say("; {share} of what stands in {last} is idle", share=percent(unused, whole), last=frame.index[-1])


def _fate(results: Results, ends: pd.DataFrame, unit: str) -> str:
    """How much capacity leaves its campaign over the years, and what becomes of most of it."""
    if not len(ends.columns):
        return ""
    total = reading.add_up(ends, [c if c in ENDS else _route(results, c) for c in ends.columns]).sum()
    most = str(total.idxmax())
    share = percent(float(total[most]), float(total.sum()))
    what = quantity(float(total.sum()), unit)
    if most == RELINED:
        return say("; of all {what} that leave a campaign, {share} are relined or renewed", what=what, share=share)
    if most == CLOSED:
        return say("; of all {what} that leave a campaign, {share} close at its end", what=what, share=share)
    if most == EARLY:
        return say("; of all {what} that leave a campaign, {share} close before its end", what=what, share=share)
    new = inside(label(most))
    return say("; of all {what} that leave a campaign, {share} become {new}", what=what, share=share, new=new)


def finding(frame: pd.DataFrame, unit: str) -> str:
    """What becomes of the largest stock."""
    if not len(frame.columns):
        return say("No capacity stands")
    frame = frame.drop(columns=OTHER, errors="ignore")
    first, last = frame.index[0], frame.index[-1]
    old = str(frame.loc[first if frame.loc[first].max() > 0 else last].idxmax())
    then, now = float(frame.loc[first, old]), float(frame.loc[last, old])
    who = {
        "what": capital(label(old)), "then": quantity(then, unit), "now": amount(now), "first": first, "last": last,
    }  # fmt: skip
    if first == last:
        return say("{what} is the largest capacity in {first}: {then}", **who)
    if then == 0:
        return say(
            "{what} capacity grows from nothing in {first} to {now} in {last}", **who | {"now": quantity(now, unit)}
        )
    if now < GONE * then:
        year = next(y for y in frame.index if (frame.loc[y:, old] < GONE * then).all())
        return say("{what} capacity falls from {then} in {first} to zero by {year}", year=year, **who)
    if amount(now) != amount(then) and now < then:
        return say("{what} capacity falls from {then} in {first} to {now} in {last}", **who)
    if amount(now) != amount(then):
        return say("{what} capacity grows from {then} in {first} to {now} in {last}", **who)
    return say("{what} capacity stays at {then} until {last}", **who)
