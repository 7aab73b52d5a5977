"""Network charges: what buyers of a commodity pay to the network's operator, for amounts and for their peak."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from .base import Section, text
from .quantity import YEAR_REGION, Quantity, quantity

Regulation = Literal["general", "atypical", "baseload"]
"""Rule by which the peak is charged; each makes a linear program of its own."""


class Discount(NamedTuple):
    """From so many hours of use a year on, this share of the published charge is paid, above a purchase in GWh."""

    hours: float
    share: float
    purchase_above: float


class NetworkCharge(Section):
    """Charge on purchases of a commodity at each of its nodes, per unit and per annual peak of what is bought there."""

    title: str = text("Name for people.")
    source: str = text("Where the numbers come from, when not given value by value.")
    commodity: str = text("What is bought.", ..., names="commodities")
    supply: tuple[str, ...] | None = text(
        "Supplies of the commodity whose purchases count; all if absent.", None, names="supply"
    )
    regions: tuple[str, ...] | None = text("Nodes or regions where it is charged; all if absent.", None)
    available_from: int | None = text("First year in which it is charged.", None)
    available_until: int | None = text("Last year in which it is charged; another charge may follow it.", None)
    energy: Quantity = quantity(
        "{currency}/{unit}", "Published price per unit bought.", default=0.0, dims=YEAR_REGION, example="5 EUR/MWh"
    )
    capacity: Quantity = quantity(
        "{currency}/({unit}/h)/a", "Published price per unit of annual peak, paid every year.", default=0.0,
        dims=YEAR_REGION, example="100 EUR/kW/a",
    )  # fmt: skip
    regulation: Regulation = text(
        "`general`: the peak of all hours is charged. `atypical`: that of the high-load window (StromNEV § 19 (2) "
        "sentence 1). `baseload`: use is even enough for a share of the charge (sentence 2).",
        "general",
    )
    high_load_window: str | None = text(
        "Profile of 0 and 1: hours whose peak counts in atypical use. It may stand with other regulations, so that "
        "they can be compared.", None, names="profiles",
    )  # fmt: skip
    least_share: Quantity = quantity(
        "1", "Atypical use: share of the peak of all hours that is charged at least (StromNEV § 19 (2): no less than "
        "20 % of the published charge).", default=0.2, maximum=1.0,
    )  # fmt: skip
    hours: Quantity = quantity(
        "h/a", "Baseload: hours of use that are kept at least, annual purchase ÷ annual peak.", default=7000.0,
        positive=True, maximum=8760.0,
    )  # fmt: skip
    share: Quantity | None = quantity(
        "1", "Baseload: share of the published charge that is paid; if absent that of StromNEV § 19 (2): 0.2 from "
        "7,000, 0.15 from 7,500 and 0.1 from 8,000 hours.", default=None, maximum=1.0,
    )  # fmt: skip


@cache
def discounts() -> tuple[Discount, ...]:
    """The steps of the discount on even use, hours rising, from the shipped table."""
    written = files("transform_sim").joinpath("data/network_charge_discounts.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in written.splitlines() if not line.startswith("#"))
    return tuple(Discount(float(r["hours_h"]), float(r["share"]), float(r["purchase_above_GWh"])) for r in rows)


def discount_at(hours: float) -> Discount | None:
    """The step that so many hours of use a year reach; None below the first."""
    return next((step for step in reversed(discounts()) if hours >= step.hours), None)
