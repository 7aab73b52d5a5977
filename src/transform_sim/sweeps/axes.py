"""Axes of a sweep: what is varied, over which values, and what a value means in the scenario."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import ModelError
from transform_sim.scenario import Quantity, Scenario, units
from transform_sim.scenario.problems import did_you_mean
from transform_sim.scenario.scalars import ScalarError

Floats = NDArray[np.float64]

Points = dict[tuple[str | None, int | None], float]
"""Value of a quantity by region and year."""

AS_IS = -1
"""Level of an axis that a case leaves as the scenario says."""
AS_SCENARIO = "as in the scenario"
"""What such a level is called among texts; NaN among numbers."""


@dataclass(frozen=True)
class Axis:
    """One thing that is varied: several paths may move together.

    Attributes:
        name: of the axis; no two axes share one.
        kind: `set` gives the value itself, `scale` a factor on what the scenario says.
        paths: dotted paths in the scenario.
        levels: what each level puts at each path (`set`), or the factor for all of them (`scale`); empty until a
            design samples between `low` and `high`.
        low, high: ends of the range to sample from; two texts with the same unit are possible.
    """

    name: str
    kind: Literal["set", "scale"]
    paths: tuple[str, ...]
    levels: tuple[tuple[Any, ...], ...] = ()
    low: Any = None
    high: Any = None

    @cached_property
    def labels(self) -> tuple[float | str, ...]:
        """What each level is called: a number or a text, no two alike; coordinates of results."""
        names = tuple(_label(level[0]) for level in self.levels)
        if len(set(names)) < len(names):
            names = tuple(", ".join(str(_label(v)) for v in level) for level in self.levels)
        return names

    @cached_property
    def coordinates(self) -> Floats | None:
        """Each level as a number, along which effects may be linear, shape (L,); None if there is no such number."""
        if any(v != level[0] for level in self.levels for v in level):
            return None
        numbers = [split(level[0]) for level in self.levels]
        if not all(numbers) or len({unit for _, unit in filter(None, numbers)}) > 1:
            return None
        values = np.array([number for number, _ in filter(None, numbers)])
        return values if np.isfinite(values).all() else None

    def described(self, numbers: Mapping[str, Quantity]) -> dict[str, Any]:
        """The axis as plain values, to be kept: kind, paths, labels, levels, `units` and `long_name` of its labels.

        The unit of factors is 1, that of numbers the one of the scenario's field; texts have theirs with them, and
        where paths have several units there is none (an empty text). `numbers` are the scenario's `quantities`.
        """
        units = {_unit(path, numbers) for path in self.paths}
        unit = units.pop() if len(units) == 1 else ""
        if self.kind == "scale":
            unit = "1"
        elif any(isinstance(label, str) for label in self.labels):
            unit = ""
        paths = ", ".join(self.paths)
        return {
            "kind": self.kind, "paths": list(self.paths), "labels": list(self.labels), "levels": _kept(self.levels),
            "units": unit, "long_name": f"factor on {paths}" if self.kind == "scale" else paths,
        }  # fmt: skip

    @classmethod
    def kept(cls, name: str, described: Mapping[str, Any]) -> Axis:
        """The axis that was `described`."""
        levels = tuple(tuple(map(_given, level)) for level in described["levels"])
        return cls(name, described["kind"], tuple(described["paths"]), levels)


def apart(names: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """Axes by a name that is none of those taken: one that clashes gets the ending `_axis`."""
    out: dict[str, str] = {}
    names = list(names)
    for name in names:
        free = name
        while free in taken or free in out.values() or (free != name and free in names):
            free = f"{free}_axis"
        out[name] = free
    return out


def _kept(value: Any) -> Any:
    """A value of a scenario as JSON has it."""
    if isinstance(value, Mapping):
        return {str(key): _kept(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_kept(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _given(value: Any) -> Any:
    """The inverse: years are numbers again."""
    if isinstance(value, dict):
        return {int(key) if key.isdigit() else key: _given(part) for key, part in value.items()}
    return [_given(part) for part in value] if isinstance(value, list) else value


def split(value: Any) -> tuple[float, str] | None:
    """A number, or a text 'number unit', as number and unit; None for anything else."""
    if isinstance(value, str):
        try:
            return units.split(value)
        except ScalarError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    return float(value), ""


def joined(number: float, unit: str) -> Any:
    """The inverse of `split`: a number, or a text with its unit."""
    return f"{number!r} {unit}" if unit else number


def _label(value: Any) -> float | str:
    if value is None:
        return "none"
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        return float(value)
    return value if isinstance(value, str) else str(value)


def changes(scenario: Scenario, numbers: Mapping[str, Quantity], moves: Sequence[tuple[Axis, int]]) -> dict[str, Any]:
    """{dotted path: new value} for `scenario.with_`, from axes and their levels; `numbers` are its `quantities`.

    What is set comes first; factors then multiply what stands there, and one another.
    Raises ModelError for a factor on what is no number, and for two axes that set the same.
    """
    out: dict[str, Any] = {}
    for axis, level in moves:
        if axis.kind == "set":
            for path, value in zip(axis.paths, axis.levels[level], strict=True):
                _refuse_twice(axis, path, out)
                out[path] = value
    factors = [
        (path, float(axis.levels[level][0])) for axis, level in moves if axis.kind == "scale" for path in axis.paths
    ]
    if not factors:
        return out
    if any(_meets(_holder(path, numbers) or path, p) for path, _ in factors for p in out):
        numbers = quantities(scenario.with_(out))
    points: dict[str, Points] = {}
    for path, factor in factors:
        holder = _holder(path, numbers)
        if holder is None:
            hint = did_you_mean(path, numbers) or ". Use set with the value itself"
            raise ModelError(f"no number stands at {path!r} that could be scaled{hint}")
        before = points.get(holder) or {(r, y): float(v) for r, y, v in numbers[holder].items()}
        points[holder] = _scaled(before, factor, path, holder)
    return {p: v for p, v in out.items() if not any(_below(p, h) for h in points)} | {
        holder: _written(values) for holder, values in points.items()
    }


def quantities(scenario: Scenario) -> dict[str, Quantity]:
    """Every resolved quantity of a scenario, by dotted path."""
    return {given.path: given.quantity for given in scenario.quantities()}


def _holder(path: str, numbers: Mapping[str, Quantity]) -> str | None:
    """The path of the quantity that is, or holds, the number at a path; None if there is none."""
    keys = path.split(".")
    paths = (".".join(keys[:n]) for n in range(len(keys), 0, -1))
    return next((p for p in paths if p in numbers), None)


def _unit(path: str, numbers: Mapping[str, Quantity]) -> str:
    """The unit of the number at a path; empty if none stands there."""
    holder = _holder(path, numbers)
    return (numbers[holder].unit or "1") if holder else ""


def _scaled(points: Points, factor: float, path: str, holder: str) -> Points:
    """The points with those that `path` names (all, a region's, a year's) multiplied; ModelError if it names none."""
    below = path.removeprefix(holder).strip(".").split(".") if path != holder else []

    def named(place: tuple[str | None, int | None]) -> bool:
        return [str(k) for k in place if k is not None][: len(below)] == below

    if not any(map(named, points)):
        raise ModelError(f"nothing stands at {path!r}; {holder!r} has no such year or region")
    return {place: value * factor if named(place) else value for place, value in points.items()}


def _written(points: Points) -> Any:
    """Points as a scenario writes them."""
    out: dict[Any, Any] = {}
    for (region, year), value in points.items():
        number = value if math.isfinite(value) else "inf"
        if region is None and year is None:
            return number
        if region is None or year is None:
            out[year if region is None else region] = number
        else:
            out.setdefault(region, {})[year] = number
    return out


def _refuse_twice(axis: Axis, path: str, taken: Iterable[str]) -> None:
    twice = next((p for p in taken if _below(p, path) or _below(path, p)), None)
    if twice is not None:
        raise ModelError(f"axis {axis.name!r} sets {path!r}, which another axis sets at {twice!r}")


def _below(path: str, above: str) -> bool:
    return path == above or path.startswith(f"{above}.")


def _meets(scale: str, set_: str) -> bool:
    """Whether a set value may change what is scaled: the number itself, or the unit that it is read in."""
    ends = set_.rsplit(".", 1)[-1]
    related = _below(scale, set_) or _below(set_, scale)
    return related or ends in ("currency", "unit", "from", "entry", "commodity", "length")
