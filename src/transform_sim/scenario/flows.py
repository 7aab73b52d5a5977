"""The ways to run a process and the flows of each: common flows, those of a mode, those of a technique."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .base import FrozenDict
from .plants import Mode, Process
from .quantity import Quantity, Value

Flows = dict[str, Quantity]


@dataclass(frozen=True)
class Run:
    """One way to run a process: a mode and a technique (None where there are none), with all flows per unit."""

    mode: str | None
    technique: int | None
    flows: Flows


def runs(process: Process) -> Iterator[Run]:
    """Every combination of a mode and a technique of a process."""
    modes: list[str | None] = [*process.modes] or [None]
    techniques: list[int | None] = [*sorted(process.techniques)] or [None]
    for mode, year in itertools.product(modes, techniques):
        technique = process.techniques[year] if year is not None else {}
        yield Run(mode, year, together(process, process.modes.get(mode or ""), technique))


def together(process: Process, mode: Mode | None, technique: Mapping[str, Quantity]) -> Flows:
    """Flows of a mode add to the common ones, commodity by commodity; those of a technique then replace them."""
    flows: Flows = dict(process.flows)
    for name, flow in (mode.flows if mode else {}).items():
        flows[name] = _sum(flows[name], flow) if name in flows else flow
    return flows | dict(technique)


def _sum(one: Quantity, other: Quantity) -> Quantity:
    """Two flows added; given at the years of both, because each is linear between its own."""
    years: set[int | None] = {*one.years, *other.years}
    points: dict[int | None, Value] = {y: at(one, y or 0) + at(other, y or 0) for y in years or {None}}
    return Quantity(FrozenDict({None: FrozenDict(points)}))


def at(quantity: Quantity, year: float) -> float:
    """A quantity without regions in a year: linear between given years, constant outside; NaN if it has none."""
    return points_at(quantity.points.get(None, {}), year)


def points_at(points: Mapping[int | None, Value], year: float) -> float:
    """Points by year in a year: linear between given years, constant outside; NaN if there is none."""
    if None in points:
        return float(points[None])
    given = sorted((y, float(v)) for y, v in points.items() if y is not None)
    if not given:
        return math.nan
    for (a, x), (b, z) in itertools.pairwise(given):
        if a <= year <= b:
            return x + (z - x) * (year - a) / (b - a)
    return given[0][1] if year <= given[0][0] else given[-1][1]
