"""Programs without optimum: whether there is no solution, or cost falls without limit, and in which direction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from transform_sim.errors import InfeasibleError, SolveError, UnboundedError
from transform_sim.lp import Program

from .case import Case
from .directions import Open, cheapest_direction
from .engine import Engine
from .methods import METHODS
from .solution import Status

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
    ray = cheapest_direction(program.matrix, case.cost, Open.far_out(case))
    if ray is None:
        raise SolveError("HiGHS calls the program unbounded, but no direction lowers its cost; try another method")
    order = np.argsort(-np.abs(ray), kind="stable")[: np.count_nonzero(ray)]
    named = {program.column_name(int(k)): float(ray[k]) for k in order}
    parts = [f"{name} by {value:+.3g}" for name, value in list(named.items())[:SHOWN]]
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    text = "Cost falls without limit when these change together: " + ", ".join(parts) + more
    return UnboundedError(f"{text}. Bound one of them, or check the sign of its price.", named)
