"""The order in which cases are solved: neighbours differ little, and the order never depends on who solves them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from .design import Cases

Codes = NDArray[np.int64]

SMALL_PROGRAM = 20_000
"""Columns up to which a program counts as small."""
CHUNK, LARGE_CHUNK = 64, 8
"""Cases of small and of large programs that one worker solves from one cold start."""
MANY = 16


def ordered(cases: Cases, group_of: Codes, bounds_only: Collection[int]) -> Codes:
    """Case numbers by group, then in a snake through the levels; axes that move bounds alone run fastest."""
    inner = [a for a in range(len(cases.axes)) if a in bounds_only]
    outer = [a for a in range(len(cases.axes)) if a not in bounds_only]
    keys = [group_of, *(_ranks(cases, a) for a in (*outer, *inner))]
    return _snake(np.arange(len(cases)), keys)


def chunked(order: Codes, columns: int) -> tuple[Codes, ...]:
    """The order cut into pieces, by the size of the program."""
    size = CHUNK if columns <= SMALL_PROGRAM else LARGE_CHUNK
    return tuple(order[k : k + size] for k in range(0, len(order), size))


def _ranks(cases: Cases, axis: int) -> Codes:
    """Place of each case's level by size; sampled levels in so many bins that all axes count."""
    codes, x = cases.codes[:, axis], cases.axes[axis].coordinates
    if x is None:
        return codes
    rank = np.empty(len(x) + 1, dtype=np.int64)
    rank[np.argsort(x, kind="stable")] = np.arange(len(x))
    rank[-1] = -1
    ranks = rank[codes]
    if len(x) <= MANY:
        return ranks
    bins = max(2, round(len(cases) ** (1 / len(cases.axes))))
    return np.where(ranks < 0, -1, ranks * bins // len(x))


def _snake(cases: Codes, keys: list[Codes]) -> Codes:
    if not keys:
        return cases
    first, rest = keys[0], keys[1:]
    runs = [_snake(cases[first[cases] == value], rest) for value in np.unique(first[cases])]
    return np.concatenate([run[::-1] if k % 2 else run for k, run in enumerate(runs)])
