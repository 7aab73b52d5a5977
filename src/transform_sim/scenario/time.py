"""Horizon and time structure of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from .base import Named, Section, text
from .quantity import Quantity, quantity

MAX_YEAR, MIN_YEAR = 2200, 1900


class Horizon(Section):
    """The years that are optimised and how money over time is weighed."""

    start: int = Field(description="First year of the first period.", ge=MIN_YEAR, le=MAX_YEAR)
    end: int = Field(description="First year of the last period.", ge=MIN_YEAR, le=MAX_YEAR)
    step: int = Field(5, description="Years per period; the last period has this length too.", ge=1, le=50)
    discount_rate: Quantity = quantity(
        "1/a", "Real rate for present values (social view: for annuities too).", default=0.03, maximum=0.5
    )
    cost_timing: Literal["start", "middle", "end"] = text("When within each year costs fall, for discounting.", "start")


class Slice(Section):
    """One slice of the year: a share, or the months and hours of the calendar that belong to it."""

    share: Quantity | None = quantity("1", "Share of the year.", default=None, maximum=1.0, positive=True, example=0.25)
    months: tuple[int, ...] | None = text("Calendar months 1…12 that belong to the slice.", None)
    hours: tuple[int, ...] | None = text("Hours of the day 0…23 (CET) that belong to the slice.", None)


class Slices(Section):
    """`time: {slices: …}`: parts of the year without order, as in OSeMOSYS."""

    slices: Named[Slice] = Field(
        description="Slice by name; shares add to one, or months and hours cover the year.",
        json_schema_extra={"x-example": {"winter": {"months": "[1, 2, 12]"}, "rest": {"months": "[3, …, 11]"}}},
    )


class TypicalDays(Section):
    """Representative days of 24 hours, each with a weight."""

    count: int = Field(4, description="Number of representative days.", ge=1, le=365)
    profiles: str | tuple[str, ...] = text(
        "`package:de_2025` for the shipped clustering, or the names of own profiles to cluster (extra `days`).",
        "package:de_2025",
    )
    keep: tuple[str, ...] | None = text(
        "Extreme days that are always among them. Shipped: [peak_residual_load, low_wind_and_sun] (the default from "
        "3 days on) or []. Own profiles: `max:<profile>` or `min:<profile>`, none by default.",
        None,
    )


class TypicalDaysTime(Section):
    """`time: {typical_days: …}`: some days of 24 hours stand for the year."""

    typical_days: TypicalDays = Field(
        description="Representative days.",
        json_schema_extra={"x-example": {"count": 4, "profiles": "package:de_2025"}},
    )


def _branch(value: Any) -> str | None:
    """Which form of `time` a value has, so that only that form's problems are told."""
    if isinstance(value, str):
        return "#word" if value in ("annual", "full_year") else None
    for key, section in (("slices", Slices), ("typical_days", TypicalDaysTime)):
        if isinstance(value, section) or (isinstance(value, Mapping) and key in value):
            return f"#{key}"
    return None


TimeChoice = Annotated[
    Annotated[Literal["annual", "full_year"], Tag("#word")]
    | Annotated[Slices, Tag("#slices")]
    | Annotated[TypicalDaysTime, Tag("#typical_days")],
    Discriminator(
        _branch,
        custom_error_type="choice",
        custom_error_message="is none of annual, full_year, {slices: …}, {typical_days: …}",
    ),
]
"""How the year is divided."""
