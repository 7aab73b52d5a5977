"""How processes run."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import ACTIVITY, CAPACITY, CAPACITY_LIMIT, GRIDS

from .paths import AVAILABLE


def activity(lp: LinearProgram, data: Inputs) -> None:
    r"""Activity of all modes stays within the available capacity.

    $$ \sum_m a_{q,m,r,y,h} \le \alpha_{q,r,y,h} K_{q,r,y} $$
    """
    run = data.activities
    for grid in GRIDS:
        lp.add_columns(ACTIVITY, run.tables[grid], grid, unit="unit/h")
    for grid in GRIDS:
        lp.add_rows(
            CAPACITY_LIMIT, run.limit[grid], grid,
            terms=[
                (1, ACTIVITY),
                Term(-run.availability[grid], CAPACITY, over=run.limit[grid],
                     reads=AVAILABLE),
            ],
            upper=0,
        )  # fmt: skip
    table, cost = run.variable_opex
    lp.add_cost(
        "variable_opex", ACTIVITY, cost[:, :, None], over=table,
        reads=("processes.*.variable_opex", "processes.*.modes.*.variable_opex"),
    )  # fmt: skip
