"""Prepare, solve, prove, explain, export. HiGHS and Pyomo are imported when one of their names is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .case import Bounds
from .certificate import Certificate, certify
from .export import write_lp, write_mps
from .solution import Solution, Status
from .worst import Finding

if TYPE_CHECKING:
    from .explain import Explanation, explain_infeasible, what_must_give
    from .highs import Session, prepare
    from .pyomo_model import to_pyomo
    from .pyomo_solve import solution_from_pyomo, solve_pyomo

__all__ = [
    "Bounds",
    "Certificate",
    "Explanation",
    "Finding",
    "Session",
    "Solution",
    "Status",
    "certify",
    "explain_infeasible",
    "prepare",
    "solution_from_pyomo",
    "solve_pyomo",
    "to_pyomo",
    "what_must_give",
    "write_lp",
    "write_mps",
]

_LATER = {
    "Explanation": "explain",
    "explain_infeasible": "explain",
    "what_must_give": "explain",
    "Session": "highs",
    "prepare": "highs",
    "to_pyomo": "pyomo_model",
    "solution_from_pyomo": "pyomo_solve",
    "solve_pyomo": "pyomo_solve",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LATER[name]}", __name__), name)
