"""Ways to make a product as lines of cost over one price, and what each uses, makes and earns."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.inputs import Inputs
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from .carbon_use import mixture, premium
from .levelised_cost import levelised_cost
from .plant_cost import BY_PRODUCT, CARBON, ENERGY, MADE, MATERIAL, STORAGE
from .prices import Prices
from .support_cost import ALLOCATION, COMPENSATION
from .ways import ways

Floats = NDArray[np.float64]
WAY = ["process", "route", "mode", "technique", "region", "investment", "period"]
PLACE = ["region", "period"]
CARBON_PRICE = "carbon_price"
BY_OUTPUT = (ALLOCATION, COMPENSATION)
"""What policies pay by the unit of output; its price is that of carbon."""
GOODS = (ENERGY, MATERIAL, BY_PRODUCT, STORAGE)
NOISE = 1e-9
"""Share of the most that any process makes below which one makes nothing."""


def priced_at_one(
    results: Results,
    commodity: str,
    *,
    scenario: Scenario | None,
    prices: Literal["shadow", "market"] = "shadow",
    support: bool = True,
) -> pd.DataFrame:
    """Rows of `levelised_cost` if emissions cost 1 per t CO₂e: their `value` ÷ `price` is the amount.

    At a carbon price of zero, rows would not tell how much is emitted.
    """
    periods = results.data["period"]
    one = results.data.drop_vars(CARBON_PRICE, errors="ignore").assign(
        {CARBON_PRICE: ("period", np.ones(periods.size))}
    )
    return levelised_cost(Results(one), commodity, scenario=scenario, prices=prices, cap_price=False, support=support)


def carbon_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """`amount` of carbon priced and `rest` of the cost per unit of product, by way (index); see `priced_at_one`."""
    varies = (rows["kind"] == CARBON) | rows["kind"].isin(BY_OUTPUT)
    return _summed(rows, (rows["value"] / rows["price"]).where(varies, 0.0), rows["value"].where(~varies, 0.0))


def commodity_lines(rows: pd.DataFrame, used: pd.Series[float], item: str) -> pd.DataFrame:
    """`amount` of an item used (made: negative) and `rest` of the cost per unit of product, by way (index).

    Args:
        used: see `used_per_unit`.
    """
    own = (rows["item"] == item) & rows["kind"].isin(GOODS)
    lines = _summed(rows, 0.0, rows["value"].where(~own, 0.0))
    keys = lines.index.to_frame(index=False)[used.index.names]
    return lines.assign(amount=used.reindex(pd.MultiIndex.from_frame(keys)).to_numpy())


def totals(rows: pd.DataFrame) -> pd.Series[float]:
    """Levelised cost by way; NaN where something has no price."""
    return _summed(rows, 0.0, rows["value"])["rest"]


def _summed(rows: pd.DataFrame, amount: pd.Series[float] | float, rest: pd.Series[float]) -> pd.DataFrame:
    grouped = rows[WAY].assign(amount=amount, rest=rest).groupby(WAY, sort=False)
    return grouped[["amount", "rest"]].sum(min_count=1, skipna=False)


def used_per_unit(data: Inputs, product: str, item: str) -> pd.Series[float]:
    """What one unit of a product takes of an item (makes: negative), by process, mode, technique, region and period."""
    table, values = data.activities.flows.table, data.activities.flows.values
    code = data.frame.commodities.index(item)
    rows = []
    for way in ways(data, product):
        at = (table["asset"] == way.asset) & (table["mode"] == way.mode) & (table["region"] == way.region)
        taken = -values[at & (table["commodity"] == code)].sum(axis=0)
        name, _, technique = data.assets.names[way.asset].partition("@")
        mode = data.activities.modes[way.mode] if data.scenario.processes[name].modes else ""
        per_unit = np.divide(taken, way.made, out=np.full(len(taken), np.nan), where=way.made > 0)
        years = zip(data.frame.years.astype(int).tolist(), per_unit.tolist(), strict=True)
        rows += [(name, mode, technique, data.frame.places[way.region], *pair) for pair in years]
    names = ["process", "mode", "technique", *PLACE]
    frame = pd.DataFrame(rows, columns=[*names, "used"])
    return frame.groupby(names, sort=False)["used"].first()


def worth(results: Results, data: Inputs, prices: Prices, product: str, process: str, region: str) -> Floats:
    """What a process gets for a unit of its product, shape (Y,): its price, and that of the carbon in it by origin."""
    code = data.frame.commodities.index(product)
    node = int(data.frame.node_of[code, data.frame.regions.index(region)])
    price = prices.value[code, node]
    if product in data.carbon.pools:
        mixed = mixture(results, data, process, product, MADE)
        extra = mixed * premium(results, data, product, data.frame.places[node])
        price = price + data.carbon.content[product] * extra.sum(axis=0)
    return np.asarray(price)


def output(results: Results, commodity: str, period: int) -> pd.DataFrame:
    """What processes (rows) make of a commodity in a period by region (columns), in its unit per year."""
    flow = results.data["flow"].sel(commodity=commodity, period=period).clip(min=0.0).transpose("process", "region")
    frame = pd.DataFrame(flow.values, index=flow["process"].values, columns=flow["region"].values)
    return frame.where(frame > NOISE * frame.to_numpy().max(initial=0.0), 0.0)


def incumbent(results: Results, commodity: str, period: int, among: list[str]) -> str:
    """The process of those named that makes most of a commodity in a period; empty if none makes any."""
    if "flow" not in results.data or commodity not in results.data["flow"]["commodity"].values:
        return ""
    made = output(results, commodity, period).sum(axis=1)
    made = made[made.index.isin(among) & (made > 0)]
    return str(made.idxmax()) if len(made) else ""


def period_of(results: Results, period: int | None, what: str) -> int:
    """The period asked for, else the first; raises TransformSimError with the periods of the results."""
    known = [int(y) for y in results.data["period"].values]
    if period is not None and period not in known:
        listed = ", ".join(str(y) for y in known)
        raise TransformSimError(f"{what} of {results.name} — there is no period {period} — choose from {listed}")
    return known[0] if period is None else period
