"""Flexible loads in the results: what they would use, and how much more and less they use."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.lp import join
from transform_sim.names import ACTIVITY, HOUR, SHED, SHIFT_DOWN, SHIFT_LEVEL, SHIFT_UP

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
"""Share of what is shifted up that meets less use in the same hour and node, above which it is told."""


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
    """A lossy load that uses more and less in one hour wastes power, which a linear program cannot forbid."""
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
