"""Sobol indices: which share of an output's variance each axis causes, alone and together with others.

They need a design of their own (Saltelli), as a table of cases:

    insights.saltelli({"carbon_price": (0.5, 2.0), "hydrogen": (74, 170)}, 64).to_csv("cases.csv", index=False)

with `design: {cases: cases.csv}` in the sweep file. SALib does the arithmetic; it is the extra `sensitivity`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import MissingExtraError, ModelError

from .measured import CASE, measured

if TYPE_CHECKING:
    from .opened import Sweep

LEAST = 2
"""Complete blocks of cases below which there is no variance to share out."""


def saltelli(ranges: Mapping[str, tuple[float, float]], n: int, seed: int = 0) -> pd.DataFrame:
    """Cases from which Sobol indices can be found: n blocks of one case per axis and two more, one column per axis.

    Args:
        ranges: lowest and highest value of each axis, even between them; factors or values, as the axis takes them.
        n: a power of two; some hundred blocks tell the larger indices.

    Raises MissingExtraError without SALib, ModelError for another n or for an empty range.
    """
    if n < LEAST or n & (n - 1):
        raise ModelError(f"n is {n}, but Sobol sequences need a power of two")
    empty = [name for name, (low, high) in ranges.items() if not low < high]
    if empty or not ranges:
        raise ModelError(f"axis {empty[0]!r}: low is not below high" if empty else "there is no axis to vary")
    problem = {"num_vars": len(ranges), "names": list(ranges), "bounds": [list(r) for r in ranges.values()]}
    drawn = _salib("sample.sobol").sample(problem, n, calc_second_order=False, seed=seed)
    return pd.DataFrame(drawn, columns=list(ranges))


def sobol(sweep: Sweep | xr.Dataset, output: str | xr.DataArray, seed: int = 0) -> pd.DataFrame:
    """Shares of the variance of an output by axis, the largest total first; for cases made by `saltelli`.

    Columns: `first` (the axis alone), `total` (with all its interactions), each with the half width of its 95 %
    confidence interval (`first_error`, `total_error`, by resampling with this seed); `distinguishable`: the total is
    larger than its error, and the output varies by more than the proofs leave open. `attrs["blocks"]` counts the blocks
    that were used: one with a case that has no proved optimum is left out.

    Raises MissingExtraError without SALib, ModelError for another design or too few complete blocks.
    """
    m = measured(sweep, output)
    axes = [str(c) for c in m.values.coords if m.values[c].dims == (CASE,) and c != CASE]
    blocks = _blocks(m.values, axes)
    values = m.values.values.reshape(blocks)
    complete = ~np.isnan(values).any(axis=1)
    if complete.sum() < LEAST:
        raise ModelError(f"{int(complete.sum())} of {blocks[0]} blocks of cases have a proved optimum in all of them")
    used = values[complete].reshape(-1)
    varies = np.ptp(used) > 2.0 * float(m.noise.max())
    shares = dict.fromkeys(("S1", "ST", "S1_conf", "ST_conf"), np.full(len(axes), np.nan))
    if varies:
        problem = {"num_vars": len(axes), "names": axes, "bounds": [[0.0, 1.0]] * len(axes)}
        shares = _salib("analyze.sobol").analyze(problem, used, calc_second_order=False, seed=seed)
    columns = {"first": "S1", "first_error": "S1_conf", "total": "ST", "total_error": "ST_conf"}
    frame = pd.DataFrame({name: np.asarray(shares[key]) for name, key in columns.items()}, index=axes)
    frame["distinguishable"] = frame["total"] > frame["total_error"]
    frame = frame.rename_axis("axis").sort_values("total", ascending=False, kind="stable")
    frame.attrs = {**m.attrs, "blocks": int(complete.sum())}
    return frame


def _blocks(values: xr.DataArray, axes: list[str]) -> tuple[int, int]:
    """Number and size of the blocks: a point, the same with one axis each from a second point, the second point."""
    size = len(axes) + 2
    if list(values.dims) == [CASE] and axes and values.sizes[CASE] % size == 0:
        numeric = all(values[a].dtype.kind == "f" for a in axes)
        points = np.stack([values[a].values for a in axes], axis=1) if numeric else np.empty((0, len(axes)))
        if numeric and _is_saltelli(points.reshape(-1, size, len(axes))):
            return values.sizes[CASE] // size, size
    raise ModelError("Sobol indices need cases that `saltelli` made, all of them and in their order")


def _is_saltelli(points: NDArray[np.float64]) -> bool:
    expected = np.repeat(points[:, :1], points.shape[2], axis=1)
    for k in range(points.shape[2]):
        expected[:, k, k] = points[:, -1, k]
    return bool(np.array_equal(points[:, 1:-1], expected))


def _salib(module: str) -> Any:
    try:
        return import_module(f"SALib.{module}")
    except ImportError:
        raise MissingExtraError(
            'Sobol indices need SALib, which is not installed — pip install "transform-sim[sensitivity]"'
        ) from None
