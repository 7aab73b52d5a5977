"""Quantities as a scenario writes them: a number, a text with a unit, or a mapping over years and regions.

A quantity is read in two steps. pydantic checks its *shape* here; `resolve.py` then converts every value to
the field's default unit, because that unit can depend on other parts of the file (the commodity's unit, the
process's capacity unit, the scenario's currency).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from .base import FrozenDict

Quality = Literal["opened", "computed", "recalled"]
Value = float | str
"""A number in the default unit, or a text 'number unit' before it is resolved."""

META_KEYS = ("value", "source", "low", "high", "quality", "licence", "note")
TABLE_KEYS = ("table", "column", "where")


Bound = Value | Mapping[int | None, Value]
"""One end of a range: one for all years, or by year."""


@dataclass(frozen=True)
class Provenance:
    """Where a number comes from and how far it may be off; all fields optional."""

    source: str = ""
    low: Bound | None = None
    high: Bound | None = None
    quality: Quality | None = None
    note: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Table:
    """A quantity kept in a CSV file: columns `year`, `region` (both optional) and `column` (default 'value')."""

    path: str
    column: str = "value"
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Quantity:
    """One quantity: `points[region][year]`, with None standing for every region or every year.

    Before resolution a point may be a text with a unit; afterwards all points are floats in the default unit.
    Between given years values are linear; what holds outside them is the field's business (`inputs.py`).
    """

    points: Mapping[str | None, Mapping[int | None, Value]] = field(default_factory=dict)
    provenance: Provenance = Provenance()
    table: Table | None = None
    unit: str | None = None  # set by resolution

    def items(self) -> Iterator[tuple[str | None, int | None, Value]]:
        """All (region, year, value) in the order of the file."""
        for region, years in self.points.items():
            for year, value in years.items():
                yield region, year, value

    @property
    def years(self) -> tuple[int, ...]:
        """The years given anywhere in this quantity, ascending."""
        return tuple(sorted({y for _, y, _ in self.items() if y is not None}))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions (or areas) given, in the order of the file."""
        return tuple(r for r in self.points if r is not None)

    @property
    def scalar(self) -> float:
        """The one number of a resolved quantity that has neither years nor regions."""
        value = self.points[None][None]
        if isinstance(value, str):
            raise TypeError(f"quantity {value!r} has not been resolved")
        return value

    @classmethod
    def of(cls, value: Any) -> Quantity:
        """Build from plain data as read from YAML; raises PydanticCustomError naming what is wrong."""
        if isinstance(value, Quantity):
            return value
        if isinstance(value, Mapping) and "value" in value:
            return _sourced(value)
        if isinstance(value, Mapping) and "table" in value:
            return _table(value)
        if isinstance(value, Mapping) and value and all(key in META_KEYS for key in value):
            raise PydanticCustomError(
                "quantity_value", "'value' is missing: {keys} only say more about it. Write value: … beside",
                {"keys": ", ".join(value)},
            )  # fmt: skip
        return cls(_points(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> Any:
        return core_schema.no_info_plain_validator_function(cls.of)

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"x-quantity": True}  # becomes a reference to the one definition in jsonschema.py


def _sourced(data: Mapping[Any, Any]) -> Quantity:
    unknown = [k for k in data if k not in META_KEYS]
    if unknown:
        raise PydanticCustomError(
            "quantity_key",
            "unknown key '{key}' beside 'value'; known are {known}",
            {"key": str(unknown[0]), "known": ", ".join(META_KEYS)},
        )
    quality = data.get("quality")
    if quality not in (None, "opened", "computed", "recalled"):
        raise PydanticCustomError(
            "quantity_quality",
            "quality '{value}' is none of opened, computed, recalled",
            {"value": str(quality)},
        )
    inner = Quantity.of(data["value"])
    provenance = Provenance(
        source=str(data.get("source") or ""),
        low=None if data.get("low") is None else _bound(data["low"]),
        high=None if data.get("high") is None else _bound(data["high"]),
        quality=quality,
        note=str(data.get("note") or ""),
        licence=str(data.get("licence") or ""),
    )
    return Quantity(inner.points, provenance, inner.table)


def _bound(value: Any) -> Bound:
    if not isinstance(value, Mapping):
        return _value(value)
    if not value or not all(_is_year(k) for k in value):
        keys = {"keys": ", ".join(map(str, value)) or "nothing"}
        raise PydanticCustomError("quantity_mixed", "low and high hold one number, or one by year, not {keys}", keys)
    return _years(value)


def _table(data: Mapping[Any, Any]) -> Quantity:
    unknown = [k for k in data if k not in TABLE_KEYS]
    where = data.get("where") or {}
    if unknown or not isinstance(data["table"], str) or not isinstance(where, Mapping):
        raise PydanticCustomError(
            "quantity_table",
            "a table is {table: file.csv, column: name, where: {column: text}}, not {value}",
            {"value": repr(dict(data))},
        )
    return Quantity(
        table=Table(
            data["table"],
            str(data.get("column", "value")),
            tuple((str(k), str(v)) for k, v in where.items()),
        )
    )


Points = FrozenDict[str | None, FrozenDict[int | None, Value]]


def _points(value: Any) -> Points:
    if not isinstance(value, Mapping):
        return FrozenDict({None: FrozenDict({None: _value(value)})})
    if not value:
        raise PydanticCustomError("quantity_empty", "an empty mapping holds no number", {})
    if all(_is_year(k) for k in value):
        return FrozenDict({None: _years(value)})
    if any(_is_year(k) for k in value):
        raise PydanticCustomError(
            "quantity_mixed", "years and names are mixed as keys: {keys}", {"keys": ", ".join(map(str, value))}
        )
    points: dict[str | None, FrozenDict[int | None, Value]] = {}
    for region, inner in value.items():
        if isinstance(inner, Mapping):
            if not inner or not all(_is_year(k) for k in inner):
                raise PydanticCustomError(
                    "quantity_mixed",
                    "under region '{region}' every key must be a year, not {keys}",
                    {"region": str(region), "keys": ", ".join(map(str, inner)) or "nothing"},
                )
            points[str(region)] = _years(inner)
        else:
            points[str(region)] = FrozenDict({None: _value(inner)})
    return FrozenDict(points)


def _years(values: Mapping[Any, Any]) -> FrozenDict[int | None, Value]:
    return FrozenDict({int(year): _value(value) for year, value in values.items()})


def _is_year(key: Any) -> bool:
    return isinstance(key, int) and not isinstance(key, bool)


def _value(value: Any) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError(
            "quantity_type",
            "{value} is not a number, a text with a unit, or a mapping over years or regions",
            {"value": "empty" if value is None else repr(value)},
        )
    return value if isinstance(value, str) else float(value)


def quantity(
    unit: str,
    description: str,
    *,
    example: Any = None,
    default: Any = ...,
    dims: tuple[str, ...] = (),
    minimum: float | None = 0.0,
    maximum: float | None = None,
    positive: bool = False,
    infinite: bool = False,
) -> Any:
    """A field of type Quantity.

    Args:
        unit: default unit; `{currency}`, `{unit}` (of the commodity or process), `{capacity}` are filled in.
        dims: which of 'year' and 'region' the value may be given over.
        minimum, maximum: admissible range in the default unit, inclusive; None for no limit.
        positive: zero is refused too; infinite: 'inf' is a value.
    """
    extra: dict[str, Any] = {"x-unit": unit, "x-dims": list(dims), "x-min": minimum, "x-max": maximum}
    extra |= {"x-positive": True} if positive else {}
    extra |= {"x-infinite": True} if infinite else {}
    if example is not None:
        extra["x-example"] = example
    if default is ... or default is None:
        return Field(default, description=description, json_schema_extra=extra)
    return Field(Quantity.of(default), description=description, json_schema_extra=extra)


YEAR = ("year",)
REGION = ("region",)
YEAR_REGION = ("year", "region")
