"""Obligations in the results: shares that are reached and the green premium, firm capacity and its price."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.lp import Entities, join
from transform_sim.names import ACTIVITY, CAPACITY, CAPACITY_MARGIN, HOURS_PER_YEAR, PURCHASE, QUOTA
from transform_sim.scenario.units import capacity_unit, is_energy

from .extract import Extractor, Named, described

Floats = NDArray[np.float64]
TINY = 1e-12
"""Rate that stands for no amount."""


def obligations(ex: Extractor, row_dual: Floats) -> Named:
    """Green shares and premiums by quota, firm capacity over the load and its price by margin and node."""
    return _quotas(ex, row_dual) | _margins(ex, row_dual)


def _quotas(ex: Extractor, row_dual: Floats) -> Named:
    q = ex.data.quotas
    if not len(q.table):
        return {}
    premium = np.zeros(q.share.shape)
    for block in (b for b in ex.program.rows if b.name == QUOTA):
        premium = ex.values(block, row_dual / ex.program.row_scale)[:, :, 0] + 0.0  # no −0
    given = ex.data.scenario.policies.quotas
    units = [f"{ex.data.scenario.currency}/{_unit(ex, given[n].commodity)}" for n in q.names]
    coords = {"quota": list(q.names), "period": ex.periods}
    named = described(
        "quota_premium",
        xr.DataArray(premium, coords=coords, dims=list(coords)),
        "what one unit more of green costs",
        "see coordinate price_unit",
    ) | described(
        "quota_share",
        xr.DataArray(_green_share(ex), coords=coords, dims=list(coords)),
        "share of green in what is made and bought",
        "1",
    )
    return {n: a.assign_coords(quota_price_unit=("quota", units)) for n, a in named.items()}


def _green_share(ex: Extractor) -> Floats:
    """Green output and purchases ÷ all of the commodity, shape (Q, Y); NaN where there is none."""
    q = ex.data.quotas
    table, output = q.made
    all_of, green = np.zeros((2, *q.share.shape))
    for variable, over, amount, counts in (
        (ACTIVITY, table, output, q.green_made),
        (PURCHASE, q.bought, np.ones((len(q.bought), 1)), q.green_bought),
    ):
        for block in (b for b in ex.program.columns if b.name == variable):
            pairs = join(over, block.entities)
            value = amount[pairs.left] * ex.annual(block)[pairs.right] / HOURS_PER_YEAR
            np.add.at(all_of, over["quota"][pairs.left], value)
            np.add.at(green, over["quota"][pairs.left], value * counts[pairs.left][:, None])
    return np.where(all_of > TINY, green / np.maximum(all_of, TINY), np.nan)


def _margins(ex: Extractor, row_dual: Floats) -> Named:
    m = ex.data.capacity_margins
    names, labels = list(m.names), ex.program.labels["node"]
    nodes = [int(n) for n in np.unique(np.concatenate([t["node"] for t in m.tables.values()]))]
    if not nodes:
        return {}
    price, reached = np.full((2, len(names), len(nodes), len(ex.periods)), np.nan)
    activity = ex.program.matrix @ ex.x
    for block in (b for b in ex.program.rows if b.name == CAPACITY_MARGIN):
        table = block.entities
        at = (table["capacity_margin"], np.searchsorted(nodes, table["node"]))
        price[at] = ex.values(block, row_dual).sum(axis=2) / ex.program.periods.weight
        imports = m.imports[block.grid.name]
        firm = _firm(ex, table)[:, :, None] + imports
        factor = m.factors(table)
        # what the row has is firm capacity less factor × (load − demand)
        load = (firm - imports - ex.values(block, activity)) / factor + m.demand[block.grid.name]
        over = np.where(load > TINY, firm / np.maximum(load, TINY) - 1.0, np.inf).min(axis=2)
        reached[at] = np.where(np.isfinite(over), over, np.nan)
    coords = {"capacity_margin": names, "node": [labels[n] for n in nodes], "period": ex.periods}
    named = described(
        "capacity_price",
        xr.DataArray(price, coords=coords, dims=list(coords)),
        "what one unit/h more of firm capacity is worth per year",
        "see coordinate price_unit",
    ) | described(
        "firm_margin",
        xr.DataArray(reached, coords=coords, dims=list(coords)),
        "firm capacity over the load in the tightest step",
        "1",
    )
    units = [_rate_price(ex, ex.data.scenario.policies.capacity_margins[n].commodity) for n in names]
    return {n: a.assign_coords(capacity_margin_price_unit=("capacity_margin", units)) for n, a in named.items()}


def _firm(ex: Extractor, table: Entities) -> Floats:
    """Firm capacity without imports of each margin and node of a table, shape (n, Y)."""
    over, per_capacity = ex.data.capacity_margins.firm
    out = np.zeros((len(table), len(ex.periods)))
    for block in (b for b in ex.program.columns if b.name == CAPACITY):
        pairs = join(over, block.entities)
        own = over.take(pairs.left)
        firm = per_capacity[pairs.left] * ex.values(block)[pairs.right][:, :, 0]
        rows = join(own, table)
        np.add.at(out, rows.right, firm[rows.left])
    return out


def _unit(ex: Extractor, commodity: str) -> str:
    return ex.data.scenario.commodities[commodity].unit


def _rate_price(ex: Extractor, commodity: str) -> str:
    unit = _unit(ex, commodity)
    return (
        f"{ex.data.scenario.currency}/{capacity_unit(unit)}/a"
        if is_energy(unit)
        else f"{ex.data.scenario.currency}/({unit}/h)/a"
    )
