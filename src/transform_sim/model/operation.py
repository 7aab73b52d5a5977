"""Limits of operation: least load, ramps, use at part load."""

from __future__ import annotations

import numpy as np

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import (
    ACTIVITY,
    CAPACITY,
    GRIDS,
    HOUR,
    LEAST_LOAD,
    LEAST_USE,
    MOST_USE,
    PART_LOAD_USE,
    RAMP_DOWN,
    RAMP_UP,
)

from .paths import AVAILABLE, FLOWS

CURVE = ("processes.*.part_load", *FLOWS)


def operation(lp: LinearProgram, data: Inputs) -> None:
    r"""A process runs at its minimum load m at least, and by the hour its load moves by its ramps r at most.

    $$ \sum_m a_{q,m,r,y,h} \ge m_{q,y} \alpha_{q,r,y,h} K_{q,r,y} $$

    $$ \pm \sum_m (a_h - a_{h^-}) \le \big( r^\pm + \max(0, \pm(\alpha_h - \alpha_{h^-})) \big) K $$

    The hour $h^-$ before the first of a year, or of a representative day, is its last. What availability takes or
    gives back is no ramp.
    """
    o = data.operation
    for grid in GRIDS:
        table, share = o.least[grid]
        lp.add_rows(
            LEAST_LOAD, table, grid,
            terms=[(1, ACTIVITY), Term(-share, CAPACITY, over=table, reads=("processes.*.minimum_load", *AVAILABLE))],
            lower=0,
        )  # fmt: skip
    for name, sign, (table, most) in ((RAMP_UP, 1.0, o.ramp_up), (RAMP_DOWN, -1.0, o.ramp_down)):
        lp.add_rows(
            name, table, HOUR,
            terms=[
                (sign, ACTIVITY),
                Term(-sign, ACTIVITY, step=o.before),
                Term(-most, CAPACITY, over=table, reads=(f"processes.*.{name}", *AVAILABLE)),
            ],
            upper=0,
        )  # fmt: skip
    _part_load(lp, data)


def _part_load(lp: LinearProgram, data: Inputs) -> None:
    r"""What a process uses at part load beside its flows, free in sign, between the curve and the line of its ends.

    With use u per unit at full load, and lines $a_k x + b_k$ in load x through the points of the curve:

    $$ g_h \ge u \big( (a_k - 1) \sum_m a_h + b_k \alpha_h K \big) \ \forall k, \qquad
    g_h \le u \big( (\bar a - 1) \sum_m a_h + \bar b \alpha_h K \big) $$
    """
    p = data.operation.part_load
    lp.add_columns(PART_LOAD_USE, p.table, HOUR, lower=-np.inf, unit="unit/h")
    for name, table, slope, base in (
        (LEAST_USE, p.segments, p.slope, p.base), (MOST_USE, p.table, p.most_slope, p.most_base)
    ):  # fmt: skip
        lp.add_rows(
            name, table, HOUR,
            terms=[
                (1, PART_LOAD_USE),
                Term(-slope, ACTIVITY, over=table, reads=CURVE),
                Term(-base, CAPACITY, over=table, reads=(*CURVE, *AVAILABLE)),
            ],
            lower=0 if name == LEAST_USE else -np.inf,
            upper=0 if name == MOST_USE else np.inf,
        )  # fmt: skip
