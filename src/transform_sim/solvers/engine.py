"""The one door to HiGHS: arrays in, arrays out, interruptible, nothing of names or proofs."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.errors import SolveError
from transform_sim.lp.scaling import objective_scale

from .case import Case
from .solution import Status

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Options = Mapping[str, str | float | int | bool]

STATUS: dict[str, Status] = {
    "kNotset": Status.ERROR,
    "kLoadError": Status.ERROR,
    "kModelError": Status.ERROR,
    "kPresolveError": Status.ERROR,
    "kSolveError": Status.ERROR,
    "kPostsolveError": Status.ERROR,
    "kModelEmpty": Status.OPTIMAL,
    "kOptimal": Status.OPTIMAL,
    "kInfeasible": Status.INFEASIBLE,
    "kUnboundedOrInfeasible": Status.INFEASIBLE_OR_UNBOUNDED,
    "kUnbounded": Status.UNBOUNDED,
    "kObjectiveBound": Status.INTERRUPTED,
    "kObjectiveTarget": Status.INTERRUPTED,
    "kSolutionLimit": Status.INTERRUPTED,
    "kInterrupt": Status.INTERRUPTED,
    "kHighsInterrupt": Status.INTERRUPTED,
    "kTimeLimit": Status.TIME_LIMIT,
    "kIterationLimit": Status.ITERATION_LIMIT,
    "kMemoryLimit": Status.MEMORY_LIMIT,
    "kUnknown": Status.UNKNOWN,
}

# 1e-12 is the least HiGHS allows: smaller coefficients are dropped, and the certificate sees whether it mattered
ALWAYS: Options = {"small_matrix_value": 1e-12, "log_to_console": False}
_IRREDUCIBLE = 3
_CALLBACK = highspy.cb.HighsCallbackType


@dataclass(frozen=True, eq=False)
class Outcome:
    """One run: x and row_dual are None where HiGHS has none."""

    status: Status
    x: Floats | None
    row_dual: Floats | None
    iterations: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Conflict:
    """Positions of rows and columns that cannot hold together; `smallest` if none of them can go."""

    rows: Codes
    columns: Codes
    smallest: bool


@cache
def has_hipo() -> bool:
    """Whether HiGHS has its factorising interior-point solver: the package with it is installed, and fits."""
    probe: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    probe.setOptionValue("output_flag", False)
    return bool(probe.setOptionValue("solver", "hipo") == highspy.HighsStatus.kOk)


class Engine:
    """One program inside HiGHS; `update` changes costs and bounds in place and keeps the basis for a warm start."""

    def __init__(self, matrix: sparse.csc_array, case: Case, log: Callable[[str], None] | None = None) -> None:
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._case = case
        self._scale = objective_scale(case.cost)
        self._log = log
        self._stop = threading.Event()
        for name, value in {**ALWAYS, "output_flag": log is not None}.items():
            self._highs.setOptionValue(name, value)
        self._pass(matrix)
        self._listen()

    def update(self, case: Case) -> tuple[bool, bool]:
        """Replace costs and bounds where they differ; tells whether costs, whether bounds did."""
        before, self._case = self._case, case
        scale, self._scale = self._scale, objective_scale(case.cost)
        highs = self._highs
        costs = _differ((before.cost * scale, case.cost * self._scale))
        columns = _differ((before.lower, case.lower), (before.upper, case.upper))
        rows = _differ((before.row_lower, case.row_lower), (before.row_upper, case.row_upper))
        if len(costs):
            highs.changeColsCost(len(costs), costs, case.cost[costs] * self._scale)
        if len(columns):
            highs.changeColsBounds(len(columns), columns, case.lower[columns], case.upper[columns])
        if len(rows):
            highs.changeRowsBounds(len(rows), rows, case.row_lower[rows], case.row_upper[rows])
        return bool(len(costs)), bool(len(columns) or len(rows))

    def run(self, options: Options, *, cold: bool = True) -> Outcome:
        """Solve with these options; KeyboardInterrupt if Ctrl-C came meanwhile.

        Args:
            cold: forget basis and solution of the run before.
        """
        if cold:
            self._highs.clearSolver()
        # HiGHS adds up the time of all runs and holds it against the limit
        clock = {"time_limit": self._highs.getRunTime() + float(options.get("time_limit", np.inf))}
        for name, value in {**options, **clock}.items():
            if self._highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise SolveError(f"HiGHS refuses option {name} = {value!r}")
        if options.get("threads"):
            # HiGHS keeps one pool of threads per process and refuses another size unless told to start anew
            highspy.Highs.resetGlobalScheduler(True)
        self._stop.clear()
        start = time.perf_counter()
        with _ctrl_c(self._stop):
            self._highs.run()
        outcome = self._outcome(time.perf_counter() - start)
        if outcome.status is Status.INTERRUPTED and self._stop.is_set():
            raise KeyboardInterrupt
        return outcome

    def basis(self) -> Any:
        """Where the simplex stands, to come back to with `restore`."""
        return self._highs.getBasis()

    def restore(self, basis: Any) -> None:
        """Let the next run go on from a basis that was kept, whatever was solved since."""
        self._highs.clearSolver()
        self._highs.setBasis(basis)

    def ray(self) -> Floats | None:
        """The combination of rows by which HiGHS saw that the last program has no solution, if it kept one."""
        _, known, ray = self._highs.getDualRay()
        return np.array(ray, dtype=float) if known else None

    def conflict(self, seconds: float) -> Conflict | None:
        """A smallest set of rows and bounds without solution, as far as HiGHS gets in this time; None if it fails."""
        # 2: search by linear programs, 4: reduce until nothing can go
        for name, value in {"iis_strategy": 6, "iis_time_limit": seconds}.items():
            self._highs.setOptionValue(name, value)
        _, found = self._highs.getIis()
        if not found.valid_ or not (len(found.row_index_) or len(found.col_index_)):
            return None
        return Conflict(
            rows=np.array(found.row_index_, dtype=np.int64),
            columns=np.array(found.col_index_, dtype=np.int64),
            smallest=found.status_ == _IRREDUCIBLE,
        )

    def _pass(self, matrix: sparse.csc_array) -> None:
        case, (n_rows, n_columns) = self._case, matrix.shape
        status = self._highs.passModel(
            n_columns,
            n_rows,
            matrix.nnz,
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            case.cost * self._scale,
            case.lower,
            case.upper,
            case.row_lower,
            case.row_upper,
            matrix.indptr.astype(np.int32, copy=False),
            matrix.indices.astype(np.int32, copy=False),
            matrix.data,
            np.zeros(n_columns, dtype=np.int32),
        )
        if status == highspy.HighsStatus.kError:
            raise SolveError(f"HiGHS cannot take the program of {n_rows} rows and {n_columns} columns")

    def _listen(self) -> None:
        # must not know self: HiGHS holds the function, and a cycle through it would never be freed
        stop, log = self._stop, self._log

        def answer(kind: int, message: str, _out: Any, into: Any, _data: Any) -> None:
            if kind == int(_CALLBACK.kCallbackLogging):
                if log:
                    log(message)
            elif stop.is_set():
                into.user_interrupt = True

        self._highs.setCallback(answer, None)
        for kind in (_CALLBACK.kCallbackSimplexInterrupt, _CALLBACK.kCallbackIpmInterrupt):
            self._highs.startCallback(kind)
        if log:
            self._highs.startCallback(_CALLBACK.kCallbackLogging)

    def _outcome(self, seconds: float) -> Outcome:
        status = STATUS[self._highs.getModelStatus().name]
        solution, info = self._highs.getSolution(), self._highs.getInfo()
        counts = (info.simplex_iteration_count, info.ipm_iteration_count, info.pdlp_iteration_count)
        x = np.array(solution.col_value, dtype=float) if solution.value_valid else None
        dual = np.array(solution.row_dual, dtype=float) / self._scale if solution.dual_valid else None
        if status is Status.OPTIMAL and x is None:  # a program without columns
            x, dual = np.zeros(len(self._case.cost)), np.zeros(len(self._case.row_lower))
        return Outcome(status, x, dual, sum(max(c, 0) for c in counts), seconds)


def _differ(*pairs: tuple[Floats, Floats]) -> NDArray[np.int32]:
    """Positions at which any of the pairs differs."""
    changed = np.zeros(len(pairs[0][0]), dtype=bool)
    for old, new in pairs:
        if old is not new:
            changed |= old != new
    return np.flatnonzero(changed).astype(np.int32)


@contextmanager
def _ctrl_c(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C ask the solver to stop instead of waiting for its end; only the main thread may listen."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)
