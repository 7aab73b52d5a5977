"""Campaigns: reline at their end, conversion into another process at their end or midway."""

from __future__ import annotations

import numpy as np

from transform_sim.inputs import Cohorts, Inputs
from transform_sim.lp import Entities, LinearProgram, Term, period_previous
from transform_sim.names import (
    CAMPAIGN_END,
    CAPACITY,
    COHORT_CAPACITY,
    COHORT_STOCK,
    COHORT_SUM,
    END_CONVERSION,
    MID_CONVERSION,
    NEW_CAPACITY,
    STOCK,
)

ARCS = ("processes.*.reinvest", "processes.*.retrofits")
LIVES = ("processes.*.lifetime", "processes.*.economic_lifetime", *ARCS)
CAMPAIGNS = ("processes.*.existing", "processes.*.lifetime", "processes.*.earliest", "processes.*.latest", *ARCS)


def cohorts(lp: LinearProgram, data: Inputs) -> None:
    r"""Capacity by campaign j; slack is retirement for good, and only what stands at the end may be renewed.

    $$ K_{j,first} \le \bar K_j + N_j + \sum_{end \to p} \rho C, \qquad
    K_{j,y} + \sum_{mid\ from\ p} M_{j,y} \le K_{j,y^-} + \sum_{mid \to p} \rho M_{j,y} $$
    $$ \sum_{end\ from\ p} C_y \le \sum_{j:\,end(j)=y} K_{j,last(j)}, \qquad K_{p,r,y} = \sum_j K_{p,r,j,y} $$
    """
    c = data.cohorts
    if c is None:
        return
    alive = np.where(c.alive > 0, np.inf, 0.0)[:, :, None]
    lp.add_columns(COHORT_CAPACITY, c.table, STOCK, upper=alive, unit="unit/h", reads=CAMPAIGNS)
    lp.add_columns(END_CONVERSION, c.end.table, STOCK, upper=c.end.upper[:, :, None], unit="unit/h", reads=ARCS)
    lp.add_columns(MID_CONVERSION, c.mid.table, STOCK, upper=c.mid.upper[:, :, None], unit="unit/h", reads=ARCS)
    _stock(lp, c)
    lp.add_rows(
        CAMPAIGN_END, c.new_table, STOCK,
        terms=[
            Term(1, END_CONVERSION, over=_as_asset(c.end.table, "source")),
            Term(-c.ends[:, 1:, None], COHORT_CAPACITY, over=c.table, period=period_previous(len(lp.periods)),
                 reads=CAMPAIGNS),
        ],
        upper=0,
    )  # fmt: skip
    lp.add_rows(COHORT_SUM, c.new_table, STOCK, terms=[(1, CAPACITY), (-1, COHORT_CAPACITY)], equals=0)
    _costs(lp, data, c)


def _stock(lp: LinearProgram, c: Cohorts) -> None:
    opens, opening = c.from_end
    target = Entities({**opens.codes, "target": opens["asset"]})
    ratio = _end_ratio(c, target)
    later = c.alive * (1.0 - c.first)
    lp.add_rows(
        COHORT_STOCK, c.table, STOCK,
        terms=[
            (1, COHORT_CAPACITY),
            Term(-later[:, 1:, None], COHORT_CAPACITY, over=c.table, period=period_previous(len(lp.periods)),
                 reads=CAMPAIGNS),
            Term(-c.from_new[:, :, None], NEW_CAPACITY, over=c.table, reads=CAMPAIGNS),
            Term(-(opening * ratio[:, None])[:, :, None], END_CONVERSION, over=target, reads=CAMPAIGNS),
            Term(1, MID_CONVERSION, over=_as_asset(c.mid.table, "source"), reads=CAMPAIGNS),
            Term(-c.mid.ratio[:, None, None], MID_CONVERSION, over=_as_asset(c.mid.table, "target"), reads=CAMPAIGNS),
        ],
        upper=c.stock[:, :, None],
        reads=CAMPAIGNS,
    )  # fmt: skip


def _as_asset(arcs: Entities, end: str) -> Entities:
    """The arcs with one of their ends also named `asset`, which ties them to rows of that asset."""
    return Entities({**arcs.codes, "asset": arcs[end]})


def _end_ratio(c: Cohorts, target: Entities) -> np.ndarray:
    ratio = {
        (int(s), int(t)): float(r)
        for s, t, r in zip(c.end.table["source"], c.end.table["target"], c.end.ratio, strict=True)
    }
    return np.array([ratio[int(s), int(t)] for s, t in zip(target["source"], target["target"], strict=True)])


def _costs(lp: LinearProgram, data: Inputs, c: Cohorts) -> None:
    private = data.scenario.view == "private"
    reads = (
        "processes.*.capex", "processes.*.first_of_a_kind", "processes.*.wacc", "horizon.discount_rate", *LIVES,
    )  # fmt: skip
    for variable, table, capital, name in (
        (NEW_CAPACITY, c.new_table, c.new_capital, "investment"),
        (END_CONVERSION, c.end.table, c.end.capital, "reinvestment"),
        (MID_CONVERSION, c.mid.table, c.mid.capital, "reinvestment"),
    ):
        if not len(table):
            continue
        lp.add_cost(name, variable, capital.annuity[:, :, None], over=table, paid=capital.paid, reads=reads)
        lp.add_cost("financing", variable, capital.financing[:, :, None], over=table, receiver="investors",
                    kind="transfer", paid=capital.paid, counts=private, reads=reads)  # fmt: skip
