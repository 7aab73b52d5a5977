"""One output of all cases with what its proofs leave open, so that no difference is read out of rounding."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import ModelError

from .axes import apart, split
from .record import Ended

if TYPE_CHECKING:
    from .opened import Sweep

CASE, OBJECTIVE = "case", "objective"
FACTOR = "factor"
ROUNDING = 1e-12
"""Share of the largest value that the last digits of sums may differ by."""


@dataclass(frozen=True, eq=False)
class Measured:
    """An output of the cases that have a proved optimum, NaN for all others.

    Attributes:
        values: over the cases, and over what was asked for beside them.
        noise: how far each value may be off. For the objective, what the certificate's gap allows. Nothing proves other
            outputs that closely: they count as known to the tolerance of the certificate, of the largest value.
        attrs: name of the sweep, what is measured, its unit.
    """

    values: xr.DataArray
    noise: xr.DataArray
    attrs: dict[Any, str]


def measured(sweep: Sweep | xr.Dataset, output: str | xr.DataArray, beside: int = 0) -> Measured:
    """Read an output: a name that has one value per case, or an array chosen from the sweep's data.

        measured(sweep, "objective")
        measured(sweep, sweep.emissions.sel(emission="co2", period=2045))

    Args:
        beside: how many dimensions the output may have beside the cases.

    Raises ModelError if there is no such output or it has other dimensions.
    """
    data = sweep if isinstance(sweep, xr.Dataset) else sweep.data
    array = _taken(data, output)
    cases = [str(d) for d in data["status"].dims]
    more = [str(d) for d in array.dims if d not in cases]
    if len(more) != beside:
        wanted = "one value per case" if not beside else "one dimension beside the cases"
        raise ModelError(
            f"{array.name} has {', '.join(more) or 'nothing'} beside the cases, but {wanted} is needed; "
            "choose with .sel(…) or .sum(…)"
        )
    proof = data[["status", "gap", "tolerance"]].sel({d: _fixed(array, d) for d in cases if d not in array.dims})
    proof = proof.reset_coords(drop=True)
    values = array.where(proof["status"] == Ended.OPTIMAL.value)
    size = abs(values)
    largest = float(size.max()) if bool(values.notnull().any()) else 0.0
    if array.name == OBJECTIVE:
        noise = proof["gap"] * (1.0 + 2.0 * size)  # the gap is a share of 1 + |primal| + |dual|
    else:
        noise = xr.zeros_like(size) + proof["tolerance"] * largest
    attrs = {"sweep": data.attrs.get("sweep", ""), "output": _title(data, array), "units": array.attrs.get("units", "")}
    return Measured(values, noise + ROUNDING * largest, {k: str(v) for k, v in attrs.items()})


def positions(labels: Sequence[Any]) -> NDArray[np.float64] | None:
    """Where levels stand on their axis: numbers, or texts with a number and one unit; None for anything else."""
    found = [split(label.item() if isinstance(label, np.generic) else label) for label in labels]
    units = {f[1] for f in found if f is not None}
    if None in found or len(units) > 1:
        return None
    return np.array([f[0] for f in found if f is not None])


def points(values: xr.DataArray, columns: Collection[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """The point of each case on the axes, one row per value; and the column of each axis.

    An axis that is called like one of the further `columns` of a frame gets the ending `_axis`.
    """
    dims = [str(d) for d in values.dims]
    listed = [str(c) for c in values.coords if values[c].dims == (CASE,) and c != CASE]
    names = apart([*dims, *listed], columns)
    frame = pd.DataFrame()
    for name, column in names.items():
        own = CASE if name in listed else name
        labels = values[name].values.reshape([-1 if d == own else 1 for d in dims])
        frame[column] = np.broadcast_to(labels, values.shape).ravel()
    return frame, names


def units(values: xr.DataArray, columns: Mapping[str, str]) -> dict[str, str]:
    """What numbers on each axis are counted in, by column: a unit, `factor`, or nothing; texts say it themselves."""
    out = {}
    for name, column in columns.items():
        attrs = values[name].attrs
        unit = str(attrs.get("units", ""))
        out[column] = FACTOR if attrs.get("kind") == "scale" else "" if unit == "1" else unit
    return out


def _taken(data: xr.Dataset, output: str | xr.DataArray) -> xr.DataArray:
    if isinstance(output, xr.DataArray):
        return output
    if output not in data.data_vars:
        raise ModelError(f"this sweep has no {output!r}; it has {', '.join(map(str, data.data_vars))}")
    return data[output]


def _fixed(array: xr.DataArray, dim: str) -> Any:
    """The level of an axis at which the array was chosen."""
    if dim not in array.coords:
        raise ModelError(f"{array.name} no longer says for which {dim} it holds; choose one with .sel({dim}=…)")
    return array.coords[dim].item()


def _title(data: xr.Dataset, array: xr.DataArray) -> str:
    """Name of the output and the labels at which it was chosen: 'emissions: co2, 2045'."""
    chosen = [str(c.item()) for name, c in array.coords.items() if name in data.dims and not c.dims]
    name = str(array.name or "output")
    return f"{name}: {', '.join(chosen)}" if chosen else name
