"""What the transition costs, by kind of cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim.results import Results

from . import reading, stack, style
from .colours import looks
from .words import capital, label, percent, quantity, sized

FIGURE = "cost"
NAMES = {
    "investment": "new plants",
    "reinvestment": "relines and conversions",
    "financing": "cost of capital above discount rate",
    "fixed_opex": "fixed operation",
    "variable_opex": "variable operation",
    "supply_price": "purchases of energy and materials",
    "sale_price": "sales",
    "levy": "levies",
    "carbon_price": "carbon price",
    "disposal": "disposal, CO₂ storage",
    "tariff": "transport tariffs",
    "shortfall": "demand not met",
    "forgone_demand": "demand forgone",
}
NOTE = (
    "Capital stands in the period in which it is spent: present value of its annuities up to the horizon, spread over "
    "the years of that period."
)


def cost(results: Results, *, ax: Axes | None = None) -> Axes:
    """Cost that counts in the scenario's view, by component, per year of each period; income below zero.

    Bars times `period_weight` add to the objective. Capital is booked with the period of build.
    """
    frame = per_year(results)
    factor, unit = sized(float(frame.clip(lower=0).sum(axis=1).max()), f"{results.data.attrs['currency']}/a")
    kept = reading.largest(frame) / factor
    own = looks(list(kept.columns))
    shown, drawn = kept.rename(columns=NAMES), {NAMES.get(c, c): look for c, look in own.items()}
    with style.sheet(ax) as ax:
        middle = stack.bars(ax, shown, drawn)
        stack.totals(ax, shown)
        stack.beside(ax, stack.tags(shown, middle, drawn), stack.end(shown))
        style.upright(ax, f"Cost, {unit}")
        style.finish(ax, results, finding(results, frame), note=NOTE)
    return ax


def per_year(results: Results) -> pd.DataFrame:
    """Components that count, in money per year of the period."""
    array = reading.take(results, "cost", FIGURE)
    array = array.isel(component=np.flatnonzero(array["counts"].values))
    frame = reading.by(array / array["period_weight"], "component")
    return frame[sorted(frame.columns, key=lambda c: list(NAMES).index(c) if c in NAMES else len(NAMES))]


def finding(results: Results, frame: pd.DataFrame) -> str:
    """The largest kind of cost and its share of all that is paid."""
    present = frame.mul(results.data["period_weight"].values, axis=0).sum()
    paid = float(present.clip(lower=0).sum())
    if paid <= 0:
        return "Nothing is paid"
    name = str(present.idxmax())
    factor, unit = sized(paid, str(results.data.attrs["currency"]))
    first, last = frame.index[0], frame.index[-1]
    span = f"in {first}" if first == last else f"from {first} to {last}"
    share = percent(float(present[name]), paid)
    what = capital(label(NAMES.get(name, name)))
    return f"{what}: {share} of the {quantity(paid / factor, unit)} paid {span} (present value)"
