"""What commodities are worth to a plant: shadow prices of the results, or what supplies ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.results import Results

from .energy_flows import NOISE, NOTHING

Floats = NDArray[np.float64]
SHADOW, MARKET, UNTRADED, NONE = "shadow", "market", "untraded", "none"


@dataclass(frozen=True, eq=False)
class Prices:
    """Price of each commodity at each place by period, shape (C, R, Y), and where it is from; NaN if nothing says."""

    value: Floats
    basis: NDArray[np.str_]


def prices_of(results: Results, data: Inputs, kind: str) -> Prices:
    """Prices of one kind; where it is missing, of the other. See `levelised_cost`."""
    shadow, market, traded = _shadow(results, data), _market(data), _traded(results, data)
    sharp = np.where(traded, shadow, np.nan)
    order = [(SHADOW, sharp), (MARKET, market)] if kind == SHADOW else [(MARKET, market), (SHADOW, sharp)]
    value, basis = np.full(shadow.shape, np.nan), np.full(shadow.shape, NONE, dtype="<U8")
    for name, candidate in (*order, (UNTRADED, shadow)):
        take = np.isnan(value) & ~np.isnan(candidate)
        value[take], basis[take] = candidate[take], name
    return Prices(value, basis)


def _shape(data: Inputs) -> tuple[int, int, int]:
    return len(data.frame.commodities), len(data.frame.places), len(data.frame.years)


def _shadow(results: Results, data: Inputs) -> Floats:
    """Shadow prices at all places, mean of the year."""
    out = np.full(_shape(data), np.nan)
    if "shadow_price" in results.data:
        array = results.data["shadow_price"].transpose("commodity", "node", "period")
        rows = [data.frame.commodities.index(str(c)) for c in array["commodity"].values]
        cols = [data.frame.places.index(str(n)) for n in array["node"].values]
        out[np.ix_(rows, cols)] = array.values
    return out


def _market(data: Inputs) -> Floats:
    """Lowest mean price at which a unit is offered at each place, with its levy; what nobody wants costs its disposal.

    Of a supply curve the first step counts.
    """
    out = np.full(_shape(data), np.nan)
    commodity = {k: data.frame.commodities.index(t.commodity or n)
                 for k, (n, t) in enumerate(data.scenario.supply.items())}  # fmt: skip
    levy = dict(zip(data.supply.levy[0]["supply"].tolist(), data.supply.levy[1], strict=True))
    private = data.scenario.view == "private"
    for grid, table in data.supply.tables.items():
        weight = data.frame.grids[grid].weight
        mean = data.supply.price[grid] @ weight / weight.sum()
        for i in np.flatnonzero(table["step"] == 0):
            supply, node = int(table["supply"][i]), int(table["node"][i])
            asked = mean[i] + (levy[supply] if private else 0.0)
            asked = np.where(data.supply.upper[grid][i, :, 0] > 0, asked, np.nan)
            here = out[commodity[supply], node]
            out[commodity[supply], node] = np.fmin(here, asked)
    for grid, table in data.disposals.tables.items():
        for k, at in enumerate(zip(table["commodity"].tolist(), table["node"].tolist(), strict=True)):
            worth = np.where(data.disposals.upper[grid][k, :, 0] > 0, -data.disposals.cost[grid][k, :, 0], np.nan)
            out[at] = np.where(np.isnan(out[at]), worth, out[at])
    return out


def _traded(results: Results, data: Inputs) -> NDArray[np.bool_]:
    """Whether any of a commodity is made, used or bought at each place in each period."""
    amount = np.zeros(_shape(data))
    frame = data.frame
    if "flow" in results.data:
        flow = abs(results.data["flow"]).sum("process").transpose("commodity", "region", "period")
        for c, name in enumerate(flow["commodity"].values.astype(str)):
            code = frame.commodities.index(name)
            for r, region in enumerate(flow["region"].values.astype(str)):
                amount[code, frame.node_of[code, frame.regions.index(region)]] += flow.values[c, r]
    if "purchase" in results.data:
        bought = results.data["purchase"].transpose("supply", "node", "period")
        for s, name in enumerate(bought["supply_commodity"].values.astype(str)):
            for n, node in enumerate(bought["node"].values.astype(str)):
                amount[frame.commodities.index(name), frame.places.index(node)] += bought.values[s, n]
    most = amount.max(axis=(1, 2), keepdims=True)
    return np.asarray(amount > np.maximum(NOISE * most, NOTHING))
