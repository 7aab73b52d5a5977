"""Growth of immature processes."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term, period_previous
from transform_sim.names import CAPACITY, GROWTH_LIMIT, STOCK


def growth(lp: LinearProgram, data: Inputs) -> None:
    r"""Total capacity grows by at most g per year, on top of a seed plant, over all regions and techniques.

    $$ \sum_r K_y \le (1+g)^{\Delta} \sum_r K_{y^-} + seed \frac{(1+g)^k - 1}{g},
    \qquad k = \min(\Delta, y - earliest + 1) $$

    With g = 0 the last factor is k. In the first period K_{y^-} is what stands and Δ = 1.
    """
    g = data.growth
    lp.add_rows(
        GROWTH_LIMIT, g.table, STOCK,
        terms=[
            Term(1, CAPACITY, over=g.members),
            Term(-g.factor[:, 1:, None], CAPACITY, over=g.members, period=period_previous(len(lp.periods)),
                 reads=("processes.*.growth_max",)),
        ],
        upper=g.seed[:, :, None],
        reads=("processes.*.growth_max", "processes.*.seed_capacity", "processes.*.earliest", "processes.*.existing"),
    )  # fmt: skip
