"""What axes do around a point, found from a few full builds: each followed linearly or tabulated, alone or together.

Each axis is tabulated at its levels, or followed linearly where levels between its ends lie on the line. Axes add up
unless a corner of two of them says otherwise; then they form one block, tabulated by the combinations that occur, or
one after another along the axis (the hub) through which they act on each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .axes import AS_IS
from .evaluate import Evaluator, Frame, MatrixError, Point, RefusedError
from .tables import Affine, Factor, Levels, Nested, Table, UncoveredError, differing

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

FEW = 4
"""So many levels are rather tabulated than followed."""
FREE = 64
"""So many full builds are made whatever they save; more must save half."""


class TooManyError(Exception):
    """A table would take more full builds than it saves."""


class GrownError(Exception):
    """The union has grown, or an axis is known better: lay the arrays out again."""


@dataclass(eq=False)
class Follower:
    """Follows axes by full builds of points, whose arrays lie on `frame`, the union that grows on the way.

    Attributes:
        careful: axes whose paths are declared to enter coefficients; they are followed linearly only where their
            levels are too many to build them all.
        cases: how many distinct cases a table would serve.
        bonds: sets of axes that were found to act on each other.
        bent: axes that are not linear.
    """

    evaluator: Evaluator
    careful: frozenset[int]
    cases: int
    bonds: set[frozenset[int]] = field(default_factory=set)
    bent: set[int] = field(default_factory=set)
    frame: Frame | None = None
    _needed: set[Point] = field(default_factory=set)

    @property
    def _allowed(self) -> int:
        return max(FREE, self.cases // 2)

    def flat(self, point: Point) -> Floats:
        """The arrays at a point on the union.

        Raises GrownError if that had to grow, MatrixError where it cannot, TooManyError, and RefusedError.
        """
        self._needed.add(point)
        if len(self._needed) > self._allowed:
            raise TooManyError
        sheet = self.evaluator.sheet(point)
        if self.frame is None:
            self.frame = Frame.of(sheet.key, *self.evaluator.programs[sheet.key])
        if sheet.key not in self.frame.at:
            self._grow(sheet.key, point)
            raise GrownError
        return self.frame.flat(sheet.key, sheet.case)

    def _grow(self, key: str, point: Point) -> None:
        assert self.frame is not None
        grown = Frame.union({k: self.evaluator.programs[k] for k in (*self.frame.at, key)})
        if grown is None:
            raise MatrixError(point)
        self.frame = grown

    def factors(self, rows: Codes, base: Point, axes: Collection[int]) -> tuple[Factor, ...]:
        """What the axes do around a base, for the combinations in `rows`."""
        moving = [a for a in axes if (rows[:, a] != base[a]).any()]
        single = {a: self._single(rows, base, a) for a in moving}
        for a, b in combinations(moving, 2):
            if not self._bonded(a, b) and not self._add_up(rows, base, single[a], single[b], a, b):
                self.bonds.add(frozenset((a, b)))
        blocks = _components(moving, self.bonds)
        return tuple(single[b[0]] if len(b) == 1 else self._block(rows, base, b) for b in blocks)

    def _single(self, rows: Codes, base: Point, axis: int) -> Factor:
        levels = np.unique(rows[:, axis])
        x = self.evaluator.axes[axis].coordinates
        few = FREE if axis in self.careful else FEW
        plain = axis not in self.bent and set(levels[levels < 0]) <= {base[axis]}
        if plain and x is not None and len(levels) > few:
            followed = self._followed(levels[levels >= 0], base, axis, x)
            if followed is not None:
                return followed
            self.bent.add(axis)
        return self.levels(rows, base, (axis,))

    def _followed(self, levels: Codes, base: Point, axis: int, x: Floats) -> Affine | None:
        """The axis as a line through its lowest and highest level, if the base and levels between lie on it."""
        ordered = levels[np.argsort(x[levels], kind="stable")]
        n = len(ordered) - 1
        # steps in coefficients go one way: what is alike at both ends, and at three levels between, is alike
        inner = [n // 4, n // 2, 3 * n // 4] if axis in self.careful else [n // 2]
        between = [base[axis]] if base[axis] in ordered[1:-1] and len(inner) == 1 else ordered[inner].tolist()
        low, high = int(ordered[0]), int(ordered[-1])
        try:
            start, end, *middle = (self.flat(at_levels(base, {axis: k})) for k in (low, high, *between))
        except RefusedError:
            return None
        own = self.flat(base)
        at = np.flatnonzero(np.any([values != start for values in (end, own, *middle)], axis=0))
        if not (np.isfinite(start[at]).all() and np.isfinite(end[at]).all()):
            return None
        slope = (end[at] - start[at]) / (x[high] - x[low])
        line = Affine(axis, at, x, base[axis], own[at], start[at] - slope * x[low], slope)
        proofs = [(x[level], values) for level, values in zip(between, middle, strict=True)]
        proofs += [(x[base[axis]], own)] if base[axis] != AS_IS else []
        bent = any(len(differing(line.start + slope * where, values[at])) for where, values in proofs)
        return None if bent else line

    def levels(self, rows: Codes, base: Point, axes: tuple[int, ...]) -> Levels:
        """Values for each combination of the axes' levels in `rows`; refused ones are left out."""
        found: dict[tuple[int, ...], Floats] = {}
        combos = np.unique(np.vstack([rows[:, axes], np.array(base)[None, axes]]), axis=0).tolist()
        if len(combos) > self._allowed:
            raise TooManyError
        for codes in combos:
            try:
                found[tuple(codes)] = self.flat(at_levels(base, dict(zip(axes, codes, strict=True))))
            except RefusedError:
                continue
        own = self.flat(base)
        changed = np.zeros(len(own), dtype=bool)
        for values in found.values():
            changed |= values != own
        at = np.flatnonzero(changed)
        return Levels(axes, at, {codes: values[at] for codes, values in found.items()})

    def _block(self, rows: Codes, base: Point, block: tuple[int, ...]) -> Factor:
        """Axes that act on each other: all combinations, or nested along one of them, whichever takes fewer builds."""
        whole = len(np.unique(rows[:, block], axis=0))
        count = {a: len(np.unique(rows[:, a])) for a in block}
        inner = {h: count[h] * (1 + sum(min(count[a], FEW) for a in block if a != h)) for h in block}
        hub = min(inner, key=lambda h: (inner[h], h))
        if whole <= inner[hub]:
            return self.levels(rows, base, block)
        others = [a for a in block if a != hub]
        own, tables = self.flat(base), {}
        for level in np.unique(np.append(rows[:, hub], base[hub])).tolist():
            centre = at_levels(base, {hub: level})
            try:
                start = self.flat(centre)
            except RefusedError:
                continue
            tables[level] = Table(start, self.factors(rows[rows[:, hub] == level], centre, others))
        moved = [np.flatnonzero(t.base != own) for t in tables.values()] + [t.moved() for t in tables.values()]
        return Nested(hub, np.unique(np.concatenate(moved)), tables)

    def _bonded(self, a: int, b: int) -> bool:
        return any(a in bond and b in bond for bond in self.bonds)

    def _add_up(self, rows: Codes, base: Point, one: Factor, other: Factor, a: int, b: int) -> bool:
        """Whether two axes that meet in some case add up in the corners; those that touch nothing in common are left
        to the test of the whole table, unless both enter coefficients."""
        if not ((rows[:, a] != base[a]) & (rows[:, b] != base[b])).any():
            return True
        both = len(np.intersect1d(one.positions, other.positions, assume_unique=True)) > 0
        if not both and not {a, b} <= self.careful and not self._reshape(base, a, b):
            return True
        table = Table(self.flat(base), (one, other))
        for p, q in zip(self.ends(rows, base, a), self.ends(rows, base, b), strict=True):
            try:
                if not self.fits(table, at_levels(base, {a: p, b: q}), refused=False):
                    return False
            except UncoveredError:
                continue
        return True

    def _reshape(self, base: Point, a: int, b: int) -> bool:
        """Whether both axes bring or take away columns or rows, which may meet in a coefficient."""
        keys = self.evaluator.sheets
        own = keys[base].key
        moved = [
            any(p[x] != base[x] and s.key != own for p, s in keys.items() if at_levels(p, {x: base[x]}) == base)
            for x in (a, b)
        ]
        return all(moved)

    def ends(self, rows: Codes, base: Point, axis: int) -> tuple[int, int]:
        """The lowest and the highest level that are not the base, by number or by place."""
        levels = np.unique(rows[:, axis])
        levels = levels[(levels != base[axis]) & (levels != AS_IS)] if (levels >= 0).any() else levels
        x = self.evaluator.axes[axis].coordinates
        if not len(levels):
            return AS_IS, AS_IS
        ordered = levels if x is None else levels[np.argsort(x[levels], kind="stable")]
        return int(ordered[0]), int(ordered[-1])

    def fits(self, table: Table, point: Point, *, refused: bool = True) -> bool:
        """Whether the table gives what a full build does; `refused` is what counts if there is no such scenario."""
        try:
            assembled = table.assemble(np.array(point))
        except UncoveredError:
            return True
        try:
            return not len(differing(assembled, self.flat(point)))
        except RefusedError:
            return refused


def at_levels(point: Point, levels: dict[int, int]) -> Point:
    """The point with other levels on some axes."""
    return tuple(levels.get(a, k) for a, k in enumerate(point))


def _components(axes: Sequence[int], bonds: Collection[frozenset[int]]) -> list[tuple[int, ...]]:
    """Axes joined by bonds, directly or through others, in their order."""
    block = {a: {a} for a in axes}
    for bond in bonds:
        inside = [a for a in bond if a in block]
        whole = set().union(*(block[a] for a in inside)) if inside else set()
        for a in whole:
            block[a] = whole
    return sorted({tuple(sorted(b)) for b in block.values()})
