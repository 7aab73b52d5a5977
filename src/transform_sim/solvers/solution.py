"""What a solve gives back, whichever backend ran."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from .certificate import Certificate

Floats = NDArray[np.float64]


class Status(StrEnum):
    """How a run of a solver ended; every backend's own statuses map to these."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    INFEASIBLE_OR_UNBOUNDED = "infeasible or unbounded"
    TIME_LIMIT = "time limit"
    ITERATION_LIMIT = "iteration limit"
    MEMORY_LIMIT = "memory limit"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"
    ERROR = "error"


@dataclass(frozen=True, eq=False)
class Solution:
    """An optimum with its proof.

    Attributes:
        x: value of each column, natural units.
        row_dual: d objective / d side of each row: what one more unit on the right-hand side costs, discounted and
            weighed with hours as the objective is (÷ `program.row_scale`: real money). Positive where a larger
            requirement costs more, negative at an upper limit that binds. None if a backend gave none.
        objective: cost · x from the program's own costs.
        solver: `highs` or `pyomo:` and the name of its solver.
        method: what was run, such as `simplex`, `simplex, warm`, `hipo`, `hipo with crossover`.
        seconds: time in the solver, all attempts together.
    """

    x: Floats
    row_dual: Floats | None
    objective: float
    status: Status
    solver: str
    method: str
    iterations: int
    seconds: float
    certificate: Certificate

    @property
    def dual_objective(self) -> float | None:
        """The bound that the duals prove; None without duals."""
        return self.certificate.dual_objective

    def __repr__(self) -> str:
        run = f"{self.solver} {self.method}, {self.iterations:,} iterations, {self.seconds:.2f} s"
        return f"<Solution {self.status}, objective {self.objective:.10g} ({run}; {self.certificate.summary()})>"
