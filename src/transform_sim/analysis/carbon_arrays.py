"""What results say of carbon by origin: arrays that are there or zero, what products hold, what the scenario rules."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.results import Results
from transform_sim.scenario.carbon import ORIGINS
from transform_sim.scenario.tree import plain

from .energy_flows import NOISE
from .exchange import written_commodities
from .written import nodes, text_of

Floats = NDArray[np.float64]

ARRAYS = (
    "carbon_bought", "carbon_taken", "carbon_made", "carbon_released", "embodied_carbon", "carbon_disposed",
)  # fmt: skip


def follows_carbon(results: Results) -> bool:
    """Whether the results hold any carbon by origin."""
    return any(name in results.data for name in ARRAYS)


def followed(results: Results) -> xr.Dataset:
    """The results as they are; raises TransformSimError if they hold no carbon."""
    if not follows_carbon(results):
        raise TransformSimError(f"carbon of {results.name} — no carbon is followed — give commodities a carbon_content")
    return results.data


def permanent(results: Results) -> set[str]:
    """Commodities whose disposal binds their carbon for good, as the scenario's text says."""
    return {
        name for name, own in written_commodities(results).items()
        if isinstance(own.get("disposal"), dict) and own["disposal"].get("permanent")
    }  # fmt: skip


def main_emission(results: Results) -> str | None:
    """The first fossil emission of scope 1, as the scenario's text says."""
    for name, own in written_commodities(results).items():
        if own.get("kind") == "emission" and own.get("scope", 1) == 1 and own.get("origin", "fossil") == "fossil":
            return name
    return None


def credited(results: Results) -> bool:
    """Whether carbon of plants and the air that is stored for good counts below zero, as the scenario's text says."""
    tree, _ = nodes(text_of(results))
    policies = None if tree is None else tree.mapping.get("policies")
    return policies is None or bool((plain(policies) or {}).get("credit_removals", True))


def values_of(data: xr.Dataset, name: str, *dims: str) -> Floats:
    """An array of carbon over some dimensions, then origin and period; zeros if there is none."""
    shape = [data.sizes.get(d, 0) for d in dims]
    if name not in data:
        return np.zeros([*shape, len(ORIGINS), data.sizes["period"]])
    array = data[name].sum([d for d in data[name].dims if d not in (*dims, "origin", "period")])
    return np.asarray(array.transpose(*dims, "origin", "period").reindex(origin=list(ORIGINS)).values, dtype=float)


def labels(data: xr.Dataset, dim: str) -> list[str]:
    """The names along a dimension."""
    return [str(x) for x in data[dim].values] if dim in data.dims else []


def products(data: xr.Dataset) -> tuple[list[str], Floats, Floats]:
    """Commodities, carbon in what of them is demanded and sold, and what their stores lose; both by origin.

    Where a store stands at a pool, the results count what it loses with what leaves the pool.
    """
    names, held = labels(data, "commodity"), values_of(data, "embodied_carbon", "commodity")
    stored = set(data["storage_commodity"].values.astype(str)) if "storage_commodity" in data.coords else set()
    left = np.zeros_like(held)
    for i in (i for i, c in enumerate(names) if c in stored and held[i].any()):
        total = held[i].sum(axis=0)
        known = delivered(data, names[i]) * _content(data, names[i])
        share = np.clip(np.divide(known, total, out=np.ones_like(total), where=total > 0), 0.0, 1.0)
        left[i] = held[i] * np.where(share > 1.0 - NOISE, 0.0, 1.0 - share)
    return names, held - left, left


def delivered(data: xr.Dataset, commodity: str) -> Floats:
    """What of a commodity is demanded and sold, in its unit a year by period."""
    total = np.zeros(data.sizes["period"])
    for name, dim in (("served_demand", "demand"), ("sale", "sales")):
        if name in data:
            own = np.flatnonzero(data[f"{dim}_commodity"].values.astype(str) == commodity)
            total += data[name].isel({dim: own}).sum([dim, "node"]).values
    return total


def _content(data: xr.Dataset, commodity: str) -> float:
    """t CO₂ per unit of a commodity, from what is made of it or bought; 0 where neither is."""
    if "carbon_made" in data and commodity in data["flow"]["commodity"].values:
        carbon = float(data["carbon_made"].sel(commodity=commodity).sum())
        amount = float(data["flow"].sel(commodity=commodity).clip(min=0.0).sum())
        if carbon > 0 and amount > 0:
            return carbon / amount
    if "carbon_bought" in data:
        own = data["supply_commodity"].values.astype(str) == commodity
        amount = float(data["purchase"].isel(supply=own).sum())
        return float(data["carbon_bought"].isel(supply=own).sum()) / amount if amount > 0 else 0.0
    return 0.0
