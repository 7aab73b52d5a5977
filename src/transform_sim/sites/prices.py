"""Hourly prices as users have them: one series, or those of many cases."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transform_sim.names import HOURS_PER_YEAR
from transform_sim.timeseries import load_profile
from transform_sim.timeseries.grid import CALENDAR_YEAR, HOURS_PER_DAY, hour_name

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
HOURS = int(HOURS_PER_YEAR)
CARBON = "carbon_price"
"""Name among the commodities under which the price of emissions is given."""
CET = "Etc/GMT-1"
COLUMN = "prices"
"""Axis of cases that a table names by its columns."""


class PriceError(ValueError):
    """A price that cannot be read; its text says why."""


def one(value: Any, profiles: Mapping[str, Any]) -> float | Floats:
    """One price: a number, or the 8,760 values of a series or of a profile by its name; raises PriceError."""
    if isinstance(value, str):
        known = profiles.get(value, value)
        try:
            return load_profile(known)
        except ValueError as error:
            raise PriceError(str(error)) from None
    values = _array(value)
    if values.ndim == 0:
        return float(values)
    if values.shape != (HOURS,):
        raise PriceError(_wrong_length(values.shape))
    return values


@dataclass(frozen=True, eq=False)
class Listed:
    """Prices of one commodity as an array, shape (cases,) or (cases, 8760)."""

    values: Floats

    @property
    def hourly(self) -> bool:
        """Whether they differ between hours."""
        return self.values.ndim == 2

    def of(self, case: int) -> float | Floats:
        """In one case: a number, or hour by hour."""
        return np.asarray(self.values[case], dtype=float) if self.hourly else float(self.values[case])

    def part(self, cases: Codes) -> Listed:
        """Of these cases alone, numbered anew."""
        return Listed(np.asarray(self.values[cases]))


@dataclass(frozen=True, eq=False)
class Shaped:
    """One series with another mean and other swings: level · mean + spread · (series − mean) in each case."""

    series: Floats
    level: Floats
    spread: Floats
    hourly = True

    def of(self, case: int) -> Floats:
        mean = self.series.mean()
        return np.asarray(self.level[case] * mean + self.spread[case] * (self.series - mean))

    def part(self, cases: Codes) -> Shaped:
        return replace(self, level=self.level[cases], spread=self.spread[cases])


Prices = Listed | Shaped


@dataclass(frozen=True, eq=False)
class Cases:
    """Many price cases of one plant.

    Attributes:
        prices: by commodity, and `carbon_price`; what is not among them stays as the site has it.
        axes: labels of each axis; codes: position of each case on them, shape (cases, axes).
        is_grid: whether every combination is there, in order.
    """

    prices: Mapping[str, Prices]
    axes: Mapping[str, tuple[Any, ...]]
    codes: Codes
    is_grid: bool = False

    def __len__(self) -> int:
        return len(self.codes)

    def of(self, case: int) -> dict[str, float | Floats]:
        """Prices of one case."""
        return {name: p.of(case) for name, p in self.prices.items()}

    def part(self, cases: Codes) -> Cases:
        """These cases alone, numbered anew."""
        return replace(self, prices={n: p.part(cases) for n, p in self.prices.items()}, codes=self.codes[cases])

    def __repr__(self) -> str:
        axes = ", ".join(f"{a} ({len(v):,})" for a, v in self.axes.items())
        return f"<Cases {len(self):,} of {', '.join(self.prices)}{': ' if axes else ''}{axes}>"


def listed(given: Any, only: str | None) -> Cases:
    """Cases by commodity from arrays (cases, 8760), (cases,) or (8760,) for one, or tables with a column for each case.

    Args:
        only: the commodity that prices without a name are for; None if there are several.

    Raises PriceError with every problem.
    """
    if not isinstance(given, Mapping):
        if only is None:
            raise PriceError("say whose prices these are: {commodity: prices}")
        given = {only: given}
    problems: list[str] = []
    prices: dict[str, Prices] = {}
    labels: dict[int, tuple[Any, ...]] = {}
    for name, value in given.items():
        try:
            prices[name], own = _listed(value)
            labels.setdefault(len(own), own)
        except PriceError as error:
            problems.append(f"{name}: {error}")
    if not given:
        problems.append("no prices are given")
    if len(labels) > 1:
        problems.append(f"the prices have different numbers of cases: {', '.join(f'{n:,}' for n in labels)}")
    if problems:
        raise PriceError("\n  ".join(problems))
    names = next(iter(labels.values()))
    if names == tuple(range(len(names))):
        return Cases(prices, {}, np.zeros((len(names), 0), dtype=np.int64))
    return Cases(prices, {COLUMN: names}, np.arange(len(names)).reshape(-1, 1))


def _listed(value: Any) -> tuple[Prices, tuple[Any, ...]]:
    if isinstance(value, pd.DataFrame):
        if (values := _array(value)).shape[0] != HOURS:
            raise PriceError(_wrong_length((len(values),)) + " as rows, and a column for each case")
        columns = tuple(c if isinstance(c, int | float | str) else str(c) for c in value.columns.tolist())
        return Listed(values.T), columns
    values = np.atleast_1d(_array(value))
    if values.shape == (HOURS,):
        values = values[None, :]  # one year
    if values.ndim == 2 and values.shape[1] != HOURS:
        turned = ": turn the table" if values.shape[0] == HOURS else ""
        raise PriceError(f"has shape {values.shape}; give (cases, {HOURS:,}) or (cases,){turned}")
    if values.ndim > 2 or not len(values):
        raise PriceError(f"has shape {values.shape}; give (cases, {HOURS:,}) or (cases,)")
    return Listed(values), tuple(range(len(values)))


def _array(value: Any) -> Floats:
    if isinstance(value, pd.Series | pd.DataFrame) and isinstance(value.index, pd.DatetimeIndex):
        value = _in_order(value.to_numpy(), value.index)
    try:
        values = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise PriceError(f"{str(value)[:40]!r} is no price: give a number, 8,760 numbers, or a profile") from None
    wrong = ~np.isfinite(values)
    if wrong.any():
        place = tuple(map(int, np.argwhere(wrong)[0]))
        where = f", the first at {', '.join(map(str, place))}" if place else ""
        raise PriceError(f"{int(wrong.sum()):,} of {wrong.size:,} values are no numbers{where}")
    return values


def _in_order(values: NDArray[Any], times: pd.DatetimeIndex) -> NDArray[Any]:
    """Rows in the order of the hours of the year, CET without daylight saving; 29 February is left out.

    A year may begin on any day, and in any time zone if it is known; times without one are taken as they are.
    """
    times = times if times.tz is None else times.tz_convert(CET)
    kept = np.flatnonzero(~((times.month == 2) & (times.day == 29)))
    before = np.cumsum([0, *(monthrange(CALENDAR_YEAR, m)[1] for m in range(1, 12))])
    hour = np.asarray((before[times.month - 1] + times.day - 1) * HOURS_PER_DAY + times.hour)[kept]
    count = np.bincount(hour, minlength=HOURS)
    if (count != 1).any():
        first = int(np.argmax(count != 1))
        raise PriceError(
            f"has {count[first]} values for the hour of {hour_name(first)[5:]}; a year has each of its {HOURS:,} hours "
            "once, in CET without daylight saving"
        )
    return values[kept[np.argsort(hour)]]


def _wrong_length(shape: tuple[int, ...]) -> str:
    found = f"{shape[0]:,} values" if len(shape) == 1 else f"shape {shape}"
    hint = {(8784,): "; leave out 29 February", (HOURS, 1): "; give its one column"}.get(shape, "")
    return f"has {found}; a year has {HOURS:,} hours{hint}"
