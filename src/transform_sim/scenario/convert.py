"""One quantity into the default unit of its field, with the checks that need no other part of the scenario."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import units
from .base import FrozenDict
from .flows import points_at
from .problems import Report
from .quantity import Bound, Provenance, Quantity, Value
from .scalars import LARGEST, ScalarError
from .tree import Path


@dataclass(frozen=True)
class Spec:
    """What a field says about its quantity: unit template, dims, admissible range."""

    unit: str
    dims: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    positive: bool = False
    infinite: bool = False

    @classmethod
    def of(cls, extra: Any) -> Spec | None:
        """From a field's metadata; None for fields that hold no quantity."""
        if not isinstance(extra, Mapping) or "x-unit" not in extra:
            return None
        return cls(
            extra["x-unit"], tuple(extra["x-dims"]), extra["x-min"], extra["x-max"],
            extra.get("x-positive", False), extra.get("x-infinite", False),
        )  # fmt: skip


@dataclass(frozen=True)
class Converter:
    """Turns values of one field into floats in `unit`; what cannot be read becomes NaN and is reported."""

    spec: Spec
    unit: str
    currency: str
    report: Report

    def quantity(self, given: Quantity, path: Path) -> Quantity:
        """The same quantity in the default unit."""
        if not given.points or not self._dims_fit(given, path):
            return unreadable(given)
        points = {
            region: FrozenDict({year: self.number(v, _below(path, region, year)) for year, v in years.items()})
            for region, years in given.points.items()
        }
        provenance = self.provenance(given.provenance, path)
        converted = replace(given, points=FrozenDict(points), provenance=provenance, unit=self.unit)
        _in_order(converted, path, self.report)
        return converted

    def reads(self, given: Quantity, further: str) -> bool:
        """Whether a value is written in the default unit times a further one, such as `/km`."""
        return any(
            isinstance(value, str) and units.converts(value, self.unit + further, self.currency)
            for *_, value in given.items()
        )

    def number(self, value: Value, path: Path) -> float:
        """One value in the default unit, within the range of the field."""
        try:
            number = units.read(value, self.unit, self.currency) if isinstance(value, str) else float(value)
        except ScalarError as error:
            self.report.add(error.code, path, str(error))
            return math.nan
        fault = self._fault(number, value)
        if fault is None:
            return number
        code, message = fault
        self.report.add(code, path, message)
        return math.nan

    def _fault(self, number: float, written: Value) -> tuple[str, str] | None:
        spec, unit = self.spec, _suffix(self.unit)
        shown = written if isinstance(written, str) else f"{written:g} {unit}".rstrip()
        if math.isinf(number) and not (spec.infinite and number > 0):
            return "infinite", f"'{shown}' is infinite. Leave the key out if there is no limit"
        if abs(number) > LARGEST and not math.isinf(number):
            return "too-large", f"{shown} is beyond any quantity; at most {LARGEST:g} is read"
        if spec.positive and number <= 0:
            return "out-of-range", f"{shown} is not above zero"
        if spec.minimum is not None and number < spec.minimum:
            return "out-of-range", f"{shown} is below {spec.minimum:g} {unit}".rstrip()
        if spec.maximum is not None and number > spec.maximum:
            hint = f". Did you mean {number:g} %?" if self.unit in ("1", "1/a") and 1 < number <= 100 else ""
            return "out-of-range", f"{shown} is above {spec.maximum:g} {unit}".rstrip() + hint
        return None

    def _dims_fit(self, given: Quantity, path: Path) -> bool:
        if given.regions and "region" not in self.spec.dims:
            names = ", ".join(given.regions[:3])
            message = f"is given by name ({names}), but one number holds for all regions"
            self.report.add("wrong-dims", path, message, given.regions[0])
            return False
        if given.years and "year" not in self.spec.dims:
            message = f"is given by year ({given.years[0]} …), but one number holds for all years"
            self.report.add("wrong-dims", path, message)
            return False
        return True

    def provenance(self, given: Provenance, path: Path) -> Provenance:
        """The range of a quantity in the default unit."""
        low, high = (self._bound(bound, (*path, key)) for key, bound in (("low", given.low), ("high", given.high)))
        return given if low is None and high is None else replace(given, low=low, high=high)

    def _bound(self, bound: Bound | None, path: Path) -> Bound | None:
        if not isinstance(bound, Mapping):
            return None if bound is None else self.number(bound, path)
        if "year" not in self.spec.dims:
            message = f"is given by year ({next(iter(bound))} …), but one number holds for all years"
            self.report.add("wrong-dims", path, message)
            return math.nan
        return FrozenDict({year: self.number(value, _below(path, year)) for year, value in bound.items()})


def unreadable(given: Quantity) -> Quantity:
    """In place of a quantity with a fault that is told already: one NaN, which keeps later checks quiet."""
    return replace(given, points=FrozenDict({None: FrozenDict({None: math.nan})}))


def _below(path: Path, *keys: str | int | None) -> Path:
    return (*path, *(key for key in keys if key is not None))


def _suffix(unit: str) -> str:
    return "" if unit == "1" else unit


def _in_order(quantity: Quantity, path: Path, report: Report) -> None:
    """low ≤ value ≤ high, year by year; of values by place only low ≤ high."""
    provenance = quantity.provenance
    value = quantity.points.get(None) if len(quantity.points) == 1 else None
    curves = [("low", _by_year(provenance.low)), ("value", value), ("high", _by_year(provenance.high))]
    given = [(name, points) for name, points in curves if points is not None]
    for (name, points), (above, limits) in itertools.pairwise(given):
        # in every year in which either bends
        for year in sorted(y for y in {*points, *limits} if y is not None) or [0]:
            number, limit = points_at(points, year), points_at(limits, year)
            if number > limit:
                unit, when = _suffix(quantity.unit or ""), f" in {year}" if year else ""
                message = f"{name} {number:g} is above {above} {limit:g} {unit}".rstrip()
                report.add("low-high", path, message + when)
                break


def _by_year(bound: Bound | None) -> Mapping[int | None, Value] | None:
    return bound if isinstance(bound, Mapping) or bound is None else {None: bound}
