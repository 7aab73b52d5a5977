"""Programs without optimum: whether there is no solution, or cost falls without limit, and in which direction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.errors import InfeasibleError, SolveError, UnboundedError
from transform_sim.lp import Program

from .case import Case
from .engine import Engine
from .methods import METHODS
from .solution import Status

Floats = NDArray[np.float64]
SHOWN = 10


def no_optimum(program: Program, case: Case) -> SolveError:
    """The error for a program that HiGHS calls infeasible, unbounded, or one of the two.

    Its word for which is not taken: the presolve of HiGHS 1.15 calls some unbounded programs infeasible.
    """
    outcome = Engine(program.matrix, replace(case, cost=np.zeros_like(case.cost))).run(METHODS["simplex"])
    if outcome.status is Status.INFEASIBLE:
        return infeasible_error()
    if outcome.status is Status.OPTIMAL:
        return unbounded_error(program, case)
    return SolveError(f"HiGHS could not tell whether the program has a solution: {outcome.status}")


def infeasible_error() -> InfeasibleError:
    """The error for a program without solution; explaining it takes time and is the caller's choice."""
    return InfeasibleError("The program has no solution; explain_infeasible(program) says which rows conflict.")


def unbounded_error(program: Program, case: Case) -> UnboundedError:
    """The error that names the columns which can grow together for ever while cost falls."""
    ray = _ray(program, case)
    order = np.argsort(-np.abs(ray), kind="stable")[: np.count_nonzero(ray)]
    named = {program.column_name(int(k)): float(ray[k]) for k in order}
    parts = [f"{name} by {value:+.3g}" for name, value in list(named.items())[:SHOWN]]
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    text = "Cost falls without limit when these change together: " + ", ".join(parts) + more
    return UnboundedError(f"{text}. Bound one of them, or check the sign of its price.", named)


def _ray(program: Program, case: Case) -> Floats:
    r"""The cheapest direction of size 1 that no bound stops, largest entry ±1.

    $\min c r$ with $A r$ and $r$ free only towards infinite sides, $-1 \le r \le 1$, and the sum of the one-sided
    columns at most 1, so that one loop comes back and not all at once.
    """
    towards = np.where(np.isinf(case.lower) == np.isinf(case.upper), 0.0, np.where(np.isinf(case.upper), 1.0, -1.0))
    size = sparse.csc_array(towards.reshape(1, -1))
    cone = Case(
        case.cost,
        np.where(np.isinf(case.lower), -1.0, 0.0),
        np.where(np.isinf(case.upper), 1.0, 0.0),
        np.append(np.where(np.isinf(case.row_lower), -np.inf, 0.0), -np.inf),
        np.append(np.where(np.isinf(case.row_upper), np.inf, 0.0), 1.0),
    )
    outcome = Engine(sparse.csc_array(sparse.vstack([program.matrix, size], format="csc")), cone).run(
        METHODS["simplex"]
    )
    if outcome.x is None or not case.cost @ outcome.x < 0:
        raise SolveError("HiGHS calls the program unbounded, but no direction lowers its cost; try another method")
    largest = np.max(np.abs(outcome.x))
    return np.where(np.abs(outcome.x) > 1e-9 * largest, outcome.x / largest, 0.0)
