"""Which way HiGHS solves a program: options by method, the choice by size, and what is tried when a proof fails."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from transform_sim.errors import MissingExtraError, ModelError

from .engine import Options, has_hipo

Method = Literal["auto", "simplex", "hipo", "ipx", "pdlp"]

VERTEX_TOLERANCE = 1e-8
INTERIOR_TOLERANCE = 1e-6

LARGE = 80_000
"""Columns from which `auto` takes the interior point. Seconds of simplex / HiPO with HiGHS 1.15 on a busy machine: the
study of all sectors 40k columns 10 / 15 and 13 / 20, 60k 28 / 28, 73k 40 / 59 (and HiPO's proof failed); the steel
study 8k 0.7 / 2.2, 16k 5 / 13, 30k 11 / 24, 45k 14 / 25; synthetic transition programs 21k 4 / 4.5, 41k 15 / 10,
80k 39 / 37; but synthetic ones with tightly coupled regions 47k 75 / 12 and 57k over 300 / 27. What people study is
more like the first, and a vertex is worth more: amounts that are zero are zero, and prices are sharp. PDLP needed 17 s
for 11k columns and gave up on others of 10k and 21k; it is never chosen by itself."""

SCALED, AS_IT_IS = 2, 0
"""Of HiGHS' strategies of scaling: its own default, and none."""

# A tolerance of 1e-9 left the number of simplex iterations as it was and keeps row residuals at 1e-11.
_VERTEX: Options = {
    "presolve": "choose",
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "simplex_scale_strategy": SCALED,
}
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
DUAL: Options = {"simplex_strategy": 1}
METHODS: dict[str, Options] = {
    "simplex": {"solver": "simplex", **DUAL, **_VERTEX},
    # augmented/amd: 11.6 s where HiPO's own choice took 31 s on a study of 47k columns
    "hipo": {"solver": "hipo", "hipo_system": "augmented", "hipo_ordering": "amd", **_INTERIOR},
    "ipx": {"solver": "ipx", **_INTERIOR},
    "pdlp": {"solver": "pdlp", "pdlp_optimality_tolerance": 1e-9, **_INTERIOR},
}
PRIMAL: Options = {"simplex_strategy": 4}
"""After a change of costs alone the last vertex is still feasible, and the primal simplex goes on from it."""


@dataclass(frozen=True)
class Attempt:
    """One way to run a program: name for the result, HiGHS options, certificate tolerance to reach.

    Attributes:
        cold: whether it forgets what was there.
        polish: whether it starts at the vertex of the attempt before, factorised anew; only where that was unproved.
    """

    name: str
    options: Options
    tolerance: float
    cold: bool = True
    polish: bool = False

    def polished(self) -> Attempt:
        """The same vertex without the rounding that many pivots leave.

        On the hourly study of all sectors it takes 0.1 s, and single rows were off by 1e-8 without it after two of
        three warm starts; a cold start takes 10 s.
        """
        options = {**self.options, **DUAL, "simplex_scale_strategy": AS_IT_IS}
        return replace(self, options=options, cold=False, polish=True)


def chosen(method: str, n_columns: int) -> str:
    """The method to use for a program of this size; raises if it is unknown or its package is missing."""
    if method == "auto":
        return _interior() if n_columns >= LARGE else "simplex"
    if method not in METHODS:
        raise ModelError(f"method {method!r} is unknown; give auto, {', '.join(METHODS)}")
    if method == "hipo" and not has_hipo():
        raise MissingExtraError("method 'hipo' needs the package highspy-extras: pip install highspy-extras")
    return method


def attempts(method: str, tolerance: float | None, warm: Options | None) -> list[Attempt]:
    """What is tried in turn until a certificate holds.

    Args:
        tolerance: of the certificate; None takes that of vertices or of interior solutions.
        warm: how the simplex goes on from the last basis; None if there is none.
    """
    vertex = VERTEX_TOLERANCE if tolerance is None else tolerance
    interior = method if method in ("hipo", "ipx") else _interior()
    rescue = Attempt(f"{interior} with crossover", {**METHODS[interior], **_CROSSOVER}, vertex)
    if method != "simplex":
        own = INTERIOR_TOLERANCE if tolerance is None else tolerance
        return [Attempt(method, METHODS[method], own), rescue]
    cold = Attempt("simplex", METHODS["simplex"], vertex)
    onward = [] if warm is None else [Attempt("simplex, warm", {**METHODS["simplex"], **warm}, vertex, cold=False)]
    return [way for start in (*onward, cold) for way in (start, start.polished())] + [rescue]


def _interior() -> str:
    return "hipo" if has_hipo() else "ipx"
