"""Network charges in the results: what was bought, its peaks, and what a reader should know of the conditions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.lp import join
from transform_sim.names import CHARGED_PEAK, CHARGED_PURCHASE, GRIDS, PEAK_PURCHASE, PURCHASE, SALE

from .extract import Extractor, Named, described

Floats = NDArray[np.float64]
BOTH_WAYS = 1e-3
"""Share of what is bought that is sold in the same hour, above which it is told."""
SLACK, TINY = 1e-6, 1e-12
"""What a solver may leave below a condition, relative; and what stands for no amount."""


def network(ex: Extractor) -> Named:
    """Annual peak of what is bought, the peak that is charged, and purchases that count, by charge and node.

    Peaks are read off the purchases, so that they are known too where nothing is paid for them. Years without the
    charge have none.
    """
    charges = ex.data.network_charges
    if not len(charges.table):
        return {}
    peak, charged = _peaks(ex)
    amount = np.sum([_amounts(ex, grid)[0] for grid in GRIDS], axis=0)
    rate = "see coordinate capacity_unit"
    return (
        described(PEAK_PURCHASE, _array(ex, peak * charges.active), "annual peak of what is bought", rate)
        | described(CHARGED_PEAK, _array(ex, charged * charges.active), "annual peak that is charged", rate)
        | described(
            CHARGED_PURCHASE,
            _array(ex, amount * charges.active),
            "bought per year, charged per unit",
            "see coordinate unit",
        )
    )


def settled(ex: Extractor) -> Extractor:
    """The solution with peaks no higher than what is bought: where they cost nothing, a solver may leave them anywhere.

    In the private view the cost decides, and the solution stays as it is.
    """
    if ex.data.scenario.view == "private" or not len(ex.data.network_charges.table):
        return ex
    x = ex.x.copy()
    peak, charged = _peaks(ex)
    for block in ex.program.columns:
        if block.name == PEAK_PURCHASE:
            x[block.span] = peak.ravel()
        if block.name == CHARGED_PEAK:
            x[block.span] = charged[ex.data.network_charges.atypical].ravel()
    return replace(ex, x=x)


def network_warnings(ex: Extractor) -> list[str]:
    """Conditions of the discount for even use that the result does not meet; purchases sold on in the same hours."""
    charges = ex.data.network_charges
    if not charges.baseload.any():
        return []
    peak, _ = _peaks(ex)
    amount, sold = np.sum([_amounts(ex, grid) for grid in GRIDS], axis=0)
    out = []
    for i in np.flatnonzero(charges.baseload):
        code, asked, above = int(charges.table["network_charge"][i]), charges.hours[i], charges.purchase_above[i]
        name, unit = charges.names[code], _unit(ex, code)
        at = ex.program.labels["node"][charges.table["node"][i]]
        for y, year in ((y, ex.periods[y]) for y in np.flatnonzero(charges.active[i])):
            used = amount[i, y] / max(peak[i, y], TINY)
            if amount[i, y] > 0 and used < asked * (1 - SLACK):
                out.append(
                    f"network charge {name}: {used:,.0f} hours of use at {at} in {year}, but the discount is for "
                    f"{asked:,.0f}"
                )
            if 0 < amount[i, y] < above * (1 - SLACK):
                out.append(
                    f"network charge {name}: {amount[i, y]:,.0f} {unit}/a are bought at {at} in {year}, but the "
                    f"discount is for more than {above:,.0f} {unit}/a"
                )
        share = sold[i].sum() / max(amount[i].sum(), TINY)
        if share > BOTH_WAYS:
            out.append(
                f"network charge {name}: {share:.0%} of what is bought at {at} is sold in the same hours but counts as "
                "use. A larger spread makes that dear"
            )
    return out


def _unit(ex: Extractor, charge: int) -> str:
    scenario = ex.data.scenario
    name = ex.data.network_charges.names[charge]
    return scenario.commodities[scenario.network_charges[name].commodity].unit


def _array(ex: Extractor, values: Floats) -> xr.DataArray:
    """Values of the charges' rows by charge, node and period."""
    table, labels = ex.data.network_charges.table, ex.program.labels
    charge, node = (np.unique(table[d]) for d in table.dims)
    out = np.zeros((len(charge), len(node), len(ex.periods)))
    out[np.searchsorted(charge, table["network_charge"]), np.searchsorted(node, table["node"])] = values
    coords = {
        "network_charge": [labels["network_charge"][k] for k in charge],
        "node": [labels["node"][n] for n in node],
        "period": ex.periods,
    }
    return xr.DataArray(out, coords=coords, dims=list(coords))


def _peaks(ex: Extractor) -> tuple[Floats, Floats]:
    """Peak of all hours and the one that is charged, of each row of the charges, shape (E, Y)."""
    charges = ex.data.network_charges
    peak, inside = np.zeros((2, len(charges.table), len(ex.periods)))
    for grid in GRIDS:
        bought = _rates(ex, grid, PURCHASE)
        peak = np.maximum(peak, bought.max(axis=2))
        table, steps = charges.windows[grid]
        rows = join(table, charges.table).right
        inside[rows] = (bought[rows] * steps[:, None, :]).max(axis=2)
    least = charges.least_share[:, None] * peak
    return peak, np.where(charges.atypical[:, None], np.maximum(inside, least), peak)


def _rates(ex: Extractor, grid: str, variable: str) -> Floats:
    """What is bought under each charge, or sold beside, by step of a grid, shape (E, Y, T)."""
    charges = ex.data.network_charges
    if variable == PURCHASE:
        counted, rows = charges.counted, join(charges.counted, charges.table).right
    else:
        pairs = join(charges.at, ex.data.sales.at)
        counted, rows = ex.data.sales.at.take(pairs.right).without("commodity"), pairs.left
    out = np.zeros((len(charges.table), len(ex.periods), len(ex.grid(grid))))
    for block in (b for b in ex.program.columns if b.name == variable and b.grid.name == grid):
        pairs = join(counted, block.entities)
        np.add.at(out, rows[pairs.left], ex.values(block)[pairs.right])
    return out


def _amounts(ex: Extractor, grid: str) -> tuple[Floats, Floats]:
    """Bought under each charge, and of that what is sold in the same steps, both per year, shape (E, Y)."""
    bought, weight = _rates(ex, grid, PURCHASE), ex.grid(grid).weight
    return bought @ weight, np.minimum(bought, _rates(ex, grid, SALE)) @ weight
