"""The violations of a solution, element by element: pure numpy, work and memory proportional to the non-zeros."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.lp import Program
from transform_sim.names import STOCK

from .case import Case

Floats = NDArray[np.float64]

FLOOR = 1e-3
"""A thousandth of a natural unit (t/h, MW, EUR per unit): below it nothing is judged by its own size."""
SLACK_FLOOR = 1e-2
"""The same for slack and distance to a bound, which interior solutions only let go of at the very end."""
ROUNDING = 1e-8
"""Violation that no tolerance counts, in natural units: what rounding leaves of a row in which nothing flows."""
HOURS = 8760.0


class PrimalSide(NamedTuple):
    """Rows and bounds.

    Attributes:
        activity: $A x$.
        unit: $u_i$, largest coefficient of each row, at least 1: what one natural unit of a column is to the row.
        through: $S_i = \\sum_j |a_{ij} x_j|$.
        largest: largest single term of each row.
    """

    magnitudes: sparse.csc_array
    activity: Floats
    unit: Floats
    through: Floats
    largest: Floats
    row_violation: Floats
    bound_violation: Floats


class DualSide(NamedTuple):
    """Prices and reduced costs.

    Attributes:
        money: $T_j = |c_j| + \\sum_i |a_{ij} y_i|$.
        unexcused: reduced costs whose sign no bound excuses, 0 elsewhere.
        profit: |reduced cost| × how far the column is from the bound that would excuse it, relative to its rows.
        idle: slack that is paid for, relative to its row × share of the price in a column's money.
    """

    objective: float
    money: Floats
    unexcused: Floats
    profit: Floats
    idle: Floats


def primal_side(program: Program, case: Case, x: Floats) -> PrimalSide:
    """How far rows and bounds are violated at `x`."""
    matrix = program.matrix
    magnitudes = sparse.csc_array((np.abs(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
    activity, size = matrix @ x, np.abs(x)
    return PrimalSide(
        magnitudes,
        activity,
        np.maximum(1.0, _row_max(magnitudes, np.ones(matrix.shape[1]))),
        magnitudes @ size,
        _row_max(magnitudes, size),
        _outside(activity, case.row_lower, case.row_upper),
        _outside(x, case.lower, case.upper),
    )


def dual_side(program: Program, case: Case, x: Floats, row_dual: Floats, primal: PrimalSide) -> DualSide:
    """How far prices and reduced costs are from proving that `x` is optimal."""
    # a price on a side that does not exist buys nothing; without it the fault shows in the columns of the row
    y = np.where(np.isinf(np.where(row_dual > 0, case.row_lower, case.row_upper)), 0.0, row_dual)
    reduced = case.cost - program.matrix.T @ y
    money = primal.magnitudes.T @ np.abs(y) + np.abs(case.cost)
    side = np.where(y > 0, case.row_lower, case.row_upper)
    bound = np.where(reduced > 0, case.lower, case.upper)
    open_end = np.isinf(bound)
    distance = np.where(open_end, 0.0, np.abs(x - np.where(open_end, 0.0, bound)))
    reach = np.where(open_end, 1.0, np.minimum(1.0, distance * _reach(primal, x)))
    slack, side = np.where(y != 0, np.abs(primal.activity - side), 0.0), np.where(y != 0, side, 0.0)
    share = np.abs(y) * _row_max(primal.magnitudes, 1.0 / (FLOOR * per_unit(program) + money))
    return DualSide(
        objective=float(y @ side + reduced @ np.where(open_end, 0.0, bound)),
        money=money,
        unexcused=np.where(open_end, reduced, 0.0),
        profit=np.abs(reduced) * reach,
        idle=slack / (SLACK_FLOOR * primal.unit + primal.through + np.abs(side)) * np.minimum(1.0, share),
    )


def per_unit(program: Program) -> Floats:
    """What turns the money of a column into EUR per unit; capacities count by the year: EUR per unit and hour."""
    scale = program.column_scale.copy()
    for block in program.columns:
        if block.grid.name == STOCK:
            scale[block.span] *= HOURS
    return scale


def _outside(values: Floats, lower: Floats, upper: Floats) -> Floats:
    return np.maximum(np.maximum(lower - values, values - upper), 0.0)


def _reach(primal: PrimalSide, x: Floats) -> Floats:
    """What one unit of each column means to the row in which it means most; a column without rows to itself."""
    weights = 1.0 / (SLACK_FLOOR * primal.unit + primal.through)
    return np.where(
        np.diff(primal.magnitudes.indptr) > 0, _column_max(primal.magnitudes, weights), 1 / (SLACK_FLOOR + np.abs(x))
    )


def _row_max(magnitudes: sparse.csc_array, weights: Floats) -> Floats:
    """Largest |a_ij| · weight_j of each row."""
    out = np.zeros(magnitudes.shape[0])
    np.maximum.at(out, magnitudes.indices, magnitudes.data * np.repeat(weights, np.diff(magnitudes.indptr)))
    return out


def _column_max(magnitudes: sparse.csc_array, weights: Floats) -> Floats:
    """Largest |a_ij| · weight_i of each column."""
    out = np.zeros(magnitudes.shape[1])
    filled = np.diff(magnitudes.indptr) > 0
    if filled.any():
        products = magnitudes.data * weights[magnitudes.indices]
        out[filled] = np.maximum.reduceat(products, magnitudes.indptr[:-1][filled])
    return out
