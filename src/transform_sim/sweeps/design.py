"""Designs: which combinations of the axes' levels are cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from transform_sim.errors import ModelError
from transform_sim.scenario import Quantity, Scenario
from transform_sim.scenario.scalars import ScalarError, scalar
from transform_sim.scenario.sweepspec import AxisSpec

from .axes import AS_IS, Axis, joined, split

Codes = NDArray[np.int64]

MOST_CASES = 1_000_000
"""More are a slip in the axes; they could not be solved either."""


@dataclass(frozen=True, eq=False)
class Cases:
    """The cases of a sweep, numbered 0 … N−1 in design order.

    Attributes:
        axes: with their levels; `axes[a].labels[codes[i, a]]` is the value of axis a in case i.
        codes: level of each axis in each case, shape (N, A); AS_IS (−1): as the scenario says.
        design: `grid`, `one_at_a_time`, `latin_hypercube`, `sobol`, `cases` or `ranges`.
    """

    axes: tuple[Axis, ...]
    codes: Codes
    design: str

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def is_grid(self) -> bool:
        """Whether the cases are all combinations of the levels, the last axis running fastest."""
        return self.design == "grid"

    def point(self, i: int) -> dict[str, Any]:
        """{axis: label} of the axes that case i moves."""
        return {
            a.name: a.labels[code] for a, code in zip(self.axes, self.codes[i].tolist(), strict=True) if code != AS_IS
        }


def cases(
    scenario: Scenario, axes: Mapping[str, AxisSpec], design: Any = "grid", rows: Sequence[Mapping[str, Any]] = ()
) -> Cases:
    """The cases of a design.

    Args:
        axes: as written (`scenario.sweepfile`); empty for `ranges`.
        design: `grid`, `one_at_a_time`, `ranges`, {latin_hypercube: n, seed: k}, {sobol: n, seed: k} or {cases: …}.
        rows: of the table of cases, texts or values by axis; an empty one leaves what the scenario says.
    """
    given = tuple(
        Axis(name, "scale" if a.set_ is None else "set", a.paths, a.levels, a.low, a.high) for name, a in axes.items()
    )
    if isinstance(design, str):
        named = {"grid": grid, "one_at_a_time": one_at_a_time}
        return ranges(scenario) if design == "ranges" else named[design](given)
    if "cases" in design:
        return listed(given, rows)
    kind = next(k for k in ("latin_hypercube", "sobol") if k in design)
    return sampled(given, kind, design[kind], design.get("seed", 0))


def grid(axes: tuple[Axis, ...]) -> Cases:
    """All combinations, the last axis running fastest."""
    sizes = [len(a.levels) for a in axes]
    _refuse_many(prod(sizes), "the grid has")
    codes = np.stack([c.ravel() for c in np.meshgrid(*(np.arange(s) for s in sizes), indexing="ij")], axis=1)
    return Cases(axes, codes.astype(np.int64), "grid")


def one_at_a_time(axes: tuple[Axis, ...], design: str = "one_at_a_time") -> Cases:
    """The scenario itself, then each level of each axis alone."""
    _refuse_many(1 + sum(len(a.levels) for a in axes), "the design has")
    rows = [[AS_IS] * len(axes)]
    for a, axis in enumerate(axes):
        rows += [[k if b == a else AS_IS for b in range(len(axes))] for k in range(len(axis.levels))]
    return Cases(axes, np.array(rows, dtype=np.int64).reshape(len(rows), len(axes)), design)


def ranges(scenario: Scenario) -> Cases:
    """The scenario itself, then every sourced number at its low and at its high, one at a time."""
    axes = []
    for path, quantity, _ in scenario.quantities():
        levels = tuple((v,) for v in _range(quantity) if v is not None)
        if levels:
            axes.append(Axis(path, "set", (path,), levels))
    return one_at_a_time(tuple(axes), "ranges")


def sampled(axes: tuple[Axis, ...], kind: str, n: int, seed: int) -> Cases:
    """n points of a Latin hypercube or Sobol sequence: between low and high, or among the listed levels."""
    _refuse_many(n, "the sample has")
    draw = qmc.LatinHypercube(len(axes), seed=seed) if kind == "latin_hypercube" else qmc.Sobol(len(axes), seed=seed)
    share = draw.random(n)
    codes, out = np.empty((n, len(axes)), dtype=np.int64), []
    for a, axis in enumerate(axes):
        if axis.levels:
            codes[:, a] = np.minimum(share[:, a] * len(axis.levels), len(axis.levels) - 1)
            out.append(axis)
        else:
            values, codes[:, a] = np.unique(_between(axis, share[:, a]), return_inverse=True)
            unit = _ends(axis)[2]
            levels = tuple((joined(v, unit),) * _width(axis) for v in values.tolist())
            out.append(replace(axis, levels=levels))
    return Cases(tuple(out), codes, kind)


def listed(axes: tuple[Axis, ...], rows: Sequence[Mapping[str, Any]]) -> Cases:
    """The rows of a table: texts of a file, or values; an empty one leaves what the scenario says.

    Raises ModelError for a value that is none of an axis' own.
    """
    _refuse_many(len(rows), "the table has")
    codes, out = np.full((len(rows), len(axes)), AS_IS, dtype=np.int64), []
    for a, axis in enumerate(axes):
        values = [_value(axis, i, row.get(axis.name)) for i, row in enumerate(rows)]
        if axis.levels:
            known = {label: k for k, label in enumerate(axis.labels)}
        else:
            known = {v: k for k, v in enumerate(dict.fromkeys(v for v in values if v is not None))}
            axis = replace(axis, levels=tuple((v,) * _width(axis) for v in known))
        for i, value in enumerate(values):
            if value is not None and value not in known:
                labels = ", ".join(map(str, axis.labels))
                raise ModelError(f"case {i}: {value!r} is no value of axis {axis.name!r}, which has {labels}")
            codes[i, a] = AS_IS if value is None else known[value]
        out.append(axis)
    return Cases(tuple(out), codes, "cases")


def _value(axis: Axis, case: int, given: Any) -> Any:
    """A value of a table; None for an empty one."""
    value = given.item() if isinstance(given, np.generic) else given
    try:
        value = scalar(value.strip()) if isinstance(value, str) and value.strip() else value
    except ScalarError as error:
        raise ModelError(f"case {case}: axis {axis.name!r}: {error}") from None
    if value is None or value != value or (isinstance(value, str) and not value.strip()):  # NaN is not itself
        return None
    if not isinstance(value, int | float | str):
        raise ModelError(f"case {case}: {value!r} of axis {axis.name!r} is neither a number nor a text")
    if axis.kind == "scale" and (isinstance(value, (bool, str))):
        raise ModelError(f"case {case}: {given!r} of axis {axis.name!r} is no factor")
    return value


def _refuse_many(n: int, who: str) -> None:
    if n > MOST_CASES:
        raise ModelError(f"{who} {n:,} cases; at most {MOST_CASES:,} are planned")


def _width(axis: Axis) -> int:
    return 1 if axis.kind == "scale" else len(axis.paths)


def _ends(axis: Axis) -> tuple[float, float, str]:
    low, high = split(axis.low), split(axis.high)
    if low is None or high is None or low[1] != high[1] or not low[0] <= high[0]:
        raise ModelError(f"axis {axis.name!r}: low {axis.low!r} and high {axis.high!r} are no range in one unit")
    return low[0], high[0], low[1]


def _between(axis: Axis, share: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high, _ = _ends(axis)
    return low + (high - low) * share


def _range(quantity: Quantity) -> tuple[Any, Any]:
    """Low and high as a scenario writes them, in the default unit."""
    low, high = (dict(b) if isinstance(b, Mapping) else b for b in (quantity.provenance.low, quantity.provenance.high))
    return low, high
