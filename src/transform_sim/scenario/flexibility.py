"""Flexible loads: consumption that can be moved in time or given up."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Section, text
from .quantity import YEAR, YEAR_REGION, Quantity, quantity

Level = Literal["none", "today", "potential"]
"""How much of the flexibility that a scenario names takes part."""

Stage = Literal["today", "potential"]
"""From which level on something takes part: it works today, or it could with money and time."""

Method = Literal["window", "zerrahn_schill", "gils", "battery", "none"]
"""How shifted amounts are tied together over time; docs/formulation.md has the equations."""

LEVELS: tuple[Level, ...] = ("none", "today", "potential")


class Shed(Section):
    """One step of giving consumption up: how much of it, at what loss, how often."""

    share: Quantity = quantity("1", "Most that is given up, as share of the reference.", default=1.0, maximum=1.0)
    cost: Quantity = quantity(
        "{currency}/{unit}", "Value of the product that is lost, per unit not used.", dims=YEAR, example="300 EUR/MWh"
    )
    hours_max: Quantity | None = quantity("h/a", "Most full hours per year.", default=None, example="100 h/a")
    recovery: Quantity | None = quantity(
        "h", "Within any so many hours at most `duration` full hours are given up.", default=None, positive=True
    )
    duration: Quantity | None = quantity("h", "See recovery.", default=None, positive=True)


class FlexibleLoad(Section):
    """Use of a commodity that can be shifted or shed; what it makes does not change by being shifted."""

    title: str = text("Name for people.")
    source: str = text("Where the numbers come from, when not given value by value.")
    commodity: str = text("What it uses; must balance by the hour.", ..., names="commodities")
    process: str | None = text(
        "Process whose use is flexible; the reference is then its use at full available capacity.", None,
        names="processes",
    )  # fmt: skip
    load: Quantity | None = quantity(
        "{unit}/h", "Instead of a process: mean use that is flexible. It is part of what is demanded, not added to it.",
        default=None, dims=YEAR_REGION, example={"coast": {2025: 100, 2050: 80}},
    )  # fmt: skip
    profile: str | None = text("Shape of `load` over the year; flat if absent.", None, names="profiles")
    share: Quantity = quantity("1", "Part of the process's use that is flexible.", default=1.0, maximum=1.0)
    regions: tuple[str, ...] | None = text("Where; all regions of the process or load if absent.", None)
    flexibility: Stage = text("Level from which on it takes part.", "today")
    method: Method = text("How what is shifted comes back; `none`: it is shed only.", ...)
    up: Quantity | None = quantity(
        "1", "Most that is used on top, as share of the reference; needed for shifting.", default=None, dims=YEAR
    )
    down: Quantity | None = quantity(
        "1", "Most that is taken off, shifted and shed together, as share of the reference; needed for shifting.",
        default=None, dims=YEAR, maximum=1.0,
    )  # fmt: skip
    up_profile: str | None = text(
        "Profile between 0 and 1 that multiplies `up`, used as it is.", None, names="profiles"
    )
    down_profile: str | None = text(
        "Profile between 0 and 1 that multiplies `down`, used as it is.", None, names="profiles"
    )
    overload: Quantity = quantity(
        "1", "Process only: share by which its use may exceed that at full available capacity.", default=0.0
    )
    window: Quantity | None = quantity(
        "h", "Method window: length of the blocks in which it evens out.", default=None, positive=True, example="24 h"
    )
    delay: Quantity | None = quantity(
        "h", "Method zerrahn_schill: most hours between more and less use.", default=None, positive=True, example="4 h"
    )
    delays: tuple[Quantity, ...] = Field(
        (),
        description="Method gils: delay classes, the hours after which each comes back.",
        json_schema_extra={
            "x-unit": "h", "x-dims": [], "x-min": 0.0, "x-max": None, "x-positive": True,
            "x-example": "[4 h, 8 h, 24 h]",
        },
    )  # fmt: skip
    duration: Quantity = quantity(
        "h", "Method gils: hours of full use up or down that may be outstanding at once.", default="inf h",
        positive=True, infinite=True,
    )  # fmt: skip
    energy: Quantity = quantity(
        "h", "Method battery: hours of full use on top that its level holds.", default="inf h", infinite=True,
        example="48 h",
    )  # fmt: skip
    efficiency: Quantity = quantity(
        "1", "Less use saved per more use drawn: below 1, more is drawn than was saved.", default=1.0, maximum=1.0,
        positive=True,
    )  # fmt: skip
    loss: Quantity = quantity("1/h", "Method battery: share of the level lost per hour.", default=0.0, maximum=1.0)
    joint_limit: bool = text(
        "Methods zerrahn_schill and gils: more and less use of one hour together within the larger of both limits.",
        True,
    )
    recovery: Quantity | None = quantity(
        "h", "Method zerrahn_schill: within any so many hours at most `delay` full hours of more use; no limit if "
        "absent.", default=None, positive=True,
    )  # fmt: skip
    cost_up: Quantity = quantity("{currency}/{unit}", "Cost per unit used on top.", default=0.0, dims=YEAR)
    cost_down: Quantity = quantity("{currency}/{unit}", "Cost per unit shifted away.", default=0.0, dims=YEAR)
    sheds: tuple[Shed, ...] = text("Steps of giving consumption up, as a merit order.", ())


def takes_part(stage: Stage | None, level: Level) -> bool:
    """Whether something of a stage takes part at a level; what has none always does."""
    return stage is None or LEVELS.index(stage) <= LEVELS.index(level)
