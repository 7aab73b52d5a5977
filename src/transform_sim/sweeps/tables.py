"""Arrays of a case put together from what each axis does to them, without building its program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
TOLERANCE = 1e-9
"""Relative; what an assembled number may differ from that of a full build."""


class UncoveredError(KeyError):
    """A table does not hold this case; it must be built in full."""


class Factor(Protocol):
    """What some axes together do: the values at `positions`, whatever the other axes say."""

    @property
    def positions(self) -> Codes: ...
    def values(self, codes: Codes) -> Floats:
        """At the levels `codes` (A,) of all axes, shape (P,); raises UncoveredError for levels it does not hold."""
        ...


@dataclass(frozen=True, eq=False)
class Levels:
    """One axis, or several that act on each other, tabulated: a row of values for each combination that occurs."""

    axes: tuple[int, ...]
    positions: Codes
    rows: Mapping[tuple[int, ...], Floats]

    def values(self, codes: Codes) -> Floats:
        found = self.rows.get(tuple(codes[list(self.axes)].tolist()))
        if found is None:
            raise UncoveredError
        return found


@dataclass(frozen=True, eq=False)
class Affine:
    """One axis along which every number is linear: start + slope · coordinate of the level."""

    axis: int
    positions: Codes
    coordinates: Floats
    base: int
    base_values: Floats
    start: Floats
    slope: Floats

    def values(self, codes: Codes) -> Floats:
        code = int(codes[self.axis])
        if code == self.base:
            return self.base_values
        if code < 0:
            raise UncoveredError
        out: Floats = self.start + self.slope * self.coordinates[code]
        return out


@dataclass(frozen=True, eq=False)
class Nested:
    """Axes that act on each other through one of them, the hub: a table of the others for each level of the hub."""

    hub: int
    positions: Codes
    tables: Mapping[int, Table]

    def values(self, codes: Codes) -> Floats:
        table = self.tables.get(int(codes[self.hub]))
        if table is None:
            raise UncoveredError
        return table.assemble(codes)[self.positions]


@dataclass(frozen=True, eq=False)
class Table:
    """The arrays of a base case, one after the other, and the factors that move them.

    A position that one factor moves takes its value; one that several move takes base + Σ (value − base), which
    holds where they were proved to add up.
    """

    base: Floats
    factors: tuple[Factor, ...]
    _shared: tuple[NDArray[np.bool_], ...] = field(init=False)

    def __post_init__(self) -> None:
        count = np.zeros(len(self.base), dtype=np.int64)
        for factor in self.factors:
            count[factor.positions] += 1
        object.__setattr__(self, "_shared", tuple(count[f.positions] > 1 for f in self.factors))

    def assemble(self, codes: Codes) -> Floats:
        """The arrays at the levels `codes` of all axes; raises UncoveredError."""
        out = self.base.copy()
        for factor, shared in zip(self.factors, self._shared, strict=True):
            at, values = factor.positions, factor.values(codes)
            if not shared.any():
                out[at] = values
                continue
            out[at[~shared]] = values[~shared]
            both = at[shared]
            with np.errstate(invalid="ignore"):  # ∞ − ∞: never equal to a full build, so never kept
                out[both] += np.where(values[shared] == self.base[both], 0.0, values[shared] - self.base[both])
        return out

    def moved(self) -> Codes:
        """All positions that any factor moves."""
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(f.positions for f in self.factors)]))


def differing(a: Floats, b: Floats) -> Codes:
    """Positions where two arrays differ by more than TOLERANCE, relative to the larger number."""
    if np.array_equal(a, b):
        return np.zeros(0, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        close = np.abs(a - b) <= TOLERANCE * np.maximum(np.abs(a), np.abs(b))
    close &= np.isfinite(a) & np.isfinite(b)
    return np.flatnonzero(~(close | (a == b)))
