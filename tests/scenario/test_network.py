"""What a scenario may say of network charges, and what it is told when it may not."""

from __future__ import annotations

import pytest

from transform_sim.scenario import loads
from transform_sim.scenario.network import discount_at, discounts

from .study import problems_of, shown, spoilt

FEE = "network_charges: {fee: {commodity: electricity, %s}}\npolicies: {carbon"


def told(text: str, *more: tuple[str, str]) -> list[str]:
    """What is wrong with a charge on electricity written so."""
    return [shown(p) for p in problems_of(spoilt(("policies: {carbon", FEE % text), *more))]


def test_prices_are_read_in_units_of_money_per_amount_and_per_power() -> None:
    fee = loads(spoilt(("policies: {carbon", FEE % "energy: 0.5 EUR/kWh, capacity: {2025: 90 EUR/kW/a, 2030: 1e5}")))
    charge = fee.network_charges["fee"]
    assert charge.energy.scalar == pytest.approx(500)
    assert charge.capacity.points[None] == pytest.approx({2025: 90_000, 2030: 100_000})
    assert told("capacity: {grid: 7}") == []
    assert told("capacity: 7, regulation: baseload, hours: 7200 h/a") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("regions: [grid]", "network_charges.fee: has no price. Give energy, capacity or both"),
        ("energy: 1, supply: [coal]", "network_charges.fee.supply: 'coal' supplies coal, not electricity"),
        ("energy: 1, supply: [hydro]", "network_charges.fee.supply: unknown supply 'hydro'; known are coal, power"),
        ("energy: 1, regions: [sea]",
         "network_charges.fee.regions: unknown place 'sea'; known are coast, grid, ruhr"),
        ("energy: {ruhr: 1}", "network_charges.fee.energy: 'ruhr' is no place for this value; known are grid"),
        ("energy: 1, regulation: atypical",
         "network_charges.fee: regulation atypical needs high_load_window, the hours whose peak counts"),
        ("energy: 1, hours: 7000", "network_charges.fee: hours has no effect with regulation general"),
        ("energy: 1, share: 0.2", "network_charges.fee: share has no effect with regulation general"),
        ("energy: 1, regulation: baseload, least_share: 0.1",
         "network_charges.fee: least_share has no effect with regulation baseload"),
        ("energy: 1, regulation: baseload, hours: 6999",
         "network_charges.fee.hours: 6999 hours of use earn no discount; it begins at 7000. Give share"),
        ("energy: 1, available_from: 2030, available_until: 2028",
         "network_charges.fee.available_until: 2028 lies before available_from, 2030"),
        ("energy: 1, high_load_window: wind",
         "profiles.wind: holds 0.4, but as network_charges.fee.high_load_window it must be 0 or 1"),
    ],
)  # fmt: skip
def test_mistakes_are_named(text: str, message: str) -> None:
    assert message in told(text)


def test_a_charge_needs_something_bought() -> None:
    missing = ("supply:\n  power: {commodity: electricity", "supply:\n  power: {commodity: hydrogen")
    assert "network_charges.fee: no electricity that counts is bought where it is charged" in told("energy: 1", missing)
    text = spoilt(("policies: {carbon", (FEE % "energy: 1").replace("electricity", "co2")))
    assert "network_charges.fee.commodity: 'co2' is an emission, which nobody buys" in map(shown, problems_of(text))


def test_a_price_by_place_names_every_place_where_it_is_charged() -> None:
    regional = ("electricity: {unit: MWh, balance: hour, area: grid}", "electricity: {unit: MWh, balance: hour}")
    message = "network_charges.fee.capacity: nothing is given for coast. Name them, or limit it with regions"
    assert message in told("capacity: {ruhr: 5}", regional)
    assert message not in told("capacity: {ruhr: 5}, regions: [ruhr]", regional)


def test_the_shipped_discount_rises_with_the_hours() -> None:
    assert [tuple(step) for step in discounts()] == [(7000, 0.2, 10), (7500, 0.15, 10), (8000, 0.1, 10)]
    assert discount_at(6999.9) is None
    assert [discount_at(h).share for h in (7000, 7499, 7500, 8000, 8760)] == [0.2, 0.2, 0.15, 0.1, 0.1]  # type: ignore[union-attr]
