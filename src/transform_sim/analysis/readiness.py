"""Register of technologies: how ready each is, when it may come, what its first plants cost more, when it is built."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from transform_sim.errors import ScenarioError, TransformSimError
from transform_sim.inputs.values import over_years, scalar
from transform_sim.results import Results
from transform_sim.scenario import Scenario, loads
from transform_sim.scenario.plants import Link, Process, Storage
from transform_sim.scenario.units import capacity_unit
from transform_sim.scenario.write import write

from .written import sections_of, text_of

PLANTS = {"processes": "process", "storages": "storage", "links": "link"}
"""Sections of the scenario that are built, and what one of each is."""
KEPT = (
    "title", "sector", "unit", "commodity", "balance", "cycle", "from", "to", "readiness", "earliest", "seed_capacity",
    "growth_max", "first_of_a_kind",
)  # fmt: skip
"""What the register needs of a plant, and what a plant cannot be read without."""
COLUMNS = {
    "plant": "str", "kind": "str", "title": "str", "sector": "str", "readiness": "Int64", "earliest": "Int64",
    "growth": "float", "seed": "float", "capacity_unit": "str", "first_built": "Int64",
}  # fmt: skip
NOISE = 1e-6
"""Share of the most that is built in any period, below which nothing is."""


def readiness(of: Results | Scenario, *, scenario: Scenario | None = None) -> pd.DataFrame:
    """One row per process, storage and link in the order of the scenario.

    Columns: plant, kind, title, sector (of storages and links the commodity), readiness (technology readiness level
    today), earliest (first year in which it may come), growth (most per year, as a share), seed (its first plant, in
    `capacity_unit`), first_built (first period in which results build it or convert something into it; renewals of
    what stands do not count), and for each period `premium_<year>`, the share by which building costs more then than
    it does when mature. What is not given or does not happen is missing; a premium that is not given is zero.

    Args:
        of: results, or a scenario that is not solved yet, of which nothing is built.
        scenario: the one that was solved, if its plants read tables; the results' own text if absent.

    Raises TransformSimError if results hold no scenario, or tables say what the register needs.
    """
    results = of if isinstance(of, Results) else None
    known = scenario or (of if isinstance(of, Scenario) else _register(text_of(of), of.name))
    horizon = known.horizon
    years = np.arange(horizon.start, horizon.end + 1, horizon.step, dtype=float)
    built = {} if results is None else dict(_first_built(results))
    rows = [
        (*_facts(name, kind, plant, known), built.get((kind, name)), *over_years(plant.first_of_a_kind, years, 0.0))
        for section, kind in PLANTS.items()
        for name, plant in getattr(known, section).items()
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, *(f"premium_{year:.0f}" for year in years)])
    return frame.astype(COLUMNS)


def _facts(name: str, kind: str, plant: Process | Storage | Link, s: Scenario) -> tuple[object, ...]:
    """What the scenario says, in the order of the columns."""
    front = (name, kind, plant.title)
    early = (plant.readiness, plant.earliest)
    if not isinstance(plant, Process):
        unit = s.commodities[plant.commodity].unit
        held = unit if isinstance(plant, Storage) else capacity_unit(unit)
        return (*front, plant.commodity, *early, np.nan, np.nan, held)
    growth, seed = scalar(plant.growth_max, np.nan), scalar(plant.seed_capacity, np.nan)
    return (*front, plant.sector, *early, growth, seed, capacity_unit(plant.unit))


def _first_built(results: Results) -> Iterator[tuple[tuple[str, str], int]]:
    """First period of new capacity by kind and name of the plant."""
    for kind in PLANTS.values():
        prefix = "" if kind == "process" else f"{kind}_"
        parts = [(f"{prefix}new_capacity", kind)]
        if kind == "process":
            parts += [(name, "target") for name in ("end_conversion", "mid_conversion")]
        found = [_amounts(results.data[name], dim) for name, dim in parts if name in results.data]
        amounts = pd.concat(found).groupby(level=0).sum() if found else pd.DataFrame()
        for name, amount in amounts.iterrows():
            over = amount.index[amount > NOISE * amount.max()]
            if len(over):
                yield (kind, str(name)), int(over[0])


def _amounts(array: xr.DataArray, dim: str) -> pd.DataFrame:
    """Amounts by plant (rows) and period (columns); of conversions those into another plant."""
    if "source" in array.dims:
        array = array.where(array["source"] != array["target"], 0.0)
    summed = array.sum([d for d in array.dims if d not in (dim, "period")]).transpose(dim, "period")
    return pd.DataFrame(summed.values, index=summed[dim].values, columns=summed["period"].values)


@lru_cache(maxsize=4)
def _register(text: str, name: str) -> Scenario:
    """The scenario of results, cut down to what the register needs; kept, as it takes a while to read."""
    whole = sections_of(text, f"readiness of {name}")
    kept: dict[str, Any] = {key: whole[key] for key in ("name", "currency", "horizon", "regions") if key in whole}
    kept["commodities"] = {n: _only(c, ("unit", "kind", "area", "balance")) for n, c in whole["commodities"].items()}
    kept |= {section: {n: _only(p, KEPT) for n, p in (whole.get(section) or {}).items()} for section in PLANTS}
    try:
        return loads(write(kept))
    except ScenarioError as error:
        raise TransformSimError(
            f"readiness of {name} — its text does not say all — give the scenario: {error}"
        ) from None


def _only(section: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: section[key] for key in keys if key in (section or {})}
