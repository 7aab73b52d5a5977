"""What first plants of young technologies cost more than their product is worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.finance import survival
from transform_sim.inputs import Inputs, make_inputs
from transform_sim.inputs.values import INF, scalar
from transform_sim.results import Results
from transform_sim.scenario import Scenario
from transform_sim.scenario.units import capacity_unit

from .levelised_cost import levelised_cost
from .plant_cost import CAPITAL, annuities
from .prices import SHADOW, Prices, prices_of
from .readiness import readiness
from .support_cost import CONTRACT, GRANT
from .technology import plants_of
from .way_costs import worth
from .ways import Way, product, ways

Floats = NDArray[np.float64]
Row = dict[str, Any]
PROVEN = 9
"""Readiness level of what is proven."""
PLACE = ["region", "mode", "period"]
COLUMNS = [
    "process", "readiness", "product", "region", "built", "in_results", "capacity", "capacity_unit", "period", "mode",
    "cost", "worth", "gap", "unit", "output", "output_unit", "yearly", "yearly_unit", "present_value",
]  # fmt: skip


def funding_gap(results: Results, *, scenario: Scenario | None = None) -> pd.DataFrame:
    r"""What the first plant of each young process costs more than its product is worth, by period of its life.

    $$ gap_y = \max(0,\; cap_v + run_y - p_y), \qquad present = \sum_y N_y\,s_{v,y}\,gap_y\,output_y $$

    with capital $cap_v$ of the year of build, running cost $run_y$ and value $p_y$ of one unit of product, share
    $s_{v,y}$ of the period in which capital is paid and weight $N_y$ of the period.

    Young are processes below readiness level 9 and those whose first plants cost a premium (`readiness`). The first
    plant is built when the results build it first, and else in the first period in which it may come (`built`,
    `in_results`). Its capacity is that of the seed plant, else what the results build then; NaN if neither is known.
    It stands in the region where most is built, else where its gap is least, and runs in its cheapest mode.

    Columns: process, readiness, product (the first that it makes), region, built, in_results, `capacity` in
    `capacity_unit`; by period: mode, `cost`, `worth` and `gap` per unit of product in `unit`, `output` of the whole
    plant in `output_unit`, the gap of a year (`yearly`, in `yearly_unit`) and its `present_value` over the period, in
    the currency. Present values of all rows add up; later profits do not reduce them. Periods in which something has no
    price, and plants without investment, are left out.

    Costs are those of `levelised_cost`, without contracts and grants; running cost is that of the technique that can be
    built in the period. `scenario` as there. Raises TransformSimError if no process is young.
    """
    data = make_inputs(scenario if scenario is not None else plants_of(results))
    prices, rows = prices_of(results, data, SHADOW), []
    tables: dict[str, pd.DataFrame] = {}
    for plant in _young(results, scenario):
        process = str(plant["plant"])
        made = product(data, process)
        if made is None:
            continue
        if made not in tables:
            tables[made] = _unfunded(results, made, scenario)
        own = tables[made]
        own = own[(own["process"] == process) & (own["investment"] == "new")]
        if own.empty:
            continue  # it cannot be built within the horizon
        cost = _cost(results, data, prices, made, own)
        life = _life(results, data, process, made, _first(results, plant, cost), cost)
        rows += [(process, plant["readiness"], made, *row) for row in life]
    table = pd.DataFrame(rows, columns=[c for c in COLUMNS if not c.endswith("unit")])
    return _with_units(table, data)


def _young(results: Results, scenario: Scenario | None) -> list[Row]:
    """Rows of the register."""
    register = readiness(results, scenario=scenario)
    premium = register[[c for c in register.columns if c.startswith("premium_")]].max(axis=1)
    young = (register["readiness"] < PROVEN).fillna(False) | (premium > 0)
    found = register[(register["kind"] == "process") & young]
    if found.empty:
        raise TransformSimError(
            f"funding gap of {results.name} — no process is young — give readiness below {PROVEN} or first_of_a_kind"
        )
    return [{str(k): v for k, v in row.items()} for row in found.to_dict("records")]


def _unfunded(results: Results, commodity: str, scenario: Scenario | None) -> pd.DataFrame:
    """Levelised cost without what would fund a single plant."""
    rows = levelised_cost(results, commodity, scenario=scenario)
    return rows[~rows["kind"].isin((CONTRACT, GRANT))]


def _cost(results: Results, data: Inputs, prices: Prices, commodity: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Capital, running cost and worth per unit of product by region, mode and period; of techniques the cheapest."""
    keys = [*PLACE, "technique"]
    capital = rows["value"].where(rows["kind"] == CAPITAL, 0.0)
    parts = rows[keys].assign(capital=capital, running=rows["value"] - capital)
    summed = parts.groupby(keys, sort=False).sum(min_count=1, skipna=False).reset_index()
    years = [int(y) for y in data.frame.years]
    process = "" if rows.empty else str(rows["process"].iloc[0])
    at = zip(summed["region"], summed["period"], strict=True)
    summed["worth"] = [worth(results, data, prices, commodity, process, str(r))[years.index(int(y))] for r, y in at]
    order = summed.assign(all=summed["capital"] + summed["running"]).sort_values("all", kind="stable")
    return order.drop_duplicates(PLACE).drop(columns=["all", "technique"])


def _first(results: Results, plant: Row, cost: pd.DataFrame) -> tuple[str, int, bool, float]:
    """Region, year and capacity of the first plant, and whether results build it."""
    seed = float(plant["seed"])
    if not pd.isna(plant["first_built"]):
        year = int(plant["first_built"])
        built = _built(results, str(plant["plant"]), year)
        return str(built.idxmax()), year, True, float(built.sum()) if np.isnan(seed) else seed
    year = int(cost["period"].min())
    then = cost[cost["period"] == year]
    short = (then["capital"] + then["running"] - then["worth"]).fillna(np.inf).to_numpy()
    return str(then["region"].iloc[int(np.argmin(short))]), year, False, seed


def _built(results: Results, process: str, year: int) -> pd.Series[float]:
    """Capacity built in a year or converted into a process, by region."""
    out = pd.Series(dtype=float)
    for name, dim in (("new_capacity", "process"), ("end_conversion", "target"), ("mid_conversion", "target")):
        if name in results.data and process in results.data[name][dim].values:
            array = results.data[name].sel({dim: process, "period": year})
            if "source" in array.dims:
                array = array.where(array["source"] != process, 0.0).sum("source")
            out = out.add(pd.Series(array.values, index=array["region"].values), fill_value=0.0)
    return out


def _life(
    results: Results,
    data: Inputs,
    process: str,
    commodity: str,
    found: tuple[str, int, bool, float],
    cost: pd.DataFrame,
) -> Iterator[tuple[object, ...]]:
    """One row per period in which capital of the first plant is paid."""
    region, built, in_results, capacity = found
    plant = data.scenario.processes[process]
    years, code = data.frame.years, data.frame.places.index(region)
    v = int(np.flatnonzero(years == built)[0])
    way = next(w for w in ways(data, commodity) if data.assets.owner[w.asset] == process and w.region == code)
    annuity, hours = annuities(plant, way, data)["new"], _hours(data, way)
    life = scalar(plant.economic_lifetime, scalar(plant.lifetime, INF))
    alive = survival(built, life, years, data.frame.lengths)
    for y in np.flatnonzero(alive > 0):
        if not annuity[y] > 0:
            continue  # without investment there is no telling how much a plant makes
        here = cost[(cost["region"] == region) & (cost["period"] == int(years[y]))].dropna()
        total = (here["capital"] * annuity[v] / annuity[y] + here["running"]).to_numpy()
        if not len(here):
            continue
        k = int(np.argmin(total))
        price, capital = float(here["worth"].iloc[k]), float(here["capital"].iloc[k])
        gap = max(0.0, float(total[k]) - price)
        made = capacity / hours * annuity[y] / capital
        weight = float(results.data["period_weight"].values[y]) * float(alive[y])
        money = (float(total[k]), price, gap, made, gap * made, gap * made * weight)
        yield (region, built, in_results, capacity, int(years[y]), str(here["mode"].iloc[k]), *money)


def _hours(data: Inputs, way: Way) -> float:
    """Scenario units of capacity in one unit per hour."""
    table = data.assets.table
    at = np.flatnonzero((table["asset"] == way.asset) & (table["region"] == way.region))
    return float(data.assets.hours[at[0]])


def _with_units(table: pd.DataFrame, data: Inputs) -> pd.DataFrame:
    s = data.scenario
    unit = [s.commodities[c].unit for c in table["product"]]
    return table.assign(
        unit=[f"{s.currency}/{u}" for u in unit], output_unit=[f"{u}/a" for u in unit],
        capacity_unit=[capacity_unit(s.processes[p].unit) for p in table["process"]], yearly_unit=f"{s.currency}/a",
    )[COLUMNS]  # fmt: skip
