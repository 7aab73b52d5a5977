"""Capacity that stands without being used."""

from __future__ import annotations

import numpy as np
import xarray as xr

from transform_sim.names import DAY, HOUR, HOURS_PER_YEAR
from transform_sim.results import Results
from transform_sim.scenario.units import capacity_hours

NOISE = 1e-6
"""Share of its capacity below which a plant stands still."""


def idle(results: Results) -> xr.DataArray:
    """Capacity that runs at no time of a period, by process, region and period, in the unit of `capacity`.

    What a plant runs at most, at an hour or day where it follows them and over the year otherwise, is set against the
    most that it ever runs there: outages, and hours without wind, make nothing idle. So a plant that is half used in
    every period counts as used, one that never runs is idle as a whole. Zero where results do not say what plants do.
    """
    capacity = results.data["capacity"]
    if "activity" not in results.data:
        return xr.zeros_like(capacity)
    hours = xr.DataArray([capacity_hours(str(u)) for u in capacity["process_unit"].values], dims=["process"])
    share = (_peak(results) * hours / capacity.where(capacity > 0)).fillna(0.0)
    fullest = share.max("period")
    unused = (1.0 - share / fullest.where(fullest > NOISE)).fillna(1.0)
    return (capacity * unused).transpose(*capacity.dims)


def _peak(results: Results) -> xr.DataArray:
    """Highest rate of each process in each region and period, per hour: mean of the year, or that of a finer step."""
    peak = results.data["activity"].sum("mode") / HOURS_PER_YEAR
    for grid in (DAY, HOUR):
        if f"activity_{grid}" in results.data:
            rate = getattr(results, f"activity_{grid}").sum("mode").max(grid)
            finer = rate.reindex(process=peak["process"], region=peak["region"], fill_value=0.0)
            peak = xr.DataArray(np.maximum(peak, finer.transpose(*peak.dims).values))
    return peak
