r"""Levelised cost of a product by the way it is made, from the scenario's numbers and the prices of the results.

$$ LCO = \frac{capex \cdot CRF + fix}{f} + var + \sum_i q_i\,p_i + e\,p_{CO_2} $$

with $CRF$ at the cost of capital over the economic life, $f$ the share of the year that a plant runs, $q_i$ the
amounts used (made: negative) per unit of product and $e$ the emission that is priced.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.inputs import Inputs, make_inputs
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from .plant_cost import BY_PRODUCT, STORAGE, asset_row, parts
from .prices import prices_of
from .support_cost import SUPPORT
from .technology import plants_of
from .ways import Part, Way, ways

Floats = NDArray[np.float64]
COLUMNS = [
    "process", "route", "mode", "technique", "region", "investment", "period", "kind", "item", "price", "basis",
    "value",
]  # fmt: skip


def levelised_cost(
    results: Results,
    commodity: str,
    *,
    scenario: Scenario | None = None,
    prices: Literal["shadow", "market"] = "shadow",
    cap_price: bool = True,
    support: bool = True,
) -> pd.DataFrame:
    """What one unit of a commodity costs from a new plant, and from a renewed one, by kind of cost: tidy rows.

    A way to make it is a process, mode and technique in a region; `investment` is 'new', or 'renewed' where the
    process can renew itself (reline). Values of the same way and period add to its levelised cost, in money per unit
    of the commodity (column `unit`). Kinds: capital, fixed, variable, energy, material, by-product (a credit, below
    zero), co2, and storage (a by-product with carbon that costs to get rid of); below zero what policies pay:
    allocation, compensation, contract, grant; and quota, the green premium earned or paid. A way stands in the periods
    in which it can be built.

    Args:
        scenario: the one that was solved, if its plants read tables; the results' own text if absent.
        prices: 'shadow' values flows at the shadow price of the plant's node, mean of the year; 'market' at what
            supplies ask. Column `basis` says which it was: what nobody makes or buys has no sharp shadow price, so it
            counts at the market price, and where there is no market at the shadow price as 'untraded'.
        cap_price: whether emissions also pay what one tonne less under a cap or budget would save.
        support: whether what policies pay is taken off: free allocation and compensation as long as output counts, a
            contract spread over the life of a new plant at its cost of capital, grants; and the premium of a quota.

    Plants run whenever they are available. Those that balance by the hour but whose product keeps longer (an
    electrolyser beside a store) run in the hours that make the product cheapest, at the prices of these hours. Raises
    TransformSimError if no process makes the commodity.
    """
    data = make_inputs(scenario if scenario is not None else plants_of(results))
    found = list(ways(data, commodity))
    if not found:
        raise TransformSimError(
            f"levelised cost of {results.name} — no process makes '{commodity}' — choose a commodity that is made"
        )
    valued, carbon = prices_of(results, data, prices), carbon_prices(results, data, cap_price)
    rows = [
        row
        for way in found
        for investment, own in parts(way, data, results, valued, carbon).items()
        for row in _rows(way, investment, [p for p in own if support or p.kind not in SUPPORT], data)
    ]
    unit = f"{data.scenario.currency}/{data.scenario.commodities[commodity].unit}"
    return pd.DataFrame(rows, columns=COLUMNS).assign(unit=unit)


def _rows(way: Way, investment: str, own: list[Part], data: Inputs) -> Iterator[tuple[object, ...]]:
    """Rows of one way in all periods in which it can be built."""
    name, _, technique = data.assets.names[way.asset].partition("@")
    process = data.scenario.processes[name]
    mode = data.activities.modes[way.mode] if process.modes else ""
    front = (name, process.route or name, mode, technique, data.frame.places[way.region], investment)
    open_ = (data.assets.new_max[asset_row(way, data)] > 0) & (way.made > 0)
    for y in np.flatnonzero(open_):
        for part in own:
            value = float(part.cost[y] / way.made[y])
            price = np.nan if part.price is None else float(part.price[y])
            basis = "" if part.basis is None else str(part.basis[y])
            yield (*front, int(data.frame.years[y]), _kind(part, value, data), part.item, price, basis, value)


def _kind(part: Part, value: float, data: Inputs) -> str:
    """A by-product that holds carbon and costs is on its way to a store."""
    if part.kind != BY_PRODUCT or value <= 0:
        return part.kind
    content = data.scenario.commodities[part.item].carbon_content
    return STORAGE if content is not None and content.scalar > 0 else part.kind


def carbon_prices(results: Results, data: Inputs, cap_price: bool) -> Floats:
    """Price per t CO₂e at each node of emissions, shape (node, Y); zero where the study has none."""
    price = np.zeros((len(data.frame.places), len(data.frame.years)))
    if "carbon_price" in results.data:
        price += results.data["carbon_price"].values
    if cap_price and "cap_price" in results.data:
        by_node = results.data["cap_price"].reindex(node=list(data.frame.places))
        price += by_node.transpose("node", "period").values
    return price
