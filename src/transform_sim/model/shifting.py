"""How shifted use comes back, by method."""

from __future__ import annotations

from transform_sim.inputs import FlexibleLoads, Shifting
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import (
    BROUGHT_FORWARD,
    DOWN_OF_DELAYS,
    DOWN_OF_PAIRS,
    FORWARD_LEVEL,
    HOUR,
    OUTSTANDING,
    OUTSTANDING_LIMIT,
    PUT_OFF,
    PUT_OFF_LEVEL,
    SHIFT_DOWN,
    SHIFT_LEVEL,
    SHIFT_LEVEL_BALANCE,
    SHIFT_LEVEL_LIMIT,
    SHIFT_PAIR,
    SHIFT_RECOVERY,
    SHIFT_UP,
    SHIFT_WINDOW,
    UP_OF_DELAYS,
    UP_OF_PAIRS,
)

from .references import within

EFFICIENCY = ("flexible_loads.*.efficiency",)
UP, DOWN = ("flexible_loads.*.up",), ("flexible_loads.*.down",)


def shifting(lp: LinearProgram, f: FlexibleLoads, s: Shifting) -> None:
    """The rows of all methods; each load has those of its own."""
    _windows(lp, s)
    _pairs(lp, f, s)
    _delays(lp, s)
    _outstanding(lp, f, s)
    _levels(lp, f, s)


def _windows(lp: LinearProgram, s: Shifting) -> None:
    r"""Within each block of hours less use makes up for more.

    $$ \eta \sum_{h \in block} u_h = \sum_{h \in block} v_h $$
    """
    reads = (*EFFICIENCY, "flexible_loads.*.window")
    for grid, table, efficiency in s.windows:
        terms = [Term(efficiency, SHIFT_UP, over=table, reads=reads), Term(-1, SHIFT_DOWN, over=table, reads=reads)]
        lp.add_rows(SHIFT_WINDOW, table, grid.name, terms, equals=0)


def _pairs(lp: LinearProgram, f: FlexibleLoads, s: Shifting) -> None:
    r"""Zerrahn and Schill (2015): more use in hour h is made up for in hours h + k, |k| ≤ L.

    $$ \eta u_h = \sum_k w_{k,h}, \qquad v_h = \sum_k w_{k,h-k}, \qquad
    \sum_{h'=h}^{h+\rho-1} u_{h'} \le L \bar U \bar R $$

    The recovery holds for the mean limit, so that a window that begins where nothing can be shifted forbids nothing.
    """
    table, efficiency = s.paired
    reads = ("flexible_loads.*.delay",)
    lp.add_columns(SHIFT_PAIR, s.pairs, HOUR, unit="unit/h")
    lp.add_rows(
        UP_OF_PAIRS, table, HOUR,
        terms=[Term(efficiency, SHIFT_UP, over=table, reads=EFFICIENCY), (-1, SHIFT_PAIR)], equals=0,
    )  # fmt: skip
    taken = [Term(-1, SHIFT_PAIR, over=over, step=s.sequences.shift(-k), reads=reads) for k, over in s.offsets.items()]
    lp.add_rows(DOWN_OF_PAIRS, table, HOUR, terms=[(1, SHIFT_DOWN), *taken], equals=0)
    for hours, (over, delay) in s.recovery.items():
        here = f.reference.table.within(over)
        terms = [Term(1, SHIFT_UP, over=over, step=s.sequences.following(hours), reads=("flexible_loads.*.recovery",))]
        within(lp, SHIFT_RECOVERY.format(hours), over, terms, delay * f.up_mean[here], f.mean, (*reads, *UP))


def _delays(lp: LinearProgram, s: Shifting) -> None:
    r"""Gils (2015): what is put off, or brought forward, comes back after the hours d of its class.

    What comes back is substituted for, so that no column stands for it:

    $$ u_h = \sum_d (b_{d,h} + p_{d,h-d} / \eta), \qquad v_h = \sum_d (p_{d,h} + \eta\, b_{d,h-d}) $$
    """
    lp.add_columns(BROUGHT_FORWARD, s.classes, HOUR, unit="unit/h")
    lp.add_columns(PUT_OFF, s.classes, HOUR, unit="unit/h")
    lagged = [(s.sequences.shift(-d), over, eta) for d, (over, eta) in s.delays.items()]
    reads = (*EFFICIENCY, "flexible_loads.*.delays")
    back = [Term(-1 / eta, PUT_OFF, over=over, step=step, reads=reads) for step, over, eta in lagged]
    lp.add_rows(UP_OF_DELAYS, s.classed[0], HOUR, terms=[(1, SHIFT_UP), (-1, BROUGHT_FORWARD), *back], equals=0)
    back = [Term(-eta, BROUGHT_FORWARD, over=over, step=step, reads=reads) for step, over, eta in lagged]
    lp.add_rows(DOWN_OF_DELAYS, s.classed[0], HOUR, terms=[(1, SHIFT_DOWN), (-1, PUT_OFF), *back], equals=0)


def _outstanding(lp: LinearProgram, f: FlexibleLoads, s: Shifting) -> None:
    r"""Gils (2015): what is outstanding stays within so many hours of the mean limit.

    $$ B^p_h = B^p_{h-1} + \sum_d (p_{d,h} - p_{d,h-d}) \le \tau \bar D \bar R, \qquad
    B^b_h = B^b_{h-1} + \eta \sum_d (b_{d,h} - b_{d,h-d}) \le \tau \bar U \bar R $$

    In the first hour of a sequence $B_h$ is what is outstanding then, $\sum_d \sum_{h'=h-d+1}^{h} p_{d,h'}$.
    """
    table, hours = s.held
    here = f.reference.table.within(table)
    reads = ("flexible_loads.*.delays", *EFFICIENCY)
    before = s.sequences.before()
    for level, variable, most, share in (
        (PUT_OFF_LEVEL, PUT_OFF, f.down_mean, DOWN), (FORWARD_LEVEL, BROUGHT_FORWARD, f.up_mean, UP)
    ):  # fmt: skip
        lp.add_columns(level, table, HOUR, unit="unit")
        changes = [
            Term(-(eta if variable == BROUGHT_FORWARD else 1.0), variable, over=over,
                 step=s.sequences.outstanding(d), reads=reads)
            for d, (over, eta) in s.delays.items()
        ]  # fmt: skip
        lp.add_rows(OUTSTANDING.format(level), table, HOUR,
                    terms=[(1, level), Term(-1, level, step=before), *changes], equals=0)  # fmt: skip
        within(lp, OUTSTANDING_LIMIT.format(level), table, [Term(1, level)], hours * most[here], f.mean,
               (*share, "flexible_loads.*.duration"))  # fmt: skip


def _levels(lp: LinearProgram, f: FlexibleLoads, s: Shifting) -> None:
    r"""A virtual battery: its level rises with more use, falls with less, and returns within its sequence.

    $$ B_h = (1-\ell) B_{h-1} + \eta u_h - v_h \le E \bar U \bar R $$
    """
    table, efficiency = s.levelled
    lp.add_columns(SHIFT_LEVEL, table, HOUR, unit="unit")
    lp.add_rows(
        SHIFT_LEVEL_BALANCE, table, HOUR,
        terms=[
            (1, SHIFT_LEVEL),
            Term(-s.kept, SHIFT_LEVEL, over=table, step=s.sequences.shift(-1), reads=("flexible_loads.*.loss",)),
            Term(-efficiency, SHIFT_UP, over=table, reads=EFFICIENCY),
            (1, SHIFT_DOWN),
        ],
        equals=0,
    )  # fmt: skip
    table, hours = s.energy
    most = hours * f.up_mean[f.reference.table.within(table)]
    within(lp, SHIFT_LEVEL_LIMIT, table, [Term(1, SHIFT_LEVEL)], most, f.mean, (*UP, "flexible_loads.*.energy"))
