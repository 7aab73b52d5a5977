"""Flexible loads in the results: what they would use, and how much more and less they use."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.lp import Entities, join
from transform_sim.names import (
    ACTIVITY,
    BALANCE,
    HOUR,
    PART_LOAD_USE,
    SHED,
    SHIFT_DOWN,
    SHIFT_LEVEL,
    SHIFT_UP,
)

from .extract import Extractor, Named, Rename, described

Floats = NDArray[np.float64]
RATES = {
    SHIFT_UP: "used on top, shifted here",
    SHIFT_DOWN: "used less, shifted away",
    SHED: "used less, given up",
}
USE = "flexible_use"
UNIT, RATE_UNIT = "see coordinate unit", "see coordinate unit, per hour"
NOTABLE = 1e-3
"""Share of what is shifted, or taken off, above which what cannot be so is told."""


def flexibility(ex: Extractor) -> Named:
    """Per year: use before it is shifted, more, less and shed use of each flexible load."""
    if not len(ex.data.flexible_loads.reference.table):
        return {}
    out: Named = {}
    for variable, text in RATES.items():
        out |= described(variable, ex.array(variable, _dims(ex, variable)), f"{text}, per year", UNIT)
    hourly = _use(ex)
    annual = xr.DataArray(hourly.values @ ex.grid(HOUR).weight, {d: hourly[d] for d in hourly.dims[:-1]})
    return out | described(USE, annual, "use that is flexible, before it is shifted or shed, per year", UNIT)


def flexible_dispatch(ex: Extractor) -> Named:
    """The same by the hour, and the levels of virtual batteries."""
    if not len(ex.data.flexible_loads.reference.table) or len(ex.grid(HOUR)) == 1:
        return {}
    out: Named = {}
    for variable, text in RATES.items():
        array = ex.array(variable, _dims(ex, variable), grid=HOUR)
        out |= described(f"{variable}_hour", array, f"{text}, by hour", RATE_UNIT)
    level = ex.array(SHIFT_LEVEL, _dims(ex, SHIFT_LEVEL), grid=HOUR)
    out |= described(f"{SHIFT_LEVEL}_hour", level, "drawn in advance at the end of the hour", UNIT)
    return out | described(f"{USE}_hour", _use(ex), "use that is flexible, before it is shifted or shed", RATE_UNIT)


def _dims(ex: Extractor, variable: str) -> Rename:
    return ex.same("load", "shed_step", "node") if variable == SHED else ex.same("load", "node")


def _use(ex: Extractor) -> xr.DataArray:
    """Use of each load before it is shifted: as given, or as its process runs; (load, node, period, hour)."""
    reference = ex.data.flexible_loads.reference
    loads, nodes = (np.unique(reference.table[d]) for d in ("load", "node"))
    labels = ex.program.labels
    out = np.zeros((len(loads), len(nodes), len(ex.periods), len(ex.grid(HOUR))))

    def place(codes: NDArray[np.int64], at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return np.searchsorted(loads, codes), np.searchsorted(nodes, at)

    np.add.at(out, place(reference.table["load"], reference.table["node"]), reference.given)
    for block in (b for b in ex.program.columns if b.name == ACTIVITY):
        pairs = join(reference.runs, block.entities)
        runs = reference.runs.take(pairs.left)
        used = reference.per_activity[pairs.left] * ex.values(block)[pairs.right][:, :, block.grid.member]
        np.add.at(out, place(runs["load"], runs["node"]), used)
    coords = {
        "load": [labels["load"][k] for k in loads],
        "node": [labels["node"][n] for n in nodes],
        "period": ex.periods,
        HOUR: list(ex.grid(HOUR).labels),
    }
    return xr.DataArray(out, coords=coords, dims=list(coords))


def flexible_warnings(ex: Extractor) -> list[str]:
    """What a linear program cannot forbid flexible loads: to waste power, and to take off what nobody uses."""
    return [*_wasted(ex), *_from_nowhere(ex)]


def _wasted(ex: Extractor) -> list[str]:
    """Lossy loads that use more and less in one hour."""
    blocks = {b.name: b for b in ex.program.columns if b.name in (SHIFT_UP, SHIFT_DOWN)}
    if len(blocks) < 2:
        return []
    table, weight = blocks[SHIFT_UP].entities, ex.grid(HOUR).weight
    up, down = (ex.values(blocks[v]) * weight for v in (SHIFT_UP, SHIFT_DOWN))
    out = []
    for k, (name, load) in enumerate(ex.data.scenario.flexible_loads.items()):
        own = table["load"] == k
        both, moved = float(np.minimum(up[own], down[own]).sum()), float(up[own].sum())
        if load.efficiency.scalar < 1 and both > NOTABLE * moved:
            out.append(
                f"{name} uses more and less in the same hours, {both / moved:.0%} of what it shifts: its losses pay "
                "where power costs nothing or less. joint_limit and price_floor limit that"
            )
    return out


def _from_nowhere(ex: Extractor) -> list[str]:
    """Given loads that are taken off beyond what is demanded and what processes use at their node in that hour.

    A given load is part of either, but no row can tell of which.
    """
    f, labels = ex.data.flexible_loads, ex.program.labels
    given = f.at.take(~f.reference.of_process)
    places = given.only("commodity", "node")
    if not len(given):
        return []
    less = _taken_off(ex, given, places)
    if not less.any():
        return []
    beyond, weight, out = np.maximum(less - _needed(ex, places), 0.0), ex.grid(HOUR).weight, []
    for i in np.flatnonzero((beyond @ weight).sum(axis=1) > NOTABLE * (less @ weight).sum(axis=1)):
        y, commodity = int(beyond[i].max(axis=1).argmax()), list(ex.data.scenario.commodities)[places["commodity"][i]]
        names = ", ".join(labels["load"][k] for k in given.take(given.within(places.take([i])))["load"])
        out.append(
            f"up to {beyond[i, y].max():,.4g} {ex.data.scenario.commodities[commodity].unit} more of {commodity} are "
            f"shifted away and shed in an hour of {ex.periods[y]} at {labels['node'][places['node'][i]]} than are "
            f"demanded and used there: supply from nowhere. Lower the load of {names}"
        )
    return out


def _taken_off(ex: Extractor, loads: Entities, places: Entities) -> Floats:
    """By how much loads use less than without them, added up at their places, (place, period, hour)."""
    net, shed = np.zeros((2, len(loads), len(ex.periods), len(ex.grid(HOUR))))
    for block in ex.program.columns:
        if block.name in RATES:
            pairs = join(loads, block.entities)
            sign = -1 if block.name == SHIFT_UP else 1
            np.add.at(shed if block.name == SHED else net, pairs.left, sign * ex.values(block)[pairs.right])
    out = np.zeros((len(places), *net.shape[1:]))
    np.add.at(out, join(loads, places).right, np.maximum(net, 0.0) + shed)
    return out


def _needed(ex: Extractor, places: Entities) -> Floats:
    """What is demanded at places and what processes use there, from the rows of the program, (place, period, hour)."""
    demands, rows = ex.data.demands, next(b for b in ex.program.rows if b.name == BALANCE and b.grid.name == HOUR)
    out = np.zeros((len(places), len(ex.periods), len(ex.grid(HOUR))))
    pairs = join(places, demands.table)
    np.add.at(out, pairs.left, demands.rate[pairs.right][:, :, None] * demands.shape[HOUR][pairs.right])
    used = np.zeros(ex.program.shape[0])
    for block in ex.program.columns:
        if block.name in (ACTIVITY, PART_LOAD_USE):
            part = ex.program.matrix[:, block.span]
            used -= part.minimum(0) @ ex.x[block.span]
    pairs = join(places, rows.entities)
    out[pairs.left] += used[rows.span].reshape(rows.shape)[pairs.right]
    return out
