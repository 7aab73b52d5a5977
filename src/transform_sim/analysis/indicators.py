"""The few numbers of each period by which a study is told: emissions, prices, cost, investment, energy, products."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from transform_sim.results import Results
from transform_sim.results.summary import counted
from transform_sim.scenario import units

from .energy_use import final_use

NOTHING = 1e-6
ENERGY = "TWh/a"


def indicators(results: Results) -> pd.DataFrame:
    """One row per indicator (group, item, unit), one column per period; rows that are nowhere above zero are left out.

    Groups: emissions, policy, money, purchases of energy, its final use, products delivered.
    """
    rows = [*_emissions(results), *_policy(results), *_money(results), *_energy(results), *_products(results)]
    index = pd.MultiIndex.from_tuples([key for key, _ in rows], names=["group", "item", "unit"])
    frame = pd.DataFrame([values for _, values in rows], index=index, columns=list(results.data["period"].values))
    return frame[(frame.abs() > NOTHING).any(axis=1)]


Rows = list[tuple[tuple[str, str, str], np.ndarray]]


def _emissions(results: Results) -> Rows:
    if "emissions" not in results.data:
        return []
    net = results.data["emissions"].sum("node")
    unit = {str(e): str(u) for e, u in zip(net["emission"].values, net["emission_unit"].values, strict=True)}
    rows: Rows = [
        (("emissions", e, f"M{unit[e]}/a"), net.sel(emission=e).values / 1e6) for e in map(str, net["emission"].values)
    ]
    if "emission_cap" in results.data:
        rows.append((("emissions", "emission cap", "Mt/a"), results.data["emission_cap"].values / 1e6))
    return rows


def _policy(results: Results) -> Rows:
    money = f"{results.data.attrs['currency']}/t"
    rows: Rows = []
    if "carbon_price" in results.data:
        rows.append((("policy", "carbon price", money), results.data["carbon_price"].values))
    if "cap_price" in results.data:
        item, price = (
            "price of the cap, on top of the carbon price",
            results.data["cap_price"].dropna("node", how="all"),
        )
        by_node = {str(n): price.sel(node=n).values for n in price["node"].values}
        alike = len(np.unique(list(by_node.values()), axis=0)) == 1
        for node, values in list(by_node.items())[: 1 if alike else None]:
            rows.append((("policy", item if alike else f"{item}: {node}", money), values))
    return rows


def _money(results: Results) -> Rows:
    """What is paid and invested, each in the unit of money that suits its largest number."""
    currency, data = str(results.data.attrs["currency"]), results.data
    rows: Rows = []
    if "annual_cost" in data:
        paid = _by_period(data["annual_cost"].isel(component=np.flatnonzero(data["counts"].values)))
        rows.append(_row_of_money("annual cost", paid, f"{currency}/a"))
    if "investment" in data:
        rows.append(_row_of_money("investment in the period", _by_period(data["investment"]), currency))
    return rows


def _row_of_money(item: str, values: np.ndarray, unit: str) -> tuple[tuple[str, str, str], np.ndarray]:
    size, count = counted(float(np.abs(values).max(initial=0.0)))
    return ("money", item, f"{count}{unit}"), values / size


def _energy(results: Results) -> Rows:
    """What is bought of each energy carrier, and what plants finally use of it, as fuel and as feedstock."""
    data = results.data
    rows: Rows = []
    if "purchase" in data:
        bought = data["purchase"]
        unit = dict(zip(map(str, bought["supply"].values), map(str, bought["supply_unit"].values), strict=True))
        for item in (i for i in unit if units.is_energy(unit[i])):
            amounts = _by_period(bought.sel(supply=item)) * units.factor(unit[item], "TWh")
            rows.append((("energy bought", item, ENERGY), amounts))
    use = final_use(results)
    return [*rows, *((("final energy and feedstock use", str(c), ENERGY), use[c].to_numpy()) for c in use.columns)]


def _products(results: Results) -> Rows:
    if "served_demand" not in results.data:
        return []
    array = results.data["served_demand"]
    rows: Rows = []
    for item, unit in zip(map(str, array["demand"].values), map(str, array["demand_unit"].values), strict=True):
        energy = units.is_energy(unit)
        factor, told = (units.factor(unit, "TWh"), ENERGY) if energy else (1e-6, f"M{unit}/a")
        rows.append((("delivered", item, told), _by_period(array.sel(demand=item)) * factor))
    return rows


def _by_period(array: xr.DataArray) -> np.ndarray:
    return np.asarray(array.sum([d for d in array.dims if d != "period"]).values, dtype=float)
