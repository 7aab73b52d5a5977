"""What makes a product, and what of it is bought."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from transform_sim.results import Results

from . import reading, stack, style
from .colours import OTHER, looks
from .words import capital, inside, label, percent, sized

FIGURE = "production"


def production(results: Results, commodity: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Production of a commodity by route in each period, with what is bought of it; per year.

    `commodity` is the first that is demanded if absent. Raises NotApplicableError if the results do not have it.
    """
    commodity = reading.chosen(results, commodity, FIGURE)
    made = made_and_bought(results, commodity)
    factor, unit = sized(float(made.sum(axis=1).max()), f"{reading.unit_of(results, 'commodity', commodity)}/a")
    frame = reading.largest(made) / factor
    with style.sheet(ax) as ax:
        drawn = looks(list(frame.columns))
        middle = stack.bars(ax, frame, drawn)
        stack.totals(ax, frame)
        stack.beside(ax, stack.tags(frame, middle, drawn), stack.end(frame))
        style.upright(ax, f"{capital(label(commodity))}, {unit}")
        style.finish(ax, results, finding(frame, label(commodity)))
    return ax


def made_and_bought(results: Results, commodity: str) -> pd.DataFrame:
    """Amounts per year by period: net makers by route, then purchases by supply."""
    parts = []
    flow = results.data.get("flow")
    if flow is not None and commodity in flow["commodity"].values:
        parts.append(reading.routes(results, reading.by(flow.sel(commodity=commodity).clip(min=0.0), "process")))
    bought = reading.of_commodity(results, "purchase", "supply", commodity, FIGURE)
    if bought is not None:
        purchases = reading.by(bought, "supply")
        parts.append(purchases.rename(columns=lambda name: reading.trade_name("purchase", name, commodity)))
    if not parts:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — nothing makes or supplies '{commodity}' — choose another commodity"
        )
    both = pd.concat(parts, axis=1)
    return reading.add_up(both, list(both.columns))


def finding(frame: pd.DataFrame, what: str) -> str:
    """Who makes most at the start, who at the end."""
    total = frame.sum(axis=1)
    years = [y for y in frame.index if total[y] > 0]
    if not years:
        return f"No {what} is made or bought"
    first, last = years[0], years[-1]
    named = frame.drop(columns=OTHER, errors="ignore")
    before, after = str(named.loc[first].idxmax()), str(named.loc[last].idxmax())
    then, now = (percent(frame.loc[y, n], total[y]) for y, n in ((first, before), (last, after)))
    if first == last:
        return f"{capital(label(before))} provides {then} of {what} in {first}"
    if before == after and then == now == percent(1, 1):
        return f"{capital(label(before))} is the only source of {what} from {first} to {last}"
    if before == after:
        return f"{capital(label(before))} stays the largest source of {what}: {then} in {first}, {now} in {last}"
    left = percent(frame.loc[last, before], total[last])
    return (
        f"{capital(label(after))} provides {now} of {what} in {last}; "
        f"{inside(label(before))} falls from {then} in {first} to {left}"
    )
