"""Data of sweeps made by hand, so that what is read out of them is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from transform_sim.sweeps.axes import AS_SCENARIO

GAP, TOLERANCE = 1e-3, 1e-8


def grid(values: Any, axes: Mapping[str, Sequence[Any]], gap: float = 0.0, **labels: Sequence[str]) -> xr.Dataset:
    """A sweep's data on a grid: `made` by further labels, and the objective where there are none."""
    array = np.asarray(values, dtype=float)
    shape = tuple(map(len, axes.values()))
    name = "made" if labels else "objective"
    proof = {"status": np.full(shape, "optimal"), "gap": np.full(shape, gap), "tolerance": np.full(shape, TOLERANCE)}
    variables: dict[str, Any] = {k: (list(axes), v) for k, v in proof.items()}
    variables[name] = ([*axes, *labels], array, {"units": "EUR2020"})
    return xr.Dataset(variables, {**axes, **labels}, {"sweep": "by hand"})


def cases(values: Sequence[float], axes: Mapping[str, Sequence[Any]], gap: float = 0.0) -> xr.Dataset:
    """A sweep's data as a list of cases with an objective."""
    n = len(values)
    proof = {"status": np.full(n, "optimal"), "gap": np.full(n, gap), "tolerance": np.full(n, TOLERANCE)}
    variables: dict[str, Any] = {k: ("case", v) for k, v in proof.items()}
    variables["objective"] = ("case", np.asarray(values, dtype=float), {"units": "EUR2020"})
    coords = {"case": np.arange(n), **{k: ("case", np.array(v)) for k, v in axes.items()}}
    return xr.Dataset(variables, coords, {"sweep": "by hand"})


def planes(x: Sequence[float], y: Sequence[float]) -> np.ndarray:
    """old = 6, gas = x, new = y at each point."""
    at = np.meshgrid(x, y, indexing="ij")
    return np.stack([np.full(at[0].shape, 6.0), at[0], at[1]], axis=-1)


def one_at_a_time(values: Sequence[float], gap: float = 0.0) -> xr.Dataset:
    """The scenario, then gas at 3 levels, a text with two levels, coal at one."""
    none = np.nan
    axes = {
        "gas": [none, 40.0, 20.0, 30.0, none, none, none],
        "ccs": [AS_SCENARIO] * 4 + ["5 Mt/a", "25 Mt/a", AS_SCENARIO],
        "coal": [none] * 6 + [12.0],
    }
    return cases(values, axes, gap)


def two_outputs(cost: Sequence[float], co2: Sequence[float], gap: float = 0.0) -> xr.Dataset:
    return cases(cost, {"a": np.arange(len(cost), dtype=float)}, gap).assign(
        emissions=("case", np.array(co2, dtype=float))
    )
