"""Transfers that follow the product: free allocation, border adjustment, electricity price compensation."""

from __future__ import annotations

from typing import Literal

from .base import Section, text
from .quantity import YEAR, Quantity, quantity


class Policy(Section):
    """What every policy has beside its numbers."""

    title: str = text("Name for people.")
    source: str = text("Where the numbers come from, when not given value by value.")
    active: bool = text("`false` switches this policy off alone; what refers to its numbers still finds them.", True)


class OutputPayment(Policy):
    """A payment by the state per unit of output."""

    commodity: str = text("The product.", ..., names="commodities")
    processes: tuple[str, ...] | None = text(
        "Routes whose output counts; all that make the product if absent (the payment follows the product).", None,
        names="processes",
    )  # fmt: skip
    activity_level: Quantity = quantity(
        "{unit}/a", "Historical activity level: the most output per year that counts.", dims=YEAR
    )
    also_used_by: tuple[str, ...] = text(
        "Routes with a payment of their own for what they make, which does not cover making this product: what they "
        "use counts too (lime in steel).", (), names="processes",
    )  # fmt: skip


class FreeAllocation(OutputPayment):
    """Emission allowances given for free: benchmark × share kept × output, valued at the carbon price.

    Several of one product add up, each up to its own level: as for its stages, such as hot metal and sinter in steel.
    """

    benchmark: Quantity = quantity("t/{unit}", "Allowances per unit of product.", dims=YEAR, example="1.288 t/t")
    factor: Quantity = quantity(
        "1", "Share of it that is given: phase-out (CBAM factor), leakage exposure, correction factor.", default=1.0,
        dims=YEAR, maximum=1.0, example={2026: "97.5 %", 2030: "51.5 %", 2034: 0},
    )  # fmt: skip
    by: Literal["output", "lump_sum"] = text(
        "`output`: for what is made, which makes it an output subsidy. `lump_sum`: for the activity level, whatever is "
        "made.",
        "output",
    )


class PowerCompensation(OutputPayment):
    """Compensation for the carbon cost in the price of electricity: aid × emission factor × carbon price × use."""

    electricity: Quantity = quantity("MWh/{unit}", "Efficiency benchmark of use per unit of product.", dims=YEAR)
    aid: Quantity = quantity("1", "Share of the cost that is compensated.", default=0.75, dims=YEAR, maximum=1.0)
    emission_factor: Quantity = quantity(
        "t/MWh", "Carbon in the price of electricity: what the price-setting plants emit.", dims=YEAR
    )


class BorderAdjustment(Policy):
    """Certificates for the carbon in imports, less what makers at home are given for free."""

    commodity: str = text("What is imported.", ..., names="commodities")
    supply: tuple[str, ...] | None = text(
        "Purchases that need certificates; all of the commodity if absent.", None, names="supply"
    )
    embodied: Quantity = quantity("t/{unit}", "Emission at the place of origin per unit.", dims=YEAR)
    allocation: str | tuple[str, ...] | None = text(
        "Free allocation, or several, whose benchmark × factor is taken off; nothing is if absent.", None,
        names="free_allocation",
    )  # fmt: skip
    foreign_price: Quantity = quantity("{currency}/t", "Carbon price paid at the origin.", default=0.0, dims=YEAR)

    @property
    def allocations(self) -> tuple[str, ...]:
        """Names of all that is taken off."""
        return (self.allocation,) if isinstance(self.allocation, str) else self.allocation or ()
