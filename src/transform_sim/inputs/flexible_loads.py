"""Flexible loads: their reference, how much of it moves up and down, how it comes back, what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities, Grid
from transform_sim.names import HOUR

from .activities import Activities
from .assets import Assets
from .frame import Frame
from .references import Reference, make_reference
from .sequences import Sequences
from .shedding import Shedding, make_shedding
from .shifting import Shifting, delay_classes, longest_delay, make_shifting
from .values import over_years, scalar, stacked

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FlexibleLoads:
    """All flexible loads that take part; E rows of `reference.table` (load, node).

    Attributes:
        names: labels; `labels` those of their further dimensions.
        at: entities (load, commodity, node).
        reference, mean: what limits are shares of, by the hour and over the year.
        up, down: most more and less use as share of the reference, shape (E, Y, T); `up_mean`, `down_mean` without
            their profiles, shape (E, Y, 1).
        overload: share by which the use of a process may exceed its highest, shape (P, 1, 1), P plants.
        shifting: None if nothing is shifted.
        cost_up, cost_down: entities (load) and cost per unit, shape (n, Y, 1).
    """

    names: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]
    at: Entities
    reference: Reference
    mean: Reference
    up: Floats
    down: Floats
    up_mean: Floats
    down_mean: Floats
    overload: Floats
    shifting: Shifting | None
    shedding: Shedding
    cost_up: tuple[Entities, Floats]
    cost_down: tuple[Entities, Floats]
    warnings: tuple[str, ...]

    @property
    def grids(self) -> dict[str, Grid]:
        """Blocks in which loads even out, by name."""
        return {} if self.shifting is None else {grid.name: grid for grid, *_ in self.shifting.windows}


def make_flexible_loads(frame: Frame, assets: Assets, activities: Activities) -> FlexibleLoads:
    """Lay out all flexible loads of the scenario."""
    loads = frame.scenario.flexible_loads
    given = list(loads.values())
    reference = make_reference(frame, assets, activities)
    table = reference.table
    shifting, warnings = make_shifting(frame, table)
    shedding = make_shedding(frame, table)
    commodity = np.array([frame.commodities.index(d.commodity) for d in given], dtype=np.int64)
    up = stacked([over_years(d.up, frame.years, 0.0) for d in given], frame.years)[table["load"]][:, :, None]
    # without a limit of its own a load is taken off wholly, as far as its steps of shedding go
    down = stacked([over_years(d.down, frame.years, 1.0) for d in given], frame.years)[table["load"]][:, :, None]
    every = Entities.of(load=np.arange(len(given)))
    overload = np.array([scalar(d.overload, 0.0) for d in given], dtype=float)
    return FlexibleLoads(
        names=tuple(loads), labels=_labels(frame, shedding),
        at=Entities({"load": table["load"], "commodity": commodity[table["load"]], "node": table["node"]}),
        reference=reference, mean=reference.mean(frame.grids[HOUR].weight),
        up=up * _profiles(frame, [d.up_profile for d in given])[table["load"]],
        down=down * _profiles(frame, [d.down_profile for d in given])[table["load"]],
        up_mean=up, down_mean=down, overload=overload[reference.plants["load"]].reshape(-1, 1, 1),
        shifting=shifting, shedding=shedding,
        cost_up=(every, stacked([over_years(d.cost_up, frame.years, 0.0) for d in given], frame.years)[:, :, None]),
        cost_down=(every, stacked([over_years(d.cost_down, frame.years, 0.0) for d in given], frame.years)[:, :, None]),
        warnings=warnings,
    )  # fmt: skip


def _labels(frame: Frame, shedding: Shedding) -> dict[str, tuple[str, ...]]:
    loads, sequences = list(frame.scenario.flexible_loads.values()), Sequences.of(frame.time)
    most = longest_delay(loads, sequences.length) if sequences else 0
    return {
        "load": tuple(frame.scenario.flexible_loads),
        "offset": tuple(f"{k:+d} h" for k in range(-most, most + 1)),
        "delay": tuple(f"{h} h" for h in delay_classes(loads)),
        "shed_step": tuple(f"shed {j + 1}" for j in range(shedding.n_steps)),
    }


def _profiles(frame: Frame, names: list[str | None]) -> Floats:
    """Profiles between 0 and 1 as they are, ones where there is none, shape (n, 1, T)."""
    steps = len(frame.grids[HOUR])
    rows = [np.ones(steps) if name is None else frame.availability(name, HOUR) for name in names]
    return np.array(rows, dtype=float).reshape(len(names), 1, steps)
