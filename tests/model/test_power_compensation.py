"""Compensation for carbon in the price of electricity by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import HALVES, load, objective, solve
from tests.model.paid import between_slopes, dual, is_no_matter_of_society, swept_is_solved, switched_off_is_absent

FIVES = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0}
UNIT = 0.75 * 0.72 * 13.9
"""t CO₂ that are compensated per t of aluminium."""


def smelter(price: Any = 100.0, *, arc: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    """10 t of aluminium, smelted with 14 MWh/t at 60, or bought at 1,500 EUR/t."""
    given = {"commodity": "metal", "electricity": 13.9, "emission_factor": 0.72, "activity_level": 1000}
    return {
        "commodities": {"metal": {"unit": "t"}, "power": {"unit": "MWh"}, "co2": {"unit": "t", "kind": "emission"}},
        "processes": {"smelter": {"unit": "t", "flows": {"metal": 1, "power": -14}, "variable_opex": 1000,
                                  "existing": 1000, "latest": 2000}},
        "supply": {"power": {"price": 60}, "import": {"commodity": "metal", "price": 1500}},
        "demand": {"metal": {"amount": 10}},
        "policies": {"carbon_price": price, "power_compensation": {"metal": given | (arc or {})}},
    } | sections  # fmt: skip


def test_unit_payment_decides_for_the_route() -> None:
    # smelted 1840, less 750.6 at 100 EUR/t; bought at 1500: the aid needs a carbon price of 340/7.506
    r = solve(**smelter())
    assert r.objective == pytest.approx(10 * (1840 - 100 * UNIT))
    assert float(r.data.cost.sel(component="power_compensation").sum()) == pytest.approx(-10 * 750.6)
    level = (1840 - 1500) / UNIT
    for price, made in ((level - 0.01, 0), (level + 0.01, 10)):
        assert float(solve(**smelter(price)).data.activity.sum()) == pytest.approx(made, abs=1e-9)


def test_the_carbon_price_of_the_year_before_counts() -> None:
    # linear from 40 in 2025 to 100 in 2030: 88 in 2029; before 2025 as in 2025
    r = solve(**smelter({2025: 40, 2030: 100}, arc={"electricity": 100}, horizon=FIVES))
    unit = 0.75 * 0.72 * 100
    assert r.data.cost.sel(component="power_compensation").values == pytest.approx([-50 * 40 * unit, -50 * 88 * unit])


def test_aid_by_year_and_the_activity_level() -> None:
    r = solve(**smelter(arc={"aid": {2025: 0.75, 2030: 0}, "activity_level": 4}, horizon=FIVES))
    # in 2025 4 t are worth smelting; in 2030 nothing is paid
    assert r.objective == pytest.approx(5 * (4 * (1840 - 750.6) + 6 * 1500) + 5 * 15000)


def test_power_keeps_its_price_in_every_hour() -> None:
    sections = {
        "time": HALVES,
        "profiles": {"spot": {"summer": 0.5, "winter": 1.5}},
        "supply": {"power": {"price": 60, "price_profile": "spot"}, "import": {"commodity": "metal", "price": 1500}},
        "commodities": {"metal": {"unit": "t", "implied_store": True}, "power": {"unit": "MWh", "balance": "hour"},
                        "co2": {"unit": "t", "kind": "emission"}},
    }  # fmt: skip
    both = {aid: solve(**smelter(arc={"aid": aid}, **sections)) for aid in (0.0, 0.75)}
    # it runs in summer either way, at 1000 + 14 · 30, and makes what winter needs
    for r in both.values():
        price = r.data.shadow_price_hour.sel(shadow_price_hour_commodity="power")
        assert price.values.ravel() == pytest.approx([30, 90])
        assert float(r.data.activity.sum()) == pytest.approx(10)
    assert both[0.0].objective - both[0.75].objective == pytest.approx(7506)


def test_only_what_is_made_and_used_earns() -> None:
    vent = {"commodities": smelter()["commodities"] | {"metal": {"unit": "t", "disposal": {}}}}
    assert objective(**smelter(300, **vent)) == pytest.approx(10 * (1840 - 300 * UNIT))  # each t made would bring 412
    assert objective(**smelter(300, demand={"metal": {"amount": 0}}, **vent)) == pytest.approx(0)


def test_switched_off_and_in_the_social_view() -> None:
    switched_off_is_absent(smelter(), "power_compensation")
    is_no_matter_of_society(smelter(), "power_compensation")


def test_duals_lie_between_slopes() -> None:
    # 10 t are demanded, 6 can be made: what is made limits what is paid
    few = smelter()
    few["processes"]["smelter"]["existing"] = 6
    scenario = load(**few)

    def cost(tonnes: float) -> float:
        return ts.solve(scenario.with_({"processes.smelter.existing": tonnes})).objective

    price = dual(scenario, "power_compensation_output[metal, 2025]") / 8760
    assert price == pytest.approx(-750.6)
    # one t more of capacity saves an import, costs its power and earns the payment
    between_slopes(cost, 6, 0.5, 1840 - 1500 + price)


def test_sweeps_give_what_single_solves_give(tmp_path: Path) -> None:
    arc = "policies.power_compensation.metal"
    sections = smelter({2024: 50.0, 2030: 100}, horizon=FIVES)
    sections["supply"]["import"]["price"] = 1840  # so that any aid is worth having
    axes = {"policies.carbon_price.2024": [20.0, 80.0], f"{arc}.aid": [0.1, 0.75], f"{arc}.electricity": [9.0, 13.0],
            f"{arc}.emission_factor": [0.4, 0.72], f"{arc}.activity_level": [3.0, 8.0]}  # fmt: skip
    swept_is_solved(sections, axes, tmp_path)
