"""Flexible loads: how much is used more and less than without them."""

from __future__ import annotations

import numpy as np

from transform_sim.inputs import FlexibleLoads, Inputs
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import (
    ACTIVITY,
    CAPACITY,
    DOWN_LIMIT,
    HOUR,
    SHED,
    SHIFT_DOWN,
    SHIFT_JOINT_LIMIT,
    SHIFT_UP,
    SHIFT_UP_LIMIT,
    USE_LIMIT,
    USE_TAKEN_OFF,
)

from .references import PROCESS, REFERENCE, within
from .shedding import shedding
from .shifting import shifting

SHARES = tuple(f"flexible_loads.*.{field}" for field in ("up", "up_profile", "down", "down_profile"))


def flexible_load(lp: LinearProgram, data: Inputs) -> None:
    r"""More and less use than without shifting stay within shares of a reference, and of what is used at all.

    $$ u_h \le U_h R_h, \qquad v_h + \sum_k s_{k,h} \le D_h R_h, \qquad
    R_h = \varphi_h \bar d + \sigma \sum f \alpha_h K $$

    For a process with activity a, overload o and highest use $\hat f$ of any mode and hour of its draw:

    $$ v_h + \sum_k s_{k,h} \le \sigma \sum f \varphi_h a_h, \qquad
    \sigma \sum f \varphi_h a_h + u_h - v_h - \sum_k s_{k,h} \le (1+o) \sigma \sum \hat f \alpha_h K $$

    Joint limit (zerrahn_schill, gils): $u_h + v_h + \sum_k s_{k,h} \le \max(U_h, D_h) R_h$.
    """
    f = data.flexible_loads
    if not len(f.reference.table):
        return
    if f.shifting is not None:
        lp.add_columns(SHIFT_UP, f.shifting.table, HOUR, unit="unit/h")
        lp.add_columns(SHIFT_DOWN, f.shifting.table, HOUR, unit="unit/h")
    lp.add_columns(SHED, f.shedding.table, HOUR, unit="unit/h")
    _limits(lp, f)
    _of_processes(lp, f)
    if f.shifting is not None:
        shifting(lp, f, f.shifting)
        for variable, (table, cost) in ((SHIFT_UP, f.cost_up), (SHIFT_DOWN, f.cost_down)):
            lp.add_cost("load_shift", variable, cost, over=table,
                        reads=("flexible_loads.*.cost_up", "flexible_loads.*.cost_down"))  # fmt: skip
    shedding(lp, f)


def _limits(lp: LinearProgram, f: FlexibleLoads) -> None:
    table = f.reference.table
    if f.shifting is not None:
        shifted = np.flatnonzero(table.within(f.shifting.table))
        within(lp, SHIFT_UP_LIMIT, table.take(shifted), [Term(1, SHIFT_UP)], f.up[shifted], f.reference, SHARES)
        both = np.flatnonzero(table.within(f.shifting.joint)) if len(f.shifting.joint) else shifted[:0]
        within(
            lp, SHIFT_JOINT_LIMIT, table.take(both), [Term(1, SHIFT_UP), Term(1, SHIFT_DOWN), Term(1, SHED)],
            np.maximum(f.up, f.down)[both], f.reference, SHARES,
        )  # fmt: skip
    within(lp, DOWN_LIMIT, table, [Term(1, SHIFT_DOWN), Term(1, SHED)], f.down, f.reference, SHARES)


def _of_processes(lp: LinearProgram, f: FlexibleLoads) -> None:
    r, share = f.reference, ("flexible_loads.*.share", "flexible_loads.*.overload")
    table = r.table.take(r.of_process)
    lp.add_rows(
        USE_TAKEN_OFF, table, HOUR,
        terms=[
            (1, SHIFT_DOWN), (1, SHED),
            Term(-r.per_activity, ACTIVITY, over=r.runs, reads=(*PROCESS, *share)),
        ],
        upper=0,
    )  # fmt: skip
    lp.add_rows(
        USE_LIMIT, table, HOUR,
        terms=[
            Term(r.per_activity, ACTIVITY, over=r.runs, reads=(*PROCESS, *share)),
            (1, SHIFT_UP), (-1, SHIFT_DOWN), (-1, SHED),
            Term(-(1.0 + f.overload) * r.most, CAPACITY, over=r.plants, reads=(*REFERENCE, *share)),
        ],
        upper=0,
    )  # fmt: skip
