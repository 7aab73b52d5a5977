"""One Dataset from all quantities: annual ones on common labels, those at steps each on their own.

A Dataset joins equal dimensions. For annual quantities that is wanted; quantities at steps would grow by all plants
that run on another grid. So each of them has dimensions of its own in the Dataset, such as `activity_hour_process`,
and `familiar` gives them their plain names back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from transform_sim.names import DAY, HOUR, RUN

from . import plants
from .extract import Extractor, Named
from .owners import Owners

FINE = (DAY, HOUR, RUN)
SHARED = ("period", *FINE)
PRICES = ("shadow_price", "carbon_premium", "cap_price", "capacity_price", "firm_margin", "budget_price")
"""How the names of quantities begin that are missing, not zero, where they do not apply."""
Labels = Mapping[str, Sequence[str]]


def dataset(ex: Extractor, named: Named) -> xr.Dataset:
    """All quantities with units beside their names, labels in the scenario's order."""
    steps = {n: a for n, a in named.items() if at_steps(a) and "period" in a.dims}
    common = plants.notes(ex.data, xr.Dataset(aligned({n: a for n, a in named.items() if n not in steps}, order(ex))))
    own = {n: _own(plants.notes(ex.data, a.to_dataset(name=n))[n]) for n, a in steps.items()}
    return common.assign(own)


def at_steps(array: xr.DataArray) -> bool:
    """Whether an array has values at steps of a grid finer than the year."""
    return bool(set(FINE) & set(array.dims))


def familiar(array: xr.DataArray) -> xr.DataArray:
    """The array with its plain dimensions: process, mode, region, …"""
    if not at_steps(array):
        return array
    prefix = f"{array.name}_"
    return array.rename({c: str(c).removeprefix(prefix) for c in array.coords if str(c).startswith(prefix)})


def _own(array: xr.DataArray) -> xr.DataArray:
    return array.rename({c: f"{array.name}_{c}" for c in array.coords if c not in SHARED})


def order(ex: Extractor) -> Labels:
    """All labels of each dimension as the scenario lists them."""
    s, labels = ex.data.scenario, ex.program.labels
    processes = list(s.processes)
    return {
        **labels, "process": processes, "source": processes, "target": processes,
        "storage": list(s.storages), "link": list(s.links), "sales": list(s.sales),
        "owner": Owners.of(s).labels,
    }  # fmt: skip


def aligned(named: Named, order: Labels) -> Named:
    """The arrays on common labels; what a plant or place does not have is 0, a price it does not have is NaN."""
    found: dict[str, dict[object, None]] = {}
    for array in named.values():
        for dim in (str(d) for d in array.dims if d not in SHARED):
            found.setdefault(dim, {}).update(dict.fromkeys(array[dim].values.tolist()))
    common = {dim: _sorted(list(labels), order.get(dim, ())) for dim, labels in found.items()}
    return {name: _on(array, common, _missing(name)) for name, array in named.items()}


def _sorted(labels: list[object], order: Sequence[str]) -> list[object]:
    rank = {label: i for i, label in enumerate(order)}
    return sorted(labels, key=lambda label: rank.get(str(label), len(rank)))


def _missing(name: str) -> float:
    return np.nan if name.startswith(PRICES) else 0.0


def _on(array: xr.DataArray, common: Mapping[str, list[object]], missing: float) -> xr.DataArray:
    other = {str(d): common[str(d)] for d in array.dims if str(d) in common}
    other = {d: labels for d, labels in other.items() if array[d].values.tolist() != labels}
    return array.reindex(other, fill_value=missing) if other else array
