r"""A program made small for all costs at once: what bounds and matrix alone decide is taken out once.

A plant alone leads to programs whose rows mostly say one thing: capacity rows bound the activity, balances say what is
bought for it, emission rows what it pays. Taken out, one row is left for a product of the year, a chain of levels for a
store, or none. Each rule holds for every cost, so it is applied once and undone in each case; the certificate of the
whole program then proves the outcome, so that a rule that did not hold would show.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.lp import Program

from .steps import Alike, Bounding, Codes, Core, Fixed, Floats, Netted, Reduction, Step, Substituted

ROUNDS = 50
CLOSE = 1e-9


def reduce(program: Program, priced: NDArray[np.bool_]) -> Reduction:
    """Reduce a program whose costs change only in the `priced` columns."""
    work = _Work(program, priced)
    rules = (work.fix, work.drop, work.bound, work.net, work.alike, work.substitute)
    for _ in range(ROUNDS):
        changed = [rule() for rule in rules]  # each of them, in this order
        if not any(changed):
            break
    return Reduction(tuple(work.steps), work.core(), program.shape)


class _Work:
    """The program in the making smaller: entries as triplets, of rows and columns that are still there."""

    def __init__(self, program: Program, priced: NDArray[np.bool_]) -> None:
        entries = program.matrix.tocoo()
        self.shape = program.shape
        self.r, self.c, self.v = entries.row.astype(np.int64), entries.col.astype(np.int64), entries.data.astype(float)
        self.lower, self.upper = program.lower.copy(), program.upper.copy()
        self.low, self.high = program.row_lower.copy(), program.row_upper.copy()
        self.rows, self.columns = np.ones(self.shape[0], dtype=bool), np.ones(self.shape[1], dtype=bool)
        self.zero = (program.cost == 0) & ~priced
        self.steps: list[Step] = []

    def core(self) -> Core:
        columns, rows = np.flatnonzero(self.columns), np.flatnonzero(self.rows)
        matrix = self._matrix()[rows][:, columns]
        return Core(
            columns, rows, sparse.csr_array(matrix), self.lower[columns], self.upper[columns], self.low[rows],
            self.high[rows], self.zero[columns],
        )  # fmt: skip

    def fix(self) -> bool:
        """Columns with one value."""
        columns = np.flatnonzero(self.columns & (self.lower == self.upper))
        return self._fixed(columns, self.lower[columns])

    def drop(self) -> bool:
        """Rows without entries, and inequalities that the bounds of their columns keep anyway."""
        count = np.bincount(self.r, minlength=self.shape[0])
        least, most, _, _ = self._reach()
        room = CLOSE * (1.0 + np.abs(np.where(np.isfinite(least), least, 0.0)))
        idle = (count > 0) & (self.low <= least + room) & (self.high >= most - room) & (self.low != self.high)
        empty = (count == 0) & (self.low <= CLOSE) & (self.high >= -CLOSE)
        return self._without_rows(np.flatnonzero(self.rows & (idle | empty)))

    def bound(self) -> bool:
        """Rows with one entry are bounds of a column."""
        alone = np.bincount(self.r, minlength=self.shape[0]) == 1
        at = np.flatnonzero(alone[self.r])
        at = at[np.unique(self.c[at], return_index=True)[1]]  # one for each column at a time
        if not len(at):
            return False
        rows, columns, entry = self.r[at], self.c[at], self.v[at]
        ends = np.sort(np.stack([self.low[rows] / entry, self.high[rows] / entry]), axis=0)
        below, above = ends[0] > self.lower[columns], ends[1] < self.upper[columns]
        by_column = self._by_column(columns, without=rows)
        self.steps.append(Bounding(rows, columns, entry, below, above, by_column))
        self.lower[columns] = np.maximum(ends[0], self.lower[columns])
        self.upper[columns] = np.maximum(np.minimum(ends[1], self.upper[columns]), self.lower[columns])
        return self._without_rows(rows)

    def net(self) -> bool:
        """Columns without cost that undo one another become one of both signs."""
        free = self.columns & self.zero & (self.lower == 0)
        groups = self._same(free, signed=False)
        pairs = np.array([g for g in groups if len(g) == 2], dtype=np.int64).reshape(-1, 2)
        if not len(pairs):
            return False
        first, second = pairs.T
        self.steps.append(Netted(first, second))
        self.lower[first] = -self.upper[second]
        self._without_columns(second)
        return True

    def alike(self) -> bool:
        """Columns that differ only in cost."""
        groups = self._same(self.columns & (self.lower == 0) & (self.upper == np.inf), signed=True)
        for size in sorted({len(g) for g in groups}):
            members = np.array([g for g in groups if len(g) == size], dtype=np.int64)
            self.steps.append(Alike(members))
            self.zero[members[:, 0]] = self.zero[members].all(axis=1)
            self._without_columns(members[:, 1:].ravel())
        return bool(groups)

    def substitute(self) -> bool:
        """Columns that an equality gives from others, where their own bounds add nothing or become those of one."""
        at, keep = self._expressible()
        if not len(at):
            return False
        rows, columns, entry, side = self.r[at], self.c[at], self.v[at], self.low[self.r[at]]
        matrix = self._matrix()
        others = sparse.csr_array(matrix[rows] - sparse.csr_array(
            (entry, (np.arange(len(at)), columns)), shape=(len(at), self.shape[1])))  # fmt: skip
        others.eliminate_zeros()
        rest = self._by_column(columns, without=rows)
        self.steps.append(Substituted(columns, rows, entry, side, others, rest))
        costly = others[np.flatnonzero(~self.zero[columns])]
        self.zero[np.unique(costly.indices)] = False
        # other rows with the column: row_i − (a_ij / a_rj) · row_r
        factor = sparse.csr_array(rest.T @ sparse.diags_array(1.0 / entry))
        shift = factor @ side
        self.low, self.high = self.low - shift, self.high - shift
        changed = sparse.coo_array(matrix - factor @ matrix[rows])
        self._set(changed)
        ends = np.sort(np.stack([side - entry * self.lower[columns], side - entry * self.upper[columns]]), axis=0)
        self._without_columns(columns)
        self.low[rows], self.high[rows] = ends
        self._without_rows(rows[~keep])
        return True

    def _expressible(self) -> tuple[Codes, NDArray[np.bool_]]:
        """Entries at which a column can be expressed, one per row and column, and whether the row stays as a bound."""
        n_row = np.bincount(self.r, minlength=self.shape[0])
        n_column = np.bincount(self.c, minlength=self.shape[1])
        _, _, own_least, own_most = self._reach(apart=True)
        with np.errstate(invalid="ignore"):
            ends = np.sort(
                np.stack([(self.low[self.r] - own_most) / self.v, (self.low[self.r] - own_least) / self.v]), 0
            )
        equal = self.low[self.r] == self.high[self.r]
        implied = (ends[0] >= self.lower[self.c] - CLOSE) & (ends[1] <= self.upper[self.c] + CLOSE)
        single = n_column[self.c] == 1
        doubled = single & (n_row[self.r] == 2)
        at = np.flatnonzero(equal & (n_column[self.c] <= 2) & (n_row[self.r] > 1) & (implied | doubled))
        # columns that stand alone first, then those that are free of cost: fewer costs to move
        at = at[np.lexsort((at, ~implied[at], ~single[at]))]
        at = at[np.sort(np.unique(self.r[at], return_index=True)[1])]
        at = at[np.sort(np.unique(self.c[at], return_index=True)[1])]
        taken = np.zeros(self.shape[0], dtype=bool)
        taken[self.r[at]] = True
        # a column with a second row in which another one is expressed waits for the next round
        held = np.zeros(self.shape[1], dtype=np.int64)
        np.add.at(held, self.c, taken[self.r])
        at = at[held[self.c[at]] == 1]
        return at, ~implied[at]

    def _reach(self, apart: bool = False) -> tuple[Floats, Floats, Floats, Floats]:
        """Least and most of each row by the bounds of its columns; `apart`: of the others in the row of each entry."""
        a, b = self.v * self.lower[self.c], self.v * self.upper[self.c]
        small, large = np.minimum(a, b), np.maximum(a, b)
        out = []
        for part, infinity in ((small, -np.inf), (large, np.inf)):
            open_ = ~np.isfinite(part)
            finite = np.where(open_, 0.0, part)
            total = np.bincount(self.r, finite, minlength=self.shape[0])
            n_open = np.bincount(self.r, open_, minlength=self.shape[0])
            whole = np.where(n_open > 0, infinity, total)
            others = np.where(n_open[self.r] - open_ > 0, infinity, total[self.r] - finite) if apart else finite
            out += [whole, others]
        return out[0], out[2], out[1], out[3]

    def _same(self, among: NDArray[np.bool_], *, signed: bool) -> list[list[int]]:
        """Groups of columns with equal entries or, unsigned, pairs with opposite ones, by two random sums of each."""
        draw = np.random.default_rng(0)
        order = np.lexsort((self.r, self.c))
        r, c, v = self.r[order], self.c[order], self.v[order]
        sums = [np.bincount(c, v * draw.random(self.shape[0])[r], minlength=self.shape[1]) for _ in range(2)]
        count = np.bincount(c, minlength=self.shape[1])
        columns = np.flatnonzero(among & (count > 0) & (count <= 8))
        sign = np.ones(len(columns)) if signed else np.sign(sums[0][columns])
        keys = np.stack([s[columns] * sign for s in sums])
        order = np.lexsort((columns, *keys))
        keys, columns, sign = keys[:, order], columns[order], sign[order]
        if not len(columns):
            return []
        starts = np.flatnonzero(np.r_[True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
        sizes = np.diff(np.r_[starts, len(columns)]).astype(int)
        found = [slice(s, s + n) for s, n in zip(starts, sizes, strict=True) if n > 1]
        return [sorted(columns[s].tolist()) for s in found if signed or sign[s].sum() == 0]

    def _matrix(self) -> sparse.csr_array:
        return sparse.csr_array((self.v, (self.r, self.c)), shape=self.shape)

    def _by_column(self, columns: Codes, without: Codes) -> sparse.csr_array:
        """Columns as rows over all rows of the program, without the entry in the row `without` of each."""
        place = np.full(self.shape[1], -1)
        place[columns] = np.arange(len(columns))
        at = place[self.c]
        keep = (at >= 0) & (without[at] != self.r)
        return sparse.csr_array((self.v[keep], (at[keep], self.r[keep])), shape=(len(columns), self.shape[0]))

    def _fixed(self, columns: Codes, values: Floats) -> bool:
        if not len(columns):
            return False
        self.steps.append(Fixed(columns, values))
        x = np.zeros(self.shape[1])
        x[columns] = values
        shift = np.bincount(self.r, self.v * x[self.c], minlength=self.shape[0])
        self.low, self.high = self.low - shift, self.high - shift
        self._without_columns(columns)
        return True

    def _without_rows(self, rows: Codes) -> bool:
        self.rows[rows] = False
        self._filter()
        return bool(len(rows))

    def _without_columns(self, columns: Codes) -> None:
        self.columns[columns] = False
        self._filter()

    def _filter(self) -> None:
        keep = self.rows[self.r] & self.columns[self.c]
        if not keep.all():
            self.r, self.c, self.v = self.r[keep], self.c[keep], self.v[keep]

    def _set(self, matrix: sparse.coo_array) -> None:
        keep = np.abs(matrix.data) > 1e-14
        self.r, self.c = matrix.row[keep].astype(np.int64), matrix.col[keep].astype(np.int64)
        self.v = matrix.data[keep]
