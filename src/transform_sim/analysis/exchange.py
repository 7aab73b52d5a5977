"""What one sector makes and another uses: flows between plants, and which of them are by-products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.results import Results
from transform_sim.scenario.tree import plain
from transform_sim.scenario.units import UnitError, factor

from .energy_flows import NOISE, NOTHING
from .written import nodes, text_of

COLUMNS = (
    "commodity", "from_sector", "from_process", "to_sector", "to_process", "period", "amount", "unit", "value",
    "by_product",
)  # fmt: skip
ONE = 1e-6
"""How far a flow may be from 1 and still be what activity counts."""
WHOLE = "all places"

Floats = NDArray[np.float64]


def exchange(results: Results) -> pd.DataFrame:
    """What plants of one sector make and plants of another use, per year: one row per maker, user and period.

    Columns: commodity, from_sector, from_process, to_sector, to_process, period, amount, unit (of the amount, per
    year), `value` (amount at the mean shadow price of the year, money a year; NaN where results have no price) and
    `by_product`, whether the maker is run for something else (see `main_products`).

    Where a commodity has several makers and users at a place, nothing says who got whose: each user takes from every
    maker and purchase in proportion to what they bring (pro rata). A place is a node of the commodity; where links
    carry it, or results hold no text of their scenario, all are one. Sales, demand, stores and disposal take their
    share too and are no rows here. Neither are plants that only pass CO₂ on or put it away (`carbon_dioxide`), for
    storing is no use. Energy and materials only; the table is empty where nothing is exchanged.
    """
    data = results.data
    main = main_of(data)
    rows = [frame for c in _carried(data) for frame in _of_commodity(results, c, main)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame({name: [] for name in COLUMNS})


def main_products(made: Mapping[str, float], unit: str, units: Mapping[str, str]) -> set[str]:
    """What a plant is run for, of all that it makes; the rest are by-products.

    It is what the activity counts: the product that comes as one unit per unit of activity, in the unit of the activity
    if there is one. Where activity counts an input (a refinery by crude oil, an electrolyser by power), it is the
    largest product in the same kind of unit. A plant that makes one thing has no by-product, nor has one whose products
    compare with nothing.

    Args:
        made: amount per unit of activity.
        unit: of the activity; `units`: of the commodities.
    """
    like = {c: amount * size for c, amount in made.items() if (size := converted(units[c], unit)) is not None}
    for counted in (like, made):
        ones = {c for c, amount in counted.items() if abs(amount - 1.0) < ONE}
        if ones:
            return ones
    return {max(like, key=lambda c: like[c])} if like and len(made) > 1 else set(made)


def converted(unit: str, other: str) -> float | None:
    """What one `unit` is in `other`; None if they measure different things."""
    try:
        return factor(unit, other)
    except UnitError:
        return None


def written_commodities(results: Results) -> dict[str, dict[str, Any]]:
    """What the scenario's text says of each commodity, as it stands there; empty where results hold no text."""
    tree, _ = nodes(text_of(results))
    section = None if tree is None else tree.mapping.get("commodities")
    return {} if section is None else {str(name): plain(own) or {} for name, own in section.mapping.items()}


def main_of(data: xr.Dataset) -> dict[str, set[str]]:
    """Main products of each process, by all that it made over the study; of modes that differ, the sum counts."""
    if "flow" not in data:
        return {}
    units = dict(zip(data["commodity"].values.astype(str), data["commodity_unit"].values.astype(str), strict=True))
    made = data["flow"].clip(min=0.0).sum(["region", "period"]).transpose("process", "commodity")
    names = made["commodity"].values.astype(str)
    run = _activity(data)
    out = {}
    for p, process in enumerate(made["process"].values.astype(str)):
        amounts = made.values[p]
        per = {c: float(v) / (run.get(process) or 1.0) for c, v in zip(names, amounts, strict=True) if v > NOTHING}
        out[process] = main_products(per, str(data["process_unit"].sel(process=process).item()), units)
    return out


def _activity(data: xr.Dataset) -> dict[str, float]:
    """How much each process ran over the study."""
    if "activity" not in data:
        return {}
    total = data["activity"].sum([d for d in data["activity"].dims if d != "process"])
    return dict(zip(total["process"].values.astype(str), total.values.astype(float).tolist(), strict=True))


def _carried(data: xr.Dataset) -> list[str]:
    """Commodities that plants of one sector make and those of another use at some time."""
    if "flow" not in data or "process_sector" not in data.coords:
        return []
    sectors = data["process_sector"].sel(process=data["flow"]["process"]).values.astype(str)
    flow = data["flow"].transpose("commodity", "process", "region", "period").values
    names = data["flow"]["commodity"].values.astype(str)
    makes, takes = (np.asarray((sign * flow > NOTHING).any(axis=(2, 3))) for sign in (1.0, -1.0))
    return [c for c, m, t in zip(names, makes, takes, strict=True) if m.any() and len({*sectors[m], *sectors[t]}) > 1]


def _of_commodity(results: Results, commodity: str, main: Mapping[str, set[str]]) -> list[pd.DataFrame]:
    """The rows of one commodity, empty or one frame; `main` says what each process is run for."""
    data = results.data
    flow = data["flow"].sel(commodity=commodity).transpose("process", "region", "period")
    processes = flow["process"].values.astype(str)
    sectors = data["process_sector"].sel(process=processes).values.astype(str)
    pools, at = _pools(results, commodity, flow["region"].values.astype(str))
    made, used = (at @ np.maximum(sign * flow.values, 0.0) for sign in (1.0, -1.0))  # (process, pool, period)
    total = made.sum(axis=0) + _bought(data, commodity, pools)
    share = np.divide(1.0, total, out=np.zeros_like(total), where=total > NOTHING)
    price = np.where(total > NOTHING, _prices(data, commodity, pools), 0.0)
    used = np.where(_passes_on(results, commodity, processes)[:, None, None], 0.0, used)
    makers, users = (np.flatnonzero((x > NOTHING).any(axis=(1, 2))) for x in (made, used))
    amounts = np.einsum("pny,qny,ny->pqy", made[makers], used[users], share)
    values = np.einsum("pny,qny,ny->pqy", made[makers], used[users], share * price)
    kept = (amounts > max(NOISE * float(total.max(initial=0.0)), NOTHING)) & (
        sectors[makers][:, None, None] != sectors[users][None, :, None]
    )
    if not kept.any():
        return []
    p, q, y = np.nonzero(kept)
    frame = pd.DataFrame({
        "commodity": commodity, "from_sector": sectors[makers[p]], "from_process": processes[makers[p]],
        "to_sector": sectors[users[q]], "to_process": processes[users[q]],
        "period": flow["period"].values.astype(int)[y], "amount": amounts[kept],
        "unit": f"{data['commodity_unit'].sel(commodity=commodity).item()}/a", "value": values[kept],
        "by_product": [commodity not in main[str(processes[makers[i]])] for i in p],
    })  # fmt: skip
    return [frame]


def _pools(results: Results, commodity: str, regions: NDArray[np.str_]) -> tuple[list[str], Floats]:
    """Places where the commodity balances, and which region belongs to which, shape (pool, region)."""
    data, known = results.data, written_commodities(results)
    linked = "link" in data.dims and commodity in data["link_commodity"].values.astype(str)
    if linked or commodity not in known:
        return [WHOLE], np.ones((1, len(regions)))
    area = known[commodity].get("area")
    named = [area if isinstance(area, str) else (area or {}).get(r, r) for r in regions.tolist()]
    pools = list(dict.fromkeys(named))
    return pools, np.array([[float(n == pool) for n in named] for pool in pools])


def _bought(data: xr.Dataset, commodity: str, pools: list[str]) -> Floats:
    """Purchases at each place, shape (pool, period)."""
    out = np.zeros((len(pools), data.sizes["period"]))
    if "purchase" not in data:
        return out
    own = data["purchase"].isel(supply=np.flatnonzero(data["supply_commodity"].values.astype(str) == commodity))
    bought = own.sum("supply").transpose("node", "period")
    return _at(bought, pools, out, np.sum)


def _prices(data: xr.Dataset, commodity: str, pools: list[str]) -> Floats:
    """Mean shadow price of the year at each place, shape (pool, period); of one place for all, the mean of nodes."""
    out = np.full((len(pools), data.sizes["period"]), np.nan)
    if "shadow_price" not in data or commodity not in data["shadow_price"]["commodity"].values:
        return out
    price = data["shadow_price"].sel(commodity=commodity).transpose("node", "period")
    return _at(price.dropna("node", how="all"), pools, out, np.mean)


def _at(array: xr.DataArray, pools: list[str], out: Floats, joined: Any) -> Floats:
    """Values of nodes at the places of the same name; `joined` over all nodes where all are one place."""
    names = array["node"].values.astype(str).tolist()
    for n, pool in enumerate(pools):
        if pool in names:
            out[n] = array.values[names.index(pool)]
        elif pool == WHOLE and names:
            out[n] = joined(array.values, axis=0)
    return out


def _passes_on(results: Results, commodity: str, processes: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Plants that take CO₂ and make nothing but CO₂ of it: transport and storage."""
    gases = {name for name, own in written_commodities(results).items() if own.get("carbon_dioxide")}
    if commodity not in gases:
        return np.zeros(len(processes), dtype=bool)
    flow = results.data["flow"]
    others = flow.sel(commodity=[c for c in flow["commodity"].values if str(c) not in gases])
    makes = (others.sel(process=processes) > NOTHING).any(["commodity", "region", "period"])
    return np.asarray(~makes.values)
