"""Which axes of a sweep change the matrix, and the parts that its cases fall into by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .design import Cases
from .evaluate import Evaluator, Frame, MatrixError, Point, RefusedError
from .tables import Table
from .tabulate import Tabulator, TooManyError

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Part:
    """Cases with the same levels of all axes that change the matrix.

    `table` is None where every case is built in full; `group` is −1 where no union is known beforehand.
    """

    group: int
    frame: Frame | None
    table: Table | None


def divided(
    evaluator: Evaluator, cases: Cases, base: Point, careful: frozenset[int], check: Sequence[int]
) -> tuple[list[Part], Codes, list[Tabulator], frozenset[int]]:
    """Parts, the one of each case, how each was put together, and the axes that change the matrix.

    None is thought to change it until two of its cases have matrices that no union holds.
    """
    split: frozenset[int] = frozenset()
    while True:
        try:
            return *_parts(evaluator, cases, base, split, careful, check), split
        except MatrixError as error:
            split |= _blamed(evaluator, error, base, split)


def point_of(codes: Codes) -> Point:
    """The levels of one case."""
    return tuple(codes.tolist())


def _parts(
    evaluator: Evaluator, cases: Cases, base: Point, split: frozenset[int], careful: frozenset[int],
    check: Sequence[int],
) -> tuple[list[Part], Codes, list[Tabulator]]:  # fmt: skip
    """One part for each combination of the levels of the axes that change the matrix; which one each case is in."""
    axes = sorted(split)
    combos, part_of = np.unique(cases.codes[:, axes], axis=0, return_inverse=True)
    part_of = part_of.reshape(-1) if axes else np.zeros(len(cases), dtype=np.int64)
    parts, work = [], []
    for k in range(max(1, len(combos))):
        own = np.flatnonzero(part_of == k)
        fixed = dict(zip(axes, combos[k].tolist(), strict=True)) if axes else {}
        centre = tuple(fixed.get(a, code) for a, code in enumerate(base))
        rows = np.unique(cases.codes[own], axis=0)
        extra = [point_of(cases.codes[i]) for i in check if part_of[i] == k]
        tabulator = Tabulator(evaluator, rows, centre, careful, extra)
        work.append(tabulator)
        parts.append(_part(tabulator))
    return parts, part_of, work


def _part(tabulator: Tabulator) -> Part:
    if len(tabulator.rows) == 1:
        tabulator.base = point_of(tabulator.rows[0])
    try:
        table = tabulator.table()
    except (TooManyError, RefusedError):
        return Part(-1, tabulator.frame, None)
    return Part(-1, tabulator.frame, table)


def _blamed(evaluator: Evaluator, error: MatrixError, base: Point, split: frozenset[int]) -> frozenset[int]:
    """The fewest axes that must have moved from the base for the coefficients to differ."""
    point = error.point
    moved = {a for a, code in enumerate(point) if code != base[a]} - split

    def differ(axes: set[int]) -> bool:
        centre = tuple(point[a] if a in split else code for a, code in enumerate(base))
        there = tuple(point[a] if a in axes | split else code for a, code in enumerate(base))
        try:
            keys = [evaluator.sheet(p).key for p in (centre, there)]
        except RefusedError:
            return False
        return Frame.union({k: evaluator.programs[k] for k in keys}) is None

    if not differ(moved):
        return frozenset(moved)
    for axis in sorted(moved):
        if differ(moved - {axis}):
            moved = moved - {axis}
    return frozenset(moved)
