"""Growth of immature processes."""

from __future__ import annotations

import numpy as np

from transform_sim.inputs import Inputs
from transform_sim.inputs.values import scalar
from transform_sim.lp import Entities, LinearProgram, Term, period_previous
from transform_sim.names import CAPACITY, GROWTH_LIMIT, STOCK
from transform_sim.scenario.plants import Process


def growth(lp: LinearProgram, data: Inputs) -> None:
    r"""Total capacity grows by at most g per year, on top of a seed plant, over all regions and techniques.

    $$ \sum_r K_y \le (1+g)^{\Delta} \sum_r K_{y^-} + seed \frac{(1+g)^k - 1}{g},
    \qquad k = \min(\Delta, y - earliest + 1) $$

    With g = 0 the last factor is k. In the first period K_{y^-} is what stands and Δ = 1.
    """
    limited = [
        (code, p) for code, p in enumerate(data.assets.plants.values())
        if isinstance(p, Process) and p.growth_max is not None
    ]  # fmt: skip
    if not limited:
        return
    years = data.frame.years
    delta = np.concatenate(([1.0], np.diff(years)))
    factor, seed = np.zeros((len(limited), len(years))), np.zeros((len(limited), len(years)))
    for i, (_, process) in enumerate(limited):
        rate = scalar(process.growth_max, 0.0)
        steps = np.clip(np.minimum(delta, years - (process.earliest or -np.inf) + 1), 0.0, None)
        per_seed = steps if rate == 0 else np.expm1(steps * np.log1p(rate)) / rate
        factor[i] = (1.0 + rate) ** delta
        seed[i] = scalar(process.seed_capacity, 0.0) * per_seed / _hours(data, process)
        seed[i, 0] += factor[i, 0] * _standing(data, process)
    rows = Entities.of(plant=[code for code, _ in limited])
    relation = data.assets.of_plant.take(np.isin(data.assets.of_plant["plant"], rows["plant"]))
    at = np.searchsorted(rows["plant"], relation["plant"])
    lp.add_rows(
        GROWTH_LIMIT, rows, STOCK,
        terms=[
            Term(1, CAPACITY, over=relation),
            Term(-factor[at, 1:, None], CAPACITY, over=relation, period=period_previous(len(years)),
                 reads=("processes.*.growth_max",)),
        ],
        upper=seed[:, :, None],
        reads=("processes.*.growth_max", "processes.*.seed_capacity", "processes.*.earliest", "processes.*.existing"),
    )  # fmt: skip


def _hours(data: Inputs, process: Process) -> float:
    return float(data.assets.hours[_rows_of(data, process)][0])


def _standing(data: Inputs, process: Process) -> float:
    rows = _rows_of(data, process)
    if data.cohorts is not None and data.assets.by_cohort[rows].any():
        campaigns = np.isin(data.cohorts.table["asset"], data.assets.table["asset"][rows])
        return float(data.cohorts.stock[campaigns, 0].sum())
    return float(data.assets.existing[rows, 0].sum())


def _rows_of(data: Inputs, process: Process) -> np.ndarray:
    owners = [data.assets.plants[data.assets.owner[a]] is process for a in data.assets.table["asset"]]
    return np.flatnonzero(owners)
