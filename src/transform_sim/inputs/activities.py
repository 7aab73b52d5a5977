"""How processes run: activities by grid, flows with derived emissions, availability, variable cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.names import GRIDS, YEAR
from transform_sim.scenario import Quantity
from transform_sim.scenario.flows import together
from transform_sim.scenario.plants import Mode, Process

from .assets import Assets
from .frame import Frame, all_flows
from .values import over_places, over_years, scalar, stacked

Floats = NDArray[np.float64]
ONLY_MODE = "run"


@dataclass(frozen=True, eq=False)
class Flows:
    """Amount per unit of activity: entities (asset, mode, commodity or emission, region, node), values (F, Y).

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
        flows: of commodities; `emissions`: of emission commodities (derived from carbon where it is tracked).
        variable_opex: entities (asset, mode) and values (n, Y).
    """

    modes: tuple[str, ...]
    tables: dict[str, Entities]
    limit: dict[str, Entities]
    availability: dict[str, Floats]
    flows: Flows
    emissions: Flows
    variable_opex: tuple[Entities, Floats]


def make_activities(frame: Frame, assets: Assets) -> Activities:
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
    return Activities(
        modes=modes,
        tables={g: Entities.records(("asset", "mode", "region"), rows[g]) for g in GRIDS},
        limit={g: Entities.records(("asset", "region"), places[g]) for g in GRIDS},
        availability={g: _availability(places[g], g, frame, assets) for g in GRIDS},
        flows=_flows(frame, assets, modes, emission=False),
        emissions=_flows(frame, assets, modes, emission=True),
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


def _flows(frame: Frame, assets: Assets, modes: tuple[str, ...], *, emission: bool) -> Flows:
    rows: list[tuple[int, int, int, int, int]] = []
    values: list[Floats] = []
    profile: dict[int, str] = {}
    commodities = frame.scenario.commodities
    for name, process in frame.scenario.processes.items():
        codes = frame.region_codes(process.regions)
        for a in _assets_of(name, assets):
            if process.draw_profile and frame.process_grid(process) == YEAR:
                profile[a] = process.draw_profile
            technique = _technique(process, assets.names[a])
            for mode in process.modes or (ONLY_MODE,):
                flows = mode_flows(frame, process, process.modes.get(mode), technique)
                for commodity, value in flows.items():
                    if (commodities[commodity].kind == "emission") is emission:
                        code = frame.commodities.index(commodity)
                        rows += [(a, modes.index(mode), code, r, int(frame.node_of[code, r])) for r in codes]
                        values += [value] * len(codes)
    kind = "emission" if emission else "commodity"
    table = Entities.records(("asset", "mode", kind, "region", "node"), rows)
    return Flows(table, np.array(values).reshape(len(rows), len(frame.years)), profile)


def _technique(process: Process, asset: str) -> Mapping[str, Quantity]:
    return process.techniques[int(asset.rsplit("@", 1)[1])] if process.techniques else {}


def mode_flows(
    frame: Frame, process: Process, mode: Mode | None, technique: Mapping[str, Quantity]
) -> dict[str, Floats]:
    """Flows of one mode and technique by commodity, shape (Y,), emissions derived where carbon is tracked."""
    flows = {c: over_years(q, frame.years, 0.0) for c, q in together(process, mode, technique).items()}
    contents = {c: frame.scenario.commodities[c].carbon_content for c in flows}
    tracked = {c: q.scalar for c, q in contents.items() if q is not None}
    auxiliary = mode.auxiliary_carbon if mode and mode.auxiliary_carbon is not None else process.auxiliary_carbon
    target = process.emission or main_emission(frame)
    if target is not None and carries_carbon(frame, process):
        made = sum((flows[c] * k for c, k in tracked.items()), np.zeros(len(frame.years)))
        flows[target] = scalar(auxiliary, 0.0) - made
    return flows


def carries_carbon(frame: Frame, process: Process) -> bool:
    """Whether emissions of a process are derived: any of its flows has a carbon content, or it has auxiliary carbon."""
    auxiliary = [process.auxiliary_carbon, *(m.auxiliary_carbon for m in process.modes.values())]
    return any(scalar(q, 0.0) for q in auxiliary) or any(
        frame.scenario.commodities[c].carbon_content is not None for flows in all_flows(process) for c in flows
    )


def main_emission(frame: Frame) -> str | None:
    """The first fossil scope-1 emission commodity: it takes derived emissions and those of disposal."""
    for name, c in frame.scenario.commodities.items():
        if c.kind == "emission" and c.scope == 1 and c.origin == "fossil":
            return name
    return None
