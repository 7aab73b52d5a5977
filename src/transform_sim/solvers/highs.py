"""HiGHS: prepare a program once, solve it for many costs and bounds, prove each solution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transform_sim.errors import (
    CertificateError,
    InfeasibleError,
    MissingExtraError,
    ModelError,
    SolveError,
    TimeLimitError,
)
from transform_sim.lp import Program

from .case import Bounds, Case
from .certificate import best_known, certify_case
from .engine import Engine, Options, Outcome, has_hipo
from .solution import Solution, Status
from .unbounded import is_feasible, unbounded_error

Floats = NDArray[np.float64]
Method = Literal["auto", "simplex", "hipo", "ipx", "pdlp"]

VERTEX_TOLERANCE = 1e-8
INTERIOR_TOLERANCE = 1e-6

LARGE = 40_000
"""Columns from which `auto` takes the interior point. Seconds of simplex / HiPO, HiGHS 1.15, one core of a busy machine:
the steel study 8k columns 0.7 / 2.2, 16k 5 / 13, 30k 11 / 24, 45k 14 / 25; synthetic transition programs 10k 1.0 / 2.6,
21k 4 / 4.5, 41k 15 / 10, 80k 39 / 37; but where regions are tightly coupled, 47k 75 / 12 and 57k over 300 / 27. So the
simplex is the better choice below and a bad risk above. PDLP needed 17 s at 11k columns and gave up at 10k and 21k of
another; it is never chosen by itself."""

# A tolerance of 1e-9 left the number of simplex iterations as it was and keeps row residuals at 1e-11.
_VERTEX: Options = {"presolve": "choose", "primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
# At HiGHS' own 1e-8 most interior solutions failed single rows (slack paid for, store sizes with profit left). The
# last two orders of magnitude cost one or two of some 35 iterations.
_INTERIOR: Options = {
    "presolve": "choose",
    "primal_feasibility_tolerance": 1e-7,
    "dual_feasibility_tolerance": 1e-7,
    "ipm_optimality_tolerance": 1e-12,
    "run_crossover": "off",
}
_CROSSOVER: Options = {**_VERTEX, "ipm_optimality_tolerance": 1e-8, "run_crossover": "on"}
METHODS: dict[str, Options] = {
    "simplex": {"solver": "simplex", **_VERTEX},
    # augmented/amd: 11.6 s where HiPO's own choice took 31 s on a study of 47k columns
    "hipo": {"solver": "hipo", "hipo_system": "augmented", "hipo_ordering": "amd", **_INTERIOR},
    "ipx": {"solver": "ipx", **_INTERIOR},
    "pdlp": {"solver": "pdlp", "pdlp_optimality_tolerance": 1e-9, **_INTERIOR},
}
_DUAL_SIMPLEX, _PRIMAL_SIMPLEX = 1, 4
FEASIBILITY_SECONDS = 10.0


@dataclass(frozen=True)
class _Attempt:
    """One way to run a program: name for the result, HiGHS options, certificate tolerance to reach."""

    name: str
    options: Options
    tolerance: float
    cold: bool = True


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
    return Session(program, _chosen(program, method), tolerance, time_limit, iteration_limit, threads, log)


def _chosen(program: Program, method: str) -> str:
    if method == "auto":
        interior = "hipo" if has_hipo() else "ipx"
        return interior if program.shape[1] >= LARGE else "simplex"
    if method not in METHODS:
        raise ModelError(f"method {method!r} is unknown; give auto, {', '.join(METHODS)}")
    if method == "hipo" and not has_hipo():
        raise MissingExtraError("method 'hipo' needs the package highspy-extras: pip install highspy-extras")
    return method


class Session:
    """A program inside HiGHS. `solve` as often as needed: matrix and last basis are kept."""

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
        self._warm = False

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
        costs_changed, bounds_changed = self._engine.update(case)
        attempts = self._attempts(_PRIMAL_SIMPLEX if costs_changed and not bounds_changed else _DUAL_SIMPLEX)
        self._warm = False
        for attempt in attempts:
            options = {**attempt.options, **self._limits, "time_limit": spent.left}
            outcome = self._engine.run(options, cold=attempt.cold)
            spent.add(outcome)
            if outcome.status in _FINAL and not (outcome.status in _DOUBTED_WHEN_WARM and not attempt.cold):
                if outcome.status not in _LIMITS:
                    _refuse(self.program, case, outcome.status)
                if not spent.unproved:
                    raise self._limit_error(case, outcome, spent)
                break
            if outcome.x is None or outcome.row_dual is None:
                continue
            solution = self._solution(case, attempt, outcome, spent)
            if solution.certificate.ok:
                self._warm = attempt.options["solver"] == "simplex"
                return solution
            spent.unproved.append(solution)
        return self._least_bad(case, spent)

    def _check_feasible(self, case: Case, spent: _Spent) -> None:
        """Let the simplex look for any solution first: an interior point takes as long to fail as to succeed.

        Measured on 41k columns: 0.8 s to see that there is none, where HiPO took 32 s.
        """
        self._engine.update(replace(case, cost=np.zeros_like(case.cost)))
        limit = min(spent.left, FEASIBILITY_SECONDS)
        outcome = self._engine.run(
            {**METHODS["simplex"], "simplex_strategy": _DUAL_SIMPLEX, **self._limits, "time_limit": limit}
        )
        spent.seconds += outcome.seconds
        if outcome.status is Status.INFEASIBLE:
            _refuse(self.program, case, Status.INFEASIBLE)
        if outcome.status is Status.OPTIMAL:
            spent.feasible = outcome.x

    def _attempts(self, strategy: int) -> list[_Attempt]:
        """What is tried in turn until a certificate holds."""
        interior = self.method if self.method in ("hipo", "ipx") else "hipo" if has_hipo() else "ipx"
        vertex = VERTEX_TOLERANCE if self._tolerance is None else self._tolerance
        rescue = _Attempt(f"{interior} with crossover", {**METHODS[interior], **_CROSSOVER}, vertex)
        if self.method != "simplex":
            own = INTERIOR_TOLERANCE if self._tolerance is None else self._tolerance
            return [_Attempt(self.method, METHODS[self.method], own), rescue]
        cold = _Attempt("simplex", {**METHODS["simplex"], "simplex_strategy": _DUAL_SIMPLEX}, vertex)
        warm = replace(cold, name="simplex, warm", options={**cold.options, "simplex_strategy": strategy}, cold=False)
        return [warm, cold, rescue] if self._warm else [cold, rescue]

    def _solution(self, case: Case, attempt: _Attempt, outcome: Outcome, spent: _Spent) -> Solution:
        assert outcome.x is not None
        # interior values stop a hair inside or outside their bounds; the certificate judges what is returned
        x = np.clip(outcome.x, case.lower, case.upper)
        return Solution(
            x=x,
            row_dual=outcome.row_dual,
            objective=float(case.cost @ x),
            status=Status.OPTIMAL,
            solver="highs",
            method=attempt.name,
            iterations=spent.iterations,
            seconds=spent.seconds,
            certificate=certify_case(self.program, case, x, outcome.row_dual, attempt.tolerance),
        )

    def _limit_error(self, case: Case, outcome: Outcome, spent: _Spent) -> TimeLimitError:
        """What is known at the limit. Without a point from HiGHS, a tenth of the time more goes into a lower bound."""
        if outcome.row_dual is None:
            options = {**METHODS["simplex"], "simplex_strategy": _DUAL_SIMPLEX, "presolve": "off"}
            limit = max(0.1 * self._time_limit, 0.01)
            outcome = self._engine.run({**options, **self._limits, "time_limit": limit})
        bound, incumbent = best_known(self.program, case, outcome.x, outcome.row_dual, INTERIOR_TOLERANCE)
        if incumbent is None:
            _, incumbent = best_known(self.program, case, spent.feasible, None, INTERIOR_TOLERANCE)
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
            certificate = certify_case(self.program, case, solution.x, solution.row_dual, INTERIOR_TOLERANCE)
            if certificate.ok:
                return replace(solution, certificate=certificate)
        last = spent.unproved[-1].certificate
        tried = ", ".join(s.method for s in spent.unproved)
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
_DOUBTED_WHEN_WARM = {Status.INFEASIBLE, Status.UNBOUNDED, Status.INFEASIBLE_OR_UNBOUNDED}
_FINAL = {*_LIMITS, *_DOUBTED_WHEN_WARM, Status.MEMORY_LIMIT, Status.INTERRUPTED}


def _refuse(program: Program, case: Case, status: Status) -> NoReturn:
    """Raise what an end without optimum means."""
    if status is Status.INFEASIBLE_OR_UNBOUNDED:
        status = Status.UNBOUNDED if is_feasible(program, case) else Status.INFEASIBLE
    if status is Status.INFEASIBLE:
        raise InfeasibleError("The program has no solution; explain_infeasible(program) says which rows conflict.")
    if status is Status.UNBOUNDED:
        raise unbounded_error(program, case)
    raise SolveError(f"HiGHS ended early: {status}")
