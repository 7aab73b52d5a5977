"""Series over the year: from a scenario, or shipped with the package."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from .grid import HOURS_PER_YEAR, Floats, Ints, hour_name

PACKAGE = "package:de_2025"
"""Germany 2025: day-ahead price, load, capacity factors, and the clusterings made from them."""
DATA = files("transform_sim") / "data"


def load_profile(raw: Any) -> Floats:
    """The 8,760 hourly values of a profile, read-only.

    Args:
        raw: `package:de_2025/<column>`, or a sequence of 8,760 numbers.

    Raises ValueError for an unknown name, a wrong length, a missing or infinite value, or values by slice.
    """
    if isinstance(raw, str):
        return _shipped_profile(raw)
    if isinstance(raw, Mapping):
        raise ValueError(f"profile — is given as {{{', '.join(map(str, raw))}}} — hourly values are needed here")
    values = np.array(raw, dtype=float)
    if values.shape != (HOURS_PER_YEAR,):
        raise ValueError(
            f"profile — has {values.size} values — a year has 8760 hours, beginning on 1 January 00:00 CET, "
            "without a leap day"
        )
    wrong = np.flatnonzero(~np.isfinite(values))
    if wrong.size:
        hour = int(wrong[0])
        raise ValueError(f"profile — value {hour} ({hour_name(hour)}) is {values[hour]} — it must be a number")
    values.setflags(write=False)
    return values


def _shipped_profile(name: str) -> Floats:
    table = shipped_series()
    prefix, _, column = name.rpartition("/")
    if prefix != PACKAGE or column not in table:
        raise ValueError(f"profile — {name!r} is not shipped — known are {PACKAGE}/ with {', '.join(table)}")
    return table[column]


@cache
def shipped_series() -> Mapping[str, Floats]:
    """Hourly series of Germany 2025 by column: capacity factors, price in EUR/MWh, load in MW."""
    with (DATA / "de_2025.csv").open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
        values = np.loadtxt(file, delimiter=",", unpack=True)
    values.setflags(write=False)
    return {name: column for name, column in zip(names, values, strict=True) if name != "hour"}


@cache
def shipped_clusterings() -> Mapping[str, Ints]:
    """For each shipped choice of days, the day (0…364) that stands for each of the 365 days."""
    with (DATA / "de_2025_days.csv").open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
        values = np.loadtxt(file, delimiter=",", unpack=True, dtype=np.intp)
    values.setflags(write=False)
    return dict(zip(names, values, strict=True))
