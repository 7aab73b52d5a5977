"""From quantities of a scenario to arrays over periods and places."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from transform_sim.scenario import Quantity
from transform_sim.scenario.flows import points_at

Floats = NDArray[np.float64]
Outside = Literal["constant", "limit"]

INF = math.inf


def over_years(q: Quantity | None, years: Floats, default: float, outside: Outside = "constant") -> Floats:
    """A quantity without regions as an array over `years`, shape (Y,); `default` where it is absent.

    `outside='constant'` continues the first and last value; `'limit'` does so after the last given year only.
    """
    return np.full(len(years), default) if q is None else _series(q.points[None], years, default, outside)


def over_places(
    q: Quantity | None, places: Sequence[str], years: Floats, default: float, outside: Outside = "constant"
) -> Floats:
    """A quantity as an array over places and years, shape (R, Y); places it does not name get `default`."""
    out = np.full((len(places), len(years)), default)
    if q is None:
        return out
    for r, place in enumerate(places):
        points = q.points.get(place, q.points.get(None))
        if points is not None:
            out[r] = _series(points, years, default, outside)
    return out


def scalar(q: Quantity | None, default: float) -> float:
    """A quantity without years and regions, or `default` if absent."""
    return default if q is None else q.scalar


def _series(points: Mapping[int | None, float | str], years: Floats, default: float, outside: Outside) -> Floats:
    series = np.array([points_at(points, float(year)) for year in years])
    given = [year for year in points if year is not None]
    return np.where(years < min(given), default, series) if outside == "limit" and None not in points else series


def stacked(rows: Sequence[Floats], years: Floats) -> Floats:
    """Rows over years as one array of shape (n, Y), also when there is none."""
    return np.array(rows, dtype=float).reshape(len(rows), len(years))
