"""How much of a product was recovered from waste, and how much of what is recovered is used."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import ScenarioError
from transform_sim.inputs.values import INF, over_years
from transform_sim.results import Results
from transform_sim.scenario import loads
from transform_sim.scenario.tree import plain
from transform_sim.scenario.write import write

from .energy_flows import NOTHING
from .exchange import converted, main_of, written_commodities
from .written import nodes, text_of

CONTENT = ("product", "period", "secondary", "recycled", "total", "share", "unit")
USE = ("supply", "commodity", "period", "bought", "available", "share", "unit")
STEPS = 200
"""Most plants in a row through which recovered material is followed."""
SETTLED = 1e-9

Floats = NDArray[np.float64]


def recycled_content(results: Results) -> pd.DataFrame:
    """Share of recovered material in what plants make: one row per product and period, those with any of it.

    Recycled content is the mass of recycled material in a product as share of the product's mass (ISO 14021, 7.8.1).
    Recovered are the commodities that the scenario marks `secondary`. An input carries its own content into the main
    product of the plant that uses it, and no more than the product weighs, for the rest was lost on the way; all
    inputs together carry no more than that either. So 1.1 t of scrap per t of steel make 100 %, and 0.15 t beside ore
    make 15 %. What is lost is taken to be primary where both are used: the share is an upper estimate. Content is
    followed through intermediates that one plant makes for another, such as naphtha from plastic waste; each buyer of
    such a pool gets its mean (mass balance), and what is bought in it from outside has none.

    Columns: product, period, `secondary` (what plants that make it use of recovered material, with what intermediates
    bring), `recycled` (what of it is in the product), `total` (all that plants make of the product), share (recycled ÷
    total, 0 to 1), and unit of the amounts, t a year. Commodities that are not measured by mass are left out, and
    energy with them. Empty where nothing is marked or used.
    """
    data = results.data
    marked = {name for name, own in written_commodities(results).items() if own.get("secondary")}
    if not marked or "flow" not in data:
        return pd.DataFrame({name: [] for name in CONTENT})
    names, flow = _masses(data)
    recovered = np.array([c in marked for c in names])
    main = _main(data, names)
    rows = [
        (names[c], int(year), *amounts, "t/a")
        for y, year in enumerate(flow["period"].values)
        for c, amounts in _contents(flow.values[:, :, y], recovered, main, _bought(data, names, y))
    ]
    rows.sort(key=lambda row: (names.index(row[0]), row[1]))
    return pd.DataFrame(rows, columns=list(CONTENT))


def secondary_use(results: Results) -> pd.DataFrame:
    """How much of the recovered material on offer is bought: one row per supply of a `secondary` commodity and period.

    Columns: supply, commodity, period, bought, available (`volume_max` of the supply, or of its steps; infinite where
    nothing limits it, NaN where a table does), share (NaN where that is not known), and unit of the amounts. Limits by
    `resources` are not seen.
    """
    data = results.data
    marked = {name for name, own in written_commodities(results).items() if own.get("secondary")}
    rows = []
    if "purchase" in data:
        years, limits = data["period"].values.astype(float), _limits(results, marked)
        bought = data["purchase"].sum("node").transpose("supply", "period")
        for s, supply in enumerate(bought["supply"].values.astype(str)):
            commodity = str(data["supply_commodity"].values[s])
            if commodity not in marked:
                continue
            most = limits.get(supply, np.full(len(years), np.nan))
            unit = f"{data['supply_unit'].values[s]}/a"
            amounts = bought.values[s]
            share = np.divide(amounts, most, out=np.full(len(years), np.nan), where=(most > 0) & np.isfinite(most))
            rows += [
                (supply, commodity, int(y), *values, unit)
                for y, *values in zip(years, amounts, most, share, strict=True)
            ]
    return pd.DataFrame(rows, columns=list(USE))


def _masses(data: xr.Dataset) -> tuple[list[str], xr.DataArray]:
    """Commodities measured by mass, and their flows in t a year, (commodity, process, period)."""
    size: dict[str, float] = {}
    for c in data["flow"]["commodity"].values.astype(str):
        if (factor := converted(str(data["commodity_unit"].sel(commodity=c).item()), "t")) is not None:
            size[str(c)] = factor
    flow = data["flow"].sel(commodity=list(size)).sum("region").transpose("commodity", "process", "period")
    return list(size), flow * xr.DataArray(list(size.values()), coords={"commodity": list(size)}, dims=["commodity"])


def _main(data: xr.Dataset, names: list[str]) -> NDArray[np.bool_]:
    """Whether a commodity is what a process is run for, (commodity, process)."""
    main = main_of(data)
    return np.array([[c in main[str(p)] for p in data["flow"]["process"].values] for c in names]).reshape(
        len(names), -1
    )


def _bought(data: xr.Dataset, names: list[str], period: int) -> Floats:
    """Purchases of each commodity in t a year."""
    out = np.zeros(len(names))
    if "purchase" in data:
        of, unit = data["supply_commodity"].values.astype(str), data["supply_unit"].values.astype(str)
        amounts = data["purchase"].sum("node").transpose("supply", "period").values[:, period]
        for s in np.flatnonzero(np.isin(of, names)):
            out[names.index(of[s])] += amounts[s] * (converted(unit[s], "t") or 0.0)
    return out


def _contents(
    flow: Floats, recovered: NDArray[np.bool_], main: NDArray[np.bool_], bought: Floats
) -> list[tuple[int, tuple[float, float, float, float]]]:
    """(commodity, (secondary, recycled, total, share)) of one period, from flows (commodity, process).

    Content of a pool depends on that of others; each round follows it through one more plant, and shares only grow.
    """
    made, used = np.maximum(flow, 0.0), np.maximum(-flow, 0.0)
    product = np.where(main, made, 0.0)
    weight = product.sum(axis=0)  # of the main products of a plant
    carried = np.minimum(used, weight)  # no more than the product weighs
    pool = made.sum(axis=1) + bought
    split = np.divide(product, weight, out=np.zeros_like(product), where=weight > NOTHING)
    share = recovered.astype(float)
    for _ in range(STEPS):
        into = split * np.minimum(share @ carried, weight)
        content = np.divide(into.sum(axis=1), pool, out=np.zeros(len(pool)), where=pool > NOTHING)
        before, share = share, np.where(recovered, 1.0, content)
        if np.abs(share - before).max(initial=0.0) < SETTLED:
            break
    brought, inside = (split * (share @ used)).sum(axis=1), into.sum(axis=1)
    total = made.sum(axis=1)
    return [
        (int(c), (float(brought[c]), float(inside[c]), float(total[c]), float(inside[c] / total[c])))
        for c in np.flatnonzero((inside > NOTHING) & (total > NOTHING) & ~recovered)
    ]


def _limits(results: Results, marked: set[str]) -> dict[str, Floats]:
    """Most that each supply of recovered material brings a year, by period, as far as the scenario's text says."""
    tree, _ = nodes(text_of(results))
    whole = {} if tree is None else plain(tree)
    kept = {key: whole[key] for key in ("currency", "horizon", "regions") if key in whole}
    kept |= {"name": "recovered", "commodities": {c: {"unit": whole["commodities"][c]["unit"]} for c in marked}}
    years, out = results.data["period"].values.astype(float), {}
    for name, given in (whole.get("supply") or {}).items():
        own = given or {}
        if (own.get("commodity") or name) not in marked:
            continue
        fields = {key: own[key] for key in ("commodity", "volume_max") if key in own}
        steps = tuple({"price": 0.0, **{k: v for k, v in s.items() if k == "volume_max"}} for s in own.get("steps", ()))
        fields |= {"steps": steps} if steps else {"price": 0.0}
        try:
            supply = loads(write(kept | {"supply": {name: fields}})).supply[name]
        except ScenarioError:  # a table, which the text does not hold
            continue
        stepped = sum((over_years(s.volume_max, years, INF, "limit") for s in supply.steps), np.zeros(len(years)))
        own_limit = over_years(supply.volume_max, years, INF, "limit")
        out[name] = np.minimum(own_limit, stepped) if steps else own_limit
    return out
