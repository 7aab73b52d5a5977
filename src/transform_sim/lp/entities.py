"""Entity tables: the combinations that exist, as integer codes, and how two tables meet.

A table has one code column per dimension (`process`, `region`, …). Two tables meet by one rule: rows pair where
all dimensions they share agree. So a dimension in both pairs up, a dimension in one only repeats or is summed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Codes = NDArray[np.int64]


class Pairs(NamedTuple):
    """Positions in a left and a right table that belong together."""

    left: Codes
    right: Codes


@dataclass(frozen=True, eq=False)
class Entities:
    """A table of existing combinations: dimension name → integer code of each entity."""

    codes: Mapping[str, Codes]

    @classmethod
    def of(cls, **columns: ArrayLike) -> Entities:
        """From columns of equal length; a scalar column repeats."""
        arrays = np.broadcast_arrays(*(np.asarray(c, dtype=np.int64).ravel() for c in columns.values()))
        return cls({name: a.copy() for name, a in zip(columns, arrays, strict=True)})

    @classmethod
    def product(cls, **sizes: ArrayLike) -> Entities:
        """Every combination of the given codes, the last dimension running fastest."""
        grids = np.meshgrid(*(np.asarray(s, dtype=np.int64).ravel() for s in sizes.values()), indexing="ij")
        return cls({name: g.ravel() for name, g in zip(sizes, grids, strict=True)})

    @classmethod
    def records(cls, names: Sequence[str], rows: Sequence[Sequence[int]]) -> Entities:
        """From a list of code tuples; an empty list gives an empty table with these dimensions."""
        array = np.asarray(rows, dtype=np.int64).reshape(len(rows), len(names))
        return cls({name: array[:, k].copy() for k, name in enumerate(names)})

    @property
    def dims(self) -> tuple[str, ...]:
        return tuple(self.codes)

    @cached_property
    def _length(self) -> int:
        return len(next(iter(self.codes.values()))) if self.codes else 1

    @cached_property
    def _top(self) -> dict[str, int]:
        """One more than the highest code of each dimension."""
        return {name: int(c.max(initial=-1)) + 1 for name, c in self.codes.items()}

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, name: str) -> Codes:
        return self.codes[name]

    def take(self, index: ArrayLike) -> Entities:
        """The entities at these positions or where this mask holds, in that order."""
        where = np.asarray(index)
        return Entities({name: c[where] for name, c in self.codes.items()})

    def only(self, *names: str) -> Entities:
        """The distinct combinations of some dimensions, sorted."""
        records = np.unique(np.stack([self.codes[n] for n in names], axis=1), axis=0)
        return Entities({n: records[:, k].copy() for k, n in enumerate(names)})

    def without(self, name: str) -> Entities:
        """The same entities without one dimension (entities may then repeat)."""
        return Entities({n: c for n, c in self.codes.items() if n != name})

    def within(self, other: Entities) -> NDArray[np.bool_]:
        """Which entities agree with at least one of `other` on the dimensions they share."""
        mask = np.zeros(len(self), dtype=bool)
        mask[join(self, other).left] = True
        return mask


SINGLE = Entities({})
"""The table with one entity and no dimension: a row or coefficient that holds for everything."""


def join(left: Entities, right: Entities) -> Pairs:
    """All pairs of entities whose shared dimensions agree, ordered by left position, then right."""
    shared = [d for d in left.dims if d in right.codes]
    if not shared:
        return Pairs(np.repeat(np.arange(len(left)), len(right)), np.tile(np.arange(len(right)), len(left)))
    left_key, right_key = _keys(left, right, shared)
    order = np.argsort(right_key, kind="stable")
    sorted_key = right_key[order]
    start = np.searchsorted(sorted_key, left_key, side="left")
    count = np.searchsorted(sorted_key, left_key, side="right") - start
    li = np.repeat(np.arange(len(left)), count)
    within = np.arange(len(li)) - np.repeat(np.cumsum(count) - count, count)
    return Pairs(li, order[start[li] + within])


def _keys(left: Entities, right: Entities, shared: Sequence[str]) -> tuple[Codes, Codes]:
    """One number per entity, equal where all shared dimensions agree."""
    first, *rest = shared
    left_key, right_key = left[first], right[first]
    for dim in rest:
        size = max(left._top[dim], right._top[dim])
        left_key, right_key = left_key * size + left[dim], right_key * size + right[dim]
    return left_key, right_key
