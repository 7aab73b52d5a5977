"""Part load: what a process uses of a commodity when it runs below its capacity."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from . import units
from .quantity import Quantity

FULL = 1.0


class Point(NamedTuple):
    """One point of a part-load curve: as written, share of full load, use per unit relative to that at full load."""

    key: str
    load: float
    factor: float

    @property
    def use(self) -> float:
        """Use as share of that at full load."""
        return self.load * self.factor


def curve(points: Mapping[str, Quantity]) -> list[Point]:
    """The points of a curve by rising load; raises ScalarError for a key that is no share."""
    found = [Point(key, units.read(key, "1", "EUR2020"), factor.scalar) for key, factor in points.items()]
    return sorted(found, key=lambda point: point.load)


def between(low: Point, high: Point, load: float) -> float:
    """Use at a load on the straight line through two points."""
    return low.use + (high.use - low.use) * (load - low.load) / (high.load - low.load)


def bent_down(points: list[Point]) -> Iterator[tuple[Point, float]]:
    """Points that lie above the line through their neighbours, and the largest factor at which they would not."""
    for low, point, high in zip(points, points[1:], points[2:], strict=False):
        most = between(low, high, point.load) / point.load
        if point.factor > most * (1 + 1e-9):
            yield point, most


def segments(points: list[Point]) -> list[tuple[float, float]]:
    """Slope and use at no load of each straight part, lowest load first."""
    return [_line(low, high) for low, high in itertools.pairwise(points)]


def chord(points: list[Point]) -> tuple[float, float]:
    """Slope and use at no load of the line between the ends of a curve."""
    return _line(points[0], points[-1])


def _line(low: Point, high: Point) -> tuple[float, float]:
    slope = (high.use - low.use) / (high.load - low.load)
    return slope, low.use - slope * low.load
