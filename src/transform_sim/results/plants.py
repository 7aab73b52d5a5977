"""Plants in the results: capacity, annual operation, flows, dispatch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.inputs import Flows, Inputs
from transform_sim.lp import join
from transform_sim.lp.blocks import Block
from transform_sim.names import (
    ACTIVITY,
    CAPACITY,
    CHARGE,
    COHORT_CAPACITY,
    DAY,
    DISCHARGE,
    DISPOSAL,
    END_CONVERSION,
    FORGONE_DEMAND,
    HOUR,
    LEVEL,
    LINK_FLOW,
    MID_CONVERSION,
    NEW_CAPACITY,
    PART_LOAD_USE,
    PURCHASE,
    RUN,
    SALE,
    UNSERVED,
)
from transform_sim.scenario.plants import Link, Process, Storage
from transform_sim.scenario.units import capacity_unit, is_energy

from . import carbon
from .extract import Extractor, Named, Rename, described
from .owners import NO_SECTOR, Owners

Floats = NDArray[np.float64]
KINDS = (Process, Storage, Link)


def capacities(ex: Extractor) -> Named:
    """Capacity, additions and conversions, in the units of the scenario (t/a, MW, MWh)."""
    assets = ex.data.assets
    hours = np.ones(len(assets.names))
    hours[assets.table["asset"]] = assets.hours
    units = "see coordinate capacity_unit"
    out: Named = {}
    for kind in KINDS:
        prefix = "" if kind is Process else f"{kind.__name__.lower()}_"
        for variable, text in ((CAPACITY, "capacity"), (NEW_CAPACITY, "new capacity by year of build")):
            array = ex.array(variable, {**ex.owner(kind=kind), **ex.regions()}, scale=_by(hours, "asset"))
            if array is not None and array.size:
                out |= described(prefix + variable, array, text, units)
    cohort: Rename = {**ex.owner(kind=Process), **ex.regions(), **ex.same("cohort")}
    arcs: Rename = {"source": ("source", assets.owner), "target": ("target", assets.owner), **ex.regions()}
    for name, rename, dim, text in (
        (COHORT_CAPACITY, cohort, "asset", "capacity by campaign"),
        (END_CONVERSION, arcs, "source", "capacity renewed or converted at the end of a campaign"),
        (MID_CONVERSION, arcs, "source", "capacity converted during a campaign"),
    ):
        out |= described(name, ex.array(name, rename, scale=_by(hours, dim)), text, units)
    return out


def _by(hours: Floats, dim: str) -> Callable[[Block], Floats]:
    """Factor from unit/h back to the scenario's capacity unit, for each entity of a block."""
    return lambda block: hours[block.entities[dim]]


def operation(ex: Extractor) -> Named:
    """Annual amounts of everything that runs, is bought, sold, stored, sent, missed."""
    out: Named = {}
    for variable, (rename, text) in _operated(ex).items():
        if variable != LEVEL:
            out |= described(variable, ex.array(variable, rename), f"{text} per year", "see coordinate unit")
    missed = ex.array(FORGONE_DEMAND, ex.same("demand", "node"))
    return out | described(
        FORGONE_DEMAND, missed, "elastic demand forgone per year, from the largest", "see coordinate unit"
    )


def dispatch(ex: Extractor) -> Named:
    """Values at the steps of grids finer than the year, as mean rates (levels: amounts)."""
    out: Named = {}
    for variable, (rename, text) in _operated(ex).items():
        for grid in (DAY, HOUR, RUN):
            array = ex.array(variable, rename, grid=grid)
            if array is not None and array.sizes[grid] > 1:
                unit = "see coordinate unit" if variable == LEVEL else "see coordinate unit, per hour"
                out |= described(f"{variable}_{grid}", array, f"{text} by {grid}", unit)
    return out


def _operated(ex: Extractor) -> dict[str, tuple[Rename, str]]:
    process: Rename = {**ex.owner(kind=Process), **ex.same("mode"), **ex.regions()}
    storage: Rename = {**ex.owner(kind=Storage), **ex.regions()}
    return {
        ACTIVITY: (process, "activity"),
        PART_LOAD_USE: (_part_load(ex), "used at part load beside the flows"),
        CHARGE: (storage, "charged"),
        DISCHARGE: (storage, "discharged"),
        LEVEL: (storage, "level at the end"),
        LINK_FLOW: ({**ex.owner(kind=Link), **ex.same("direction")}, "sent"),
        PURCHASE: (ex.same("supply", "node"), "bought"),
        # a dimension cannot bear the name of its variable, so it is called as in the scenario
        SALE: ({"sale": ("sales", ex.program.labels["sale"]), **ex.same("node")}, "sold"),
        DISPOSAL: (ex.same("commodity", "node"), "disposed of"),
        UNSERVED: (ex.same("demand", "node"), "demand not met"),
    }


def _part_load(ex: Extractor) -> Rename:
    return {**ex.owner(kind=Process), **ex.same("commodity"), **ex.regions()}


def flows(ex: Extractor) -> Named:
    """Commodity made (+) and used (−) per year by process, part load included, and emissions by process."""
    run = ex.data.activities
    flow, besides = _flow(ex, run.flows, "commodity"), ex.array(PART_LOAD_USE, _part_load(ex))
    if flow is not None and besides is not None:
        flow = flow - besides.reindex_like(flow, fill_value=0.0)
    released, drawn = _flow(ex, run.emissions, "emission"), carbon.emission_of_pools(ex)
    if released is not None and drawn is not None:
        released = released + drawn.reindex_like(released, fill_value=0.0)
    return described("flow", flow, "made (+) or used (−) per year", "see coordinate unit") | described(
        "process_emission", released, "released by processes per year", "see coordinate unit"
    )


def _flow(ex: Extractor, flows: Flows, kind: str) -> xr.DataArray | None:
    table, assets = flows.table, ex.data.assets
    if not len(table):
        return None
    kinds, regions = np.unique(table[kind]), np.unique(table["region"])
    processes = list(ex.data.scenario.processes)
    owner = np.array([processes.index(o) if o in processes else -1 for o in assets.owner])
    coords: dict[str, Sequence[object]] = {
        kind: [ex.program.labels[kind][c] for c in kinds],
        "process": processes,
        "region": [ex.program.labels["region"][r] for r in regions],
        "period": ex.periods,
    }
    out = np.zeros([len(v) for v in coords.values()])
    for block in (b for b in ex.program.columns if b.name == ACTIVITY):
        pairs = join(table, block.entities)
        left = table.take(pairs.left)
        at = (np.searchsorted(kinds, left[kind]), owner[left["asset"]], np.searchsorted(regions, left["region"]))
        np.add.at(out, at, flows.values[pairs.left] * ex.annual(block)[pairs.right])
    return xr.DataArray(out, coords=coords, dims=list(coords))


def notes(data: Inputs, dataset: xr.Dataset) -> xr.Dataset:
    """Units, commodities, routes, sectors and kinds beside the names they belong to."""
    s = data.scenario
    moves = {
        "supply": {n: d.commodity or n for n, d in s.supply.items()},
        "sales": {n: d.commodity or n for n, d in s.sales.items()},
        "demand": {n: d.commodity or n for n, d in s.demand.items()},
        "load": {n: d.commodity for n, d in s.flexible_loads.items()},
        "network_charge": {n: d.commodity for n, d in s.network_charges.items()},
        "storage": {n: d.commodity for n, d in s.storages.items()},
        "link": {n: d.commodity for n, d in s.links.items()},
    }
    known = {
        "process": {p: d.unit for p, d in s.processes.items()},
        "source": {p: d.unit for p, d in s.processes.items()},
        "commodity": {c: d.unit for c, d in s.commodities.items()},
        "emission": {c: d.unit for c, d in s.commodities.items()},
        **{dim: {n: s.commodities[c].unit for n, c in moved.items()} for dim, moved in moves.items()},
    }
    coords: dict[str, tuple[str, list[str]]] = {}
    for dim, units in known.items():
        if dim in dataset.dims:
            labels = [units[str(x)] for x in dataset[dim].values]
            coords[f"{dim}_unit"] = (dim, labels)
            if dim in ("process", "source", "link"):
                coords[f"{dim}_capacity_unit"] = (dim, [capacity_unit(u) for u in labels])
            if dim == "network_charge":  # peaks are rates, also of what is measured in tonnes
                coords["network_charge_capacity_unit"] = (
                    dim, [capacity_unit(u) if is_energy(u) else f"{u}/h" for u in labels]
                )  # fmt: skip
            if dim == "commodity":
                coords["commodity_price_unit"] = (dim, [f"{s.currency}/{u}" for u in labels])
    for dim, moved in moves.items():
        if dim in dataset.dims:
            coords[f"{dim}_commodity"] = (dim, [moved[str(x)] for x in dataset[dim].values])
    if "process" in dataset.dims:
        shown = [str(p) for p in dataset["process"].values]
        coords["process_route"] = ("process", [s.processes[p].route or p for p in shown])
        coords["process_sector"] = ("process", [s.processes[p].sector or NO_SECTOR for p in shown])
    if "owner" in dataset.dims:
        owners = Owners.of(s)
        at = [owners.labels.index(str(x)) for x in dataset["owner"].values]
        coords["owner_name"] = ("owner", [owners.names[i] for i in at])
        coords["owner_kind"] = ("owner", [owners.kinds[i] for i in at])
        coords["owner_sector"] = ("owner", [owners.sectors[i] for i in at])
    return dataset.assign_coords(coords)  # all at once: each call aligns the whole dataset
