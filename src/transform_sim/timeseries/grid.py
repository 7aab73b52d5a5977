"""The time structure of a study: steps that nest in days, and days in the sequence of the year."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Kind = Literal["annual", "slices", "typical_days", "full_year"]

HOURS_PER_YEAR, HOURS_PER_DAY, DAYS_PER_YEAR = 8760, 24, 365
# A common year whose weekdays belong to the shipped series; all hours are CET without daylight saving.
CALENDAR_YEAR = 2025


@dataclass(frozen=True, eq=False)
class TimeStructure:
    """How the 8,760 hours of a year are represented by H steps in D days and K runs of equal days.

    Raises ValueError where the steps, the days or the runs do not add to one year.
    """

    kind: Kind
    weight: Floats
    """(H,) hours per year that each step stands for."""
    duration: Floats
    """(H,) hours that a step lasts each time it occurs."""
    day: Ints
    """(H,) index of the day that the step belongs to."""
    run_day: Ints
    """(K,) day that is repeated in each run, in the order of the year."""
    run_length: Floats
    """(K,) days in each run."""
    day_label: tuple[str, ...]
    step_label: tuple[str, ...]
    step_of_hour: Ints | None
    """(8760,) step that stands for each hour of the year; None for slices by share, which have no hours."""
    source_hour: Ints | None = None
    """(H,) hour of the year whose values a step takes; None where a step takes the mean of its hours."""

    def __post_init__(self) -> None:
        self._check_shapes()
        if abs(self.weight.sum() - HOURS_PER_YEAR) > 1e-6 or not (self.weight > 0).all():
            raise ValueError(
                f"time structure — weights add to {self.weight.sum():.9g} hours, the smallest is "
                f"{self.weight.min():.9g} — they must all be above zero and add to 8760"
            )
        days_in_runs = np.bincount(self.run_day, self.run_length, minlength=self.n_days)
        if np.abs(days_in_runs * HOURS_PER_DAY - self.day_weight).max() > 1e-6:
            raise ValueError("time structure — days in the runs differ from the weights of the days")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def _check_shapes(self) -> None:
        steps = {len(self.weight), len(self.duration), len(self.day), len(self.step_label)}
        if len(steps) > 1 or len(self.run_day) != len(self.run_length):
            raise ValueError(f"time structure — arrays over steps or runs differ in length: {sorted(steps)}")
        if not np.array_equal(np.unique(self.day), np.arange(self.n_days)):
            raise ValueError(f"time structure — every one of the {self.n_days} days needs a step, and no other")

    @property
    def n_steps(self) -> int:
        """Steps of the finest grid."""
        return len(self.weight)

    @property
    def n_days(self) -> int:
        """Days that are represented."""
        return len(self.day_label)

    @property
    def chronological(self) -> bool:
        """Whether each step follows the one before it in the calendar, over the whole year."""
        return self.kind == "full_year"

    @cached_property
    def day_weight(self) -> Floats:
        """(D,) hours per year that each day stands for."""
        return np.bincount(self.day, self.weight, minlength=self.n_days).astype(float)


def day_name(day: int) -> str:
    """Calendar date of a day of the year, day 0 being 1 January."""
    return (date(CALENDAR_YEAR, 1, 1) + timedelta(days=day)).isoformat()


def hour_name(hour: int) -> str:
    """Date and time at which an hour of the year begins."""
    return f"{day_name(hour // HOURS_PER_DAY)} {hour % HOURS_PER_DAY:02d}:00"
