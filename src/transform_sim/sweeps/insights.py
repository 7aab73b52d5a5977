"""What a sweep says: what moves an output most, what an option costs in each state, which cases no other beats.

    costs = insights.regret(sweep, "ccs")
    swings = insights.tornado(sweep, sweep.emissions.sel(emission="co2", period=2045))

All return frames with a column `distinguishable`: False where the difference is within what the proofs of the cases
leave open. Cases without a proved optimum count as not known. An axis that is called like another column of a frame
gets the ending `_axis` there. Break-even maps are in `crossing`, Sobol indices in
`variance`; both are offered here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import ModelError

from .axes import AS_SCENARIO
from .crossing import BreakEven, break_even, crossings
from .measured import CASE, OBJECTIVE, Measured, measured, points, positions, units
from .variance import saltelli, sobol

if TYPE_CHECKING:
    from .opened import Sweep

__all__ = ["BreakEven", "break_even", "crossings", "pareto", "regret", "saltelli", "sobol", "tornado"]

REGRET = ("value", "regret", "distinguishable")
PARETO = ("x", "y", "efficient", "distinguishable", "dx", "dy")
"""Columns of the frames beside the axes; an axis of such a name gets the ending `_axis`."""
Floats = NDArray[np.float64]


def tornado(sweep: Sweep | xr.Dataset, output: str | xr.DataArray) -> pd.DataFrame:
    """How far each axis alone moves an output, the widest first; for the designs `one_at_a_time` and `ranges`.

    Columns, by axis: `low_level` and `high_level`, the ends of the axis; `low` and `high`, the change of the output
    there against the scenario as it is (NaN without a proved optimum, or where the axis has a single level); `swing`,
    between the furthest changes, none included; `distinguishable`. `attrs["base"]` is the output of the scenario.

    Raises ModelError for other designs, or if the scenario itself has no optimum.
    """
    m = measured(sweep, output)
    axes = _axes(m)
    moved = np.array([_moves(m.values[a].values) for a in axes])
    if not axes or (moved.sum(axis=0) > 1).any() or moved.any(axis=0).all():
        raise ModelError("a tornado needs cases that move one axis at a time: design one_at_a_time or ranges")
    values, noise = m.values.values, m.noise.values
    base = int(np.flatnonzero(~moved.any(axis=0))[0])
    if np.isnan(values[base]):
        raise ModelError("the scenario itself has no proved optimum, so there is nothing to compare with")
    rows = []
    for name, own in zip(axes, moved, strict=True):
        ends = _ends(np.flatnonzero(own), m.values[name].values)
        change = np.array([values[i] - values[base] for i in ends])
        known = np.append(change[~np.isnan(change)], 0.0)
        swing = float(known.max() - known.min())
        open_ = float(noise[base] + np.nanmax(np.append(noise[list(ends)], 0.0)))
        levels = [m.values[name].values[i] for i in ends]
        if len(ends) == 1:
            levels, change = [*levels, None], np.append(change, np.nan)
        rows.append((name, *levels, *change.tolist(), swing, swing > open_))
    columns = ["axis", "low_level", "high_level", "low", "high", "swing", "distinguishable"]
    frame = pd.DataFrame(rows, columns=columns).set_index("axis")
    frame = frame.sort_values("swing", ascending=False, kind="stable")
    frame.attrs = {**m.attrs, "base": float(values[base]), "axes": units(m.values, {a: a for a in axes})}
    return frame


def regret(sweep: Sweep | xr.Dataset, option: str, output: str | xr.DataArray = OBJECTIVE) -> pd.DataFrame:
    """What each option costs more than the best one in the same state of the world.

    On a grid, `option` is the axis that one chooses; the states are all combinations of the other axes. In every case
    the rest of the system is planned for that state: this is the cost of the option, not of being surprised.

    One row per option and state: the axes, `value` (the output, of which less is better), `regret` (NaN without a
    proved optimum), `distinguishable` (the regret, or for the best option the distance to the next, is more than the
    proofs leave open).

    Raises ModelError if `option` is no axis of the grid or there is no other.
    """
    m = measured(sweep, output)
    dims = [str(d) for d in m.values.dims]
    if option not in dims or len(dims) < 2:
        raise ModelError(f"regret needs a grid with the axis {option!r} and another; this has {', '.join(dims)}")
    values = m.values.transpose(option, ...)
    if values.sizes[option] < 2:
        raise ModelError(f"regret needs two levels of {option!r} to choose from")
    over, clear = _against_best(
        values.values.reshape(values.sizes[option], -1),
        m.noise.transpose(*values.dims).values.reshape(values.sizes[option], -1),
    )
    frame, columns = points(values, REGRET)
    frame["value"], frame["regret"], frame["distinguishable"] = values.values.ravel(), over.ravel(), clear.ravel()
    states = [columns[str(d)] for d in values.dims[1:]]
    frame.attrs = {**m.attrs, "option": columns[option], "states": states, "axes": units(values, columns)}
    return frame


def pareto(sweep: Sweep | xr.Dataset, x: str | xr.DataArray, y: str | xr.DataArray) -> pd.DataFrame:
    """All cases with a proved optimum by two outputs of which less is better, and which of them no other case beats.

    Columns: the axes, `x`, `y`, `efficient` (no case is better in one and no worse in the other), `distinguishable`
    (True for an efficient case if none comes so close in both that the proofs cannot part them; True for all others).
    Sorted by x.
    """
    mx, my = measured(sweep, x), measured(sweep, y)
    if set(mx.values.dims) != set(my.values.dims):
        raise ModelError("x and y are not outputs of the same cases")
    frame, _ = points(mx.values, PARETO)
    order = list(mx.values.dims)
    for name, array in {"x": mx.values, "y": my.values, "dx": mx.noise, "dy": my.noise}.items():
        frame[name] = array.transpose(*order).values.ravel()
    frame = frame.dropna(subset=["x", "y"])
    frame = frame.sort_values(["x", "y"], kind="stable").reset_index(drop=True)
    px, py, dx, dy = (frame[c].to_numpy(dtype=float) for c in ("x", "y", "dx", "dy"))
    front = _front(px, py)
    clear = np.ones(len(frame), dtype=bool)
    for i in np.flatnonzero(front):
        near = (px <= px[i] + dx[i] + dx) & (py <= py[i] + dy[i] + dy)
        clear[i] = near.sum() == 1  # itself
    frame["efficient"], frame["distinguishable"] = front, clear
    frame = frame.drop(columns=["dx", "dy"])
    frame.attrs = {
        "sweep": mx.attrs["sweep"], "x": mx.attrs["output"], "x_units": mx.attrs["units"],
        "y": my.attrs["output"], "y_units": my.attrs["units"],
    }  # fmt: skip
    return frame


def _against_best(values: Floats, noise: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Regret of each option (rows) in each state (columns), and whether it can be told from its rival.

    The rival is the best option, for that one itself the next; without any rival an option stands apart.
    """
    order = np.argsort(np.where(np.isnan(values), np.inf, values), axis=0, kind="stable")
    column = np.arange(values.shape[1])
    rival = np.where(np.arange(len(values))[:, None] == order[0], order[1], order[0])
    against, open_ = values[rival, column], noise + noise[rival, column]
    clear = (np.abs(values - against) > open_) | (np.isnan(against) & ~np.isnan(values))
    return values - values[order[0], column], clear


def _front(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Which points are efficient, of points sorted by x and then y."""
    out, best = np.zeros(len(x), dtype=bool), (np.inf, np.inf)
    for i, point in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        if point[1] < best[1] or point == best:
            out[i], best = True, point
    return out


def _axes(m: Measured) -> list[str]:
    """Names of the axes of a list of cases."""
    return [str(c) for c in m.values.coords if m.values[c].dims == (CASE,) and c != CASE]


def _moves(levels: NDArray[Any]) -> NDArray[np.bool_]:
    """Which cases move an axis away from what the scenario says."""
    return np.asarray(~np.isnan(levels) if levels.dtype.kind == "f" else levels != AS_SCENARIO)


def _ends(cases: NDArray[np.int64], levels: NDArray[Any]) -> tuple[int, ...]:
    """The cases with the lowest and the highest level; in the order of the design where levels have no order."""
    at = positions(list(levels[cases]))
    ordered = cases if at is None else cases[np.argsort(at, kind="stable")]
    return (int(ordered[0]),) if len(ordered) == 1 else (int(ordered[0]), int(ordered[-1]))
