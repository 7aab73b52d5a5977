"""What was taken out of a program for all costs at once, and how it comes back: one class per kind of step.

Each step has `forward`, which takes the costs one step further, and `back`, which fills in columns (x) and row duals
(y); both in place, `back` after `forward` with the costs of the same case.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass
class Fixed:
    """Columns that have one best value whatever the prices are."""

    columns: Codes
    values: Floats

    def forward(self, cost: Floats) -> None:
        """Nothing: a constant."""

    def back(self, x: Floats, y: Floats) -> None:
        x[self.columns] = self.values


@dataclass
class Bounding:
    """Rows with one entry that became a bound of their column: they are priced where that bound holds the column."""

    rows: Codes
    columns: Codes
    entry: Floats
    below: NDArray[np.bool_]
    above: NDArray[np.bool_]
    by_column: sparse.csr_array
    _cost: Floats = field(default_factory=lambda: np.zeros(0))

    def forward(self, cost: Floats) -> None:
        self._cost = cost[self.columns]

    def back(self, x: Floats, y: Floats) -> None:
        left = self._cost - self.by_column @ y
        held = (self.above & (left < 0)) | (self.below & (left > 0))
        y[self.rows] = np.where(held, left / self.entry, 0.0)


@dataclass
class Substituted:
    """Columns that an equality expresses by others, so that their cost moves to these.

    Attributes:
        others: the row without the column; `rest`: the column without the row.
    """

    columns: Codes
    rows: Codes
    entry: Floats
    side: Floats
    others: sparse.csr_array
    rest: sparse.csr_array
    _cost: Floats = field(default_factory=lambda: np.zeros(0))

    def forward(self, cost: Floats) -> None:
        self._cost = cost[self.columns]
        cost -= self.others.T @ (self._cost / self.entry)

    def back(self, x: Floats, y: Floats) -> None:
        x[self.columns] = (self.side - self.others @ x) / self.entry
        y[self.rows] += (self._cost - self.rest @ y) / self.entry


@dataclass
class Netted:
    """Pairs of columns that undo one another (charge and discharge): their difference stands in the first."""

    first: Codes
    second: Codes

    def forward(self, cost: Floats) -> None:
        """Nothing: both are free of cost."""

    def back(self, x: Floats, y: Floats) -> None:
        net = x[self.first]
        x[self.first], x[self.second] = np.maximum(net, 0.0), np.maximum(-net, 0.0)


@dataclass
class Alike:
    """Columns that do the same (modes of a plant), of which the cheapest is taken: shape (groups, members)."""

    members: Codes
    _best: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def forward(self, cost: Floats) -> None:
        own = cost[self.members]
        self._best = self.members[np.arange(len(own)), own.argmin(axis=1)]
        cost[self.members[:, 0]] = own.min(axis=1)

    def back(self, x: Floats, y: Floats) -> None:
        value = x[self.members[:, 0]].copy()
        x[self.members] = 0.0
        x[self._best] = value


Step = Fixed | Bounding | Substituted | Netted | Alike


@dataclass(frozen=True, eq=False)
class Core:
    """What is left: rows `sides` on `matrix` · x over some columns of the program; all others follow from these."""

    columns: Codes
    rows: Codes
    matrix: sparse.csr_array
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    zero: NDArray[np.bool_]
    """Columns that never cost anything."""


@dataclass(frozen=True, eq=False)
class Reduction:
    """The steps from a program to its core."""

    steps: tuple[Step, ...]
    core: Core
    shape: tuple[int, int]

    def forward(self, cost: Floats) -> Floats:
        """Costs of the core's columns."""
        own = cost.copy()
        for step in self.steps:
            step.forward(own)
        return own[self.core.columns]

    def back(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Columns and row duals of the program from those of the core; after `forward` with the same costs."""
        all_x, all_y = np.zeros(self.shape[1]), np.zeros(self.shape[0])
        all_x[self.core.columns], all_y[self.core.rows] = x, y
        for step in reversed(self.steps):
            step.back(all_x, all_y)
        return all_x, all_y
