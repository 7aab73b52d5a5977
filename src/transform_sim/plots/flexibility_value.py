"""What flexibility is worth, and what each flexible thing adds to the highest purchases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim.analysis.flexibility import REST, flexible_use, peak
from transform_sim.analysis.flexibility_value import ALONE, LAST, NEEDED, NOWHERE, SAME, TOGETHER
from transform_sim.results import Results

from . import reading, style
from .colours import GREY
from .flexibility import rate_unit, taken
from .flexibility_bars import COST, PALE, ROWS, STRONG, above, height, pairs_of_bars
from .language import say
from .words import amount, capital, inside, label, percent, quantity, sized

VALUE, EARNED, PEAK = "flexibility_value", "flexible_revenue", "peak_use"


def flexibility_value(results: Results, value: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """What flexible things save, each added to none and taken out of all: the table of `analysis.flexibility_value`.

    `results` are those of the study with all of them. Raises NotApplicableError if the table has no single things.
    """
    single = value[value["compared"] != TOGETHER]
    if not len(single):
        raise reading.NotApplicableError(
            f"figure {VALUE} of {results.name} — the table holds no single things — make it by='load'"
        )
    table = single.pivot_table(index="name", columns="compared", values="saving", aggfunc="sum", sort=False)
    table = table.replace([np.inf, -np.inf], np.nan)
    table = table.loc[table.max(axis=1).sort_values(ascending=False, kind="stable", na_position="first").index][:ROWS]
    together = float(value.loc[value["compared"] == TOGETHER, "saving"].iloc[0])
    unit = str(value["unit"].iloc[0])
    known = np.nan_to_num([*table.to_numpy().ravel(), together], posinf=0.0)
    factor, unit = sized(float(known.max()), unit)
    with style.sheet(ax, height(table)) as ax:
        said = {str(n): {c: _found(single, str(n), c) for c in (ALONE, LAST)} for n in table.index}
        pairs = [(ALONE, STRONG, say("added to none")), (LAST, PALE, say("taken out of all"))]
        pairs_of_bars(ax, table / factor, pairs, said)
        above(ax, say("Saving, present value, {unit}", unit=unit))
        note = say(
            "Where things do the same work, each saves more alone than beside the others: savings need not add up."
        )
        style.finish(ax, results, _saved(value, table, together, factor, unit), note=note)
    return ax


def _found(single: pd.DataFrame, name: str, compared: str) -> str:
    """What stands beside a bar instead of its number."""
    finding = single.loc[(single["name"] == name) & (single["compared"] == compared), "finding"].iloc[0]
    if finding == NEEDED:
        return say("no solution without it")
    if finding == NOWHERE:
        return say("no solution with or without it")
    return say("not distinguishable") if finding == SAME else ""


def _saved(value: pd.DataFrame, table: pd.DataFrame, together: float, factor: float, unit: str) -> str:
    finding = value.loc[value["compared"] == TOGETHER, "finding"].iloc[0]
    if finding == NEEDED:
        return say("Without flexibility the study has no solution")
    if finding == SAME:
        return say("What flexibility saves cannot be told from nothing")
    last = table[LAST].dropna()
    total = quantity(together / factor, unit)
    if not len(last):
        return say("Flexibility saves {total}", total=total)
    most = str(last.idxmax())
    return say(
        "Flexibility saves {total}; without {who} it would be {part} less",
        total=total, who=inside(label(most)), part=percent(float(last[most]), together),
    )  # fmt: skip


def flexible_revenue(results: Results, *, period: int | None = None, ax: Axes | None = None) -> Axes:
    """What moving use in time earns at shadow prices, and what it costs, for each flexible load and store.

    Beside each name stands how much is moved and in how many full hours. Period: the last if absent. Raises
    NotApplicableError if the results have none, or no hours.
    """
    _, _, y = taken(results, None, period, EARNED)
    year = int(results.data["period"].values[y])
    rows = flexible_use(results)
    rows = rows[(rows["period"] == year) & (rows["less"] + rows["shed"] > 0)]
    if not len(rows):
        raise reading.NotApplicableError(
            f"figure {EARNED} of {results.name} — nothing is moved in {year} — choose another period"
        )
    table = rows.groupby("name", sort=False)[["revenue", "cost"]].sum()
    table = table.loc[table["revenue"].sort_values(ascending=False, kind="stable").index][:ROWS]
    factor, unit = sized(float(table.abs().max().max()), f"{results.data.attrs['currency']}/a")
    with style.sheet(ax, height(table)) as ax:
        pairs = [("revenue", STRONG, say("revenue")), ("cost", COST, say("cost of moving it"))]
        pairs_of_bars(ax, table / factor, pairs, {}, {str(n): _amount(rows[rows["name"] == n]) for n in table.index})
        above(ax, say("Revenue and cost in {year}, {unit}", year=year, unit=unit))
        note = say(
            "Revenue: what is used less, at the shadow price of its hour, less what is used more. Hours: at the "
            "highest rate. It is what the last unit is worth; the system saves another amount."
        )
        style.finish(ax, results, _earned(table, rows, factor, unit, year), note=note)
    return ax


def _amount(rows: pd.DataFrame) -> str:
    """How much is moved or given up, and in how many full hours it is moved."""
    moved = float(rows["less"].sum() + rows["shed"].sum())
    factor, unit = sized(moved, str(rows["unit"].iloc[0]))
    highest = float((rows["less"] / rows["full_hours"]).sum())
    hours = f", {quantity(float(rows['less'].sum()) / highest, 'h')}" if highest > 0 else ""
    return f"{quantity(moved / factor, unit)}{hours}"


def _earned(table: pd.DataFrame, rows: pd.DataFrame, factor: float, unit: str, year: int) -> str:
    most, total = str(table.index[0]), float(rows["revenue"].sum())
    if not total > 0:
        return say("Moving use in time earns nothing in {year}", year=year)
    values = {"total": quantity(total / factor, unit), "year": year, "who": inside(label(most))}
    if len(table) == 1:
        return say("Moving use in time earns {who} {total} in {year}", **values)
    part = percent(float(table["revenue"].iloc[0]), total)
    return say("Moving use in time earns {total} in {year}, {part} of it by {who}", part=part, **values)


def peak_use(
    results: Results, commodity: str | None = None, *, period: int | None = None, ax: Axes | None = None
) -> Axes:
    """Who uses how much when most of a commodity is bought: before anything is moved, and as solved.

    Period: the last if absent. Raises NotApplicableError if nothing moves the commodity, or none is bought by the hour.
    """
    own, commodity, y = taken(results, commodity, period, PEAK)
    year = int(results.data["period"].values[y])
    with reading.applicable(results, PEAK):
        table = peak(results, commodity, year).groupby("name", sort=False)[["before", "after"]].sum()
    single = table.drop(REST)
    single = single[(single.abs() > reading.NOTHING * table.abs().max().max()).any(axis=1)]
    if not len(single):
        raise reading.NotApplicableError(
            f"figure {PEAK} of {results.name} — nothing flexible uses {commodity} when most is bought in {year} — "
            "choose another period"
        )
    order = (single["after"] - single["before"]).abs().sort_values(ascending=False, kind="stable").index
    factor, unit = sized(float(single.abs().max().max()), rate_unit(results, own[0]))
    shown = single.loc[order[:ROWS]] / factor
    with style.sheet(ax, height(shown)) as ax:
        pairs = [("before", GREY, say("without shifting")), ("after", STRONG, say("as solved"))]
        pairs_of_bars(ax, shown, pairs, {})
        text = say("{what} used when most is bought, {unit}", what=capital(label(commodity)), unit=unit)
        above(ax, text)
        size, whole = sized(float(table["after"].sum()), rate_unit(results, own[0]))
        then, now = (quantity(float(table[c].sum()) / size, whole) for c in ("before", "after"))
        note = say("Highest purchases less sales: {then} without shifting, {now} as solved.", then=then, now=now)
        style.finish(ax, results, _at_peak(table, order, commodity, year, factor, unit), note=note)
    return ax


def _at_peak(
    table: pd.DataFrame, order: Sequence[str] | pd.Index, commodity: str, year: int, factor: float, unit: str
) -> str:
    who = str(order[0])
    before, after = (float(table[c].loc[who]) / factor for c in ("before", "after"))
    values = {"what": label(commodity), "year": year, "who": inside(label(who)), "then": amount(before)}
    if amount(before) == amount(after):
        return say("When most {what} is bought in {year}, flexible loads use as much as without shifting", **values)
    return say(
        "When most {what} is bought in {year}, the use by {who} is {now} instead of {then}",
        **values | {"now": quantity(after, unit)},
    )
