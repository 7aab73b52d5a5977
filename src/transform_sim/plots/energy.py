"""Energy that plants use, by carrier, as fuel and as feedstock."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from transform_sim.analysis.energy_use import FEEDSTOCK, cogenerates, final_use, of_sectors
from transform_sim.results import Results

from . import reading, stack, style
from .language import say
from .words import capital, label, percent, quantity, sized

FIGURE = "energy"
MOVERS = ("co2",)
"""Sectors that only move what others capture."""
FEED_MATERIALS = ("crude_oil", "naphtha", "methanol", "ammonia", "plastic_waste", "captured_co2")
"""Feedstocks that are measured in tonnes."""


def energy(results: Results, *, ax: Axes | None = None) -> Axes:
    """Final energy and feedstock use by carrier in each period, in TWh per year; feedstocks in tonnes in a lower panel.

    Conversion plants (whose activity is measured in energy) are left out, unless they make useful heat: then they count
    with all that they take. The table of indicators has the same numbers. Raises NotApplicableError if no other plant
    uses energy.
    """
    reading.take(results, "flow", FIGURE)
    reading.labelled(results, "commodity_unit", FIGURE)
    reading.labelled(results, "process_unit", FIGURE)
    use = final_use(results)
    if not use.to_numpy().any():
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — no plant but conversion plants uses a commodity measured in energy — "
            "give energy carriers a unit such as MWh or GJ"
        )
    factor, unit = sized(float(use.sum(axis=1).max()), "TWh/a")
    frame, feed = reading.largest(use) / factor, reading.largest(materials(results))
    with style.sheet(ax, style.HEIGHT + (1.4 if len(feed.columns) else 0.0)) as ax:
        panels = style.split(ax, 0.42) if len(feed.columns) else []
        stack.chart(ax, frame, say("Final energy and feedstock use, {unit}", unit=unit))
        for panel in panels:
            size, mass = sized(float(feed.sum(axis=1).max()), "t/a")
            stack.chart(panel, feed / size, say("Feedstock, {unit}", unit=mass))
        style.finish(ax, results, finding(frame, unit), note=_note(results, frame), bottom=[ax, *panels][-1])
    return ax


def _note(results: Results, frame: pd.DataFrame) -> str:
    note = say(
        "Use in plants that make no energy carrier themselves but heat; what electrolysers, power plants or import "
        "terminals take is not counted again."
    )
    if cogenerates(results):
        note += " " + say("Combined heat and power counts with all its fuel.")
    if any(c.endswith(FEEDSTOCK) for c in frame.columns):
        note += " " + say("Gas and hydrogen for ammonia and methanol count as feedstock, with what is burnt there.")
    return note


def materials(results: Results) -> pd.DataFrame:
    """Tonnes per year of feedstocks that are measured in tonnes; CO₂ on its way to a store is none."""
    flow = results.data["flow"]
    named = dict(zip(flow["commodity"].values, flow["commodity_unit"].values, strict=True))
    found = [c for c in FEED_MATERIALS if c in flow["commodity"].values and reading.converted(named[c], "t")]
    works = [p for p in flow["process"].values if p not in of_sectors(results, MOVERS)]
    frame = reading.by((-flow.sel(commodity=found, process=works)).clip(min=0.0), "commodity")
    return frame * [reading.converted(named[c], "t") or 0.0 for c in found]


def finding(frame: pd.DataFrame, unit: str) -> str:
    """How total use changes, and the carrier that supplies most of it in the end."""
    total = frame.sum(axis=1)
    first, last = frame.index[0], frame.index[-1]
    if total[last] <= 0:
        return say("No energy is used in {year}", year=last)
    name = str(frame.loc[last].idxmax())
    then, now = quantity(float(total[first]), unit), quantity(float(total[last]), unit)
    values = {
        "what": label(name), "share": percent(float(frame.loc[last, name]), float(total[last])), "then": then,
        "now": now, "first": first, "last": last,
    }  # fmt: skip
    if first == last:
        return say(
            "{what} supplies {share} of {now} of energy used in {last}", **values | {"what": capital(label(name))}
        )
    if then == now:
        return say("Energy use stays at {now} from {first} to {last}; {what} supplies {share} by then", **values)
    if total[last] < total[first]:
        return say(
            "Energy use falls from {then} in {first} to {now} in {last}; {what} supplies {share} by then", **values
        )
    return say("Energy use rises from {then} in {first} to {now} in {last}; {what} supplies {share} by then", **values)
