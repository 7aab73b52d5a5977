"""Stock, cost and limits of capacity by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import objective, solve

FIVES = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0}
"""Periods 2025, 2030, 2035 (until 2040)."""

SHORT = {"steel": {"amount": 10, "shortfall_cost": 1000}}


def mill(**fields: Any) -> dict[str, Any]:
    return {"mill": {"unit": "t", "flows": {"steel": 1}, **fields}}


def test_the_annuity_is_paid_over_the_economic_life_within_the_horizon() -> None:
    horizon = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.05}
    plant = mill(capex=100, lifetime=30, economic_lifetime=12)
    crf = 0.05 / (1 - 1.05**-12)
    years = 5 + 5 + 2  # twelve years from 2025: 2 of the last five
    weight = sum(1.05**-k for k in range(10)) + 0.4 * sum(1.05**-k for k in range(10, 15))
    assert years == 12
    assert objective(horizon=horizon, processes=plant) == pytest.approx(10 * 100 * crf * weight, rel=1e-12)


def test_the_cost_of_capital_above_the_discount_rate_is_financing() -> None:
    plant = mill(capex=100, lifetime=20, wacc=0.07)
    horizon = {"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.03}
    at_3, at_7 = (r / (1 - (1 + r) ** -20) for r in (0.03, 0.07))
    r = solve(horizon=horizon, processes=plant)
    assert r.objective == pytest.approx(1000 * at_7, rel=1e-12)
    cost = r.cost.sum("period").to_series()
    assert cost["investment"] == pytest.approx(1000 * at_3, rel=1e-12)
    assert cost["financing"] == pytest.approx(1000 * (at_7 - at_3), rel=1e-12)
    social = solve(horizon=horizon, processes=plant, view="social")
    assert social.objective == pytest.approx(1000 * at_3, rel=1e-12)
    assert social.cost.sum("period").to_series()["financing"] == pytest.approx(1000 * (at_7 - at_3), rel=1e-12)


def test_two_vintages_the_older_of_which_retires_early() -> None:
    """The hand-solved case of early retirement: what was built stays paid for, what runs is a new decision."""
    plants = {
        "old": {"unit": "t", "flows": {"steel": 1}, "capex": 60, "lifetime": 15, "latest": 2025, "variable_opex": 20,
                "fixed_opex": 6},
        "new": {"unit": "t", "flows": {"steel": 1}, "capex": 40, "lifetime": 10, "earliest": 2030,
                "variable_opex": {2030: 25, 2035: 14}, "fixed_opex": 2},
    }  # fmt: skip
    r = solve(horizon=FIVES, processes=plants, demand={"steel": {"amount": {2025: 10, 2035: 8}}})
    # 2025: 10 t by old: capital 60/15 = 4 a year for 15 years whatever comes, 20 + 6 to run: 30 EUR.
    # 2030: 9 t; old 26 to run, new 4 + 25 + 2 = 31 now: old.
    # 2035: 8 t; old 26, new 4 + 14 + 2 = 20: all old ones stand idle, five years before their end, without fixed cost.
    # New ones in 2035 live until 2045 and pay five of ten years
    expected = 5 * (10 * 4 * 3 + 10 * 26 + 9 * 26 + 8 * 20)
    assert r.objective == pytest.approx(expected, rel=1e-12)
    capacity = r.capacity.sum("region")
    assert capacity.sel(process="old").values == pytest.approx([10, 9, 0])
    assert capacity.sel(process="new").values == pytest.approx([0, 0, 8])
    assert r.new_capacity.sum("region").sel(process="old").values == pytest.approx([10, 0, 0])


def test_what_is_mothballed_may_return() -> None:
    demand = {"steel": {"amount": {2025: 10, 2030: 0, 2035: 10}, "shortfall_cost": 1000}}
    r = solve(horizon=FIVES, processes=mill(existing=10, latest=2000, fixed_opex=3), demand=demand)
    assert r.objective == pytest.approx(10 * 3 * 10, rel=1e-12)  # fixed cost in two of three periods
    assert r.capacity.values.ravel() == pytest.approx([10, 0, 10])


def test_stock_survives_its_life_in_shares_of_periods_and_without_a_year_for_good() -> None:
    dated = mill(existing={"ruhr": {2010: 10}}, lifetime=18, latest=2000)  # until 2028: three of five years
    r = solve(horizon=FIVES, processes=dated, demand=SHORT)
    assert r.capacity.values.ravel() == pytest.approx([6, 0, 0])
    assert r.objective == pytest.approx(5 * 1000 * (4 + 10 + 10), rel=1e-12)
    assert objective(horizon=FIVES, processes=mill(existing=10, lifetime=18, latest=2000)) == 0


def test_new_capacity_survives_its_life_in_shares_of_periods() -> None:
    # built in 2025 for 7 years: all of 2025–2030 and 2 of 5 years after; capital 70/7 = 10 a year while it lives
    plant = mill(capex=70, lifetime=7, latest=2025)
    r = solve(horizon=FIVES, processes=plant, demand=SHORT)
    assert r.capacity.values.ravel() == pytest.approx([25, 10, 0])  # more in 2025, to have 10 · 0.4⁻¹ of it in 2030
    assert r.objective == pytest.approx(25 * 70 + 5 * 10 * 1000, rel=1e-12)


def test_when_it_may_be_built() -> None:
    late = solve(horizon=FIVES, processes=mill(capex=1, earliest=2027), demand=SHORT)
    assert late.new_capacity.values.ravel() == pytest.approx([0, 10, 0])  # 2027 lies in no period before 2030
    early = solve(horizon=FIVES, processes=mill(capex=1, lifetime=5, latest=2031), demand=SHORT)
    assert early.new_capacity.values.ravel() == pytest.approx([10, 10, 0])


def test_limits_hold_from_their_first_year_on() -> None:
    most = solve(horizon=FIVES, processes=mill(capex=1, capacity_max={2030: 4}), demand=SHORT)
    assert most.capacity.values.ravel() == pytest.approx([10, 4, 4])
    per_period = solve(horizon=FIVES, processes=mill(capex=1, new_capacity_max={2025: 2, 2030: 3}), demand=SHORT)
    assert per_period.new_capacity.values.ravel() == pytest.approx([2, 3, 3])


def test_limits_count_all_techniques_together() -> None:
    commodities = {"steel": {"unit": "t"}, "power": {"unit": "MWh"}}
    plant = mill(techniques={2020: {"power": -2}, 2030: {"power": -1}}, capex=1, capacity_max=10, existing=4)
    r = solve(horizon=FIVES, commodities=commodities, processes=plant, supply={"power": {"price": 5}}, demand=SHORT)
    # 6 of the first technique join the 4 in 2025; in 2030 all ten are replaced: 4 EUR a year saved for 1 once
    assert r.new_capacity.values.ravel() == pytest.approx([6, 10, 0])
    assert r.flow.sel(commodity="power").values.ravel() == pytest.approx([-20, -10, -10])


def test_limits_by_region() -> None:
    plant = mill(capex=1, lifetime=1, capacity_max={"ruhr": 3, "saar": {2025: 5}})
    regions = {"ruhr": {}, "saar": {}}
    commodities = {"steel": {"unit": "t", "area": "germany"}}
    r = solve(regions=regions, commodities=commodities, processes=plant, demand=SHORT)
    assert r.capacity.sel(process="mill").values.ravel() == pytest.approx([3, 5])


def test_fixed_cost_as_a_share_of_the_first_capex() -> None:
    plant = mill(capex={2025: 200, 2030: 100}, lifetime=5, fixed_opex=1, fixed_opex_share=0.03)
    # capital 40, 20, 20 a year; fixed 1 + 0.03 · 200 throughout
    assert objective(horizon=FIVES, processes=plant) == pytest.approx(5 * 10 * (40 + 20 + 20 + 3 * 7), rel=1e-12)


def test_storages_and_links_pay_for_power_and_length() -> None:
    links = {"pipe": {"commodity": "steel", "from": "coast", "to": "ruhr", "capex": 2, "length": 30, "lifetime": 3,
                      "fixed_opex": 0.1}}  # fmt: skip
    r = solve(regions={"coast": {}, "ruhr": {}}, links=links, supply={"steel": {"price": 0, "regions": ["coast"]}},
              demand={"steel": {"amount": {"ruhr": 10}}})  # fmt: skip
    # 10 t/a: 2 · 30/3 = 20 capital and 0.1 · 30 = 3 fixed, each a year
    assert r.objective == pytest.approx(10 * (20 + 3), rel=1e-12)
    assert r.link_capacity.values == pytest.approx(10)
