"""Points of a sweep built in full, each once, and laid out on one union program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import ScenarioError
from transform_sim.inputs import Inputs
from transform_sim.lp import Program
from transform_sim.model import Constraint
from transform_sim.pipeline import compose
from transform_sim.scenario import Quantity, Scenario
from transform_sim.solvers.case import Case

from .axes import AS_IS, Axis, changes, quantities
from .union import fingerprint, holds, places, union

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Point = tuple[int, ...]
"""Level of each axis; AS_IS where the scenario's own value stays."""


MISTAKES = {
    "unknown-key", "unknown-name", "unknown-entry", "wrong-type", "wrong-choice", "wrong-dims", "unit", "missing-key",
    "mixed-keys", "bad-key", "not-a-number", "infinite", "too-large", "table", "missing-file", "no-effect",
}  # fmt: skip
"""Kinds of problems that are wrong wherever they come from; other values may only not go together."""


class RefusedError(Exception):
    """There is no scenario at a point: a demand that nothing meets, a value beyond its range."""


class MatrixError(Exception):
    """A point has other coefficients than the union it is compared with."""

    def __init__(self, point: Point) -> None:
        super().__init__(point)
        self.point = point


@dataclass(frozen=True, eq=False)
class Sheet:
    """Costs and bounds of one point; `key` names its columns, rows and matrix."""

    key: str
    case: Case


@dataclass(eq=False)
class Evaluator:
    """Builds the scenario at points of the axes; keeps costs and bounds of each, and one program per matrix.

    What is kept stays here when a plan travels to another process.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    constraints: Sequence[Constraint] = ()
    sheets: dict[Point, Sheet] = field(default_factory=dict)
    programs: dict[str, tuple[Inputs, Program]] = field(default_factory=dict)
    refused: dict[Point, str] = field(default_factory=dict)
    built: int = 0

    @cached_property
    def _numbers(self) -> dict[str, Quantity]:
        return quantities(self.scenario)

    def changes(self, point: Point) -> dict[str, Any]:
        """{dotted path: new value} at a point."""
        moves = [(axis, code) for axis, code in zip(self.axes, point, strict=True) if code != AS_IS]
        return changes(self.scenario, self._numbers, moves)

    def full(self, point: Point) -> tuple[Inputs, Program]:
        """Inputs and program at a point; raises ScenarioError where the scenario is refused."""
        changed = self.changes(point)
        self.built += 1
        return compose(self.scenario.with_(changed) if changed else self.scenario, self.constraints)

    def sheet(self, point: Point) -> Sheet:
        """Costs and bounds at a point, built when first asked for.

        Raises RefusedError where the scenario is refused, and ScenarioError if the axes themselves are to blame.
        """
        if point in self.refused:
            raise RefusedError(self.refused[point])
        if point not in self.sheets:
            try:
                inputs, program = self.full(point)
            except ScenarioError as error:
                self.refused[point] = str(error)
                if any(problem.code in MISTAKES for problem in error.problems):
                    raise
                raise RefusedError(str(error)) from None
            key = fingerprint(program)
            self.programs.setdefault(key, (inputs, program))
            self.sheets[point] = Sheet(key, Case.of(program))
        return self.sheets[point]

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name != "_numbers"}
        return kept | {"sheets": {}, "programs": {}, "refused": {}}


@dataclass(eq=False)
class Frame:
    """The union of programs that agree in their coefficients, and where each stands in it."""

    inputs: Inputs
    program: Program
    at: dict[str, tuple[Codes, Codes] | None]

    @classmethod
    def of(cls, key: str, inputs: Inputs, program: Program) -> Frame:
        return cls(inputs, program, {key: None})

    def flat(self, key: str, case: Case) -> Floats:
        """Cost, column bounds and row sides of a case on the union, one after the other, shape (3n + 2m,)."""
        at = self.at[key]
        if at is None:
            return np.concatenate([case.cost, case.lower, case.upper, case.row_lower, case.row_upper])
        cols, rows = at
        n_rows, n = self.program.shape
        # what a column costs that is fixed at 0 does not matter; the union's own keeps it out of the comparison
        parts = [self.program.cost.copy(), np.zeros(n), np.zeros(n), np.full(n_rows, -np.inf), np.full(n_rows, np.inf)]
        for part, values in zip(parts[:3], (case.cost, case.lower, case.upper), strict=True):
            part[cols] = values
        for part, values in zip(parts[3:], (case.row_lower, case.row_upper), strict=True):
            part[rows] = values
        return np.concatenate(parts)

    def case(self, flat: Floats) -> Case:
        """The five arrays out of one."""
        n_rows, n = self.program.shape
        ends = np.cumsum([n, n, n, n_rows])
        return Case(*np.split(flat, ends))

    def takes(self, key: str, program: Program) -> bool:
        """Whether the union holds a program with this key; where it stands is kept."""
        if key not in self.at and holds(self.program, program):
            self.at[key] = places(program, self.program)
        return key in self.at

    @classmethod
    def union(cls, members: dict[str, tuple[Inputs, Program]]) -> Frame | None:
        """Of several programs; the largest comes first, as it is likely to hold the others. None if some differ."""
        ordered = sorted(members.items(), key=lambda m: (-sum(m[1][1].shape), m[0]))
        (key, (inputs, whole)), *others = ordered
        for _, (_, program) in others:
            if not holds(whole, program):
                merged = union(whole, program)
                if merged is None:
                    return None
                whole = merged
        if whole is members[key][1]:
            at: dict[str, tuple[Codes, Codes] | None] = {key: None}
        else:
            at = {key: places(members[key][1], whole)}
        at |= {k: places(program, whole) for k, (_, program) in others}
        return cls(inputs, whole, at)
