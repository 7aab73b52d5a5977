"""Energy that plants use, by carrier, as fuel and as feedstock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from transform_sim.results import Results
from transform_sim.scenario import units

from . import reading, stack, style
from .language import say
from .words import FEEDSTOCK, capital, label, percent, quantity, sized

FIGURE = "energy"
FEED_SECTORS = ("ammonia", "methanol")
"""Sectors whose gas and hydrogen end up in the product."""
MOVERS = ("co2",)
"""Sectors that only move what others capture."""
NOT_FEED = {"electricity", "power", "heat", "steam"}
FEED_MATERIALS = ("crude_oil", "naphtha", "methanol", "ammonia", "plastic_waste", "captured_co2")
"""Feedstocks that are measured in tonnes."""


def energy(results: Results, *, ax: Axes | None = None) -> Axes:
    """Final energy and feedstock use by carrier in each period, in TWh per year; feedstocks in tonnes in a lower panel.

    Conversion plants (whose activity is measured in energy) are left out, unless they make useful heat, so that nothing
    counts twice. Raises NotApplicableError if no other plant uses energy.
    """
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
        style.finish(ax, results, finding(frame, unit), note=_note(frame), bottom=[ax, *panels][-1])
    return ax


def _note(frame: pd.DataFrame) -> str:
    note = say(
        "Use in plants that make no energy carrier themselves but heat; what electrolysers, power plants or import "
        "terminals take is not counted again."
    )
    if any(c.endswith(FEEDSTOCK) for c in frame.columns):
        note += " " + say("Gas and hydrogen for ammonia and methanol count as feedstock, with what is burnt there.")
    return note


def final_use(results: Results) -> pd.DataFrame:
    """TWh per year by period and carrier; what becomes part of a product apart, as '<carrier> feedstock'."""
    flow = reading.take(results, "flow", FIGURE)
    named = _units(results)
    carriers = [str(c) for c in flow["commodity"].values if units.is_energy(named[c])]
    fuels = [c for c in carriers if not reading.is_heat(c)]
    share = final_share(results, flow)
    final = [str(p) for p in share["process"].values[(share > 0).any("period").values]]
    kept = (flow.sel(commodity=fuels) * share).sel(process=final)
    feeding = _of_sectors(results, FEED_SECTORS)
    frames = [_sum(kept.sel(process=[p for p in final if p not in feeding]), "")]
    feed = kept.sel(process=[p for p in final if p in feeding])
    material = [c for c in fuels if not NOT_FEED & set(c.split("_"))]
    frames += [_sum(feed.sel(commodity=material), FEEDSTOCK)]
    frames += [_sum(feed.sel(commodity=[c for c in fuels if c not in material]), "")]
    frame = pd.concat(frames, axis=1)
    whole = reading.add_up(frame, list(frame.columns))
    return whole * [units.factor(named[c.removesuffix(FEEDSTOCK)], "TWh") for c in whole.columns]


def _sum(flow: xr.DataArray, suffix: str) -> pd.DataFrame:
    return reading.by((-flow).clip(min=0.0), "commodity").rename(columns=lambda c: f"{c}{suffix}")


def _units(results: Results) -> dict[str, str]:
    labels = reading.labelled(results, "commodity_unit", FIGURE)
    return {str(c): str(u) for c, u in zip(results.data["commodity"].values, labels, strict=True)}


def final_share(results: Results, flow: xr.DataArray) -> xr.DataArray:
    """Share of what each process takes that is final use, by period.

    1 for plants whose activity is not measured in energy; of those that make energy the share of useful heat in it, so
    that fuel for power from combined heat and power is not counted beside the power.
    """
    names = dict(zip(results.data["process"].values, reading.labelled(results, "process_unit", FIGURE), strict=True))
    works = np.array([not units.is_energy(str(names[p])) for p in flow["process"].values])
    carriers = {c: u for c, u in _units(results).items() if units.is_energy(u) and c in flow["commodity"].values}
    size = xr.DataArray([units.factor(u, "MWh") for u in carriers.values()], {"commodity": list(carriers)})
    made = (flow.sel(commodity=list(carriers)).clip(min=0.0) * size).sum("region")
    warm = made.sel(commodity=[c for c in carriers if reading.is_heat(c)]).sum("commodity")
    total = made.sum("commodity")
    return (warm / total.where(total > 0)).fillna(0.0).where(~xr.DataArray(works, {"process": flow["process"]}), 1.0)


def _of_sectors(results: Results, sectors: Sequence[str]) -> set[str]:
    if "process_sector" not in results.data.coords:
        return set()
    pairs = zip(results.data["process"].values, results.data["process_sector"].values, strict=True)
    return {str(p) for p, sector in pairs if sector in sectors}


def materials(results: Results) -> pd.DataFrame:
    """Tonnes per year of feedstocks that are measured in tonnes; CO₂ on its way to a store is none."""
    flow, named = results.data["flow"], _units(results)
    found = [c for c in FEED_MATERIALS if c in flow["commodity"].values and reading.converted(named[c], "t")]
    works = [p for p in flow["process"].values if p not in _of_sectors(results, MOVERS)]
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
