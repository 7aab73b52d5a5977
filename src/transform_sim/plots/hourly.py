"""The balance of one commodity over the hours of representative days, from the steps in the results."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.analysis.flexibility_hours import LOAD, moved
from transform_sim.names import HOURS_PER_YEAR
from transform_sim.results import Results

from . import reading

Floats = NDArray[np.float64]
STAMP = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d):\d\d")
DEMAND, REST = "demand", "not itemised"
LOADS = "flexible loads"


@dataclass(frozen=True, eq=False)
class Hours:
    """Mean rates at the steps of one period.

    Attributes:
        making, using: rate by step (rows) and name (columns), both ≥ 0; their sums are equal at each step.
        price: shadow price by step, mean over nodes.
        weight: hours per year of each step.
        day: date of each step.
    """

    making: pd.DataFrame
    using: pd.DataFrame
    price: Floats
    weight: Floats
    day: list[str]


def hours(results: Results, commodity: str, period: int, figure: str) -> Hours:
    """The balance of a commodity over all nodes in one period.

    Plants that run by the hour in several modes are drawn in proportion to their activity, stores net of what they
    give and take at once; what flexible loads use more and less stands beside what they belong to. What the results do
    not hold by the hour (the course of a demand, losses of links) is the difference, so that both sides are equal.
    """
    weight = reading.take(results, "step_weight", figure)
    labels = [str(h) for h in weight["hour"].values]
    day = dates(results, figure)
    reader = _Reader(results, period, day, weight.values.astype(float))
    making, using = _plants(reader, commodity)
    for variable, dim, side in (
        ("purchase", "supply", making), ("unserved", "demand", making), ("sale", "sales", using),
    ):  # fmt: skip
        part = reading.of_commodity(results, variable, dim, commodity, figure)
        for name in [] if part is None else map(str, part[dim].values):
            side[reading.trade_name(variable, name, commodity)] = reader.rate(variable, dim, name)
    _stores(results, commodity, figure, reader, making, using)
    _loads(reader, commodity, making, using)
    if "disposal" in results.data and commodity in results.data["disposal"]["commodity"].values:
        using["disposal"] = reader.rate("disposal", "commodity", commodity)
    _close(results, commodity, figure, making, using, len(labels))
    return Hours(_frame(making, labels), _frame(using, labels), reader.price(commodity), reader.weight, day)


def dates(results: Results, figure: str) -> list[str]:
    """The date of each hour; raises NotApplicableError where steps are no hours of days."""
    labels = [str(h) for h in reading.take(results, "step_weight", figure)["hour"].values]
    stamps = [STAMP.fullmatch(text) for text in labels]
    if len(labels) < 2 or not all(stamps):
        raise reading.NotApplicableError(
            f"figure {figure} of {results.name} — its time structure has no hours of days — "
            "solve it with typical_days or full_year"
        )
    return [stamp[1] for stamp in stamps if stamp]


def _frame(parts: dict[str, Floats], labels: list[str]) -> pd.DataFrame:
    return pd.DataFrame(parts, index=labels)


@dataclass(frozen=True, eq=False)
class _Reader:
    """Rates at the steps of the hour grid, of quantities on whatever grid they live."""

    results: Results
    period: int
    day: list[str]
    weight: Floats

    def of(self, variable: str) -> xr.DataArray:
        """A quantity of the results in the period."""
        array: xr.DataArray = getattr(self.results, variable)
        return array.sel(period=self.period)

    def rate(self, variable: str, dim: str, name: str) -> Floats:
        """Rate of one name over all places; quantities on coarser grids run evenly."""
        fine = self._steps(variable, dim, name)
        if fine is not None:
            return np.asarray(_summed(fine, fine.dims[-1]))
        annual = self.of(variable).sel({dim: name})
        return np.full(len(self.weight), float(annual.sum()) / HOURS_PER_YEAR)

    def shape(self, process: str, region: str) -> Floats:
        """Course of a plant's activity with mean one; even if it runs by the year or not at all."""
        activity = self._steps("activity", "process", process)
        if activity is None or region not in activity["region"].values:
            return np.ones(len(self.weight))
        course = _summed(activity.sel(region=region), activity.dims[-1])
        mean = float(course @ self.weight) / HOURS_PER_YEAR
        return np.asarray(course / mean if mean > 0 else np.ones(len(self.weight)))

    def price(self, commodity: str) -> Floats:
        return np.asarray(self.of("shadow_price_hour").sel(commodity=commodity).mean("node").values)

    def _steps(self, variable: str, dim: str, name: str) -> xr.DataArray | None:
        """Values with the step as last dimension, on the hour grid; None if it lives on the year."""
        for grid in ("hour", "day"):
            fine = f"{variable}_{grid}"
            if fine in self.results.data and name in self.of(fine)[dim].values:
                own = self.of(fine).sel({dim: name})
                return (own if grid == "hour" else own.sel(day=self.day)).transpose(..., grid)
        return None


def _summed(array: xr.DataArray, step: object) -> Floats:
    return np.asarray(array.sum([d for d in array.dims if d != step]).values, dtype=float)


def _plants(reader: _Reader, commodity: str) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Rates at which plants make and use a commodity: their flow of the year along the course of their activity."""
    making: dict[str, Floats] = {}
    using: dict[str, Floats] = {}
    if "flow" not in reader.results.data or commodity not in reader.of("flow")["commodity"].values:
        return making, using
    flow = reader.of("flow").sel(commodity=commodity).transpose("process", "region")
    for process in map(str, flow["process"].values):
        for region in map(str, flow["region"].values):
            annual = float(flow.sel(process=process, region=region))
            if annual:
                side = making if annual > 0 else using
                rate = abs(annual) / HOURS_PER_YEAR * reader.shape(process, region)
                side[process] = side.get(process, np.zeros(len(rate))) + rate
    return making, using


def _stores(
    results: Results, commodity: str, figure: str, reader: _Reader, making: dict[str, Floats], using: dict[str, Floats]
) -> None:
    """What stores give and take, net at each step: a store without losses may do both at once."""
    part = reading.of_commodity(results, "charge", "storage", commodity, figure)
    for name in [] if part is None else map(str, part["storage"].values):
        net = reader.rate("discharge", "storage", name) - reader.rate("charge", "storage", name)
        making[name], using[name] = np.maximum(net, 0.0), np.maximum(-net, 0.0)


def _loads(reader: _Reader, commodity: str, making: dict[str, Floats], using: dict[str, Floats]) -> None:
    """What flexible loads use more and less than the processes and demands that they belong to, net at each step."""
    y = [int(p) for p in reader.results.data["period"].values].index(reader.period)
    loads = [m.change[y] for m in moved(reader.results, commodity) if m.kind == LOAD]
    if loads:
        net = np.sum(loads, axis=0)
        using[LOADS], making[LOADS] = np.maximum(net, 0.0), np.maximum(-net, 0.0)


def _close(
    results: Results, commodity: str, figure: str, making: dict[str, Floats], using: dict[str, Floats], steps: int
) -> None:
    """Add what closes the balance at each step: demand, where there is one."""
    surplus = sum(making.values(), np.zeros(steps)) - sum(using.values(), np.zeros(steps))
    size = max(float(sum(making.values(), np.zeros(steps)).max()), 1e-12)
    demand = reading.of_commodity(results, "served_demand", "demand", commodity, figure)
    if (surplus > 1e-6 * size).any():
        using[REST if demand is None else _demand(demand, commodity)] = np.maximum(surplus, 0.0)
    if (surplus < -1e-6 * size).any():
        making[REST] = np.maximum(-surplus, 0.0)


def _demand(demand: xr.DataArray, commodity: str) -> str:
    """The name of a demand that stands alone and has one of its own."""
    names = [str(n) for n in demand["demand"].values]
    return names[0] if len(names) == 1 and names[0] != commodity else DEMAND
