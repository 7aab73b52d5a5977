"""Support of investment: carbon contracts for difference, grants, and the public budgets that pay for them."""

from __future__ import annotations

from pydantic import Field

from .base import Named, Section, text
from .quantity import YEAR, Quantity, quantity
from .transfers import Policy


class Indexation(Section):
    """One energy carrier or material whose price moves the strike."""

    difference: Quantity = quantity(
        "{commodity}/{unit}", "What a unit made under contract uses more than one of the reference (less: negative).",
        minimum=None,
    )  # fmt: skip
    price: Quantity = quantity("{currency}/{commodity}", "Its price.", dims=YEAR, minimum=None)
    base: Quantity = quantity("{currency}/{commodity}", "Price in the bid.", minimum=None)


class CarbonContract(Policy):
    """Carbon contract for difference: per t CO₂ avoided the state pays the strike less the effective carbon price."""

    process: str = text("What is built under contract, new or by conversion.", ..., names="processes")
    modes: tuple[str, ...] | None = text("Modes whose output is paid; all if absent.", None)
    regions: tuple[str, ...] | None = text("Where; wherever it may stand if absent.", None, names="regions")
    signed_from: int | None = text("First year in which a plant under contract can start; any if absent.", None)
    signed_until: int | None = text("Last such year; any if absent.", None)
    duration: Quantity = quantity("a", "Years of payment from the start of the plant.", default=15.0, positive=True)
    strike: Quantity = quantity(
        "{currency}/t", "Strike price of the bid per t CO₂ avoided.", dims=YEAR, minimum=None, example=110
    )
    reference_emission: Quantity = quantity("t/{unit}", "Emission of the reference per unit.", example="1.93 t/t")
    emission: Quantity = quantity("t/{unit}", "Emission of the plant under contract per unit.", default=0.0)
    reference_allocation: Quantity = quantity(
        "t/{unit}", "Free allocation of the reference per unit.", default=0.0, dims=YEAR
    )
    allocation: Quantity = quantity(
        "t/{unit}", "Free allocation of the plant under contract per unit.", default=0.0, dims=YEAR
    )
    indexation: Named[Indexation] = Field(
        default_factory=dict, description="What moves the strike with prices, by commodity.",
        json_schema_extra={"x-keys": "commodities"},
    )  # fmt: skip
    volume: Quantity | None = quantity(
        "{capacity}", "Most capacity under contract in all; no limit if absent.", default=None
    )
    two_sided: bool = text(
        "The plant pays back when the carbon price is above the strike. `false`: a floor, the state only pays.", True
    )
    wacc_reduction: Quantity = quantity(
        "1/a", "How much the contract lowers the cost of capital of what is built under it.", default=0.0, maximum=1.0,
        example="2 %/a",
    )  # fmt: skip
    budget: str | None = text("Public budget that limits it; none if absent.", None, names="budgets")


class Grant(Policy):
    """A share of the investment that the state pays."""

    plants: tuple[str, ...] = Field(
        description="What is built with it, new or by conversion; renewals of the same get none.", min_length=1,
        json_schema_extra={"x-names": "plants"},
    )  # fmt: skip
    regions: tuple[str, ...] | None = text("Where; wherever they may stand if absent.", None, names="regions")
    share: Quantity = quantity(
        "1", "Share of the investment, by year of build; none before the first given year, the last one goes on.",
        dims=YEAR, maximum=1.0,
    )  # fmt: skip
    budget: str | None = text("Public budget that limits it; none if absent.", None, names="budgets")


class Budget(Policy):
    """Public money for contracts and grants; switched off, it does not limit them."""

    limit: Quantity = quantity(
        "{currency}/a", "Most per year; grants count in the period of build, spread over its years.", dims=YEAR
    )


__all__ = ["Budget", "CarbonContract", "Grant", "Indexation"]
