"""Commodities, supply, sales, demand, resources: everything that is traded or limited."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Frozen, Named, Section, text
from .quantity import REGION, YEAR, YEAR_REGION, Quantity, quantity

Grid = Literal["year", "day", "hour"]
Origin = Literal["fossil", "process", "biogenic", "air"]


class Region(Section):
    """A place where plants stand."""

    title: str = text("Name for people.")


class Disposal(Section):
    """An explicit way out for what nobody takes; carbon in it is emitted unless storage is permanent."""

    cost: Quantity = quantity("{currency}/{unit}", "Cost per unit disposed of.", default=0.0, dims=YEAR_REGION)
    volume_max: Quantity | None = quantity(
        "{unit}/a",
        "Most per year and node; no limit before the first given year, the last one goes on.",
        default=None,
        dims=YEAR_REGION,
    )
    available_from: int | None = text("First year.", None)
    permanent: bool = text("Carbon stays out of the air for good (geological storage, mineral products).", False)


class Commodity(Section):
    """Energy, material or emission that is balanced."""

    unit: str = text("Unit of amount: MWh, GJ, t, …", ...)
    title: str = text("Name for people.")
    kind: Literal["energy", "material", "emission"] = text("`emission` is released, not balanced to zero.", "material")
    balance: Grid = text("Grid on which making and using must match.", "year")
    area: str | Frozen[str, str] | None = text(
        "Nodes: one per region if absent; one for all if a name; {region: node} otherwise.", None, keys="regions"
    )
    implied_store: bool = text(
        "Flexible makers may shift freely within the balance period (a store is implied).", False
    )
    carbon_content: Quantity | None = quantity(
        "t/{unit}", "Carbon as t CO₂ per unit; process emissions follow from it. Absent: not tracked.", default=None
    )
    disposal: Disposal | None = text("Way out for surplus; none if absent (balances are equalities).", None)
    scope: Literal[1, 2, 3] = text("Emission only: 1 direct, 2 purchased energy, 3 value chain.", 1)
    carbon_dioxide: bool = text("It is CO₂ itself: whether it is stored or used decides if it counts.", False)
    secondary: bool = text(
        "Recovered from waste: scrap, cullet, waste paper, plastic waste; counts as recycled content.", False
    )
    origin: Origin = text(
        "Where its carbon comes from: of an emission what it counts, otherwise that of what is bought.", "fossil"
    )
    biogenic_share: Quantity = quantity(
        "1",
        "Share of the carbon bought that is biogenic; the rest is of `origin`.",
        default=0.0,
        dims=YEAR,
        maximum=1.0,
    )
    warming_potential: Quantity = quantity("1", "Emission only: t CO₂e per unit.", default=1.0)


class Step(Section):
    """One step of a supply or sales curve."""

    price: Quantity = quantity("{currency}/{unit}", "Price of this step.", dims=YEAR_REGION, minimum=None)
    power_max: Quantity | None = quantity("{unit}/h", "Most per hour.", default=None, dims=YEAR_REGION)
    volume_max: Quantity | None = quantity("{unit}/a", "Most per year over all nodes.", default=None, dims=YEAR)


class Trade(Section):
    """What supply and sales share."""

    title: str = text("Name for people.")
    source: str = text("Where the numbers come from, when not given value by value.")
    commodity: str | None = text("What is traded; the section's own name if absent.", None, names="commodities")
    regions: tuple[str, ...] | None = text("Nodes or regions where; all if absent.", None)
    price: Quantity | None = quantity("{currency}/{unit}", "Mean price.", default=None, dims=YEAR_REGION, minimum=None)
    price_profile: str | None = text("Profile that shapes the price (scaled to mean one).", None, names="profiles")
    price_floor: Quantity = quantity("{currency}/{unit}", "Lowest price after shaping.", default=0.0, minimum=None)
    power_max: Quantity | None = quantity(
        "{unit}/h",
        "Most per hour and node; no limit before the first given year, the last one goes on.",
        default=None,
        dims=YEAR_REGION,
    )
    volume_max: Quantity | None = quantity(
        "{unit}/a",
        "Most per year over all nodes; no limit before the first given year, the last one goes on.",
        default=None,
        dims=YEAR,
    )
    available_from: int | None = text("First year.", None)
    steps: tuple[Step, ...] = text("Steps of the curve instead of one price.", ())


class Supply(Trade):
    """Buys a commodity from outside."""

    origin: Origin | None = text("Where the carbon of what is bought comes from; the commodity's if absent.", None)
    biogenic_share: Quantity | None = quantity(
        "1", "Share of its carbon that is biogenic, the rest is of `origin`; the commodity's if absent.", default=None,
        dims=YEAR, maximum=1.0,
    )  # fmt: skip

    levy: Quantity = quantity(
        "{currency}/{unit}", "Tax, levy or fee paid to the state on top (a transfer).", default=0.0, dims=YEAR
    )
    emissions: Named[Quantity] = Field(
        default_factory=dict,
        description="Emission per unit bought, by emission commodity (for example scope 2 of grid power).",
        json_schema_extra={
            "x-unit": "{commodity}/{unit}",
            "x-dims": ["year"],
            "x-min": None,
            "x-max": None,
            "x-keys": "commodities",
        },
    )


class Sale(Trade):
    """Sells a commodity to the outside."""

    follows: str | None = text("Supply whose price it takes, less `spread`, instead of a price.", None, names="supply")
    spread: Quantity = quantity("{currency}/{unit}", "How far it stays below the supply it follows.", default=0.0)


class Demand(Section):
    """What must be delivered, per year and region."""

    title: str = text("Name for people.")
    commodity: str | None = text("What is demanded; the section's own name if absent.", None, names="commodities")
    amount: Quantity = quantity(
        "{unit}/a",
        "Amount per year by region; without a region, at each node of the commodity.",
        dims=YEAR_REGION,
        example={"coast": {2025: 11.0e6, 2050: 10.0e6}},
    )
    profile: str | None = text("Shape over the year; flat if absent.", None, names="profiles")
    shortfall_cost: Quantity | None = quantity(
        "{currency}/{unit}",
        "Price of demand not met; absent: demand must be met. Of elastic demand: not below its highest price.",
        default=None,
        dims=YEAR,
    )
    elasticity: Quantity | None = quantity(
        "1", "Own-price elasticity (negative); needs reference_price.", default=None, minimum=-10.0, maximum=0.0
    )
    reference_price: Quantity | None = quantity(
        "{currency}/{unit}", "Price at which `amount` is demanded.", default=None, dims=YEAR, positive=True
    )
    elastic_steps: int = Field(8, description="Number of price steps of an elastic demand.", ge=2, le=200)
    elastic_range: tuple[float, float] = text(
        "Lowest and highest (choke) price of an elastic demand as share of the reference price; 1 lies between.",
        (0.5, 2.0),
    )


class Resource(Section):
    """A limit over several plants and trades: land, biomass, scrap, injection."""

    title: str = text("Name for people.")
    unit: str = text("Unit of the resource, for example `ha` or `t`.", ...)
    limit: Quantity = quantity(
        "{unit}", "What is available: per year for activities and purchases, at once for capacity; no "
        "limit before the first given year, the last one goes on. By region: regions not named are "
        "not limited; areas where counted purchases are made must be named.",
        dims=YEAR_REGION,
    )  # fmt: skip
    capacity: Named[Quantity] = Field(
        default_factory=dict,
        description="Use per unit of capacity, by process, storage or link.",
        json_schema_extra={
            "x-unit": "{unit}/({capacity})",
            "x-dims": [],
            "x-min": 0.0,
            "x-max": None,
            "x-keys": "plants",
        },
    )
    activity: Named[Quantity] = Field(
        default_factory=dict,
        description="Use per unit of activity, by process.",
        json_schema_extra={
            "x-unit": "{unit}/{activity}",
            "x-dims": [],
            "x-min": 0.0,
            "x-max": None,
            "x-keys": "processes",
        },
    )
    purchases: Named[Quantity] = Field(
        default_factory=dict,
        description="Use per unit bought, by supply.",
        json_schema_extra={
            "x-unit": "{unit}/{activity}",
            "x-dims": [],
            "x-min": 0.0,
            "x-max": None,
            "x-keys": "supply",
        },
    )


__all__ = ["REGION", "Commodity", "Demand", "Region", "Resource", "Sale", "Step", "Supply"]
