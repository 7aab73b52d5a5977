"""Hours that follow each other, and what looks back and forth along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import AxisMap, Grid, chain
from transform_sim.timeseries import TimeStructure

Ints = NDArray[np.int64]
HOURS_PER_DAY = 24


@dataclass(frozen=True, eq=False)
class Sequences:
    """Sequences of `length` hours, each closed to a circle: every representative day, or the whole year.

    Attributes:
        first: first step of the sequence of each step, shape (T,).
    """

    first: Ints
    length: int

    @classmethod
    def of(cls, time: TimeStructure) -> Sequences | None:
        """Those of a time structure; None where steps do not follow each other (annual, slices)."""
        if time.kind not in ("typical_days", "full_year"):
            return None
        length = time.n_steps if time.chronological else HOURS_PER_DAY
        return cls(np.arange(time.n_steps) // length * length, length)

    @property
    def position(self) -> Ints:
        """Hours since the first of the sequence, shape (T,)."""
        return np.arange(len(self.first)) - self.first

    def later(self, hours: int) -> Ints:
        """The step so many hours later (earlier, if negative), shape (T,)."""
        return np.asarray(self.first + (self.position + hours) % self.length)

    def shift(self, hours: int) -> AxisMap:
        """Row t takes the column so many hours later (earlier, if negative)."""
        return chain(self.later(hours))

    def following(self, hours: int) -> AxisMap:
        """Row t takes the columns of so many hours from t on, none of them twice."""
        return _stacked([self.shift(k) for k in range(min(hours, self.length))])

    def outstanding(self, hours: int) -> AxisMap:
        """What row t adds to the sum of the last so many hours; the first row of a sequence takes that sum itself.

        So a level that starts with what is outstanding and adds these is the sum of the last hours everywhere.
        """
        start, inner = self.position == 0, self.position > 0
        begin = [_where(self.shift(-k), start) for k in range(hours)]
        left = _where(self.shift(-hours), inner)
        return _stacked([*begin, _where(self.shift(0), inner), left._replace(values=-left.values)])

    def before(self) -> AxisMap:
        """Row t takes the column of the hour before; the first row of a sequence takes none."""
        return _where(self.shift(-1), self.position > 0)

    def blocks(self, hours: int, grid: Grid) -> Grid:
        """Blocks of so many hours from the first of each sequence on; the last of a sequence may be shorter."""
        per_sequence = -(-self.length // hours)
        member = self.first // self.length * per_sequence + self.position // hours
        opens = np.flatnonzero(self.position % hours == 0)
        weight = np.bincount(member, weights=grid.weight).astype(float)
        return Grid(f"{hours} h", weight, member, tuple(grid.labels[t] for t in opens), grid.rank - 1)


def _where(steps: AxisMap, rows: NDArray[np.bool_]) -> AxisMap:
    return AxisMap(steps.rows[rows], steps.cols[rows], steps.values[rows])


def _stacked(maps: list[AxisMap]) -> AxisMap:
    rows, cols, values = (np.concatenate([m[i] for m in maps]) for i in range(3))
    return AxisMap(rows, cols, values)
