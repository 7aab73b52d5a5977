"""Caps and budgets on emissions."""

from __future__ import annotations

import numpy as np

from transform_sim.inputs import Inputs
from transform_sim.lp import SINGLE, LinearProgram, Term, period_total
from transform_sim.names import EMISSION_BUDGET, EMISSION_CAP, NET_EMISSION, YEAR

COUNTED = tuple(f"commodities.*.{field}" for field in ("warming_potential", "scope", "origin"))
"""What decides how much of an emission counts."""


def emission_cap(lp: LinearProgram, data: Inputs) -> None:
    r"""Counted emissions stay below the annual cap, unless it is banked, and the budget over the horizon.

    $$ \sum_{e,n} gwp_e E_{e,n,y} \le cap_y / 8760, \qquad \sum_y b_y \sum_{e,n} gwp_e E_{e,n,y} \le B / 8760 $$
    """
    e = data.emissions
    if not len(e.table):
        return
    potential = e.potential[:, None, None]
    where, cap = e.cap
    if np.isfinite(cap).any() and e.bank is None:
        lp.add_rows(EMISSION_CAP, where, YEAR, terms=[Term(potential, NET_EMISSION, over=e.counted, reads=COUNTED)],
                    upper=cap[:, :, None], reads=("policies.emission_cap",))  # fmt: skip
    if np.isfinite(e.budget):
        lp.add_rows(
            EMISSION_BUDGET, SINGLE, YEAR,
            terms=[Term(potential * e.budget_weight[None, :, None], NET_EMISSION, over=e.counted,
                        period=period_total(len(lp.periods)), reads=COUNTED)],
            upper=e.budget, per_period=False, reads=("policies.emission_budget",),
        )  # fmt: skip
