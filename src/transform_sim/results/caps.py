"""Emissions in the results: how much, what is paid for them, the cap on them, what it is worth and what is banked."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.lp import Entities, Program, join
from transform_sim.lp.blocks import Block
from transform_sim.names import BANK, BANK_BALANCE, EMISSION_BUDGET, EMISSION_CAP, HOURS_PER_YEAR, NET_EMISSION

from . import changed
from .extract import Extractor, Named, described

Floats = NDArray[np.float64]


def emissions(ex: Extractor, row_dual: Floats) -> Named:
    """Net emissions by node, the price paid for them, their cap, and what one tonne less under it is worth."""
    e = ex.data.emissions
    money = f"{ex.data.scenario.currency}/t"
    paid = e.price if e.priced else np.zeros(len(ex.periods))
    shown = None if changed.carbon_price(ex) else _series(ex, paid)
    premium = _by_node(ex, *cap_price(ex.data, ex.program, row_dual))
    return (
        described("emissions", ex.array(NET_EMISSION, ex.same("emission", "node")), "net emission per year", "t/a")
        | described("carbon_price", shown, "carbon price paid per t CO₂e", money)
        | described("emission_cap", _series(ex, _cap(ex)), "most t CO₂e per year that the cap allows in all", "t/a")
        | described("cap_price", premium, "what one t CO₂e less under cap and budget would save", money)
        | described("bank", _bank(ex), "allowances in the bank at the end of the period", "t")
    )


def cap_price(data: Inputs, program: Program, row_dual: Floats) -> tuple[Entities, Floats]:
    """Nodes where counted emissions arise, and what one tonne less there would save under cap and budget, (n, Y)."""
    e = data.emissions
    counted = e.table.take(e.table.within(e.counted))
    nodes = Entities.of(node=np.unique(counted["node"]))
    price = np.zeros((len(nodes), len(program.periods)))
    for block in (b for b in program.rows if b.name in (EMISSION_CAP, BANK_BALANCE, EMISSION_BUDGET)):
        dual = -row_dual[block.span].reshape(block.shape)[:, :, 0]
        weight = e.budget_weight if block.name == EMISSION_BUDGET else 1.0
        pairs = join(nodes, block.entities)
        np.add.at(price, pairs.left, (dual * weight / (HOURS_PER_YEAR * program.periods.weight))[pairs.right])
    return nodes, price


def _cap(ex: Extractor) -> Floats:
    """The cap of all counted emissions by period, t/a; NaN where a place may emit without limit."""
    out = np.full(len(ex.periods), np.nan)
    for block in (b for b in ex.program.rows if b.name in (EMISSION_CAP, BANK_BALANCE)):
        limit = _limit(ex, block)
        e = ex.data.emissions
        free = e.table.take(e.table.within(e.counted) & ~e.table.within(block.entities))
        total = limit.sum(axis=0)
        out = np.where(np.isfinite(total) & (len(free) == 0), total, np.nan)
    return out


def _limit(ex: Extractor, block: Block) -> Floats:
    """Allowances of each row and year, t/a, without those that are in the bank at the start."""
    limit = ex.values(block, ex.case.row_upper)[:, :, 0] * HOURS_PER_YEAR
    bank = ex.data.emissions.bank
    return limit if bank is None else limit - bank.start / bank.lengths


def _bank(ex: Extractor) -> xr.DataArray | None:
    """Allowances in the bank at the end of each period, by node if the cap is by place."""
    for block in (b for b in ex.program.columns if b.name == BANK):
        stock = ex.values(block)[:, :, 0]
        return _by_node(ex, block.entities, stock) if block.entities.dims else _series(ex, stock[0])
    return None


def _by_node(ex: Extractor, nodes: Entities, values: Floats) -> xr.DataArray | None:
    """Values (n, Y) at nodes; None if there are none."""
    if not len(nodes):
        return None
    names = [ex.program.labels["node"][c] for c in nodes["node"]]
    return xr.DataArray(values, coords={"node": names, "period": ex.periods}, dims=["node", "period"])


def _series(ex: Extractor, values: Floats) -> xr.DataArray:
    return xr.DataArray(values.copy(), coords={"period": ex.periods}, dims=["period"])
