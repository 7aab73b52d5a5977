"""Consumption that is given up: steps of a merit order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import AxisMap, Entities
from transform_sim.names import HOURS_PER_YEAR
from transform_sim.scenario.flexibility import Shed

from .frame import Frame
from .sequences import Sequences
from .values import over_years, scalar

Floats = NDArray[np.float64]
STEP = ("load", "shed_step", "node")


@dataclass(frozen=True, eq=False)
class Shedding:
    """Steps of shedding; tables hold (load, shed_step, node), numbers have the shape (n, 1, 1).

    Attributes:
        n_steps: most steps of one load.
        table, share: all of them, and the most that is given up as share of the reference.
        budget: those with a limit per year, and the most over the year as share of the mean reference.
        recovery: by number of hours the steps of time that follow, those that must recover, and the most in these
            hours, in hours of the mean reference.
        cost: value of lost product per unit of each row of `table`, shape (n, Y, 1).
    """

    n_steps: int
    table: Entities
    share: Floats
    budget: tuple[Entities, Floats]
    recovery: dict[int, tuple[AxisMap, Entities, Floats]]
    cost: Floats


def make_shedding(frame: Frame, nodes: Entities) -> Shedding:
    """Lay out the steps of all loads at `nodes` (load, node); without an order of hours there is no recovery."""
    loads = list(frame.scenario.flexible_loads.values())
    sequences = Sequences.of(frame.time)
    steps: list[tuple[int, int, int]] = []
    sheds: list[Shed] = []
    for k, node in zip(nodes["load"].tolist(), nodes["node"].tolist(), strict=True):
        for j, shed in enumerate(loads[k].sheds):
            steps.append((k, j, node))
            sheds.append(shed)
    table = Entities.records(STEP, steps)
    share = np.array([scalar(s.share, 1.0) for s in sheds])
    limited = np.array([s.hours_max is not None for s in sheds], dtype=bool)
    budget = np.array([scalar(s.hours_max, 0.0) / HOURS_PER_YEAR for s in sheds])
    longest = 0 if sequences is None else sequences.length
    windows = np.array([min(round(scalar(s.recovery, 0.0)), longest) for s in sheds], dtype=np.int64)
    full = share * np.array([scalar(s.duration, 0.0) for s in sheds])
    cost = [over_years(s.cost, frame.years, 0.0) for s in sheds]
    return Shedding(
        n_steps=max((j + 1 for _, j, _ in steps), default=0),
        table=table,
        share=_column(share),
        budget=(table.take(limited), _column((share * budget)[limited])),
        recovery={
            int(h): (sequences.following(int(h)), table.take(windows == h), _column(full[windows == h]))
            for h in np.unique(windows)
            if h and sequences is not None
        },
        cost=np.array(cost, dtype=float).reshape(len(steps), len(frame.years), 1),
    )


def _column(values: Floats) -> Floats:
    return values.reshape(-1, 1, 1)
