"""Everything that is built, one row per asset and region: stock, survival, capital and fixed cost, limits.

An asset is a technique of a process (a process without techniques has one, named like it), a storage or a link.
Capacities are unit/h here (storages: unit), so annual capacities are divided by 8,760 h and their costs multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.finance import survival
from transform_sim.lp import Entities
from transform_sim.scenario.plants import Built, Link, Process, Storage
from transform_sim.scenario.units import capacity_hours

from .capital import Capital, Plant, mature, plain_capital
from .frame import Frame
from .values import INF, over_places, over_years, scalar, stacked

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Assets:
    """Assets by region; A rows.

    Attributes:
        names, plants: label of each asset; name of the plant (process, storage, link) behind it.
        table: entities (asset, region), A rows.
        of_plant: entities (plant, asset): which assets belong to which plant.
        existing: capacity standing in each period, shape (A, Y).
        survival: $s_{v,y}$ for pairs v ≤ y ordered by y, then v, shape (A, pairs).
        capital: of one unit built in v, A rows; that of `by_cohort` is kept with the cohorts, and zero here.
        new_max: 0 where nothing can be built, else infinity, shape (A, V).
        capacity_max, new_capacity_max: limits by plant and region, tables (plant, region) with shape (n, Y).
        by_cohort: True where capacity is kept by cohort (reline and retrofit), shape (A,).
    """

    names: tuple[str, ...]
    owner: tuple[str, ...]
    plants: dict[str, Plant]
    table: Entities
    of_plant: Entities
    existing: Floats
    survival: Floats
    capital: Capital
    fixed_opex: Floats
    new_max: Floats
    capacity_max: tuple[Entities, Floats]
    new_capacity_max: tuple[Entities, Floats]
    by_cohort: NDArray[np.bool_]
    hours: Floats

    def code(self, name: str) -> int:
        """Code of the first (or only) asset of a plant."""
        return self.owner.index(name)


def make_assets(frame: Frame) -> Assets:
    """Lay out all assets of the scenario."""
    s = frame.scenario
    plants: dict[str, Plant] = {**s.processes, **s.storages, **s.links}
    names, owner, spans = _techniques(plants)
    keys = list(plants)
    with_arcs = cohort_processes(s.processes)
    rows = [(a, r) for a, p in enumerate(owner) for r in _regions_of(plants[p], frame)]
    table = Entities.records(("asset", "region"), rows)
    asset = table["asset"]
    hours = np.array([hours_of(plants[p], frame) for p in owner])
    none = np.zeros(len(frame.years))
    # stock and investment of processes with campaigns are kept with the cohorts
    paid = [
        Capital.of(none, frame.years, None, frame) if p in with_arcs else plain_capital(plants[p], frame, h)
        for p, h in zip(owner, hours, strict=True)
    ]
    cost = [fixed_opex(plants[p], frame) * h for p, h in zip(owner, hours, strict=True)]
    can_build = [buildable(plants[p], span, frame).astype(float) for p, span in zip(owner, spans, strict=True)]
    by_cohort = np.array([p in with_arcs for p in owner], dtype=bool)
    # what exists belongs to the first technique
    first = [a == owner.index(p) and p not in with_arcs for a, p in enumerate(owner)]
    return Assets(
        names=names, owner=owner, plants=plants, table=table,
        of_plant=Entities.of(plant=[keys.index(p) for p in owner], asset=np.arange(len(owner))),
        existing=stacked(
            [standing(plants[owner[a]], r, frame) / hours[a] if first[a] else none for a, r in rows], frame.years
        ),
        survival=_shares([plants[p] for p in owner], frame)[asset],
        capital=Capital.stacked(paid, frame).take(asset),
        fixed_opex=stacked(cost, frame.years)[asset],
        new_max=np.where(stacked(can_build, frame.years) > 0, INF, 0.0)[asset],
        capacity_max=_limits(plants, frame, "capacity_max"),
        new_capacity_max=_limits(plants, frame, "new_capacity_max"),
        by_cohort=by_cohort[asset],
        hours=hours[asset],
    )  # fmt: skip


def _shares(plants: Sequence[Plant], frame: Frame) -> Floats:
    """$s_{v,y}$ of each plant for pairs v ≤ y ordered by y, then v, shape (n, pairs)."""
    rows, cols = np.tril_indices(len(frame.years))
    out = np.zeros((len(plants), len(rows)))
    for i, plant in enumerate(plants):
        life = scalar(plant.lifetime, INF)
        out[i] = np.array([survival(v, life, frame.years, frame.lengths) for v in frame.years])[cols, rows]
    return out


def cohort_processes(processes: dict[str, Process]) -> set[str]:
    """Processes whose capacity is kept by cohort: with reline, with retrofits, or targets of one."""
    own = {p for p, d in processes.items() if d.reinvest or d.retrofits}
    return own | {t for d in processes.values() for t in d.retrofits}


def hours_of(plant: Plant, frame: Frame) -> float:
    """Hours by which a capacity of the scenario is divided to become unit/h (1 for power and amounts)."""
    if isinstance(plant, Storage):
        return 1.0
    unit = plant.unit if isinstance(plant, Process) else frame.scenario.commodities[plant.commodity].unit
    return capacity_hours(unit)


def fixed_opex(plant: Plant, frame: Frame) -> Floats:
    """Fixed cost per unit of scenario capacity and year, shape (Y,)."""
    share = scalar(plant.fixed_opex_share, 0.0)
    length = scalar(plant.length, 1.0) if isinstance(plant, Link) else 1.0
    cost: Floats = over_years(plant.fixed_opex, frame.years, 0.0) * length + share * mature(plant, frame)[0]
    return cost


def standing(plant: Built, region: int, frame: Frame) -> Floats:
    """Existing scenario capacity in each period, shape (Y,), by the shares of its life."""
    total = np.zeros(len(frame.years))
    for start, amount in existing_stock(plant, frame.places[region]):
        life = INF if start is None else scalar(plant.lifetime, INF)
        total += amount * survival(frame.years[0] if start is None else start, life, frame.years, frame.lengths)
    return total


def existing_stock(plant: Built, region: str) -> list[tuple[int | None, float]]:
    """(start year or None, scenario capacity) of what stands in a region."""
    if plant.existing is None:
        return []
    points = plant.existing.points.get(region, plant.existing.points.get(None, {}))
    return [(year, float(value)) for year, value in points.items()]


def buildable(plant: Built, span: tuple[float, float], frame: Frame) -> NDArray[np.bool_]:
    """Periods in which new capacity can start, shape (V,)."""
    first = max(span[0], plant.earliest or -INF)
    last = min(span[1], INF if plant.latest is None else plant.latest + 1)
    return (frame.years >= first) & (frame.years < last)


def _techniques(
    plants: dict[str, Plant],
) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[float, float]]]:
    names, owner, spans = [], [], []
    for name, plant in plants.items():
        years = sorted(plant.techniques) if isinstance(plant, Process) else []
        for k, year in enumerate(years):
            names.append(f"{name}@{year}")
            spans.append((float(year), float(years[k + 1]) if k + 1 < len(years) else INF))
        if not years:
            names.append(name)
            spans.append((-INF, INF))
        owner += [name] * max(1, len(years))
    return tuple(names), tuple(owner), spans


def _regions_of(plant: Plant, frame: Frame) -> list[int]:
    if isinstance(plant, Link):
        return [frame.places.index(plant.from_)]
    return frame.region_codes(plant.regions)


def _limits(plants: dict[str, Plant], frame: Frame, field: str) -> tuple[Entities, Floats]:
    rows, values = [], []
    for k, plant in enumerate(plants.values()):
        q = getattr(plant, field)
        if q is None:
            continue
        limit = over_places(q, frame.places, frame.years, INF, "limit") / hours_of(plant, frame)
        for r in _regions_of(plant, frame):
            rows.append((k, r))
            values.append(limit[r])
    return Entities.records(("plant", "region"), rows), stacked(values, frame.years)
