"""The ways to make a product, as rows of what each costs: which can be built, where, and how they are called."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transform_sim.analysis import levelised_cost
from transform_sim.analysis.plant_cost import BY_PRODUCT, CAPITAL, CARBON, ENERGY, FIXED, MATERIAL, STORAGE, VARIABLE
from transform_sim.analysis.support_cost import SUPPORT
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from . import reading
from .language import say
from .words import SPACE, capital, label

SMALL = 0.03
"""Share of the dearest way below which an input is drawn with others of its kind."""
MAIN = 0.2
"""Share of the worth of all that a plant makes below which it makes a commodity by the way."""
OTHERS = {ENERGY: "other energy", MATERIAL: "other materials"}
WAY = ["process", "mode", "technique", "investment"]


def priced(
    results: Results, commodity: str, year: int, scenario: Scenario | None, figure: str, *, support: bool = True
) -> pd.DataFrame:
    """Cost of the ways that can be built in the year, each where it is cheapest; ways without a price left out."""
    with reading.applicable(results, figure):
        rows = levelised_cost(results, commodity, scenario=scenario, support=support)
    rows = rows[
        (rows["period"] == year) & ((rows["investment"] == "new") | rows["process"].isin(_standing(results, year)))
    ]
    totals = rows.groupby([*WAY, "region"], sort=False)["value"].sum(min_count=1, skipna=False).dropna()
    if not len(totals):
        raise reading.NotApplicableError(
            f"figure {figure} of {results.name} — no way to make '{commodity}' can be built and priced in {year} — "
            "choose another period"
        )
    best = totals.groupby(WAY, sort=False).idxmin()
    cheapest = rows.set_index([*WAY, "region"]).loc[list(best)].reset_index()
    return _on_purpose(cheapest, price_of(results, commodity, year))


def _on_purpose(rows: pd.DataFrame, price: float) -> pd.DataFrame:
    """Without ways that make the commodity by the way: nearly all that they make is worth is something else's."""
    if not price > 0:
        return rows
    ways = rows.groupby(WAY, sort=False).ngroup()
    credit = -rows["value"].where(rows["kind"] == BY_PRODUCT, 0.0).groupby(ways).sum()
    main = price / (price + credit.clip(lower=0.0)) > MAIN
    return rows[ways.map(main)] if main.any() else rows


def _standing(results: Results, year: int) -> list[str]:
    """Processes with plants that can be renewed: those that stood in the period before (in the first one, then)."""
    if "capacity" not in results.data:
        return []
    stock = results.data["capacity"].sum("region")
    before = [y for y in stock["period"].values if y < year] or [year]
    own = stock.sel(period=before[-1])
    return [str(p) for p in own["process"].values[own.values > reading.NOTHING * float(stock.max())]]


def named(rows: pd.DataFrame) -> list[str]:
    """What the way of each row is called."""
    several = rows.groupby("process")["mode"].nunique()
    return [_way(*key, alone=several[key[0]] == 1) for key in rows[WAY].itertuples(index=False, name=None)]


def stacked(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Ways by part of their cost, in the order in which parts are stacked."""
    ways = rows.groupby(WAY, sort=False).ngroup()
    dearest = float(rows.groupby(ways)["value"].sum().max())
    inputs = rows[rows["kind"].isin(OTHERS)]
    sizes = inputs.groupby(["item", ways.loc[inputs.index]])["value"].sum().abs().groupby("item").max()
    large = set(sizes.index[sizes > SMALL * dearest])
    part = [
        str(item) if kind in OTHERS and item in large else OTHERS.get(str(kind), str(kind))
        for kind, item in rows[["kind", "item"]].to_numpy()
    ]
    table = rows.assign(part=part, way=names).pivot_table(
        index="way", columns="part", values="value", aggfunc="sum", sort=False
    )
    materials = [p for p in dict.fromkeys(inputs["item"]) if p in large]
    kinds = dict(zip(inputs["item"], inputs["kind"], strict=True))
    order = [
        CAPITAL, FIXED, VARIABLE, *(p for p in materials if kinds[p] == MATERIAL), OTHERS[MATERIAL],
        *(p for p in materials if kinds[p] == ENERGY), OTHERS[ENERGY], STORAGE, CARBON, BY_PRODUCT, *SUPPORT,
    ]  # fmt: skip
    return table[[p for p in order if p in table and (table[p].fillna(0.0) != 0).any()]].fillna(0.0)


def _way(process: str, mode: str, technique: str, investment: str, *, alone: bool) -> str:
    """What one way to make the product is called."""
    name = capital(label(process)) if alone or not mode else f"{capital(label(process))}: {label(mode)}"
    return SPACE.join(say("{what} (renewed)", what=name).rsplit(" ", 1)) if investment == "renewed" else name


def price_of(results: Results, commodity: str, year: int) -> float:
    """Shadow price of the product, mean over the regions that make it or over its areas; NaN if there is none."""
    if "shadow_price" not in results.data or commodity not in results.data["shadow_price"]["commodity"].values:
        return float("nan")
    price = results.data["shadow_price"].sel(commodity=commodity, period=year).dropna("node")
    made = results.data["flow"].sel(commodity=commodity, period=year).clip(min=0.0).sum("process")
    places = made["region"].values[made.values > reading.NOTHING * float(made.max())]
    here = np.isin(price["node"].values, places)
    return float(price.values[here].mean() if here.any() else price.values.mean()) if price.size else float("nan")
