"""A Pyomo model under construction: columns, rows, costs by term, and the terms that each balance gathers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyomo.environ as pyo

Term = tuple[float, Any]
"""A coefficient and its column."""

TIGHT = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
MILLIONS = 1e-6
"""A unit per hour over a period costs millions; in these, the solver's absolute tolerances mean what they should."""


class Program:
    """Columns by key, and what will become rows and objective."""

    def __init__(self) -> None:
        self.model = pyo.ConcreteModel()
        self.model.columns = pyo.VarList(domain=pyo.Reals)
        self.model.rows = pyo.ConstraintList()
        self.x: dict[tuple[Any, ...], Any] = {}
        self.balance: dict[tuple[str, str, int, int], list[Term]] = defaultdict(list)
        self.emission: dict[tuple[str, str, int], list[Term]] = defaultdict(list)
        self.amount: dict[tuple[Any, ...], list[Term]] = defaultdict(list)
        self.cost: dict[str, list[Term]] = defaultdict(list)

    def new(self, *key: Any, upper: float | None = None, free: bool = False) -> Any:
        """A new column, at least 0 unless free."""
        if key in self.x:
            raise ValueError(f"column {key} exists already")
        column = self.model.columns.add()
        column.setlb(None if free else 0.0)
        column.setub(upper)
        self.x[key] = column
        return column

    def at_most(self, terms: list[Term], bound: float) -> None:
        """The row Σ terms ≤ bound."""
        if terms:
            self.model.rows.add((None, pyo.quicksum(a * x for a, x in terms), bound))
        elif bound < 0:
            raise ValueError(f"an empty row is bounded by {bound}")

    def equal(self, terms: list[Term], value: float) -> None:
        """The row Σ terms = value."""
        if terms:
            self.model.rows.add((value, pyo.quicksum(a * x for a, x in terms), value))
        elif value != 0:
            raise ValueError(f"an empty row must equal {value}")

    def pay(self, name: str, price: float, column: Any) -> None:
        """Price times column counts as a cost of this name."""
        if price:
            self.cost[name].append((price, column))

    def solve(self) -> float:
        """The least cost; ValueError if there is none."""
        terms = [term for group in self.cost.values() for term in group]
        self.model.cost = pyo.Objective(expr=pyo.quicksum(MILLIONS * a * x for a, x in terms) if terms else 0.0)
        solver = pyo.SolverFactory("appsi_highs")
        solver.highs_options = dict(TIGHT)
        outcome = solver.solve(self.model, load_solutions=False)
        if str(outcome.solver.termination_condition) != "optimal":
            raise ValueError(f"no optimum: {outcome.solver.termination_condition}")
        solver.load_vars()
        return sum(value(terms) for terms in self.cost.values())


def value(terms: list[Term]) -> float:
    """The value of a sum of terms in the solution."""
    return float(sum(a * (x.value or 0.0) for a, x in terms))
