r"""Proof that a solution is optimal, computed from the program alone, whoever solved it.

For $\min c x$ with $b^- \le A x \le b^+$, $l \le x \le u$ and row duals y, let

- $S_i = \sum_j |a_{ij} x_j|$, what goes through a row, and $T_j = |c_j| + \sum_i |a_{ij} y_i|$, the money that meets in
  a column; $u_i = \max(1, \max_j |a_{ij}|)$, what a natural unit (t/h, MW) is to a row; $s_j = W_h N_y$, what a EUR per
  unit is to a column (8760 $N_y$ for capacities, which count by the year);
- $z = c - A^T y$ the reduced costs; duals of a side that does not exist are set to 0 first, so that they show up in z.

The tests, at tolerance τ:

- relative gap and the relative L2 norms of primal and dual residual are at most τ;
- each row: violation ≤ 100 τ (1e-3 u_i + S_i); each bound: violation ≤ 100 τ (1e-3 + |x_j|); neither less than 1e-8;
- each column: |z_j| ξ_j ≤ 100 τ (1e-3 s_j + T_j), where ξ_j = 1 if no bound excuses the sign of z_j, else the distance
  to that bound as a share (at most 1) of what goes through the column's rows;
- each row: ρ_i · slack_i ≤ 100 τ (1e-2 u_i + S_i + |side_i|), where ρ_i is the largest share of a priced row in the
  money of one of its columns.

The last two are complementary slackness without a norm that would drown small plants: profit that is left, and slack
that is paid for. An entry that is off by one per cent is found where it is at least τ · 1e4 of one of its rows: 1 % at
1e-6, 0.01 % at 1e-8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transform_sim.lp import Program

from .case import Bounds, Case
from .kkt import FLOOR, DualSide, PrimalSide, Ruler, dot, dual_side, primal_side
from .worst import ELEMENTWISE, Finding, worst_column, worst_row

Floats = NDArray[np.float64]

SHOWN_PROFIT = 0.01


@dataclass(frozen=True)
class Certificate:
    """What the independent check found; `ok` says whether it holds at `tolerance`.

    Dual quantities are None for a check of the primal side alone (`complete` is False).

    Attributes:
        gap: |primal − dual objective| ÷ (1 + |primal| + |dual|).
        primal_residual, dual_residual: L2 norm of the violations ÷ (1 + L2 norm of the sides, of the costs).
        row_residual: largest violation of a row ÷ largest term of that row.
        profit_left: most that one more (or less) unit of any column would still earn, in money per unit (of a rate), or
            per unit and hour (of a capacity or store size, which counts by the year).
    """

    tolerance: float
    objective: float
    dual_objective: float | None
    gap: float | None
    primal_residual: float
    dual_residual: float | None
    worst_row: Finding | None
    worst_column: Finding | None
    row_residual: float
    profit_left: float | None

    @property
    def complete(self) -> bool:
        """Whether duals were there to prove optimality, not only feasibility."""
        return self.dual_objective is not None

    @property
    def failures(self) -> tuple[str, ...]:
        """One sentence per failed test; empty if the certificate holds."""
        norms = (("gap", self.gap), ("primal residual", self.primal_residual), ("dual residual", self.dual_residual))
        # `not <=` rather than `>`: a NaN must fail
        failed = [
            f"{name} {value:.3g}, allowed {self.tolerance:.3g}"
            for name, value in norms
            if value is not None and not value <= self.tolerance
        ]
        found = (self.worst_row, self.worst_column)
        return (*(str(f) for f in found if f is not None and not f.ratio <= 1), *failed)

    @property
    def ok(self) -> bool:
        """Whether every test holds."""
        return not self.failures

    @property
    def shows_prices(self) -> bool:
        """Whether the duals are sharp enough to be published as prices (profit left ≤ 0.01 per unit)."""
        return self.ok and self.profit_left is not None and self.profit_left <= SHOWN_PROFIT

    def summary(self) -> str:
        """One line for logs and tables."""
        kind = "optimal" if self.complete else "feasible"
        state = f"proved {kind}" if self.ok else f"not proved {kind}"
        parts = [f"{state} at {self.tolerance:g}", f"primal residual {self.primal_residual:.1e}"]
        if self.complete:
            parts += [f"dual residual {self.dual_residual:.1e}", f"gap {self.gap:.1e}"]
            parts += [f"profit left {self.profit_left:.1e} per unit"]
        return ", ".join(parts)

    def __str__(self) -> str:
        found = [f"worst {k} {f}" for k, f in (("row", self.worst_row), ("column", self.worst_column)) if f]
        return "\n  ".join([self.summary(), *found])


def certify(
    program: Program,
    x: ArrayLike,
    row_dual: ArrayLike | None = None,
    cost: ArrayLike | None = None,
    bounds: Bounds | None = None,
    tolerance: float = 1e-6,
) -> Certificate:
    """Check a solution against the program's own numbers; see the module for the tests.

    Args:
        x: value of each column.
        row_dual: d objective / d side of each row; None checks the primal side alone.
        cost, bounds: what replaces the program's own, as in the solve.

    Work and memory are proportional to the non-zeros.
    """
    values = _vector(x, program.shape[1], "x")
    duals = None if row_dual is None else _vector(row_dual, program.shape[0], "row_dual")
    return certify_case(Ruler.of(program), Case.of(program, cost, bounds), values, duals, tolerance)


def certify_case(ruler: Ruler, case: Case, x: Floats, row_dual: Floats | None, tolerance: float) -> Certificate:
    """`certify` for arrays that are already in full, and coefficients whose sizes are known."""
    with np.errstate(invalid="ignore", over="ignore"):  # a solution of NaN or infinities must fail, not warn
        primal = primal_side(ruler, case, x)
        dual = None if row_dual is None else dual_side(ruler, case, x, row_dual, primal)
        return _certificate(ruler, case, x, primal, dual, tolerance)


def best_known(
    ruler: Ruler, case: Case, x: Floats | None, row_dual: Floats | None, tolerance: float
) -> tuple[float | None, float | None]:
    """What an unfinished run still proves: a bound below the optimum and the cost of a feasible solution, or None."""
    if x is None:
        return None, None
    with np.errstate(invalid="ignore", over="ignore"):
        primal = primal_side(ruler, case, x)
        feasible = _certificate(ruler, case, x, primal, None, tolerance)
        incumbent = feasible.objective if feasible.ok else None
        if row_dual is None:
            return None, incumbent
        dual = dual_side(ruler, case, x, row_dual, primal)
        allowed = ELEMENTWISE * tolerance * (FLOOR * ruler.per_unit + dual.money)
        holds = bool(np.all(np.abs(dual.unexcused) <= allowed))
        return dual.objective if holds else None, incumbent


def _certificate(
    ruler: Ruler, case: Case, x: Floats, primal: PrimalSide, dual: DualSide | None, tolerance: float
) -> Certificate:
    objective = dot(case.cost, x)
    sides = np.maximum(_finite(case.row_lower), _finite(case.row_upper))
    return Certificate(
        tolerance=tolerance,
        objective=objective,
        dual_objective=None if dual is None else dual.objective,
        gap=None if dual is None else _relative(objective, dual.objective),
        primal_residual=_norm(primal.row_violation, primal.bound_violation) / (1 + _norm(sides)),
        dual_residual=None if dual is None else _norm(dual.unexcused) / (1 + _norm(case.cost)),
        worst_row=worst_row(ruler, primal, dual, tolerance),
        worst_column=worst_column(ruler, x, primal, dual, tolerance),
        row_residual=float(np.max(primal.row_violation / (FLOOR * ruler.unit + primal.largest), initial=0.0)),
        profit_left=None if dual is None else float(np.max(dual.profit / ruler.per_unit, initial=0.0)),
    )


def _relative(primal: float, dual: float) -> float:
    return abs(primal - dual) / (1 + abs(primal) + abs(dual))


def _finite(values: Floats) -> Floats:
    return np.where(np.isinf(values), 0.0, np.abs(values))


def _norm(*vectors: Floats) -> float:
    return float(np.sqrt(sum(dot(v, v) for v in vectors)))


def _vector(values: ArrayLike, size: int, name: str) -> Floats:
    array = np.asarray(values, dtype=float)
    if array.shape != (size,):
        raise ValueError(f"{name} has shape {array.shape}; the program needs ({size},)")
    return array
