"""Demand that is not met, at a price."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram
from transform_sim.names import FORGONE_DEMAND, GRIDS, UNSERVED, YEAR


def demand(lp: LinearProgram, data: Inputs) -> None:
    r"""Shortfall at its price, and price steps of elastic demand as the cost of what is forgone.

    $$ 0 \le u_h \le \varphi^D_h D, \qquad 0 \le e_k \le q_k - q_{k+1} $$
    """
    for grid in GRIDS:
        table, upper, cost = data.demands.unserved[grid]
        lp.add_columns(UNSERVED, table, grid, upper=upper, unit="unit/h",
                       reads=("demand.*.amount", "demand.*.profile", "profiles.*"))  # fmt: skip
        if len(table):
            lp.add_cost("shortfall", UNSERVED, cost, over=table, payer="consumers", receiver="lost value",
                        reads=("demand.*.shortfall_cost",))  # fmt: skip
    table, width, value = data.demands.forgone
    lp.add_columns(FORGONE_DEMAND, table, YEAR, upper=width, unit="unit/h",
                   reads=("demand.*.amount", "demand.*.elastic*"))  # fmt: skip
    lp.add_cost("forgone_demand", FORGONE_DEMAND, value, over=table, payer="consumers", receiver="lost value",
                reads=("demand.*.reference_price", "demand.*.elastic*", "demand.*.shortfall_cost"))  # fmt: skip
