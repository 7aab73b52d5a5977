"""What a solve with other costs or bounds than the scenario's means for the accounts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp.blocks import Block, Columns
from transform_sim.names import BALANCE, HOURS_PER_YEAR, NET_EMISSION

from .extract import Extractor

Floats = NDArray[np.float64]
RELATIVE = 1e-9
"""Change of a demand, against the demand, that counts as one."""


def cost(ex: Extractor) -> Floats | None:
    """What replaced costs add to the declared one of each column; None if no cost was replaced."""
    change = ex.case.cost - ex.program.cost
    return change if change.any() else None


def paid(ex: Extractor, block: Columns) -> Floats | None:
    """When what is added to the cost of a block's columns is due (E, V, Y): as their capital is; None: at once.

    Columns without capital cost pay in their own period too.
    """
    capital = [c for c in ex.program.costs if c.columns is block and c.paid is not None]
    if not capital:
        return None
    n = block.n_periods
    due = np.zeros((len(block.entities), n, n))
    for c in capital:
        assert c.paid is not None
        due += c.paid * np.abs(c.coefficient[:, :, :1])
    free = ~due.any(axis=2)
    due[free] = np.broadcast_to(np.eye(n), due.shape)[free]
    return due


def sides(ex: Extractor, rows: Block) -> bool:
    """Whether the two sides of a family of rows were replaced."""
    return any(
        not np.array_equal(ex.values(rows, getattr(ex.case, side)), ex.values(rows, getattr(ex.program, side)))
        for side in ("row_lower", "row_upper")
    )


def carbon_price(ex: Extractor) -> bool:
    """Whether the cost of emissions was replaced, so that the price paid is not the scenario's."""
    changed = ex.case.cost != ex.program.cost
    return any(changed[b.span].any() for b in ex.program.columns if b.name == NET_EMISSION)


def demand(ex: Extractor) -> Floats | None:
    """Largest mean rate of each demand at each node (n, Y) with the balances as solved; None if they do not tell.

    One demand at a node takes all of a change there; several share it in proportion. A change where nothing is
    demanded, or a balance that became an inequality, tells no demand.
    """
    d = ex.data.demands
    rate = d.rate.copy()
    for block in (b for b in ex.program.rows if b.name == BALANCE):
        lower, upper = ex.values(block, ex.case.row_lower), ex.values(block, ex.case.row_upper)
        if not np.array_equal(lower, upper):
            return None
        change = ((lower - ex.values(block, ex.program.row_lower)) @ block.grid.weight) / HOURS_PER_YEAR
        for i in np.flatnonzero(change.any(axis=1)):
            here = d.table["commodity"] == block.entities["commodity"][i]
            here &= d.table["node"] == block.entities["node"][i]
            share = _shares(d.rate[here], change[i])
            if share is None:
                return None
            rate[here] += share * change[i]
    return rate


def _shares(rate: Floats, change: Floats) -> Floats | None:
    """Share of each demand (n, Y) in a change of their sum; None if nothing says which demand it is."""
    if len(rate) == 1:
        return np.ones_like(rate)
    total = rate.sum(axis=0)
    if (change[total <= RELATIVE * np.abs(change)] != 0).any():
        return None
    return np.asarray(rate / np.where(total > 0, total, 1.0))


def warnings(ex: Extractor) -> list[str]:
    """What a reader must know who takes the results for those of the scenario."""
    out = []
    costs = int((ex.case.cost != ex.program.cost).sum())
    if costs:
        out.append(f"solved with other costs than the scenario's at {costs:,} columns: see cost component changed_cost")
    bounds = {
        "columns": (ex.case.lower != ex.program.lower) | (ex.case.upper != ex.program.upper),
        "rows": (ex.case.row_lower != ex.program.row_lower) | (ex.case.row_upper != ex.program.row_upper),
    }
    for kind, changed in bounds.items():
        if changed.any():
            out.append(f"solved with other bounds than the scenario's at {int(changed.sum()):,} {kind}")
    if carbon_price(ex):
        out.append("the cost of emissions was replaced: the carbon price paid is not shown")
    if bounds["rows"].any():
        out += _demand_warnings(ex)
    return out


def _demand_warnings(ex: Extractor) -> list[str]:
    rate = demand(ex)
    if rate is None:
        return ["the balances were changed in a way that tells no demand: served_demand is left out"]
    table = ex.data.demands.table
    places = np.stack([table["commodity"], table["node"]], axis=1)
    moved = places[(rate != ex.data.demands.rate).any(axis=1)]
    if len(np.unique(moved, axis=0)) == len(moved):
        return []
    return ["several demands stand at a node whose balance was changed: served_demand shares it in proportion"]
