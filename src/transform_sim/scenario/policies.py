"""Policies: carbon price, caps and budgets, transfers, support and obligations."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Named, Section, text
from .quantity import YEAR, YEAR_REGION, Quantity, quantity
from .support import Budget, CarbonContract, Grant
from .transfers import BorderAdjustment, FreeAllocation, Policy, PowerCompensation


class Banking(Policy):
    """Allowances that are not used may be used later; none are borrowed. The annual caps hold in sum, not each year."""

    start: Quantity = quantity("t", "Allowances in the bank at the start.", default=0.0)


class Quota(Policy):
    """A least share of a commodity that comes from green routes; its shadow price is the green premium."""

    commodity: str = text("The product.", ..., names="commodities")
    share: Quantity = quantity(
        "1", "Least share of all that is made and bought; none before the first given year, the last one goes on.",
        dims=YEAR, maximum=1.0, example={2030: "42 %", 2035: "60 %"},
    )  # fmt: skip
    processes: tuple[str, ...] = text("Routes that count as green.", (), names="processes")
    modes: tuple[str, ...] | None = text("Modes in which they do; all if absent.", None)
    supply: tuple[str, ...] = text("Purchases that count as green.", (), names="supply")


class CapacityMargin(Policy):
    """Firm capacity covers the load of every hour with a margin; its shadow price is that of firm capacity."""

    commodity: str = text("What must be there in every hour.", ..., names="commodities")
    margin: Quantity = quantity("1", "How much more than the load.", default=0.0, dims=YEAR, maximum=10.0)
    credits: Named[Quantity] = Field(
        description="Firm share of capacity (of a store: of its power), by process or storage.",
        json_schema_extra={"x-unit": "1", "x-dims": [], "x-min": 0.0, "x-max": 1.0, "x-keys": "plants"},
    )
    imports: Quantity = quantity("{unit}/h", "Firm supply from outside, per node.", default=0.0, dims=YEAR_REGION)


class Policies(Section):
    """Carbon price, caps and budgets, transfers that follow the product, support of investment, obligations."""

    carbon_price: Quantity | None = quantity(
        "{currency}/t", "Price per t CO₂e of scope-1 emissions that are not biogenic.", default=None, dims=YEAR
    )
    credit_removals: bool = text("Carbon of plants and of the air that is stored for good counts below zero.", True)
    charge_co2_use: bool = text(
        "Fossil and process CO₂ made into what releases it again counts as emitted where it is used, not later.", True
    )
    social_carbon: Literal["damage", "absent"] = text(
        "Social view: carbon price counts as damage, or not at all.", "damage"
    )
    emission_cap: Quantity | None = quantity(
        "t/a", "Most t CO₂e per year, in all or by region or area; no limit before the first given year, the last one "
        "goes on. Regions not named are not limited; areas where something emits must be named.", default=None,
        dims=YEAR_REGION, minimum=None,
    )  # fmt: skip
    emission_budget: Quantity | None = quantity(
        "t", "Most t CO₂e over the whole horizon, linear between milestones.", default=None, minimum=None
    )
    banking: Banking | None = text(
        "Banking of allowances under the emission cap (`{}` is enough); none if absent.", None
    )
    free_allocation: Named[FreeAllocation] = Field(
        default_factory=dict, description="Allowances given for free, by product benchmark."
    )
    power_compensation: Named[PowerCompensation] = Field(
        default_factory=dict, description="Compensation for carbon cost in the price of electricity, per product."
    )
    border_adjustment: Named[BorderAdjustment] = Field(
        default_factory=dict, description="Certificates for the carbon in imports (CBAM)."
    )
    carbon_contracts: Named[CarbonContract] = Field(
        default_factory=dict, description="Carbon contracts for difference, one per bidding round."
    )
    grants: Named[Grant] = Field(default_factory=dict, description="Shares of investment that the state pays.")
    budgets: Named[Budget] = Field(default_factory=dict, description="Public money for contracts and grants.")
    quotas: Named[Quota] = Field(default_factory=dict, description="Least shares from green routes.")
    capacity_margins: Named[CapacityMargin] = Field(default_factory=dict, description="Firm capacity over the load.")
