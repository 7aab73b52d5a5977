"""Processes, storages and links: everything that is built."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Frozen, Named, Section, text
from .flexibility import Stage
from .markets import Origin
from .quantity import REGION, YEAR, YEAR_REGION, Quantity, quantity

Flows = Named[Quantity]
ProfileRef = str | Frozen[str, str]


def _flows() -> Flows:
    return Field(
        default_factory=dict,
        description="Amount per unit of activity by commodity: + made, − used. Linear between years.",
        json_schema_extra={
            "x-unit": "{commodity}/{unit}",
            "x-dims": ["year"],
            "x-min": None,
            "x-max": None,
            "x-keys": "commodities",
            "x-example": {"crude_steel": 1, "hydrogen": "-1.73 MWh/t"},
        },
    )


class Built(Section):
    """What everything that is built has: cost, life, stock, limits."""

    title: str = text("Name for people.")
    source: str = text("Where the numbers come from, when not given value by value.")
    capex: Quantity = quantity(
        "{currency}/({capacity})", "Overnight investment by year of build.", default=0.0, dims=YEAR,
        example="698 EUR2020/(t/a)",
    )  # fmt: skip
    fixed_opex: Quantity = quantity(
        "{currency}/({capacity})/a", "Annual cost of existing capacity.", default=0.0, dims=YEAR
    )
    fixed_opex_share: Quantity = quantity(
        "1/a", "Annual cost as share of the first period's capex; added to fixed_opex.", default=0.0, example="4 %/a"
    )
    wacc: Quantity | None = quantity(
        "1/a", "Cost of capital in the private view; the discount rate if absent.", default=None, maximum=1.0
    )
    lifetime: Quantity = quantity(
        "a", "Technical life, or length of a campaign.", default="inf a", example=20, positive=True, infinite=True
    )
    economic_lifetime: Quantity | None = quantity(
        "a", "Years over which the investment is paid; the lifetime if absent.", default=None, positive=True,
        infinite=True,
    )  # fmt: skip
    existing: Quantity | None = quantity(
        "{capacity}", "Capacity that stands at the start, by region and by year of its (campaign's) start; without "
        "a year it stays to the end. Without a region only where it has one. "
        "A table may have the columns site, region, process, capacity, campaign year.",
        default=None, dims=YEAR_REGION, example={"coast": {2014: 4.1e6}},
    )  # fmt: skip
    earliest: int | None = text("First year in which new capacity can operate.", None)
    latest: int | None = text("Last year in which new capacity can start to operate.", None)
    readiness: int | None = Field(
        None, description="Technology readiness level today, 1 to 9 (9: proven in operation); shown, without effect.",
        ge=1, le=9,
    )  # fmt: skip
    first_of_a_kind: Quantity = quantity(
        "1", "Share by which building costs more than the capex of a mature plant, by year of build: also a conversion "
        "into it and its renewal, but not what is paid as `fixed_opex_share`.",
        default=0.0, dims=YEAR, example={2030: "25 %", 2035: "12 %", 2040: 0},
    )  # fmt: skip
    capacity_max: Quantity | None = quantity(
        "{capacity}", "Upper limit of capacity, in each region; no limit before the first given year, the last one "
        "goes on.",
        default=None, dims=YEAR_REGION,
    )  # fmt: skip
    new_capacity_max: Quantity | None = quantity(
        "{capacity}", "Upper limit of what is built per period, in each region; no limit before the first given "
        "year, the last one goes on.",
        default=None, dims=YEAR_REGION,
    )  # fmt: skip


class Mode(Section):
    """One way to run a process; all modes share its capacity."""

    flows: Flows = _flows()
    variable_opex: Quantity | None = quantity(
        "{currency}/{unit}", "Cost per unit of activity; the process's if absent.", default=None, dims=YEAR
    )
    auxiliary_carbon: Quantity | None = quantity(
        "t/{unit}", "CO₂ from electrodes, alloys, carbonates; the process's if absent.", default=None, minimum=None
    )


class Reinvest(Section):
    """The same process renewed at the end of its campaign (reline)."""

    capex: Quantity = quantity("{currency}/({capacity})", "Investment of the renewal or conversion.", dims=YEAR)
    lifetime: Quantity | None = quantity(
        "a", "Length of the new campaign; the process's lifetime if absent.", default=None, positive=True, infinite=True
    )
    wacc: Quantity | None = quantity("1/a", "Cost of capital; the process's if absent.", default=None, maximum=1.0)


class Retrofit(Reinvest):
    """Capacity of this process becomes capacity of another."""

    kind: Literal["end", "mid"] = text(
        "`end`: at the end of a campaign, a new campaign of the target starts. "
        "`mid`: at any time, the cohort keeps its end.", "end"
    )  # fmt: skip
    ratio: Quantity = quantity("1", "Capacity of the target per capacity given up.", default=1.0, positive=True)
    earliest: int | None = text("First year of the conversion; the target's `earliest` if absent.", None)


class Process(Built):
    """Turns commodities into commodities; capacity and flows are per unit of activity."""

    unit: str = text("Unit of activity, for example `t` or `MWh`: capacity is then t/a or MW.", ...)
    route: str = text("Group in figures, for example `H2-DRI`; the process itself if absent.")
    sector: str = text("Sector in figures and tables.")
    regions: tuple[str, ...] | None = text("Where it may stand; all regions if absent.", None, names="regions")
    operation: Literal["flexible", "baseload"] | None = text(
        "`flexible` follows the finest grid of its commodities; `baseload` runs evenly over the year. "
        "Absent: flexible if each output is balanced on that grid or its balance is an implied store.", None
    )  # fmt: skip
    flows: Flows = _flows()
    modes: Named[Mode] = Field(
        default_factory=dict, description="Ways to run it, sharing one capacity; their flows add to `flows`."
    )
    techniques: Frozen[int, Flows] = Field(
        default_factory=dict,
        description="Flows that change with the year of build: {first build year: {commodity: flow}}.",
        json_schema_extra={
            "x-unit": "{commodity}/{unit}",
            "x-dims": ["year"],
            "x-min": None,
            "x-max": None,
            "x-keys": "commodities",
        },
    )
    variable_opex: Quantity = quantity(
        "{currency}/{unit}", "Cost per unit of activity beside modelled inputs.", default=0.0, dims=YEAR, minimum=None
    )
    auxiliary_carbon: Quantity = quantity(
        "t/{unit}", "CO₂ from electrodes, alloys, carbonates and other carbon outside the flows.", default=0.0,
        minimum=None,
    )  # fmt: skip
    auxiliary_origin: Origin = text("Where the auxiliary carbon comes from; `air` for capture from the air.", "fossil")
    permanent: bool = text("What it makes binds its carbon for good (mineral products).", False)
    emission: str | None = text(
        "Emission commodity that takes the carbon balance; the first fossil one of scope 1 if absent.", None,
        names="commodities",
    )  # fmt: skip
    availability: Quantity = quantity(
        "1",
        "Share of capacity that can be used; by region, name each where it may stand.",
        default=1.0,
        dims=YEAR_REGION,
        maximum=1.0,
    )
    availability_profile: ProfileRef | None = text(
        "Profile that multiplies availability, one or {region: profile}.", None, names="profiles", keys="regions"
    )
    draw_profile: str | None = text(
        "Profile by which a baseload process runs over the year; flat if absent.", None, names="profiles"
    )
    minimum_load: Quantity = quantity(
        "1", "Least load as share of what is available of the capacity kept in a year, which may be less than stands.",
        default=0.0, dims=YEAR, maximum=1.0,
    )  # fmt: skip
    ramp_up: Quantity | None = quantity(
        "1/h", "Most by which the load of a process that runs by the hour rises, as share of capacity; no limit if "
        "absent.", default=None, example="20 %/h",
    )  # fmt: skip
    ramp_down: Quantity | None = quantity("1/h", "Most by which it falls; no limit if absent.", default=None)
    part_load: Frozen[str, Frozen[str, Quantity]] = Field(
        default_factory=dict,
        description="Use of a commodity per unit of activity by load, relative to that at full load; straight between, "
        "from the minimum load to 100 %. For processes that run by the hour.",
        json_schema_extra={
            "x-unit": "1", "x-dims": [], "x-min": None, "x-max": None, "x-positive": True, "x-keys": "commodities",
            "x-example": {"electricity": {"20 %": 0.94, "60 %": 0.95, "100 %": 1}},
        },
    )  # fmt: skip
    reinvest: Reinvest | None = text("Renewal of the same process at the end of its campaign.", None)
    retrofits: Named[Retrofit] = Field(
        default_factory=dict,
        description="Conversions into other processes, by the target's name.",
        json_schema_extra={"x-keys": "processes"},
    )
    growth_max: Quantity | None = quantity(
        "1/a", "Growth per year over the whole study area, for immature processes.", default=None, example=0.35
    )
    seed_capacity: Quantity | None = quantity(
        "{capacity}", "First plant from which growth starts; needed with growth_max.", default=None
    )


class Storage(Built):
    """Keeps a commodity; capacity is an amount."""

    commodity: str = text("What it keeps.", ..., names="commodities")
    balance: Literal["day", "hour"] | None = text("Grid of the store, if finer than its commodity's.", None)
    cycle: Literal["day", "year"] = text("The level returns within each day, or over the whole year.", "day")
    flexibility: Stage | None = text(
        "Level of the scenario's `flexibility` from which on it takes part; always if absent.", None
    )
    regions: tuple[str, ...] | None = text("Where it may stand; all regions if absent.", None, names="regions")
    capex_power: Quantity = quantity(
        "{currency}/({unit}/h)", "Investment per unit of discharge rate, added to capex.", default=0.0, dims=YEAR
    )
    variable_opex: Quantity = quantity("{currency}/{unit}", "Cost per unit charged.", default=0.0, dims=YEAR)
    charge_efficiency: Quantity = quantity("1", "Stored per unit charged.", default=1.0, maximum=1.0, positive=True)
    discharge_efficiency: Quantity = quantity(
        "1", "Delivered per unit taken out.", default=1.0, maximum=1.0, positive=True
    )
    loss: Quantity = quantity("1/h", "Share of the level lost per hour.", default=0.0, maximum=1.0)
    holding_cost: Quantity = quantity(
        "{currency}/{unit}/h", "Cost of keeping one unit for an hour.", default=0.0, dims=YEAR
    )
    charge_rate: Quantity = quantity(
        "1/h", "Charging limit per hour as share of capacity.", default="inf 1/h", infinite=True
    )
    discharge_rate: Quantity = quantity(
        "1/h", "Discharging limit per hour as share of capacity.", default="inf 1/h", infinite=True
    )


class Link(Built):
    """Carries a commodity between two nodes; capacity is a rate."""

    commodity: str = text("What it carries.", ..., names="commodities")
    from_: str = Field(alias="from", description="Node (region or area) at its start.")
    to: str = text("Node at its end.", ...)
    bidirectional: bool = text("Whether it carries both ways, sharing its capacity.", False)
    loss: Quantity = quantity("1", "Share lost on the way.", default=0.0, maximum=1.0)
    tariff: Quantity = quantity("{currency}/{unit}", "Cost per unit sent.", default=0.0, dims=YEAR)
    length: Quantity | None = quantity(
        "km", "If given, capex and fixed_opex are per km and multiplied by it.", default=None
    )


__all__ = ["REGION", "Built", "Link", "Mode", "Process", "Reinvest", "Retrofit", "Storage"]
