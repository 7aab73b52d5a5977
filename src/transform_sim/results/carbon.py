"""Carbon by origin in the results: what comes in, what products hold, what the air and stores take; t CO₂ a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.inputs.carbon import Recipe, shares
from transform_sim.lp import join
from transform_sim.lp.blocks import Block
from transform_sim.names import (
    ACTIVITY,
    CARBON_BALANCE,
    CARBON_DISPOSAL,
    CARBON_INPUT,
    CARBON_LEFT,
    DISPOSAL,
    PURCHASE,
    SALE,
    YEAR,
)
from transform_sim.scenario.carbon import ORIGINS, mixture

from . import accounts
from .extract import Extractor, Named, described

Floats = NDArray[np.float64]
UNIT = "t CO2/a"


def carbon(ex: Extractor, row_dual: Floats) -> Named:
    """All carbon that is tracked, by origin.

    What a process takes is spread evenly over what it makes and the stack; where origins meet in a pool, the optimum
    says who takes which. `counted` is carbon of CO₂ that counted as emitted when it was used.
    """
    book = ex.data.carbon
    if not book.content:
        return {}
    taken, made, released = _processes(ex)
    return (
        described("carbon_taken", taken, "carbon that processes take, by commodity", UNIT)
        | described("carbon_made", made, "carbon in what processes make, by commodity", UNIT)
        | described("carbon_released", released, "carbon that leaves the stacks of processes", UNIT)
        | described("carbon_bought", _bought(ex), "carbon in purchases", UNIT)
        | described("embodied_carbon", _left(ex), "carbon in what is demanded and sold", UNIT)
        | described("carbon_disposed", _disposed(ex), "carbon disposed of, for good where the commodity says so", UNIT)
        | described(
            "carbon_premium",
            _premium(ex, row_dual),
            "price of carbon of an origin above that of the commodity",
            f"{ex.data.scenario.currency}/t CO2",
        )
    )


def _premium(ex: Extractor, row_dual: Floats) -> xr.DataArray | None:
    """What a commodity costs more if its carbon is of an origin; NaN where there is no such pool."""
    prices = ex.prices(row_dual, CARBON_BALANCE, YEAR)
    return None if prices is None else prices.isel({YEAR: 0}, drop=True)


class _Sum:
    """An array over named dimensions and periods, in the making."""

    def __init__(self, ex: Extractor, **dims: Sequence[str]) -> None:
        self.coords: dict[str, list[object]] = {d: [*v] for d, v in dims.items()}
        self.coords["period"] = [*ex.periods]
        self.values = np.zeros([len(v) for v in self.coords.values()])

    def add(self, *key: object, value: Floats) -> None:
        at = tuple(self._index(d, k) for d, k in zip(self.coords, key, strict=False))
        self.values[at] += value

    def _index(self, dim: str, label: object) -> int:
        return self.coords[dim].index(label)

    def array(self) -> xr.DataArray | None:
        return xr.DataArray(self.values, coords=self.coords, dims=list(self.coords)) if self.values.any() else None


def _processes(ex: Extractor) -> tuple[xr.DataArray | None, xr.DataArray | None, xr.DataArray | None]:
    book = ex.data.carbon
    names = list(ex.data.scenario.processes)
    taken = _Sum(ex, process=names, commodity=list(book.content), origin=ORIGINS)
    made = _Sum(ex, process=names, commodity=list(book.content), origin=ORIGINS)
    released = _Sum(ex, process=names, region=list(ex.data.frame.regions), origin=ORIGINS)
    drawn = _drawn(ex)
    for at, process, region, own, activity in _runs(ex):
        goes_on: dict[str, Floats] = {o: k * activity for o, k in own.known.items()}
        for c, carbon in own.taken.items():
            for k, origin in enumerate(ORIGINS if c in book.mixed else ()):
                taken.add(process, c, origin, value=carbon * book.mixed[c][k] * activity)
        for feed in own.feeds:
            amount = drawn.get((*at, feed.commodity, feed.origin), np.zeros(len(ex.periods))) * feed.share
            taken.add(process, feed.commodity, feed.origin, value=amount)
            goes_on[feed.becomes] = goes_on.get(feed.becomes, 0.0) + amount
        for origin, amount in goes_on.items():
            released.add(process, region, origin, value=own.stack_share * amount)
            for c, share in own.out.items():
                made.add(process, c, origin, value=share * amount)
    return taken.array(), made.array(), released.array()


def _runs(ex: Extractor) -> Iterator[tuple[tuple[int, int, int], str, str, Recipe, Floats]]:
    """(codes, process, region, carbon per unit, activity per year) of each way to run that carries carbon."""
    recipes, assets = ex.data.activities.recipes, ex.data.assets
    for block in _blocks(ex, ACTIVITY):
        table, annual = block.entities, ex.annual(block)
        for i, (a, m, r) in enumerate(zip(*(table[d].tolist() for d in ("asset", "mode", "region")), strict=True)):
            if (a, m) in recipes:
                yield (a, m, r), assets.owner[a], ex.program.labels["region"][r], recipes[a, m][1], annual[i]


def _drawn(ex: Extractor) -> dict[tuple[int, int, int, str, str], Floats]:
    out = {}
    for block in _blocks(ex, CARBON_INPUT):
        table, annual = block.entities, ex.annual(block)
        for i, (a, m, r, c, o) in enumerate(zip(*(table[d].tolist() for d in table.dims), strict=True)):
            out[a, m, r, ex.program.labels["feed"][c], ORIGINS[o]] = annual[i]
    return out


def _bought(ex: Extractor) -> xr.DataArray | None:
    """Carbon in purchases by supply, node and origin."""
    book, supply = ex.data.carbon, ex.data.scenario.supply
    out = _Sum(ex, supply=list(supply), node=list(ex.program.labels["node"]), origin=ORIGINS)
    for block in _blocks(ex, PURCHASE):
        table, annual = block.entities, ex.annual(block)
        for i, (k, n) in enumerate(zip(table["supply"].tolist(), table["node"].tolist(), strict=True)):
            name = ex.program.labels["supply"][k]
            commodity = supply[name].commodity or name
            if commodity in book.content:
                mixed = shares(*mixture(ex.data.scenario, name), book.years)
                for o, share in zip(ORIGINS, mixed, strict=True):
                    value = annual[i] * share * book.content[commodity]
                    out.add(name, ex.program.labels["node"][n], o, value=value)
    return out.array()


def _left(ex: Extractor) -> xr.DataArray | None:
    """Carbon in what is demanded and sold, by commodity, node and origin."""
    book = ex.data.carbon
    out = _Sum(ex, commodity=list(book.content), node=list(ex.program.labels["node"]), origin=ORIGINS)
    _pooled(ex, CARBON_LEFT, out)
    served = accounts.demands(ex).get("served_demand")
    for name, demand in ex.data.scenario.demand.items():
        commodity = demand.commodity or name
        if served is not None and commodity in book.mixed:
            for node in served["node"].values:
                _known(ex, out, commodity, str(node), served.sel(demand=name, node=node).values)
    for block in _blocks(ex, SALE):
        table, annual = block.entities, ex.annual(block)
        for i, (k, n) in enumerate(zip(table["sale"].tolist(), table["node"].tolist(), strict=True)):
            name = ex.program.labels["sale"][k]
            commodity = ex.data.scenario.sales[name].commodity or name
            _known(ex, out, commodity, ex.program.labels["node"][n], annual[i])
    return out.array()


def _disposed(ex: Extractor) -> xr.DataArray | None:
    """Carbon disposed of by commodity, node and origin."""
    out = _Sum(ex, commodity=list(ex.data.carbon.content), node=list(ex.program.labels["node"]), origin=ORIGINS)
    _pooled(ex, CARBON_DISPOSAL, out)
    for block in _blocks(ex, DISPOSAL):
        table, annual = block.entities, ex.annual(block)
        for i, (c, n) in enumerate(zip(table["commodity"].tolist(), table["node"].tolist(), strict=True)):
            _known(ex, out, ex.program.labels["commodity"][c], ex.program.labels["node"][n], annual[i])
    return out.array()


def _pooled(ex: Extractor, variable: str, out: _Sum) -> None:
    labels = ex.program.labels
    for block in _blocks(ex, variable):
        table, annual = block.entities, ex.annual(block)
        for i, (c, n, o) in enumerate(zip(*(table[d].tolist() for d in ("commodity", "node", "origin")), strict=True)):
            out.add(labels["commodity"][c], labels["node"][n], ORIGINS[o], value=annual[i])


def _known(ex: Extractor, out: _Sum, commodity: str, node: str, amount: Floats) -> None:
    """Add the carbon of an amount whose mixture is known."""
    book = ex.data.carbon
    if commodity in book.mixed:
        for origin, share in zip(ORIGINS, book.mixed[commodity], strict=True):
            out.add(commodity, node, origin, value=amount * book.content[commodity] * share)


def _blocks(ex: Extractor, variable: str) -> Iterator[Block]:
    return (b for b in ex.program.columns if b.name == variable)


def emission_of_pools(ex: Extractor) -> xr.DataArray | None:
    """What counts as emitted of the carbon that processes draw from pools, by emission, process and region."""
    table, per_unit = ex.data.origins.released
    names, labels = list(ex.data.scenario.processes), ex.program.labels
    emissions = list(dict.fromkeys(labels["emission"][e] for e in table["emission"]))
    out = _Sum(ex, emission=emissions, process=names, region=list(ex.data.frame.regions))
    for block in _blocks(ex, CARBON_INPUT):
        pairs = join(table, block.entities)
        value = per_unit[pairs.left] * ex.annual(block)[pairs.right]
        at = table.take(pairs.left)
        for i, (a, r, e) in enumerate(zip(*(at[d].tolist() for d in ("asset", "region", "emission")), strict=True)):
            out.add(labels["emission"][e], ex.data.assets.owner[a], labels["region"][r], value=value[i])
    return out.array()
