"""What becomes of plants whose campaigns end: relined, converted, closed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from transform_sim.results import Results

from . import reading

RELINED, CLOSED, EARLY = "relined or renewed", "closed at campaign end", "closed before campaign end"


def fates(results: Results, scale: dict[str, float]) -> pd.DataFrame:
    """Capacity by period in which it reaches the end of a campaign, or leaves before, and what becomes of it.

    Columns: relined, the process it is converted to, closed, closed before its time. `scale` maps the processes to
    count to the factor that brings their capacities to one unit. What happened before the first period is not known;
    capacity that a conversion adds to a campaign hides what closes in the same campaign and period.
    """
    data, periods = results.data, results.data["period"].values
    out = {RELINED: np.zeros(len(periods)), CLOSED: np.zeros(len(periods)), EARLY: np.zeros(len(periods))}
    if "cohort_capacity" not in data:
        return pd.DataFrame(index=[int(y) for y in periods])
    for process, size in scale.items():
        if process not in data["cohort_capacity"]["process"].values:
            continue
        stock = data["cohort_capacity"].sel(process=process).sum("region").transpose("cohort", "period") * size
        ends = np.array([_end(str(j)) for j in stock["cohort"].values])
        converted = _conversions(data, "end_conversion", process, size)
        left = _conversions(data, "mid_conversion", process, size)
        for target, values in (*converted.items(), *left.items()):
            name = RELINED if target == process else target
            out[name] = out.get(name, np.zeros(len(periods))) + values
        ended, dropped = _leaving(stock.values, ends, periods)
        out[CLOSED] += np.maximum(ended - _total(converted, periods), 0.0)
        out[EARLY] += np.maximum(dropped - _total(left, periods), 0.0)
    order = [RELINED, *(name for name in out if name not in (RELINED, CLOSED, EARLY)), CLOSED, EARLY]
    return pd.DataFrame(out, index=[int(y) for y in periods])[order]


def _end(cohort: str) -> float:
    """The year in which a campaign named 'start-end' is over; never, if it has no end."""
    end = cohort.rpartition("-")[2]
    return float(end) if end else np.inf


def _leaving(stock: np.ndarray, ends: np.ndarray, periods: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Capacity that reaches its end in each period, and that leaves before, both from the period before."""
    ended, dropped = np.zeros(len(periods)), np.zeros(len(periods))
    for y in range(1, len(periods)):
        over = ends <= periods[y]
        ended[y] = stock[over, y - 1].sum()
        dropped[y] = np.maximum(stock[~over, y - 1] - stock[~over, y], 0.0).sum()
    return ended, dropped


def _conversions(data: xr.Dataset, name: str, process: str, size: float) -> dict[str, np.ndarray]:
    if name not in data or process not in data[name]["source"].values:
        return {}
    array = data[name].sel(source=process).sum("region").transpose("target", "period") * size
    return {str(t): v for t, v in zip(array["target"].values, array.values, strict=True) if v.any()}


def _total(parts: dict[str, np.ndarray], periods: np.ndarray) -> np.ndarray:
    return np.sum(list(parts.values()), axis=0) if parts else np.zeros(len(periods))


def standing(results: Results) -> pd.DataFrame:
    """Share of each process's capacity that stands as it stood before the study, by period; 0 without capacity.

    What was built, renewed or converted since is the rest. Where plants that were built since have already gone again,
    the share is a lower bound: results do not say which of two equal plants went.
    """
    data = results.data
    capacity = reading.by(data["capacity"], "process")
    old = capacity.copy()
    if "new_capacity" in data:
        new = reading.by(data["new_capacity"], "process").reindex(columns=capacity.columns, fill_value=0.0)
        old = old - new.cumsum()
    if "cohort_capacity" in data:
        starts = np.array([float(str(j).partition("-")[0]) for j in data["cohort"].values])
        before = data["cohort_capacity"].isel(cohort=np.flatnonzero(starts < capacity.index[0]))
        has = reading.by(data["cohort_capacity"], "process").any()
        old.update(reading.by(before, "process").loc[:, has])
    # What joins an old campaign later was converted.
    old = old.clip(lower=0.0).cummin()
    return (old / capacity.where(capacity > 0.0)).fillna(0.0).clip(upper=1.0)
