"""Flexible loads and stores by the hour: what they use more and less than without them, and what is bought then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.names import DAY, HOUR
from transform_sim.results import Results
from transform_sim.scenario.tree import plain

from .written import nodes, text_of

Floats = NDArray[np.float64]
LOAD, STORAGE = "load", "storage"


@dataclass(frozen=True, eq=False)
class Moved:
    """One flexible load or store at one node; rates have the shape (Y, T), in the unit of the commodity per hour.

    Attributes:
        kind: 'load' or 'storage'.
        use: of a load what it uses before anything is moved; of a store zero.
        more, less: used on top, and less because it is moved, net in each hour; of a store charged and given back.
        shed: used less because it is given up.
    """

    name: str
    kind: str
    commodity: str
    node: str
    use: Floats
    more: Floats
    less: Floats
    shed: Floats

    @property
    def change(self) -> Floats:
        """Use less use without moving anything: above zero more, below zero less."""
        return self.more - self.less - self.shed


def weights(results: Results) -> Floats:
    """Hours per year of each hour of the results, shape (T,)."""
    return np.asarray(results.data["step_weight"].values, dtype=float)


def moved(results: Results, commodity: str | None = None) -> list[Moved]:
    """All flexible loads and stores that the results hold by the hour or day, in their order; of one commodity.

    What is used more and less in the same hour is not moved, so it cancels. Stores that keep nothing are left out.
    """
    found = [*_loads(results), *_stores(results)]
    return [m for m in found if commodity in (None, m.commodity)]


def _loads(results: Results) -> Iterator[Moved]:
    if f"flexible_use_{HOUR}" not in results.data:
        return
    use = getattr(results, f"flexible_use_{HOUR}")
    for name, commodity, node in _each(use, LOAD, "node"):
        own, zero = _at(use, load=name, node=node), np.zeros(_shape(results))
        up, down, shed = (
            _rates(results, f"{variable}_{HOUR}", load=name, node=node)
            for variable in ("shift_up", "shift_down", "shed")
        )
        if own.any() or up.any() or down.any():
            net = up - down
            yield Moved(name, LOAD, commodity, node, own, np.maximum(net, zero), np.maximum(-net, zero), shed)


def _stores(results: Results) -> Iterator[Moved]:
    for grid in (HOUR, DAY):
        if f"charge_{grid}" not in results.data:
            continue
        charge = getattr(results, f"charge_{grid}")
        for name, commodity, region in _each(charge, STORAGE, "region"):
            net = _fine(results, _rates(results, f"charge_{grid}", storage=name, region=region), charge, grid)
            net = net - _fine(results, _rates(results, f"discharge_{grid}", storage=name, region=region), charge, grid)
            if net.any():
                node, none = node_of(results, commodity, region), np.zeros_like(net)
                yield Moved(name, STORAGE, commodity, node, none, np.maximum(net, 0.0), np.maximum(-net, 0.0), none)


def _shape(results: Results) -> tuple[int, int]:
    return results.data.sizes["period"], results.data.sizes[HOUR]


def _each(array: xr.DataArray, dim: str, place: str) -> Iterator[tuple[str, str, str]]:
    """Name, commodity and place of each load or store."""
    for name, commodity in zip(array[dim].values, array[f"{dim}_commodity"].values, strict=True):
        for at in array[place].values:
            yield str(name), str(commodity), str(at)


def _at(array: xr.DataArray, **labels: str) -> Floats:
    own = array.sel(labels)
    rest = [d for d in own.dims[:-1] if d != "period"]
    return np.asarray(own.sum(rest).values, dtype=float)


def _rates(results: Results, variable: str, **labels: str) -> Floats:
    """A quantity at these labels, summed over what else it has, shape (Y, steps); zero where it does not have them."""
    if variable in results.data:
        array = getattr(results, variable)
        if all(label in array[dim].values for dim, label in labels.items()):
            return _at(array, **labels)
    return np.zeros(_shape(results))


def _fine(results: Results, rates: Floats, like: xr.DataArray, grid: str) -> Floats:
    """Rates of days at their hours."""
    return rates if grid == HOUR else rates[:, day_of(results, [str(d) for d in like[DAY].values])]


def day_of(results: Results, days: list[str]) -> NDArray[np.int64]:
    """The place of each hour's day among `days`, shape (T,): the label of an hour begins with that of its day.

    A slice of the year is hour and day at once.
    """
    at = {day: i for i, day in enumerate(days)}
    labels = [str(hour) for hour in results.data[HOUR].values]
    return np.array([at[h] if h in at else at[h.rpartition(" ")[0]] for h in labels], dtype=np.int64)


def node_of(results: Results, commodity: str, region: str) -> str:
    """Where a region's commodity balances: in the region itself, or in the area that the scenario names for it."""
    prices = results.data["shadow_price"]
    known = region in prices["node"].values and commodity in prices["commodity"].values
    if known and prices.sel(commodity=commodity, node=region).notnull().any():
        return region
    tree, _ = nodes(text_of(results))
    area = None if tree is None else ((plain(tree).get("commodities") or {}).get(commodity) or {}).get("area")
    return str(area.get(region, region) if isinstance(area, dict) else area or region)


def price_at(results: Results, commodity: str, node: str) -> Floats:
    """Shadow price of a commodity at a node by period and hour, shape (Y, T); NaN where there is none.

    A commodity that balances by the day or year has one price for all hours of it.
    """
    for grid in (HOUR, DAY):
        name = f"shadow_price_{grid}"
        if name in results.data:
            array = getattr(results, name)
            if commodity in array["commodity"].values and node in array["node"].values:
                own = array.sel(commodity=commodity, node=node)
                if own.notnull().any():
                    return _fine(results, np.asarray(own.values, dtype=float), array, grid)
    prices = results.data.get("shadow_price")
    if prices is None or commodity not in prices["commodity"].values or node not in prices["node"].values:
        return np.full(_shape(results), np.nan)
    yearly = prices.sel(commodity=commodity, node=node).values
    return np.repeat(np.asarray(yearly, dtype=float)[:, None], _shape(results)[1], axis=1)


def bought(results: Results, commodity: str, node: str | None = None) -> Floats:
    """Purchases less sales of a commodity by period and hour, at a node or at all, shape (Y, T).

    Raises TransformSimError if none of it is bought by the hour.
    """
    parts = {}
    for variable, dim in (("purchase", "supply"), ("sale", "sales")):
        name = f"{variable}_{HOUR}"
        if name in results.data:
            array = getattr(results, name)
            own = array.isel({dim: array[f"{dim}_commodity"].values.astype(str) == commodity})
            own = own if node is None else own.isel(node=own["node"].values.astype(str) == node)
            if own.size:
                parts[variable] = own.transpose(dim, "node", "period", HOUR).values.sum(axis=(0, 1))
    if "purchase" not in parts:
        where = "" if node is None else f" at {node}"
        raise TransformSimError(
            f"purchases of {results.name} — no '{commodity}' is bought by the hour{where} — choose a commodity "
            "with a supply whose balance is kept by the hour"
        )
    return np.asarray(parts["purchase"] - parts.get("sale", 0.0))
