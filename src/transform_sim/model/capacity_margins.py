"""Firm capacity over the load."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import CAPACITY, CAPACITY_MARGIN, GRIDS

from .paths import DRAWN

MARGIN = ("policies.capacity_margins.*.margin",)
FIRM = ("policies.capacity_margins.*.credits", "storages.*.discharge_rate")
DEMAND = ("demand.*.amount", "demand.*.profile", "demand.*.elastic*", "profiles.*")


def capacity_margins(lp: LinearProgram, data: Inputs) -> None:
    r"""Firm capacity and imports cover the load of each step at each node with a margin.

    A unit of capacity gives $f^+ = \max(0, \max_m f_{q,m})$ at full load, a store its discharge rate. Load is demand in
    full, less what elastic demand forgoes, use $f^- = \max(0, -f)$ of what runs, use beside it at part load, and what
    flexible loads add, less what they take off.

    $$ \sum_q \gamma_q f^+_q K_q + I \ge (1+\mu) \Big( \varphi^D_h D - \varphi^D_h \sum_k e_k + \sum f^- a_h
    + \sum g_h + \sum (u^+_h - v_h - \sum_k s_{k,h}) \Big) $$
    """
    m = data.capacity_margins
    over, firm = m.firm
    for grid in GRIDS:
        table = m.tables[grid]
        load = [
            Term(-m.factors(t.table) * t.amount, t.variable, over=t.table, reads=(*MARGIN, *DRAWN, *DEMAND))
            for t in m.load[grid]
        ]
        lp.add_rows(
            CAPACITY_MARGIN, table, grid,
            terms=[Term(firm[:, :, None], CAPACITY, over=over, reads=(*FIRM, *DRAWN)), *load],
            lower=m.factors(table) * m.demand[grid] - m.imports[grid],
            reads=(*MARGIN, *DEMAND, "policies.capacity_margins.*.imports"),
        )  # fmt: skip
