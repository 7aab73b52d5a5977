"""From a few points built in full to a table that gives the arrays of every case that shares their matrix.

The table holds what each axis does by itself and what they do together. It is proved at points where all axes have
moved, at some cases and at those asked for; where it is wrong, the axes that make it so are bound to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .evaluate import Evaluator, Frame, Point
from .follow import Follower, GrownError, TooManyError, at_levels
from .tables import Table

__all__ = ["Tabulator", "TooManyError"]

Codes = NDArray[np.int64]

SMALL = 16
"""So many cases are rather built in full, all of them."""


@dataclass(eq=False)
class Tabulator:
    """Works on the distinct cases `rows` (n, A) around a base point.

    Attributes:
        careful: axes whose paths are declared to enter coefficients.
        extra: points at which the finished table is compared with a full build.
    """

    evaluator: Evaluator
    rows: Codes
    base: Point
    careful: frozenset[int]
    extra: Sequence[Point] = ()
    _axes: Follower = field(init=False)

    def __post_init__(self) -> None:
        self._axes = Follower(self.evaluator, self.careful, len(self.rows))

    @property
    def frame(self) -> Frame | None:
        """The union on which the arrays of the table lie; None where no point could be built."""
        return self._axes.frame

    def table(self) -> Table:
        """The proved table; raises TooManyError, MatrixError, or RefusedError at the base."""
        while True:
            try:
                return self._small() if len(self.rows) <= SMALL else self._proved()
            except GrownError:
                continue

    def _small(self) -> Table:
        """Every case in full; one that is refused is left out, and refused again when its turn comes."""
        axes = tuple(range(self.rows.shape[1]))
        base = self._axes.flat(self.base)
        return Table(base, (self._axes.levels(self.rows, self.base, axes),))

    def _proved(self) -> Table:
        axes = range(self.rows.shape[1])
        table = Table(self._axes.flat(self.base), self._axes.factors(self.rows, self.base, axes))
        for point in self._tests(table):
            if not self._axes.fits(table, point):
                self._learn(table, point)
                raise GrownError
        return table

    def _tests(self, table: Table) -> Iterator[Point]:
        """Corners where every axis has moved, a mix of them, some cases, and the extra points."""
        base = np.array(self.base)
        count = (self.rows != base).sum(axis=1)
        moving = [a for a in range(len(base)) if (self.rows[:, a] != base[a]).any()]
        if len(moving) > 1 and count.max() == len(moving):
            ends = {a: self._axes.ends(self.rows, self.base, a) for a in moving}
            for side in (lambda k: 1, lambda k: 0, lambda k: k % 2):
                yield at_levels(self.base, {a: ends[a][side(k)] for k, a in enumerate(moving)})
        far = np.flatnonzero(count == count.max())
        for i in far[np.linspace(0, len(far) - 1, 4).astype(int)[1:3]]:
            yield tuple(self.rows[i].tolist())
        yield from self.extra

    def _learn(self, table: Table, point: Point) -> None:
        """Find the fewest axes that must have moved for the table to be wrong, and bind them to each other."""
        moved = {a: k for a, k in enumerate(point) if k != self.base[a]}
        for axis in list(moved):
            fewer = {a: k for a, k in moved.items() if a != axis}
            if fewer and not self._axes.fits(table, at_levels(self.base, fewer)):
                moved = fewer
        found = frozenset(moved)
        if len(found) == 1 and not found <= self._axes.bent:
            self._axes.bent |= found
        elif len(found) > 1 and found not in self._axes.bonds:
            self._axes.bonds.add(found)
        else:
            raise TooManyError  # known already, and yet wrong: every case is built in full
