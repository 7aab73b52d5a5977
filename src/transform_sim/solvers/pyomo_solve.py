"""Solving the Pyomo model with any solver that Pyomo knows, and reading the result back with its proof."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.opt import TerminationCondition as Ended

from transform_sim.errors import CertificateError, InfeasibleError, SolveError, TimeLimitError
from transform_sim.lp import Program

from .case import Case
from .certificate import certify
from .pyomo_model import OBJECTIVE, Positions, to_pyomo
from .solution import Solution, Status
from .unbounded import no_optimum

TOLERANCE = 1e-6
HIGHS_OPTIONS = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}

STATUS = {
    Ended.optimal: Status.OPTIMAL,
    Ended.globallyOptimal: Status.OPTIMAL,
    Ended.locallyOptimal: Status.OPTIMAL,
    Ended.feasible: Status.UNKNOWN,
    Ended.infeasible: Status.INFEASIBLE,
    Ended.unbounded: Status.UNBOUNDED,
    Ended.infeasibleOrUnbounded: Status.INFEASIBLE_OR_UNBOUNDED,
    Ended.noSolution: Status.UNKNOWN,
    Ended.unknown: Status.UNKNOWN,
    Ended.other: Status.UNKNOWN,
    Ended.maxTimeLimit: Status.TIME_LIMIT,
    Ended.maxIterations: Status.ITERATION_LIMIT,
    Ended.maxEvaluations: Status.ITERATION_LIMIT,
    Ended.minFunctionValue: Status.INTERRUPTED,
    Ended.minStepLength: Status.INTERRUPTED,
    Ended.userInterrupt: Status.INTERRUPTED,
    Ended.resourceInterrupt: Status.INTERRUPTED,
    Ended.licensingProblems: Status.ERROR,
    Ended.error: Status.ERROR,
    Ended.internalSolverError: Status.ERROR,
    Ended.solverFailure: Status.ERROR,
    Ended.intermediateNonInteger: Status.ERROR,
    Ended.invalidProblem: Status.ERROR,
}

# Extra components of these kinds change nothing by themselves
_HARMLESS = (pyo.Set, pyo.RangeSet, pyo.Param, pyo.Var, pyo.Expression, pyo.Suffix)


def solve_pyomo(
    program: Program,
    solver: str = "appsi_highs",
    *,
    model: Any = None,
    time_limit: float | None = None,
    tolerance: float = TOLERANCE,
    **options: Any,
) -> Solution:
    """The optimum through Pyomo.

    Args:
        solver: any name that Pyomo's SolverFactory knows and finds installed.
        model: a model from `to_pyomo`, with own constraints perhaps; None builds it.
        tolerance: of the certificate.
        options: handed to the solver under their own names.

    Raises the same errors as the HiGHS backend.
    """
    if solver not in pyo.SolverFactory or not pyo.SolverFactory(solver).available(exception_flag=False):
        raise SolveError(f"Pyomo finds no solver {solver!r}. Install it, or take 'appsi_highs'.")
    model = to_pyomo(program) if model is None else model
    backend = pyo.SolverFactory(solver)
    defaults = HIGHS_OPTIONS if "highs" in solver else {}
    limit = {} if time_limit is None else {"timelimit": time_limit}
    start = time.perf_counter()
    results = backend.solve(model, load_solutions=False, options={**defaults, **options}, **limit)
    seconds = time.perf_counter() - start
    status = STATUS[results.solver.termination_condition]
    if status is not Status.OPTIMAL:
        raise _refusal(program, model, status, seconds)
    model.solutions.load_from(results)
    return solution_from_pyomo(program, model, solver=f"pyomo:{solver}", seconds=seconds, tolerance=tolerance)


def solution_from_pyomo(
    program: Program, model: Any, *, solver: str = "pyomo", seconds: float = 0.0, tolerance: float = TOLERANCE
) -> Solution:
    """Read a solved model from `to_pyomo` back, with the certificate of the program.

    Where the model was changed (own constraints, another objective, fixed variables, moved bounds) its optimum is not
    the program's: the certificate then proves feasibility alone, and `row_dual` belongs to the changed model.

    Raises SolveError if the model carries no values, CertificateError if they do not fit the program.
    """
    positions: Positions = model.transform_sim
    x = _values(program, positions)
    dual = _duals(model, positions)
    changes = tuple(_changes(program, model))
    certificate = certify(program, x, None if changes else dual, tolerance=tolerance)
    if not certificate.ok:
        made = f" The model was changed: {', '.join(changes)}." if changes else ""
        raise CertificateError(
            f"The solution of {solver} is not proved.{made} " + "; ".join(certificate.failures), certificate
        )
    method = f"model with {', '.join(changes)}" if changes else "model as built"
    return Solution(x, dual, certificate.objective, Status.OPTIMAL, solver, method, 0, seconds, certificate)


def _values(program: Program, positions: Positions) -> np.ndarray:
    """Values of all columns; those without limited row or cost never reach a solver and rest at 0 or the next bound."""
    x = np.array([column.value for column in positions.columns], dtype=float)  # None becomes NaN
    limited = np.isfinite(program.row_lower) | np.isfinite(program.row_upper)
    idle = np.isnan(x) & (program.cost == 0) & (abs(program.matrix).T @ limited.astype(float) == 0)
    if np.isnan(x[~idle]).any():
        raise SolveError("The Pyomo model carries no solution. Solve it first, and load the solution.")
    return np.where(idle, np.clip(0.0, program.lower, program.upper), x)


def _duals(model: Any, positions: Positions) -> np.ndarray | None:
    """Duals of all rows; None if the solver gave none."""
    dual = model.dual
    if positions.rows and not len(dual):
        return None
    return np.array([0.0 if row is None else dual.get(row, 0.0) for row in positions.rows], dtype=float)


def _changes(program: Program, model: Any) -> Iterator[str]:
    """What was done to the model since `to_pyomo`."""
    positions: Positions = model.transform_sim
    for component in model.component_objects(active=True, descend_into=False):
        if component.name not in positions.components and component.ctype not in _HARMLESS:
            yield f"{component.name} added"
    if not model.component(OBJECTIVE).active:
        yield f"{OBJECTIVE} deactivated"
    off = sum(row is not None and not row.active for row in positions.rows)
    if off:
        yield f"{off} rows deactivated"
    bounds = zip(positions.columns, program.lower.tolist(), program.upper.tolist(), strict=True)
    moved = sum(c.fixed or _infinite(c.lb, -1) != low or _infinite(c.ub, 1) != high for c, low, high in bounds)
    if moved:
        yield f"{moved} columns fixed or with other bounds"


def _infinite(bound: float | None, sign: int) -> float:
    return sign * float("inf") if bound is None else float(bound)


def _refusal(program: Program, model: Any, status: Status, seconds: float) -> SolveError:
    changed = any(True for _ in _changes(program, model))
    if status in (Status.INFEASIBLE, Status.UNBOUNDED, Status.INFEASIBLE_OR_UNBOUNDED) and not changed:
        return no_optimum(program, Case.of(program))
    if status is Status.INFEASIBLE:
        return InfeasibleError("The program with what was added or changed has no solution.")
    if status in (Status.TIME_LIMIT, Status.ITERATION_LIMIT):
        return TimeLimitError(f"Stopped after {seconds:.1f} s ({status}) without a proved optimum. Raise the limit.")
    return SolveError(f"The solver ended without an optimum: {status}.")
