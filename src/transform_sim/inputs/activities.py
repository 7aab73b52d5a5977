"""How processes run: activities by grid, flows with derived emissions, availability, variable cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities, Grid
from transform_sim.names import GRIDS, YEAR
from transform_sim.scenario.flows import Run, runs
from transform_sim.scenario.plants import Process

from .assets import Assets
from .carbon import CarbonBook, Recipe, recipe
from .frame import Frame
from .values import over_places, over_years, stacked

Floats = NDArray[np.float64]
ONLY_MODE = "run"


@dataclass(frozen=True, eq=False)
class Flows:
    """Amount per unit of activity: entities (asset, mode, commodity, region, node), values (F, Y).

    Of emissions the entities are (asset, mode, emission, region, place where it arises).

    `profile` names the draw profile of each asset that has one; its flows follow it on finer grids.
    """

    table: Entities
    values: Floats
    profile: dict[int, str]


@dataclass(frozen=True, eq=False)
class Activities:
    """What runs.

    Attributes:
        modes: labels of all modes.
        tables: entities (asset, mode, region) on each grid.
        limit: entities (asset, region) on each grid, whose activity stays within capacity.
        availability: on each grid, shape (n, Y, T) or broadcastable, aligned with `limit`.
        flows: of commodities; `emissions`: of emission commodities (derived from carbon of known origin where it is
            tracked; what comes from pools is added by origin).
        recipes: regions and carbon of each (asset, mode) that carries any.
        variable_opex: entities (asset, mode) and values (n, Y).
    """

    modes: tuple[str, ...]
    tables: dict[str, Entities]
    limit: dict[str, Entities]
    availability: dict[str, Floats]
    flows: Flows
    emissions: Flows
    recipes: dict[tuple[int, int], tuple[list[int], Recipe]]
    variable_opex: tuple[Entities, Floats]

    def mean_availability(self, grids: Mapping[str, Grid]) -> tuple[Entities, Floats]:
        """Entities (asset, region) of all processes, and the mean availability of the year, shape (n, Y or 1)."""
        found = [
            (self.limit[g], self.availability[g] @ _share(self.availability[g], grids[g]))
            for g in GRIDS if len(self.limit[g])
        ]  # fmt: skip
        codes = {
            d: np.concatenate([np.zeros(0, dtype=np.int64), *(t[d] for t, _ in found)]) for d in ("asset", "region")
        }
        years = max((v.shape[1] for _, v in found), default=1)
        values = [np.broadcast_to(v, (len(v), years)) for _, v in found]
        return Entities(codes), np.concatenate([np.zeros((0, years)), *values])


def _share(availability: Floats, grid: Grid) -> Floats:
    """Weight of each step given in the mean of the year."""
    return grid.weight / grid.weight.sum() if availability.shape[2] > 1 else np.ones(1)


def make_activities(frame: Frame, assets: Assets, book: CarbonBook) -> Activities:
    """Lay out all activities of the scenario."""
    processes = frame.scenario.processes
    modes = tuple(dict.fromkeys(m for p in processes.values() for m in (p.modes or (ONLY_MODE,))))
    rows: dict[str, list[tuple[int, int, int]]] = {g: [] for g in GRIDS}
    places: dict[str, list[tuple[int, int]]] = {g: [] for g in GRIDS}
    for name, process in processes.items():
        grid = frame.process_grid(process)
        for a in _assets_of(name, assets):
            for r in frame.region_codes(process.regions):
                places[grid].append((a, r))
                rows[grid] += [(a, modes.index(m), r) for m in process.modes or (ONLY_MODE,)]
    opex = [
        (a, modes.index(m))
        for n, p in processes.items()
        for a in _assets_of(n, assets)
        for m in p.modes or (ONLY_MODE,)
    ]
    cost = [
        _variable_opex(p, m, frame)
        for n, p in processes.items()
        for _ in _assets_of(n, assets)
        for m in p.modes or (ONLY_MODE,)
    ]
    recipes = _recipes(frame, assets, modes, book)
    return Activities(
        modes=modes,
        tables={g: Entities.records(("asset", "mode", "region"), rows[g]) for g in GRIDS},
        limit={g: Entities.records(("asset", "region"), places[g]) for g in GRIDS},
        availability={g: _availability(places[g], g, frame, assets) for g in GRIDS},
        flows=_flows(frame, assets, modes, recipes, emission=False),
        emissions=_flows(frame, assets, modes, recipes, emission=True),
        recipes=recipes,
        variable_opex=(Entities.records(("asset", "mode"), opex), stacked(cost, frame.years)),
    )


def _assets_of(process: str, assets: Assets) -> list[int]:
    return [a for a, owner in enumerate(assets.owner) if owner == process]


def _variable_opex(process: Process, mode: str, frame: Frame) -> Floats:
    own = process.modes[mode].variable_opex if process.modes else None
    return over_years(own if own is not None else process.variable_opex, frame.years, 0.0)


def _availability(places: list[tuple[int, int]], grid: str, frame: Frame, assets: Assets) -> Floats:
    if not places:
        return np.ones((0, 1, 1))
    profiled = [_profile_of(assets.plants[assets.owner[a]], frame.places[r]) for a, r in places]
    shares = {a: over_places(_process(assets, a).availability, frame.places, frame.years, 1.0) for a, _ in places}
    share = np.array([shares[a][r] for a, r in places])[:, :, None]
    if not any(profiled):
        return share
    n = len(frame.grids[grid])
    shapes = {p: frame.availability(p, grid) for p in set(profiled) if p}
    shape = np.array([shapes[p] if p else np.ones(n) for p in profiled])
    return np.asarray(share * shape[:, None, :])


def _profile_of(plant: object, place: str) -> str | None:
    ref = plant.availability_profile if isinstance(plant, Process) else None
    return ref.get(place) if isinstance(ref, Mapping) else ref


def _process(assets: Assets, a: int) -> Process:
    plant = assets.plants[assets.owner[a]]
    assert isinstance(plant, Process)
    return plant


def _ways(frame: Frame, assets: Assets) -> Iterator[tuple[int, Process, Run]]:
    """(asset, process, run) of every technique and mode of all processes."""
    for name, process in frame.scenario.processes.items():
        own = {assets.names[a]: a for a in _assets_of(name, assets)}
        for run in runs(process):
            label = name if run.technique is None else f"{name}@{run.technique}"
            yield own[label], process, run


def _recipes(
    frame: Frame, assets: Assets, modes: tuple[str, ...], book: CarbonBook
) -> dict[tuple[int, int], tuple[list[int], Recipe]]:
    found = {}
    for a, process, run in _ways(frame, assets):
        own = recipe(book, process, run)
        if own is not None:
            found[a, modes.index(run.mode or ONLY_MODE)] = (frame.region_codes(process.regions), own)
    return found


def _flows(
    frame: Frame,
    assets: Assets,
    modes: tuple[str, ...],
    recipes: Mapping[tuple[int, int], tuple[list[int], Recipe]],
    *,
    emission: bool,
) -> Flows:
    rows: list[tuple[int, int, int, int, int]] = []
    values: list[Floats] = []
    profile: dict[int, str] = {}
    commodities = frame.scenario.commodities
    for a, process, run in _ways(frame, assets):
        if process.draw_profile and frame.process_grid(process) == YEAR:
            profile[a] = process.draw_profile
        mode, codes = modes.index(run.mode or ONLY_MODE), frame.region_codes(process.regions)
        flows = {c: over_years(q, frame.years, 0.0) for c, q in run.flows.items()}
        if (a, mode) in recipes:
            own = recipes[a, mode][1]
            flows |= {own.emission: own.released} if own.emission else {}
        for commodity, value in flows.items():
            if (commodities[commodity].kind == "emission") is emission:
                code = frame.commodities.index(commodity)
                rows += [(a, mode, code, r, int(frame.node_of[code, r])) for r in codes]
                values += [value] * len(codes)
    dims = ("emission", "region", "place") if emission else ("commodity", "region", "node")
    table = Entities.records(("asset", "mode", *dims), rows)
    return Flows(table, np.array(values).reshape(len(rows), len(frame.years)), profile)
