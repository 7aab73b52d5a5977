"""What plants could pay at most for something they use: its demand curve behind the shadow price."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.inputs import Inputs, make_inputs
from transform_sim.inputs.activities import ONLY_MODE
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from .levelised_cost import levelised_cost
from .plant_cost import CAPITAL
from .prices import SHADOW, prices_of
from .support_cost import CONTRACT, GRANT
from .technology import plants_of
from .way_costs import GOODS, used_per_unit, worth
from .ways import product

Floats = NDArray[np.float64]
USER = ["process", "route", "mode", "technique", "region", "period"]
OF_NEW = (CAPITAL, CONTRACT, GRANT)
"""Kinds of cost and support of new plants alone."""
COLUMNS = [*USER, "product", "willingness", "unit", "used", "used_unit", "price"]


def willingness_to_pay(
    results: Results, commodity: str, *, capital: bool = True, scenario: Scenario | None = None
) -> pd.DataFrame:
    r"""What each process could pay at most for a unit of a commodity it uses: tidy rows, the highest first by period.

    $$ w = \Bigl(\sum_k m_k\,p_k - \sum_{i} q_i\,p_i - var - fix - cap - e\,p_{CO_2} + s\Bigr) / q $$

    with the amounts made $m_k$, those used of all else $q_i$ and of the commodity $q$, at shadow prices of the results.
    What policies pay counts, $s$: free allocation, power compensation, carbon contracts, grants, and the premium of a
    quota (what the quota costs: below zero), each as in `levelised_cost`.
    Where a new plant is built and lives for one period, this is the shadow price of the commodity. Where it is below,
    a new plant would lose; where it is above, something else limits it.

    Columns: process, route, mode, technique, region, period; `product`, the first that it makes; `willingness` in
    `unit` (money per unit of the commodity), NaN where something has no price; `used`, how much it uses in the results,
    in `used_unit`; `price`, the shadow price of the commodity where it stands. Of techniques that can be built in the
    same period, the one that could pay most stands for the mode with all that the mode uses.

    Args:
        capital: whether investment is paid too: True for a new plant, False for one that stands, which pays no capital
            and gets no contract and no grant.
        scenario: as in `levelised_cost`.

    Processes stand in the periods in which they can be built. Demand that is given, flexible loads and sales are no
    processes. Raises TransformSimError if no process uses the commodity and makes something of it.
    """
    data = make_inputs(scenario if scenario is not None else plants_of(results))
    product_of = dict(_users(data, commodity))
    if not product_of:
        raise TransformSimError(
            f"willingness to pay of {results.name} — no process makes anything of '{commodity}' — "
            f"choose from {', '.join(_usable(data))}"
        )
    products = dict.fromkeys(product_of.values())
    parts = [_priced(results, data, commodity, c, capital=capital, scenario=scenario) for c in products]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    own = [product_of.get((p, m)) for p, m in zip(table["process"], table["mode"], strict=True)]
    table = table[table["product"] == own]
    table = table.sort_values(["period", "willingness"], ascending=[True, False], kind="stable")
    table = table.drop_duplicates(["process", "mode", "region", "period"])
    unit = data.scenario.commodities[commodity].unit
    table = table.assign(unit=f"{data.scenario.currency}/{unit}", used_unit=f"{unit}/a")
    return table[COLUMNS].reset_index(drop=True)


def _users(data: Inputs, commodity: str) -> Iterator[tuple[tuple[str, str], str]]:
    """(process, mode) of all that use the commodity, with the first thing that they make."""
    if commodity not in data.frame.commodities:
        return
    table, values = data.activities.flows.table, data.activities.flows.values
    code = data.frame.commodities.index(commodity)
    for i in np.flatnonzero((table["commodity"] == code) & (values < 0).any(axis=1)):
        name, mode = data.assets.owner[int(table["asset"][i])], data.activities.modes[int(table["mode"][i])]
        made = product(data, name, mode)
        if made is not None:
            yield (name, mode if data.scenario.processes[name].modes else ""), made


def _usable(data: Inputs) -> list[str]:
    """Commodities that have users."""
    return [c for c in data.frame.commodities if next(_users(data, c), None) is not None]


def _priced(
    results: Results, data: Inputs, commodity: str, made: str, *, capital: bool, scenario: Scenario | None
) -> pd.DataFrame:
    """Willingness of all new plants that make the product of the commodity."""
    rows = levelised_cost(results, made, scenario=scenario)
    paid = ~((rows["item"] == commodity) & rows["kind"].isin(GOODS))
    paid &= capital | ~rows["kind"].isin(OF_NEW)
    rows = rows[rows["investment"] == "new"].assign(value=rows["value"].where(paid, 0.0))
    cost = rows.groupby(USER, sort=False)["value"].sum(min_count=1, skipna=False).reset_index()
    taken = used_per_unit(data, made, commodity)
    keys = cost[taken.index.names]
    amount = taken.reindex(pd.MultiIndex.from_frame(keys)).to_numpy()
    cost, amount = cost[amount > 0], amount[amount > 0]
    prices = prices_of(results, data, SHADOW)
    years = [int(y) for y in data.frame.years]
    at = [years.index(int(y)) for y in cost["period"]]
    earned, price, used = [], [], []
    for y, row in zip(at, cost.itertuples(index=False), strict=True):
        process, mode, region = str(row.process), str(row.mode), str(row.region)
        earned.append(worth(results, data, prices, made, process, region)[y])
        price.append(_price(data, prices.value, commodity, region)[y])
        used.append(_used(results, data, commodity, process, mode, region)[y])
    willing = (np.array(earned, dtype=float) - cost["value"].to_numpy(dtype=float)) / amount.astype(float)
    return cost[USER].assign(product=made, willingness=willing, used=used, price=price)


def _price(data: Inputs, value: Floats, commodity: str, region: str) -> Floats:
    code = data.frame.commodities.index(commodity)
    return np.asarray(value[code, data.frame.node_of[code, data.frame.regions.index(region)]])


def _used(results: Results, data: Inputs, commodity: str, process: str, mode: str, region: str) -> Floats:
    """What a process uses per year in one mode, shape (Y,): its use, spread over its modes as they run."""
    if "flow" not in results.data or commodity not in results.data["flow"]["commodity"].values:
        return np.zeros(len(data.frame.years))
    flow = results.data["flow"].sel(commodity=commodity, process=process)
    whole = -flow.sel(region=region).values if region in flow["region"].values else np.zeros(len(data.frame.years))
    modes = list(data.scenario.processes[process].modes or (ONLY_MODE,))
    share = {m: _drawn(results, data, commodity, process, m, region) for m in modes}
    total = np.sum(list(share.values()), axis=0)
    own = share[mode or ONLY_MODE]
    part = np.divide(own, total, out=np.zeros_like(own), where=total > 0)
    return np.asarray(np.maximum(part * whole, 0.0))


def _drawn(results: Results, data: Inputs, commodity: str, process: str, mode: str, region: str) -> Floats:
    """Activity of a mode times what its first technique draws per unit, shape (Y,)."""
    run, (table, values) = results.data["activity"], (data.activities.flows.table, data.activities.flows.values)
    at = (table["asset"] == data.assets.code(process)) & (table["mode"] == data.activities.modes.index(mode))
    at &= (table["region"] == data.frame.regions.index(region)) & (
        table["commodity"] == data.frame.commodities.index(commodity)
    )
    if region not in run["region"].values or not at.any():
        return np.zeros(len(data.frame.years))
    activity = run.sel(process=process, mode=mode, region=region).values
    return np.asarray(np.maximum(-values[at].sum(axis=0), 0.0) * activity)
