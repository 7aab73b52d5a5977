"""Programs small enough to be solved without a simplex: nothing that couples, one row, or one store over the hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .chain import shares, values
from .steps import Codes, Core, Floats

EQUAL = 1e-12
YEARS = (2, 6)
"""Passed in a row; more if two leave a store that does not return to its level."""
Given = tuple[Codes, Floats, Floats, Floats, Floats, Floats]


@dataclass(frozen=True, eq=False)
class Separate:
    """Nothing couples the hours: each column stands at the bound that its cost prefers."""

    core: Core
    name = "hour by hour"

    def solve(self, cost: Floats) -> tuple[Floats, Floats] | None:
        x = preferred(self.core, cost)
        return (x, np.zeros(0)) if np.isfinite(x).all() else None


@dataclass(frozen=True, eq=False)
class Sorted:
    """One row (a product of the year) couples the hours: the cheapest are taken until it holds."""

    core: Core
    name = "hours sorted"

    def solve(self, cost: Floats) -> tuple[Floats, Floats] | None:
        core = self.core
        a = np.zeros(len(cost))
        a[core.matrix.indices] = core.matrix.data
        if not (np.isfinite(core.lower) & np.isfinite(core.upper))[a != 0].all():
            return None
        x = preferred(core, cost)
        if not np.isfinite(x).all():
            return None
        total = a @ x
        if core.row_lower[0] <= total <= core.row_upper[0]:
            return x, np.zeros(1)
        need = core.row_lower[0] if total < core.row_lower[0] else core.row_upper[0]
        # as the price y of the row rises, one column after the other adds the most it can in place of the least
        at = np.flatnonzero(a)
        ratio, span = cost[at] / a[at], np.abs(a[at]) * (core.upper[at] - core.lower[at])
        order = np.argsort(ratio, kind="stable")
        gone = np.cumsum(span[order])
        least = float(np.minimum(a[at] * core.lower[at], a[at] * core.upper[at]).sum())
        k = int(np.searchsorted(gone, need - least))
        if need < least or k == len(order):
            return None
        more = np.zeros(len(at), dtype=bool)
        more[order[:k]] = True
        x[at] = np.where(more == (a[at] > 0), core.upper[at], core.lower[at])
        j = at[order[k]]
        rest = need - (a @ x - a[j] * x[j])
        x[j] = rest / a[j]
        return x, np.array([ratio[order[k]]])


@dataclass(frozen=True, eq=False)
class Store:
    """The levels of one store couple the hours, each row two of them; see `chain`.

    Attributes:
        order: row of each hour; level: column of the level at the end of each hour.
        units: columns that change the level, by hour; start: first of each hour.
        weight: change of the level per unit of each, rows scaled so that the level counts once.
        scale: of each hour's row.
    """

    core: Core
    order: Codes
    level: Codes
    units: Codes
    start: Codes
    weight: Floats
    scale: Floats
    side: Floats
    name = "store, hour after hour"

    @classmethod
    def of(cls, core: Core) -> Store | None:
        """The store of a core, None if it has another structure, or a store that loses something."""
        count = np.diff(core.matrix.tocsc().indptr)
        if not (core.row_lower == core.row_upper).all() or count.max(initial=0) > 2:
            return None
        links = _links(core, count)
        if links is None:
            return None
        order, level, scale = links
        matrix = core.matrix.tocoo()
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        own = np.flatnonzero(count[matrix.col] == 1)
        hour = place[matrix.row[own]]
        own, hour = own[np.argsort(hour, kind="stable")], np.sort(hour)
        units = matrix.col[own].astype(np.int64)
        if not (np.isfinite(core.lower[units]) & np.isfinite(core.upper[units])).all():
            return None
        if not (
            core.zero[level].all() and np.isfinite(core.lower[level]).all() and np.isfinite(core.upper[level]).all()
        ):
            return None
        start = np.searchsorted(hour, np.arange(len(order) + 1))
        weight = -matrix.data[own] / scale[hour]
        return cls(core, order, level, units, start, weight, scale, core.row_lower[order] / scale)

    def solve(self, cost: Floats) -> tuple[Floats, Floats] | None:
        core, units = self.core, self.units
        span = np.abs(self.weight) * (core.upper[units] - core.lower[units])
        ends = np.minimum(self.weight * core.lower[units], self.weight * core.upper[units])
        hours = len(self.order)
        hour = np.repeat(np.arange(hours), np.diff(self.start))
        least = self.side + np.bincount(hour, ends, minlength=hours)
        slope = cost[units] / self.weight
        given = self.start, slope, span, least, core.lower[self.level], core.upper[self.level]
        found = self._found(given)
        if found is None:
            return None
        value, use, level = found
        x = preferred(core, cost)
        x[units] = np.where(
            self.weight > 0,
            core.lower[units] + use * (core.upper[units] - core.lower[units]),
            core.upper[units] - use * (core.upper[units] - core.lower[units]),
        )
        x[self.level] = level
        y = np.zeros(hours)
        y[self.order] = -value / self.scale
        return x, y

    def _found(self, given: Given) -> tuple[Floats, Floats, Floats] | None:
        """Value of the store, use of the units and levels; a store as large as the year's swings has one value."""
        for years in YEARS:
            value = values(*given, years)
            if not len(value):
                return None
            use, level = shares(*given, value)
            if len(use):
                return value, use, level
        _, slope, width, least, _, _ = given
        order = np.argsort(slope, kind="stable")
        last = int(np.searchsorted(np.cumsum(width[order]), -least.sum()))
        if last == len(order):
            return None
        value = np.full(len(least), slope[order[last]])
        use, level = shares(*given, value)
        return (value, use, level) if len(use) else None


Direct = Separate | Sorted | Store


def direct(core: Core) -> Direct | None:
    """What solves the core for any costs without a simplex; None if its structure has no such way."""
    if not len(core.rows):
        return Separate(core)
    return Sorted(core) if len(core.rows) == 1 else Store.of(core)


def _links(core: Core, count: NDArray[np.int32]) -> tuple[Codes, Codes, Floats] | None:
    """Rows in the order of one round through all levels, the level that each ends with, and its entry there."""
    matrix = core.matrix.tocoo()
    at = np.flatnonzero(count[matrix.col] == 2)
    n = matrix.shape[0]
    if not (np.bincount(matrix.row[at], minlength=n) == 2).all():
        return None
    pairs = at[np.lexsort((matrix.data[at], matrix.row[at]))].reshape(n, 2)
    before, after = matrix.data[pairs].T
    if not (np.abs(before + after) <= EQUAL * np.abs(after)).all():
        return None
    comes, goes = matrix.col[pairs].T.astype(np.int64)
    row_from = np.full(matrix.shape[1], -1, dtype=np.int64)
    row_from[comes] = np.arange(n)
    order = np.empty(n, dtype=np.int64)
    row = 0
    for k in range(n):
        order[k] = row
        row = int(row_from[goes[row]])
        if row < 0:
            return None
    if row != 0 or len(np.unique(order)) != n:
        return None
    return order, goes[order], after[order]


def preferred(core: Core, cost: Floats) -> Floats:
    """Each column at the bound that its cost prefers; of columns without cost the one nearer to zero."""
    near = np.clip(0.0, core.lower, core.upper)
    return np.where(cost > 0, core.lower, np.where(cost < 0, core.upper, near))
