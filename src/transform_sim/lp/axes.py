"""The other two axes of a block: periods and steps, and the sparse maps between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import ModelError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class AxisMap(NamedTuple):
    """Which row index takes which column index, with a factor."""

    rows: Codes
    cols: Codes
    values: Floats


@dataclass(frozen=True, eq=False)
class Grid:
    """Steps of one resolution.

    Attributes:
        weight: hours per year of each step, shape (T,); 1.0 for `stock`, whose rows hold amounts per year.
        member: step of this grid in which each finest step lies, shape (H,); empty for grids outside the nest.
        rank: position in the nest, coarsest first (grids of equal length still differ in rank).
    """

    name: str
    weight: Floats
    member: Codes
    labels: tuple[str, ...]
    rank: int = 0

    def __len__(self) -> int:
        return len(self.weight)


@dataclass(frozen=True, eq=False)
class Periods:
    """Milestone years and what one unit per year in each of them is worth today ($N_y$).

    `reads` are the scenario paths that the weights come from.
    """

    labels: tuple[int, ...]
    weight: Floats
    reads: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)


def step_map(row: Grid, col: Grid) -> AxisMap:
    """The operator P: fine columns enter a coarse row with $W_h/W_g$, coarse columns a fine row with 1.

    Pairs are in the order of the finer grid, so a coefficient over its steps lines up.
    """
    if row is col:
        index = np.arange(len(row))
        return AxisMap(index, index, np.ones(len(row)))
    if col.rank == 0:  # amounts such as capacities hold for every step
        return AxisMap(np.arange(len(row)), np.zeros(len(row), dtype=np.int64), np.ones(len(row)))
    if not len(row.member) or not len(col.member):
        raise ModelError(f"grids {row.name!r} and {col.name!r} are not nested; give the step map explicitly")
    fine, coarse = (row, col) if row.rank > col.rank else (col, row)
    index = np.arange(len(fine))
    parent = np.empty(len(fine), dtype=np.int64)
    parent[fine.member] = coarse.member
    if fine is row:
        return AxisMap(index, parent, np.ones(len(fine)))
    return AxisMap(parent, index, fine.weight / coarse.weight[parent])


def period_same(n: int) -> AxisMap:
    """Row y takes column y."""
    index = np.arange(n)
    return AxisMap(index, index, np.ones(n))


def period_previous(n: int) -> AxisMap:
    """Row y takes column y⁻, the milestone before; the first row takes none. Pairs: rows 1 … n−1."""
    return AxisMap(np.arange(1, n), np.arange(n - 1), np.ones(n - 1))


def period_until(n: int) -> AxisMap:
    """Row y takes every column v ≤ y. Pairs ordered by row, then column."""
    rows, cols = np.tril_indices(n)
    return AxisMap(rows.astype(np.int64), cols.astype(np.int64), np.ones(len(rows)))


def period_total(n: int) -> AxisMap:
    """One row takes the columns of all periods."""
    return AxisMap(np.zeros(n, dtype=np.int64), np.arange(n), np.ones(n))


def chain(steps: Sequence[int] | Codes) -> AxisMap:
    """Row t takes the column at `steps[t]`: the predecessor map of a store."""
    cols = np.asarray(steps, dtype=np.int64)
    return AxisMap(np.arange(len(cols)), cols, np.ones(len(cols)))
