"""From a scenario's `time` to its time structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from transform_sim.scenario.time import Slices, TimeChoice

from .days import from_typical_days
from .grid import DAYS_PER_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR, TimeStructure, day_name, hour_name
from .slices import from_slices


def structure(time: TimeChoice, profiles: Mapping[str, Any]) -> TimeStructure:
    """The steps, days and runs that a scenario's `time` stands for.

    Args:
        profiles: the scenario's profiles by name; only those to be clustered are read.

    Raises ValueError where the choice does not describe one year, and MissingExtraError where own profiles
    are to be clustered without the extra `days`.
    """
    if time == "annual":
        return _annual()
    if time == "full_year":
        return _full_year()
    if isinstance(time, Slices):
        return from_slices(time.slices)
    return from_typical_days(time.typical_days, profiles)


def _annual() -> TimeStructure:
    year = np.array([float(HOURS_PER_YEAR)])
    return TimeStructure(
        kind="annual",
        weight=year,
        duration=year.copy(),
        day=np.zeros(1, dtype=np.intp),
        run_day=np.zeros(1, dtype=np.intp),
        run_length=np.array([float(DAYS_PER_YEAR)]),
        day_label=("year",),
        step_label=("year",),
        step_of_hour=np.zeros(HOURS_PER_YEAR, dtype=np.intp),
    )


def _full_year() -> TimeStructure:
    hours = np.arange(HOURS_PER_YEAR)
    return TimeStructure(
        kind="full_year",
        weight=np.ones(HOURS_PER_YEAR),
        duration=np.ones(HOURS_PER_YEAR),
        day=hours // HOURS_PER_DAY,
        run_day=np.arange(DAYS_PER_YEAR),
        run_length=np.ones(DAYS_PER_YEAR),
        day_label=tuple(day_name(d) for d in range(DAYS_PER_YEAR)),
        step_label=tuple(hour_name(h) for h in range(HOURS_PER_YEAR)),
        step_of_hour=hours,
    )
