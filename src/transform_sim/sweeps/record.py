"""What is known of each case when it is done, and the arrays of a chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transform_sim.solvers import Solution

from .parts import Part, packed, stacked

PROOF = ("tolerance", "gap", "primal_residual", "dual_residual", "row_residual", "profit_left")
"""Numbers of the certificate that are kept."""


class Ended(StrEnum):
    """How a case ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    LIMIT = "iteration limit"
    TIME = "time limit"
    UNPROVED = "not proved"
    REFUSED = "refused"
    FAILED = "failed"
    UNWRITTEN = "not written"
    LOST = "lost"
    WAITING = "waiting"


@dataclass(frozen=True)
class Tally:
    """How many cases: all, proved, solved cold because a warm start did not do, and without a proved optimum."""

    cases: int = 0
    certified: int = 0
    handed_over: int = 0
    failed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.cases + other.cases,
            self.certified + other.certified,
            self.handed_over + other.handed_over,
            self.failed + other.failed,
        )

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Tally:
        """Of a chunk's arrays."""
        certified = int((arrays["status"] == Ended.OPTIMAL).sum())
        cases = len(arrays["status"])
        return cls(cases, certified, int(arrays["handed_over"].sum()), cases - certified)


@dataclass(frozen=True, eq=False)
class Done:
    """A finished chunk: its arrays, which are the same whoever made it, and how long it took, step by step if told."""

    number: int
    arrays: dict[str, NDArray[Any]]
    seconds: float
    steps: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Record:
    """One case: how it ended, its solution if there is one, what is kept of it."""

    case: int
    status: Ended
    solution: Solution | None = None
    handed_over: bool = False
    deviation: float = np.nan
    message: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)


def arranged(records: Sequence[Record]) -> dict[str, NDArray[Any]]:
    """The arrays of a chunk, a value for each case; NaN where there is none."""
    solutions = [r.solution for r in records]
    proofs = {
        name: np.array([np.nan if s is None else _number(getattr(s.certificate, name)) for s in solutions])
        for name in PROOF
    }
    return {
        "case": np.array([r.case for r in records], dtype=np.int64),
        "status": np.array([r.status.value for r in records]),
        "objective": np.array([np.nan if s is None else s.objective for s in solutions]),
        "method": np.array(["" if s is None else s.method for s in solutions]),
        "iterations": np.array([0 if s is None else s.iterations for s in solutions], dtype=np.int64),
        **proofs,
        "handed_over": np.array([r.handed_over for r in records]),
        "deviation": np.array([r.deviation for r in records]),
        "message": np.array([r.message for r in records]),
        **packed(stacked([r.parts for r in records])),
    }


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
