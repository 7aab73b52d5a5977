"""Energy that plants use, by carrier."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim.results import Results
from transform_sim.scenario import units

from . import reading, stack, style
from .colours import looks
from .words import capital, label, percent, quantity, sized

FIGURE = "energy"
NOTE = (
    "Use in plants that make no energy carrier themselves, as fuel and as feedstock; what electrolysers, power plants "
    "or import terminals take is not counted again."
)


def energy(results: Results, *, ax: Axes | None = None) -> Axes:
    """Final energy and feedstock use by carrier in each period, in TWh per year.

    Conversion plants (whose activity is measured in energy) are left out, so that nothing counts twice. Raises
    NotApplicableError if no other plant uses energy.
    """
    use = final_use(results)
    if not use.to_numpy().any():
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — no plant but conversion plants uses a commodity measured in energy — "
            "give energy carriers a unit such as MWh or GJ"
        )
    factor, unit = sized(float(use.sum(axis=1).max()), "TWh/a")
    frame = reading.largest(use) / factor
    with style.sheet(ax) as ax:
        drawn = looks(list(frame.columns))
        middle = stack.bars(ax, frame, drawn)
        stack.totals(ax, frame)
        stack.beside(ax, stack.tags(frame, middle, drawn), stack.end(frame))
        style.upright(ax, f"Final energy and feedstock use, {unit}")
        style.finish(ax, results, finding(frame, unit), note=NOTE)
    return ax


def final_use(results: Results) -> pd.DataFrame:
    """TWh per year by period and carrier."""
    flow = reading.take(results, "flow", FIGURE)
    activity = reading.labelled(results, "process_unit", FIGURE)
    named = dict(
        zip(results.data["commodity"].values, reading.labelled(results, "commodity_unit", FIGURE), strict=True)
    )
    carriers = [str(c) for c in flow["commodity"].values if units.is_energy(named[c])]
    final = results.data["process"].values[[not units.is_energy(unit) for unit in activity]]
    kept = flow.sel(commodity=carriers, process=np.intersect1d(final, flow["process"].values))
    frame = reading.by((-kept).clip(min=0.0), "commodity")
    return frame * [units.factor(named[c], "TWh") for c in frame.columns]


def finding(frame: pd.DataFrame, unit: str) -> str:
    """How total use changes, and the carrier that supplies most of it in the end."""
    total = frame.sum(axis=1)
    first, last = frame.index[0], frame.index[-1]
    if total[last] <= 0:
        return f"No energy is used in {last}"
    name = str(frame.loc[last].idxmax())
    most = f"{label(name)} supplies {percent(float(frame.loc[last, name]), float(total[last]))}"
    then, now = quantity(float(total[first]), unit), quantity(float(total[last]), unit)
    if first == last:
        return f"{capital(most)} of {now} of energy used in {last}"
    if then == now:
        return f"Energy use stays at {now} from {first} to {last}; {most} by then"
    course = "falls" if total[last] < total[first] else "rises"
    return f"Energy use {course} from {then} in {first} to {now} in {last}; {most} by then"
