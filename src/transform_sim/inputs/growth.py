"""Growth limits of immature processes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.scenario.plants import Process

from .assets import Assets, hours_of
from .cohorts import Cohorts
from .frame import Frame
from .values import INF, scalar

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Growth:
    """Limits by process, G rows.

    Attributes:
        table: entities (plant); `members`: entities (plant, asset), the techniques of each.
        factor: what the capacity of the milestone before may grow to, shape (G, Y), aligned with `members`.
        seed: capacity that may come on top, shape (G, Y); in the first period with what stands.
    """

    table: Entities
    members: Entities
    factor: Floats
    seed: Floats


def make_growth(frame: Frame, assets: Assets, cohorts: Cohorts | None) -> Growth:
    """Lay out the limits of all processes with `growth_max`."""
    limited = [
        (code, p) for code, p in enumerate(assets.plants.values())
        if isinstance(p, Process) and p.growth_max is not None
    ]  # fmt: skip
    delta = np.concatenate(([1.0], np.diff(frame.years)))
    factor, seed = np.zeros((2, len(limited), len(frame.years)))
    for i, (code, process) in enumerate(limited):
        rate = scalar(process.growth_max, 0.0)
        steps = np.clip(np.minimum(delta, frame.years - (process.earliest or -INF) + 1), 0.0, None)
        per_seed = steps if rate == 0 else np.expm1(steps * np.log1p(rate)) / rate
        factor[i] = (1.0 + rate) ** delta
        seed[i] = scalar(process.seed_capacity, 0.0) * per_seed / hours_of(process, frame)
        seed[i, 0] += factor[i, 0] * _standing(code, assets, cohorts)
    table = Entities.records(("plant",), [(code,) for code, _ in limited])
    members = assets.of_plant.take(assets.of_plant.within(table))
    return Growth(table, members, factor[np.searchsorted(table["plant"], members["plant"])], seed)


def _standing(plant: int, assets: Assets, cohorts: Cohorts | None) -> float:
    """Capacity of a process in the first period, in all regions."""
    own = assets.of_plant["asset"][assets.of_plant["plant"] == plant]
    total = float(assets.existing[np.isin(assets.table["asset"], own), 0].sum())
    if cohorts is not None:
        total += float(cohorts.stock[np.isin(cohorts.table["asset"], own), 0].sum())
    return total
