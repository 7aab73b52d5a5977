"""Where carbon comes from and where it ends up, by origin; what of it products hold. All in t CO₂ a year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.results import Results
from transform_sim.scenario.carbon import COUNTED, DRAWN_DOWN, ORIGINS

from .carbon_arrays import (
    credited,
    delivered,
    followed,
    follows_carbon,
    labels,
    main_emission,
    permanent,
    products,
    values_of,
)
from .energy_flows import NOISE

Floats = NDArray[np.float64]

IN, OUT = "in", "out"
BOUGHT, AUXILIARY, USED = "bought", "auxiliary", "use of CO2"
RELEASED, PRODUCT, STORED, DISPOSED = "released", "product", "stored", "disposed"
UNTRACKED, LOST = "untracked", "lost on the way"
COLUMNS = ("period", "side", "kind", "item", "origin", "value")
PER_UNIT = ("product", "period", "amount", "unit", "total", *ORIGINS, "share_not_fossil")
NOT_FOSSIL = ("process", "biogenic", "air")
"""Origins that are not fossil for certain; `counted` may have been."""
Part = tuple[str, str, list[str], Floats]
"""Side, kind, items, and values by item, origin and period."""


def carbon_balance(results: Results) -> pd.DataFrame:
    """All carbon by where it enters and leaves: one row per period, side, kind, item and origin, in t CO₂ a year.

    In: `bought` (item: supply), `auxiliary` (process: electrodes, fluxes, air, or a product whose carbon nothing
    brings) and `use of CO2` (process), which changes the origin alone: what enters as fossil or process CO₂ and counts
    as emitted when it is used stands below zero, and above zero as `counted`. Out: `released` (process), `product`
    (commodity demanded or sold), `stored` for good and `disposed` of otherwise (commodity), `untracked` (process: what
    a negative auxiliary carbon takes out) and `lost on the way` (commodity: what stores and links lose).

    Both sides of a period are equal, for every origin. Rows that are nothing beside the largest are left out. Raises
    TransformSimError if no carbon is followed.
    """
    data = followed(results)
    parts = [p for p in _parts(results) if np.abs(p[3]).any()]
    noise = NOISE * max((float(np.abs(values).max()) for *_, values in parts), default=0.0)
    periods = [int(y) for y in data["period"].values]
    rows = [
        (periods[y], side, kind, items[i], ORIGINS[o], float(values[i, o, y]))
        for side, kind, items, values in parts
        for i, o, y in zip(*np.nonzero(np.abs(values) > noise), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values("period", kind="stable").reset_index(drop=True)


def embodied_carbon(results: Results) -> pd.DataFrame:
    """Carbon in what is demanded and sold: one row per product and period, those with any.

    Columns: product (commodity), period, amount, unit (of the amount, a year), total and one column per origin (t CO₂
    per unit of product), and `share_not_fossil`, of minerals, plants and the air (0 to 1). Carbon of CO₂ that counted
    as emitted when it was used is not in it, for that was fossil or mineral before. Who in a pool gets which origin is
    free, so that shares of one product may move to another at no cost. Raises TransformSimError if no carbon is
    followed.
    """
    data = followed(results)
    names, values, _ = products(data)
    periods = [int(y) for y in data["period"].values]
    rows = []
    for i, product in enumerate(names):
        amount, unit = delivered(data, product), f"{data['commodity_unit'].sel(commodity=product).item()}/a"
        for y, period in enumerate(periods):
            total = float(values[i, :, y].sum())
            if amount[y] > 0 and total > NOISE * float(values.sum()):
                per = [float(v) / float(amount[y]) for v in values[i, :, y]]
                share = sum(float(values[i, ORIGINS.index(o), y]) for o in NOT_FOSSIL) / total
                rows.append((product, period, float(amount[y]), unit, total / float(amount[y]), *per, share))
    return pd.DataFrame(rows, columns=list(PER_UNIT))


def removals(results: Results, emission: str) -> pd.Series[float]:
    """What of an emission storage removes, by period: t CO₂ a year of plants and the air that is stored for good.

    It counts where `credit_removals` is not switched off, to the emission that takes what disposal releases.
    """
    periods = [int(y) for y in results.data["period"].values]
    if not follows_carbon(results) or emission != main_emission(results) or not credited(results):
        return pd.Series(0.0, index=periods)
    rows = carbon_balance(results)
    own = rows[(rows["kind"] == STORED) & rows["origin"].isin(DRAWN_DOWN)]
    return own.groupby("period")["value"].sum().reindex(periods, fill_value=0.0)


def _parts(results: Results) -> Iterator[Part]:
    data = results.data
    processes, commodities = labels(data, "process"), labels(data, "commodity")
    for_good = np.array([c in permanent(results) for c in commodities], dtype=bool)[:, None, None]
    disposed = values_of(data, "carbon_disposed", "commodity")
    auxiliary, used, untracked = _beside(data)
    names, held, _ = products(data)
    yield IN, BOUGHT, labels(data, "supply"), values_of(data, "carbon_bought", "supply")
    yield IN, AUXILIARY, processes, auxiliary
    yield IN, USED, processes, used
    yield OUT, RELEASED, processes, values_of(data, "carbon_released", "process")
    yield OUT, PRODUCT, names, held
    yield OUT, STORED, commodities, np.where(for_good, disposed, 0.0)
    yield OUT, DISPOSED, commodities, np.where(for_good, 0.0, disposed)
    yield OUT, UNTRACKED, processes, untracked
    yield OUT, LOST, commodities, _lost(data)


def _beside(data: xr.Dataset) -> tuple[Floats, Floats, Floats]:
    """(auxiliary, use of CO₂, untracked) of each process: what it gives beyond what it takes, by its cause.

    Each has the shape (process, origin, period); `use of CO₂` adds to zero over origins.
    """
    made = values_of(data, "carbon_made", "process") + values_of(data, "carbon_released", "process")
    taken = values_of(data, "carbon_taken", "process")
    more = made - taken
    size = np.maximum(made, taken).sum(axis=1, keepdims=True)
    more = np.where(np.abs(more) > NOISE * size, more, 0.0)
    uses = more[:, [ORIGINS.index(COUNTED)]] > 0
    auxiliary, untracked = np.where(uses, _added(more), np.maximum(more, 0.0)), np.maximum(-more, 0.0)
    share = np.divide(np.maximum(-more.sum(axis=1, keepdims=True), 0.0), size, out=np.zeros_like(size), where=size > 0)
    gone = np.divide(made * share, 1.0 - share, out=np.zeros_like(made), where=share < 1.0)  # evenly, as from the stack
    untracked = np.where(uses, gone, untracked)
    return auxiliary, more - auxiliary + untracked, untracked


def _added(more: Floats) -> Floats:
    """Auxiliary carbon where CO₂ in use changes its origin as well: of the air or plants it shows, else it is fossil.

    Only what minerals bring shows too, unless the CO₂ in use came from minerals itself.
    """
    out = np.maximum(more, 0.0)
    fossil, process, *shown = (ORIGINS.index(o) for o in ("fossil", "process", "biogenic", "air"))
    rest = np.maximum(more.sum(axis=1) - out[:, shown].sum(axis=1), 0.0)
    minerals = more[:, process] > 0
    out[:, ORIGINS.index(COUNTED)] = 0.0
    out[:, process], out[:, fossil] = np.where(minerals, rest, 0.0), np.where(minerals, 0.0, rest)
    return out


def _lost(data: xr.Dataset) -> Floats:
    """Carbon that enters the places of a commodity and leaves them in no other way, (commodity, origin, period)."""
    names = labels(data, "commodity")
    made, taken = (values_of(data, f"carbon_{x}", "commodity") for x in ("made", "taken"))
    bought = np.zeros_like(made)
    if "carbon_bought" in data:
        per_supply = values_of(data, "carbon_bought", "supply")
        for k, c in enumerate(data["supply_commodity"].values.astype(str)):
            if c in names:
                bought[names.index(c)] += per_supply[k]
    _, held, left = products(data)
    entered = made + bought
    gone = entered - taken - held - left - values_of(data, "carbon_disposed", "commodity")
    size = entered.sum(axis=(1, 2), keepdims=True)
    return left + np.where(np.abs(gone) > NOISE * size, gone, 0.0)
