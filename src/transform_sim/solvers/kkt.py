"""The violations of a solution, element by element: pure numpy, work and memory proportional to the non-zeros."""

from __future__ import annotations

from dataclasses import dataclass
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
CANCELLED = 1e-10
"""Share of its terms below which a sum is rounding."""
CLEARLY = 1e-6
"""Share of what is added up by which a contradiction must hold."""


@dataclass(frozen=True, eq=False)
class Ruler:
    """What the coefficients of a program say about sizes: laid out once, then held against any number of solutions.

    Attributes:
        transpose: $A^T$.
        magnitudes, by_row: $|A|$ by columns and by rows.
        unit: $u_i$, largest coefficient of each row, at least 1: what one natural unit of a column is to the row.
        per_unit: what turns the money of a column into EUR per unit; capacities count by the year: EUR per unit and
            hour.
    """

    program: Program
    transpose: sparse.csr_array
    magnitudes: sparse.csc_array
    by_row: sparse.csr_array
    unit: Floats
    per_unit: Floats

    @classmethod
    def of(cls, program: Program) -> Ruler:
        matrix = program.matrix
        magnitudes = sparse.csc_array((np.abs(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
        by_row = sparse.csr_array(magnitudes)
        unit = np.maximum(1.0, _largest(by_row, np.ones(matrix.shape[1])))
        return cls(program, sparse.csr_array(matrix.T), magnitudes, by_row, unit, _per_unit(program))

    def row_max(self, weights: Floats) -> Floats:
        """Largest |a_ij| · weight_j of each row."""
        return _largest(self.by_row, weights)

    def column_max(self, weights: Floats) -> Floats:
        """Largest |a_ij| · weight_i of each column."""
        return _largest(self.magnitudes, weights)


class PrimalSide(NamedTuple):
    """Rows and bounds.

    Attributes:
        activity: $A x$.
        through: $S_i = \\sum_j |a_{ij} x_j|$.
        largest: largest single term of each row.
    """

    activity: Floats
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


def primal_side(ruler: Ruler, case: Case, x: Floats) -> PrimalSide:
    """How far rows and bounds are violated at `x`."""
    activity, size = ruler.program.matrix @ x, np.abs(x)
    return PrimalSide(
        activity,
        ruler.by_row @ size,
        ruler.row_max(size),
        _outside(activity, case.row_lower, case.row_upper),
        _outside(x, case.lower, case.upper),
    )


def dual_side(ruler: Ruler, case: Case, x: Floats, row_dual: Floats, primal: PrimalSide) -> DualSide:
    """How far prices and reduced costs are from proving that `x` is optimal."""
    # a price on a side that does not exist buys nothing; without it the fault shows in the columns of the row
    y = np.where(np.isinf(np.where(row_dual > 0, case.row_lower, case.row_upper)), 0.0, row_dual)
    reduced = case.cost - ruler.transpose @ y
    money = ruler.magnitudes.T @ np.abs(y) + np.abs(case.cost)
    side = np.where(y > 0, case.row_lower, case.row_upper)
    bound = np.where(reduced > 0, case.lower, case.upper)
    open_end = np.isinf(bound)
    distance = np.where(open_end, 0.0, np.abs(x - np.where(open_end, 0.0, bound)))
    reach = np.where(open_end, 1.0, np.minimum(1.0, distance * _reach(ruler, primal, x)))
    slack, side = np.where(y != 0, np.abs(primal.activity - side), 0.0), np.where(y != 0, side, 0.0)
    share = np.abs(y) * ruler.row_max(1.0 / (FLOOR * ruler.per_unit + money))
    return DualSide(
        objective=dot(y, side) + dot(reduced, np.where(open_end, 0.0, bound)),
        money=money,
        unexcused=np.where(open_end, reduced, 0.0),
        profit=np.abs(reduced) * reach,
        idle=slack / (SLACK_FLOOR * ruler.unit + primal.through + np.abs(side)) * np.minimum(1.0, share),
    )


def excludes(ruler: Ruler, case: Case, ray: Floats) -> bool:
    r"""Whether a combination of the rows holds for no x within its bounds, which proves that there is no solution.

    With $z = A^T y$: what the sides ask for, $\sum_{y_i>0} y_i b^-_i + \sum_{y_i<0} y_i b^+_i$, is more than
    $\max_{l \le x \le u} z x$. Either sign of the ray may be meant. It must be more by a millionth of what is added
    up; a $z_j$ that is rounding beside its terms is 0.
    """
    return any(_asked(ruler, case, y) for y in (ray, -ray))


def _asked(ruler: Ruler, case: Case, y: Floats) -> bool:
    side = np.where(y > 0, case.row_lower, case.row_upper)
    y = np.where(np.isinf(side), 0.0, y)
    z = ruler.transpose @ y
    z = np.where(np.abs(z) <= CANCELLED * (ruler.magnitudes.T @ np.abs(y)), 0.0, z)
    bound = np.where(z > 0, case.upper, case.lower)
    if np.isinf(bound[z != 0]).any():
        return False
    wanted, most = y[y != 0] * side[y != 0], z[z != 0] * bound[z != 0]
    return bool(wanted.sum() - most.sum() > CLEARLY * (np.abs(wanted).sum() + np.abs(most).sum()))


def dot(a: Floats, b: Floats) -> float:
    """$\\sum_i a_i b_i$ by numpy's own sum.

    `@` hands vectors of more than 10,000 numbers to several threads: it then waits for busy cores (measured: ten times
    the whole certificate), and its last digits depend on how many there are.
    """
    return float(np.sum(a * b))


def _per_unit(program: Program) -> Floats:
    scale = program.column_scale.copy()
    for block in program.columns:
        if block.grid.name == STOCK:
            scale[block.span] *= HOURS
    return scale


def _outside(values: Floats, lower: Floats, upper: Floats) -> Floats:
    return np.maximum(np.maximum(lower - values, values - upper), 0.0)


def _reach(ruler: Ruler, primal: PrimalSide, x: Floats) -> Floats:
    """What one unit of each column means to the row in which it means most; a column without rows to itself."""
    weights = 1.0 / (SLACK_FLOOR * ruler.unit + primal.through)
    filled = np.diff(ruler.magnitudes.indptr) > 0
    return np.where(filled, ruler.column_max(weights), 1 / (SLACK_FLOOR + np.abs(x)))


def _largest(magnitudes: sparse.csr_array | sparse.csc_array, weights: Floats) -> Floats:
    """Largest product along each row of a CSR, each column of a CSC array; 0 where there is none."""
    filled = np.diff(magnitudes.indptr) > 0
    out = np.zeros(len(filled))
    if filled.any():
        products = magnitudes.data * weights[magnitudes.indices]
        out[filled] = np.maximum.reduceat(products, magnitudes.indptr[:-1][filled])
    return out
