"""The work on one chunk: case after case from one cold start, each with its proof; pure but for time."""

from __future__ import annotations

import hashlib
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import (
    CertificateError,
    InfeasibleError,
    ScenarioError,
    SolveError,
    TimeLimitError,
    UnboundedError,
)
from transform_sim.lp import Program
from transform_sim.solvers import Bounds, Session, Solution, prepare, what_must_give
from transform_sim.solvers.case import Case

from .outputs import Keep, Reader
from .plan import Group, Plan
from .record import Done, Ended, Record, arranged

Floats = NDArray[np.float64]
LEAST_LIMIT, PER_SIZE = 100_000, 10
"""Most iterations of one attempt: so many, or so many for each row and column, whatever is more."""
CHECKED = 100
"""One case in so many is solved again from a cold start."""
LINES = 4
"""Lines of an explanation that are kept."""


class Worker:
    """Solves chunks of one plan; what it keeps between chunks changes no digit."""

    def __init__(self, plan: Plan, keep: Keep) -> None:
        self._plan, self._keep = plan, keep
        self._readers: dict[int, Reader] = {}

    def solve(self, number: int) -> Done:
        """All cases of a chunk, in its order."""
        start = perf_counter()
        chain = _Chain()
        records = [self._record(int(i), chain) for i in self._plan.chunks[number]]
        return Done(number, arranged(records), perf_counter() - start)

    def _record(self, i: int, chain: _Chain) -> Record:
        try:
            group, case = self._plan.case(i)
            return self._solved(i, group, case, chain)
        except ScenarioError as error:
            return Record(i, Ended.REFUSED, message=first_lines(str(error)))
        except MemoryError:
            raise  # nothing that is particular to this case
        except Exception as error:  # one case must not end the others
            chain.end()
            return Record(i, Ended.FAILED, message=first_lines(f"{type(error).__name__}: {error}"))

    def _solved(self, i: int, group: Group, case: Case, chain: _Chain) -> Record:
        try:
            solution, handed_over = chain.solve(group, case)
        except SolveError as error:
            return Record(i, ending(error), message=_reason(error, group, case))
        checked = solution.method == WARM and is_checked(self._plan.hash, i)
        deviation = deviates(group.program, case.cost, _bounds(case), solution.objective) if checked else np.nan
        parts = self._reader(group).read(i, case, solution)
        return Record(i, Ended.OPTIMAL, solution, handed_over, deviation, "", parts)

    def _reader(self, group: Group) -> Reader:
        if group.index < 0:
            return Reader(self._plan, group, self._keep)
        if group.index not in self._readers:
            self._readers[group.index] = Reader(self._plan, group, self._keep)
        return self._readers[group.index]


WARM = "simplex, warm"
"""The method of a solution that went on from the case before."""


class _Chain:
    """Solves that start from one another, as long as they share a matrix and nothing fails.

    A case without solution is no failure: the next one starts from the last that had one.
    """

    def __init__(self) -> None:
        self._group: Group | None = None
        self._session: Session | None = None
        self._warm = False

    def solve(self, group: Group, case: Case) -> tuple[Solution, bool]:
        """The optimum, and whether it took a cold start although there was a warm one."""
        if self._session is None or group is not self._group:
            self._group, self._session, self._warm = group, fresh(group.program), False
        expected = self._warm
        try:
            solution = run_case(self._session, case)
        except (InfeasibleError, UnboundedError):
            raise  # the session goes on from the vertex before
        except SolveError:
            self._session, self._warm = fresh(group.program), False
            if not expected:
                raise
            solution = run_case(self._session, case)
        self._warm = solution.method.startswith("simplex")
        return solution, expected and solution.method != WARM

    def end(self) -> None:
        """Let the next case start cold."""
        self._session = None


def fresh(program: Program) -> Session:
    """A session that has solved nothing. One thread and a limit of iterations: no machine decides what comes out."""
    return prepare(program, threads=1, iteration_limit=most_iterations(program))


def most_iterations(program: Program) -> int:
    """Of one attempt on a program of this size."""
    return max(LEAST_LIMIT, PER_SIZE * sum(program.shape))


def is_checked(plan_hash: str, case: int) -> bool:
    """Whether a case is among those that are solved again cold: by its number and the plan, not by chance."""
    digest = hashlib.sha256(f"{plan_hash}:{case}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % CHECKED == 0


def run_case(session: Session, case: Case) -> Solution:
    return session.solve(case.cost, _bounds(case))


def _bounds(case: Case) -> Bounds:
    return Bounds(case.lower, case.upper, case.row_lower, case.row_upper)


def deviates(program: Program, cost: Floats, bounds: Bounds | None, objective: float) -> float:
    """How far a cold solve is from the objective, relative; infinite if it fails."""
    try:
        cold = fresh(program).solve(cost, bounds).objective
    except SolveError:
        return np.inf
    return abs(cold - objective) / (1 + abs(cold) + abs(objective))


def ending(error: SolveError) -> Ended:
    """How a case ended that has no proved optimum."""
    kinds = {
        InfeasibleError: Ended.INFEASIBLE,
        UnboundedError: Ended.UNBOUNDED,
        TimeLimitError: Ended.LIMIT,
        CertificateError: Ended.UNPROVED,
    }
    return next((ended for kind, ended in kinds.items() if isinstance(error, kind)), Ended.UNPROVED)


def _reason(error: SolveError, group: Group, case: Case) -> str:
    """The first lines of why; for a case without solution: what would have to give."""
    if isinstance(error, TimeLimitError):
        return "the limit of iterations was reached without a proved optimum"  # its own text tells the time
    if not isinstance(error, InfeasibleError):
        return first_lines(str(error))
    try:
        limit = most_iterations(group.program)
        lines = what_must_give(group.program, bounds=_bounds(case), iteration_limit=limit).text.splitlines()
    except SolveError:
        return first_lines(str(error))
    return "\n".join(lines[1 : LINES + 1] or lines)


def first_lines(text: str) -> str:
    return "\n".join(text.splitlines()[:LINES])
