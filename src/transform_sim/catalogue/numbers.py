"""The numbers of an entry: value and range in one unit, by year, with where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from transform_sim.scenario import units
from transform_sim.scenario.flows import points_at
from transform_sim.scenario.quantity import Quality
from transform_sim.scenario.tree import Node, Path, plain

QUALITIES: tuple[str, ...] = get_args(Quality)
Points = dict[int | None, float]


@dataclass(frozen=True)
class Number:
    """One number of an entry; `points` are by year, or one under None for all years. `low` and `high` may be empty."""

    path: str
    points: Points
    low: Points
    high: Points
    unit: str
    quality: str
    source: str
    licence: str
    note: str

    @property
    def years(self) -> list[int | None]:
        """The years in which value or range are given; [None] if they hold for all years."""
        years = {year for points in (self.points, self.low, self.high) for year in points if year is not None}
        return [*sorted(years)] or [None]

    def at(self, year: int | None) -> tuple[float, float | None, float | None]:
        """Value, low and high in a year: linear between given years, constant outside; None where no range is given."""
        value, low, high = (
            points_at(points, year or 0) if points else None for points in (self.points, self.low, self.high)
        )
        assert value is not None
        return value, low, high


def numbers(node: Node, path: Path = ()) -> Iterator[Number]:
    """Every number with a source at or below a node, in the order of the file."""
    if "value" in node.mapping:
        yield _number(plain(node), ".".join(map(str, path)))
        return
    steps = enumerate(node.value) if isinstance(node.value, tuple) else node.mapping.items()
    for key, child in steps:
        yield from numbers(child, (*path, key))


def _number(given: Mapping[str, Any], path: str) -> Number:
    unit = next(iter(_units(given["value"])))
    value, low, high = (_points(given.get(key), unit) for key in ("value", "low", "high"))
    told = {key: str(given.get(key) or "") for key in ("quality", "source", "licence", "note")}
    return Number(path, value, low, high, unit, **told)


def _units(given: Any) -> Iterator[str]:
    for value in given.values() if isinstance(given, Mapping) else (given,):
        yield (units.split(value)[1] if isinstance(value, str) else "") or "1"


def _points(given: Any, unit: str) -> Points:
    """Numbers by year in one unit; empty if nothing is given."""
    if given is None:
        return {}
    by_year = given if isinstance(given, Mapping) else {None: given}
    return {year: _in_unit(value, unit) for year, value in by_year.items()}


def _in_unit(value: Any, unit: str) -> float:
    if not isinstance(value, str):
        return float(value)
    number, written = units.split(value)
    return number if written in (unit, "") else number * units.factor(written, unit)
