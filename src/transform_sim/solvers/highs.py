"""HiGHS: prepare a program once, solve it for many costs and bounds, prove each solution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transform_sim.errors import (
    CertificateError,
    InfeasibleError,
    SolveError,
    TimeLimitError,
    UnboundedError,
)
from transform_sim.lp import Program

from .case import Bounds, Case
from .certificate import best_known, certify_case
from .engine import Engine, Options, Outcome
from .kkt import Ruler, dot, excludes
from .methods import DUAL, INTERIOR_TOLERANCE, METHODS, PRIMAL, Attempt, Method, attempts, chosen
from .solution import Solution, Status
from .unbounded import infeasible_error, no_optimum

Floats = NDArray[np.float64]
FEASIBILITY_SECONDS, FEASIBILITY_ITERATIONS = 10.0, 15_000
"""How long the simplex may look for any solution before an interior point starts; iterations where they are limited."""


def prepare(
    program: Program,
    *,
    method: Method = "auto",
    tolerance: float | None = None,
    time_limit: float | None = None,
    iteration_limit: int | None = None,
    threads: int | None = None,
    log: Callable[[str], None] | None = None,
) -> Session:
    """Hand a program to HiGHS, to be solved once or for many costs and bounds.

    Args:
        method: `auto` takes the simplex for small programs, the interior point for large ones.
        tolerance: of the certificate; by default 1e-8 for a vertex and 1e-6 for an interior solution.
        time_limit: seconds for one solve with all its attempts.
        iteration_limit: of each attempt; makes results independent of the machine's speed.
        threads: None leaves it to HiGHS.
        log: receives each line that HiGHS writes, for example `print`.

    Raises MissingExtraError if `hipo` is asked for and its package is missing.
    """
    return Session(program, chosen(method, program.shape[1]), tolerance, time_limit, iteration_limit, threads, log)


class Session:
    """A program inside HiGHS. `solve` as often as needed: matrix and last basis are kept.

    A case without solution leaves no trace: the next one goes on from the vertex before.
    """

    def __init__(
        self,
        program: Program,
        method: str,
        tolerance: float | None,
        time_limit: float | None,
        iteration_limit: int | None,
        threads: int | None,
        log: Callable[[str], None] | None,
    ) -> None:
        self.program = program
        self.method = method
        self._tolerance = tolerance
        self._time_limit = np.inf if time_limit is None else float(time_limit)
        self._limits: dict[str, int] = {"threads": threads or 0}
        if iteration_limit is not None:
            self._limits |= {f"{kind}_iteration_limit": iteration_limit for kind in ("simplex", "ipm", "pdlp")}
        self._engine = Engine(program.matrix, Case.of(program), log)
        self._vertex: Any = None
        self._astray = self._costs_moved = self._bounds_moved = False

    @cached_property
    def _ruler(self) -> Ruler:
        return Ruler.of(self.program)

    def solve(self, cost: ArrayLike | None = None, bounds: Bounds | None = None) -> Solution:
        """The optimum for these costs and bounds, with its proof.

        Args:
            cost, bounds: replace the program's own; what is not given is the program's, not that of the last solve.

        Raises:
            InfeasibleError, UnboundedError, TimeLimitError, CertificateError (no attempt could be proved), SolveError.
        """
        case = Case.of(self.program, cost, bounds)
        spent = _Spent(self._time_limit)
        if self.method != "simplex":
            self._check_feasible(case, spent)
        ways = attempts(self.method, self._tolerance, self._onward(case))
        vertex, self._vertex = self._vertex, None
        try:
            solution, stands = self._first_proved(case, ways, spent)
        except (InfeasibleError, UnboundedError):
            self._vertex, self._astray = vertex, True
            raise
        if stands:
            self._vertex, self._astray = self._engine.basis(), False
            self._costs_moved = self._bounds_moved = False
        return solution

    def _onward(self, case: Case) -> Options | None:
        """Pass the case on; tells how the simplex goes on from the last vertex, None if there is none."""
        costs_changed, bounds_changed = self._engine.update(case)
        self._costs_moved |= costs_changed
        self._bounds_moved |= bounds_changed
        if self._vertex is None:
            return None
        if self._astray:
            self._engine.restore(self._vertex)
        return PRIMAL if self._costs_moved and not self._bounds_moved else DUAL

    def _first_proved(self, case: Case, ways: Sequence[Attempt], spent: _Spent) -> tuple[Solution, bool]:
        """The first solution that can be proved, and whether the simplex stands at it as its vertex."""
        outcome: Outcome | None = None
        for attempt in ways:
            if attempt.polish:
                if outcome is None or outcome.status is not Status.OPTIMAL:
                    continue
                self._engine.restore(self._engine.basis())
            options = {**attempt.options, **self._limits, "time_limit": spent.left}
            outcome = self._engine.run(options, cold=attempt.cold)
            spent.add(outcome)
            if outcome.status is Status.INFEASIBLE and not attempt.cold and self._excluded(case):
                raise infeasible_error()
            if outcome.status in (_FINAL if attempt.cold else _FINAL - _WITHOUT_OPTIMUM):
                if outcome.status in _LIMITS and spent.unproved:
                    break
                raise self._refusal(case, outcome, spent)
            if outcome.x is None or outcome.row_dual is None:
                continue
            solution = self._solution(case, attempt, outcome, spent)
            if solution.certificate.ok:
                return solution, attempt.options["solver"] == "simplex"
            spent.unproved.append(solution)
        return self._least_bad(case, spent), False

    def _excluded(self, case: Case) -> bool:
        """Whether HiGHS has a proof that the case has no solution, and it holds."""
        ray = self._engine.ray()
        return ray is not None and excludes(self._ruler, case, ray)

    def _check_feasible(self, case: Case, spent: _Spent) -> None:
        """Let the simplex look for any solution first: an interior point takes as long to fail as to succeed.

        Measured on 41k columns: 0.8 s to see that there is none, where HiPO took 32 s.
        """
        self._engine.update(replace(case, cost=np.zeros_like(case.cost)))
        limits: dict[str, float] = {**self._limits, "time_limit": min(spent.left, FEASIBILITY_SECONDS)}
        if "simplex_iteration_limit" in self._limits:
            fewest = min(self._limits["simplex_iteration_limit"], FEASIBILITY_ITERATIONS)
            limits |= {"simplex_iteration_limit": fewest, "time_limit": spent.left}
        outcome = self._engine.run({**METHODS["simplex"], **limits})
        spent.seconds += outcome.seconds
        if outcome.status is Status.INFEASIBLE:
            raise infeasible_error()
        if outcome.status is Status.OPTIMAL:
            spent.feasible = outcome.x

    def _solution(self, case: Case, attempt: Attempt, outcome: Outcome, spent: _Spent) -> Solution:
        assert outcome.x is not None
        # interior values stop a hair inside or outside their bounds; the certificate judges what is returned
        x = np.clip(outcome.x, case.lower, case.upper)
        return Solution(
            x=x,
            row_dual=outcome.row_dual,
            objective=dot(case.cost, x),
            status=Status.OPTIMAL,
            solver="highs",
            method=attempt.name,
            iterations=spent.iterations,
            seconds=spent.seconds,
            certificate=certify_case(self._ruler, case, x, outcome.row_dual, attempt.tolerance),
        )

    def _refusal(self, case: Case, outcome: Outcome, spent: _Spent) -> SolveError:
        """What an end without optimum means."""
        if outcome.status in _WITHOUT_OPTIMUM:
            return no_optimum(self.program, case)
        if outcome.status in _LIMITS:
            return self._limit_error(case, outcome, spent)
        return SolveError(f"HiGHS ended early: {outcome.status}")

    def _limit_error(self, case: Case, outcome: Outcome, spent: _Spent) -> TimeLimitError:
        """What is known at the limit. Without a point from HiGHS, a tenth of the time more goes into a lower bound."""
        if outcome.row_dual is None:
            limits = {**self._limits, "time_limit": max(0.1 * self._time_limit, 0.01)}
            outcome = self._engine.run({**METHODS["simplex"], "presolve": "off", **limits})
        bound, incumbent = best_known(self._ruler, case, outcome.x, outcome.row_dual, INTERIOR_TOLERANCE)
        if incumbent is None:
            _, incumbent = best_known(self._ruler, case, spent.feasible, None, INTERIOR_TOLERANCE)
        known = "no solution found" if incumbent is None else f"the best solution found costs {incumbent:.6g}"
        least = "no lower bound known" if bound is None else f"none can cost less than {bound:.6g}"
        text = f"Stopped after {spent.seconds:.1f} s and {spent.iterations:,} iterations ({spent.ends[-1]}) without a "
        advice = "Raise the limit, or coarsen the time structure of the study."
        return TimeLimitError(f"{text}proved optimum: {known}, {least}. {advice}", bound, incumbent)

    def _least_bad(self, case: Case, spent: _Spent) -> Solution:
        """A vertex that misses its own tolerance but meets that of interior solutions; else CertificateError."""
        if not spent.unproved:
            raise SolveError(f"HiGHS ended without a solution ({', '.join(spent.ends)}); try another method")
        for solution in spent.unproved if self._tolerance is None else ():
            certificate = certify_case(self._ruler, case, solution.x, solution.row_dual, INTERIOR_TOLERANCE)
            if certificate.ok:
                return replace(solution, certificate=certificate)
        last = spent.unproved[-1].certificate
        tried = ", ".join(dict.fromkeys(s.method for s in spent.unproved))
        raise CertificateError(f"No solution could be proved (tried {tried}). " + "; ".join(last.failures), last)


@dataclass
class _Spent:
    """Time, iterations and solutions that failed their certificate, over the attempts of one solve."""

    limit: float
    seconds: float = 0.0
    iterations: int = 0
    feasible: Floats | None = None
    ends: list[str] = field(default_factory=list)
    unproved: list[Solution] = field(default_factory=list)

    @property
    def left(self) -> float:
        return max(0.0, self.limit - self.seconds)

    def add(self, outcome: Outcome) -> None:
        self.seconds += outcome.seconds
        self.iterations += outcome.iterations
        self.ends.append(outcome.status.value)


_LIMITS = {Status.TIME_LIMIT, Status.ITERATION_LIMIT}
_WITHOUT_OPTIMUM = {Status.INFEASIBLE, Status.UNBOUNDED, Status.INFEASIBLE_OR_UNBOUNDED}
_FINAL = {*_LIMITS, *_WITHOUT_OPTIMUM, Status.MEMORY_LIMIT, Status.INTERRUPTED}
