"""Consumption that is given up."""

from __future__ import annotations

from transform_sim.inputs import FlexibleLoads
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import SHED, SHED_BUDGET, SHED_LIMIT, SHED_RECOVERY, YEAR

from .references import within

READS = ("flexible_loads.*.sheds",)


def shedding(lp: LinearProgram, f: FlexibleLoads) -> None:
    r"""Each step of shedding within its share, its full hours per year, and so many in any recovery time.

    $$ s_{k,h} \le \sigma_k R_h, \qquad \sum_h W_h s_{k,h} \le H_k \sigma_k \bar R, \qquad
    \sum_{h'=h}^{h+\rho_k-1} s_{k,h'} \le \tau_k \sigma_k \bar R $$
    """
    s, once = f.shedding, [Term(1, SHED)]
    within(lp, SHED_LIMIT, s.table, once, s.share, f.reference, READS)
    table, share = s.budget
    within(lp, SHED_BUDGET, table, once, share, f.mean, READS, YEAR)
    for hours, (following, table, full) in s.recovery.items():
        terms = [Term(1, SHED, over=table, step=following, reads=READS)]
        within(lp, SHED_RECOVERY.format(hours), table, terms, full, f.mean, READS)
    if len(s.table):
        lp.add_cost("load_shed", SHED, s.cost, over=s.table, receiver="lost value", reads=READS)
