"""Break-even maps: who leads in each case of a grid of two axes, and the lines on which two are equal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import ModelError

from .axes import apart, split
from .measured import measured, positions, units

if TYPE_CHECKING:
    from .opened import Sweep

Floats = NDArray[np.float64]
LEADERS = ("leader", "value", "second", "margin", "distinguishable")
LINES = ["one", "other", "x0", "y0", "x1", "y1", "distinguishable"]
AROUND = ((0, 0), (1, 0), (1, 1), (0, 1))
"""Corners of a cell, one after the other."""


@dataclass(frozen=True, eq=False)
class BreakEven:
    """Who leads where on a grid of two axes.

    Attributes:
        leaders: one row per case: the two axes, `leader` (empty without a proved optimum), its `value`, the `second`,
            the `margin` between them, `distinguishable` (the margin is more than the proofs leave open).
        lines: pieces of the lines on which two leaders are equal: `one`, `other`, from (x0, y0) to (x1, y1);
            `distinguishable` is False where a case at its side cannot tell the two apart.
        x, y: columns of the axes; one that is called like another column of `leaders` has the ending `_axis`.
    """

    leaders: pd.DataFrame
    lines: pd.DataFrame
    x: str
    y: str


@dataclass(frozen=True, eq=False)
class _Grid:
    """Values (x, y, name), of which the larger leads, with their places, what proofs leave open, units of the axes."""

    x: Floats
    y: Floats
    names: list[str]
    values: Floats
    noise: Floats
    units: dict[str, str]

    def cells(self) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Places (4, 2), values (4, names) and noise of the corners of each cell whose cases are all known."""
        for i in range(len(self.x) - 1):
            for j in range(len(self.y) - 1):
                at = [(i + a, j + b) for a, b in AROUND]
                values = np.array([self.values[p] for p in at])
                if not np.isnan(values).any():
                    places = np.array([(self.x[a], self.y[b]) for a, b in at])
                    yield places, values, np.array([self.noise[p] for p in at])


def break_even(sweep: Sweep | xr.Dataset, x: str, y: str, of: str | xr.DataArray, *, least: bool = False) -> BreakEven:
    """Which of several things leads in each case of a grid, and the lines where the lead changes.

        break_even(sweep, "hydrogen", "carbon_price", sweep.activity.sel(period=2045, process=["dri_eaf", "hbi_eaf"]))

    Lines are linear between neighbouring cases, so that a third may lead between two leaders. Activities of a linear
    program change in steps, so such a line lies anywhere between the two cases at its sides: a finer grid pins it down.

    Args:
        x, y: axes of the grid, with numbers or with texts of one unit; others must have been chosen in `of`.
        of: what is compared, with one dimension beside the axes, such as `process`; all of the same unit.
        least: the smallest leads, as for costs.

    Raises ModelError if the cases are no grid of these axes.
    """
    grid, attrs = _grid(sweep, x, y, of, least=least)
    if len(grid.names) < 2:
        raise ModelError("a break-even needs two things to compare")
    order = np.argsort(-np.nan_to_num(grid.values, nan=-np.inf), axis=2, kind="stable")
    first, second = (np.take_along_axis(grid.values, order[..., k : k + 1], 2)[..., 0] for k in (0, 1))
    open_ = sum(np.take_along_axis(grid.noise, order[..., k : k + 1], 2)[..., 0] for k in (0, 1))
    known = ~np.isnan(first)
    names = np.array(grid.names)
    at = np.meshgrid(grid.x, grid.y, indexing="ij")
    columns = apart((x, y), LEADERS)
    leaders = pd.DataFrame({
        columns[x]: at[0].ravel(), columns[y]: at[1].ravel(),
        "leader": np.where(known, names[order[..., 0]], "").ravel(),
        "value": (-first if least else first).ravel(), "second": np.where(known, names[order[..., 1]], "").ravel(),
        "margin": (first - second).ravel(), "distinguishable": (first - second > open_).ravel(),
    })  # fmt: skip
    leaders.attrs = {**attrs, "axes": {columns[d]: unit for d, unit in grid.units.items()}}
    lines = []
    for places, values, noise in grid.cells():
        for a, b in combinations(_leading(values), 2):
            lines += [(grid.names[a], grid.names[b], *piece) for piece in _pieces(places, values, noise, a, b)]
    return BreakEven(leaders, pd.DataFrame(lines, columns=LINES), columns[x], columns[y])


def crossings(sweep: Sweep | xr.Dataset, x: str, y: str, of: str | xr.DataArray, one: str, other: str) -> pd.DataFrame:
    """The lines on which two named things are equal, whatever else leads there; columns as `BreakEven.lines`."""
    grid, attrs = _grid(sweep, x, y, of, least=False)
    unknown = [n for n in (one, other) if n not in grid.names]
    if unknown:
        raise ModelError(f"there is no {unknown[0]!r} to compare; there is {', '.join(grid.names)}")
    a, b = grid.names.index(one), grid.names.index(other)
    pair = _Grid(grid.x, grid.y, [one, other], grid.values[..., [a, b]], grid.noise[..., [a, b]], grid.units)
    rows = [(one, other, *piece) for cell in pair.cells() for piece in _pieces(*cell, 0, 1)]
    frame = pd.DataFrame(rows, columns=LINES)
    frame.attrs = {**attrs}
    return frame


def _grid(
    sweep: Sweep | xr.Dataset, x: str, y: str, of: str | xr.DataArray, *, least: bool
) -> tuple[_Grid, dict[Any, str]]:
    m = measured(sweep, of, beside=1)
    dims = [str(d) for d in m.values.dims]
    if x == y or not {x, y} <= set(dims) or len(dims) != 3:
        raise ModelError(f"a break-even map of {x} and {y} needs a grid of these two axes; there is {', '.join(dims)}")
    name = next(d for d in dims if d not in (x, y))
    values = m.values.transpose(x, y, name)
    at = [positions(values[d].values.tolist()) for d in (x, y)]
    if at[0] is None or at[1] is None:
        raise ModelError(f"the levels of {x if at[0] is None else y} are no numbers of one unit")
    by = np.ix_(np.argsort(at[0]), np.argsort(at[1]))
    sign = -1.0 if least else 1.0
    noise = m.noise.transpose(x, y, name).values[by]
    names = [str(n) for n in values[name].values]
    counted = {d: unit or _unit_of(values[d].values) for d, unit in units(values, {d: d for d in (x, y)}).items()}
    return _Grid(np.sort(at[0]), np.sort(at[1]), names, sign * values.values[by], noise, counted), m.attrs


def _unit_of(levels: NDArray[Any]) -> str:
    """The unit of levels that are texts with one."""
    parts = split(levels.tolist()[0])
    return parts[1] if parts else ""


def _leading(values: Floats) -> list[int]:
    """What may lead somewhere in a cell whose corners have different leaders; nothing else cuts it."""
    if len(set(np.argmax(values, axis=1).tolist())) < 2:
        return []
    return [int(k) for k in np.flatnonzero(values.max(axis=0) >= values.min(axis=0).max())]


def _pieces(
    places: Floats, values: Floats, noise: Floats, a: int, b: int
) -> Iterator[tuple[float, float, float, float, bool]]:
    """Where a and b are equal within one cell, as far as nothing else is larger there."""
    difference = values[:, a] - values[:, b]
    above = difference > 0
    cut = [k for k in range(4) if above[k] != above[(k + 1) % 4]]
    if len(cut) == 4:  # a saddle: the mean says which two corners hang together
        joined = (difference.mean() > 0) == above[0]
        pairs = [(0, 1), (2, 3)] if joined else [(3, 0), (1, 2)]
    else:
        pairs = [(cut[0], cut[1])] if cut else []
    clear = bool((np.abs(difference) > noise[:, a] + noise[:, b]).all())
    rest = [c for c in range(values.shape[1]) if c not in (a, b)]
    for edges in pairs:
        ends = []
        for k in edges:
            n = (k + 1) % 4
            share = difference[k] / (difference[k] - difference[n])
            both = np.hstack([places[[k, n]], values[[k, n]]])
            ends.append(both[0] + share * (both[1] - both[0]))
        low, high = _part(np.array([e[2 + a] - e[[2 + c for c in rest]] for e in ends]))
        if high > low:
            start, end = (ends[0][:2] + t * (ends[1][:2] - ends[0][:2]) for t in (low, high))
            if (start != end).any():
                yield (*start.tolist(), *end.tolist(), clear)


def _part(lead: Floats) -> tuple[float, float]:
    """The part (from, to) of a line from 0 to 1 on which all leads, given at both ends, are at least zero."""
    low, high = 0.0, 1.0
    for start, end in lead.T.tolist():
        if start < 0 and end < 0:
            return 1.0, 0.0
        if start < 0 or end < 0:
            zero = start / (start - end)
            low, high = (max(low, zero), high) if start < 0 else (low, min(high, zero))
    return low, high
