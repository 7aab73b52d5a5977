"""Accounts in the results: prices, demand served, implied stores."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.lp import join
from transform_sim.names import (
    ACTIVITY,
    BALANCE,
    FORGONE_DEMAND,
    HOUR,
    HOURS_PER_YEAR,
    PART_LOAD_USE,
    UNSERVED,
)

from . import changed
from .extract import Extractor, Named, described

Floats = NDArray[np.float64]


def prices(ex: Extractor, row_dual: Floats) -> Named:
    """Shadow prices of commodities: what one unit more of demand costs, in real money of the period."""
    out: Named = {}
    labels = ex.program.labels
    mean = np.full((len(labels["commodity"]), len(labels["node"]), len(ex.periods)), np.nan)
    for block in (b for b in ex.program.rows if b.name == BALANCE):
        price = ex.values(block, row_dual / ex.program.row_scale)
        weight = block.grid.weight / HOURS_PER_YEAR
        mean[block.entities["commodity"], block.entities["node"]] = price @ weight
        if len(block.grid) > 1:
            fine = ex.prices(row_dual, BALANCE, block.grid.name)
            text = f"shadow price by {block.grid.name}"
            out |= described(f"shadow_price_{block.grid.name}", fine, text, "see coordinate price_unit")
    coords = {"commodity": list(labels["commodity"]), "node": list(labels["node"]), "period": ex.periods}
    array = xr.DataArray(mean, coords=coords, dims=list(coords))
    array = array.dropna("commodity", how="all").dropna("node", how="all")
    return described("shadow_price", array, "shadow price, mean of the year", "see coordinate price_unit") | out


def implied_buffers(ex: Extractor) -> Named:
    """Store that a coarse balance implies: swing of making less taking by processes, in hours of mean throughput.

    What else moves on a coarse grid (purchases, stores, demand) runs evenly over each step of it and so only shifts
    the net by a constant there.
    """
    frame = ex.data.frame
    chosen = [c for c, d in ex.data.scenario.commodities.items() if d.implied_store and d.kind != "emission"]
    nodes = ex.program.labels["node"]
    out = np.zeros((len(chosen), len(nodes), len(ex.periods)))
    for i, c in enumerate(chosen):
        coarse = ex.grid(frame.grid_of[c])
        making, taking = _by_hour(ex, frame.commodities.index(c))
        net, weight = making - taking, ex.grid(HOUR).weight
        mean = np.add.reduceat(net * weight, _starts(coarse.member), axis=-1) / coarse.weight
        hours = weight if len(coarse) == 1 else frame.time.duration
        cumulated = np.cumsum((net - mean[..., coarse.member]) * hours, axis=-1)
        high = np.maximum.reduceat(cumulated, _starts(coarse.member), axis=-1)
        low = np.minimum.reduceat(cumulated, _starts(coarse.member), axis=-1)
        through = (making @ weight) / HOURS_PER_YEAR
        out[i] = np.divide((high - low).max(-1), through, out=np.zeros_like(through), where=through > 1e-9)
    if not chosen or not out.any():
        return {}
    coords = {"commodity": chosen, "node": list(nodes), "period": ex.periods}
    array = xr.DataArray(out, coords=coords, dims=list(coords))
    return described("implied_buffer", array, "store implied by the coarse balance", "h of mean throughput")


def _starts(member: NDArray[np.int64]) -> NDArray[np.int64]:
    """First fine step of each coarse step; steps of one coarse step stand together."""
    return np.flatnonzero(np.diff(member, prepend=-1))


def _by_hour(ex: Extractor, commodity: int) -> tuple[Floats, Floats]:
    """Making and taking of a commodity by processes at each node and hour; coarse ones run evenly."""
    flows = ex.data.activities.flows
    own = np.flatnonzero(flows.table["commodity"] == commodity)
    table, values = flows.table.take(own), flows.values[own]
    shape = (len(ex.program.labels["node"]), len(ex.periods), len(ex.grid(HOUR)))
    making, taking = np.zeros(shape), np.zeros(shape)
    for block in (b for b in ex.program.columns if b.name == ACTIVITY):
        pairs = join(table, block.entities)
        rate = values[pairs.left][:, :, None] * ex.values(block)[pairs.right][:, :, block.grid.member]
        np.add.at(making, table["node"][pairs.left], np.maximum(rate, 0.0))
        np.add.at(taking, table["node"][pairs.left], np.maximum(-rate, 0.0))
    at = ex.data.operation.part_load.at
    at = at.take(at["commodity"] == commodity)
    for block in (b for b in ex.program.columns if b.name == PART_LOAD_USE):
        pairs = join(at, block.entities)
        np.add.at(taking, at["node"][pairs.left], ex.values(block)[pairs.right])
    return making, taking


def buffer_warnings(dataset: xr.Dataset) -> list[str]:
    """A coarse balance that implies more than a day of storage deserves a word."""
    if "implied_buffer" not in dataset:
        return []
    worst = dataset["implied_buffer"].max(["node", "period"])
    return [
        f"the {c} balance implies a store of {float(v):.0f} h of mean throughput; declare the store or a finer balance"
        for c, v in zip(worst["commodity"].values, worst.values, strict=True)
        if v > 24.0
    ]


def demands(ex: Extractor) -> Named:
    """Demand served per year, by node: the largest demand less what is not met and forgone."""
    d, rate = ex.data.demands, changed.demand(ex)
    if not len(d.table) or rate is None:
        return {}
    labels = {"demand": list(ex.program.labels["demand"]), "node": list(ex.program.labels["node"])}
    out = np.zeros([*(len(v) for v in labels.values()), len(ex.periods)])
    np.add.at(out, (d.table["demand"], d.table["node"]), rate * HOURS_PER_YEAR)
    for block in (b for b in ex.program.columns if b.name in (UNSERVED, FORGONE_DEMAND)):
        np.add.at(out, (block.entities["demand"], block.entities["node"]), -ex.annual(block))
    array = xr.DataArray(out, coords={**labels, "period": ex.periods}, dims=[*labels, "period"])
    return described("served_demand", array, "demand served per year", "see coordinate unit")


def step_weights(ex: Extractor) -> xr.DataArray:
    """Hours per year that each step stands for."""
    grid = ex.grid(HOUR)
    return xr.DataArray(grid.weight, coords={HOUR: list(grid.labels)}, dims=[HOUR], attrs={"units": "h/a"})
