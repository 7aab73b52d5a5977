"""Who pays whom, on studies whose payments are known by hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

import transform_sim as ts
from tests.micro import ROOT, load, mini, solve
from transform_sim.analysis import incidence
from transform_sim.errors import TransformSimError
from transform_sim.results import open_results

ALL = ROOT / "tests" / "policies" / "all_policies.yaml"
CO2 = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}


@cache
def everything() -> ts.Results:
    return ts.solve(ALL, method="simplex")


def amount(r: ts.Results, actor: str, component: str, **more: str) -> float:
    """What an actor gets of a component in the first year."""
    f = r.incidence
    own = (f["actor"] == actor) & (f["component"] == component) & (f["period"] == f["period"].min())
    for column, value in more.items():
        own &= f[column] == value
    return float(f.loc[own, "amount"].sum())


def test_industry_pays_the_state_for_carbon_and_suppliers_for_energy() -> None:
    mill = {"unit": "t", "sector": "metals", "flows": {"steel": 1, "co2": 2, "coal": -3}}
    r = solve(commodities=CO2 | {"coal": {"unit": "MWh"}}, processes={"mill": mill}, policies={"carbon_price": 30},
              supply={"coal": {"price": 7, "levy": 1}})  # fmt: skip
    assert amount(r, "industry", "carbon_price", sector="metals", counterpart="state") == pytest.approx(-600)
    assert amount(r, "state", "carbon_price", counterpart="industry") == pytest.approx(600)
    assert amount(r, "suppliers", "supply_price") == pytest.approx(210)
    assert amount(r, "state", "levy", owner="coal") == pytest.approx(30)
    assert amount(r, "consumers", "product_price") == pytest.approx(-10 * (60 + 24))
    assert set(r.incidence["unit"]) == {"EUR2020/a"}


def test_the_state_pays_for_removals() -> None:
    r = solve(
        commodities=CO2 | {"air": {"unit": "t"}}, demand={"air": {"amount": 20}}, policies={"carbon_price": 30},
        processes={"capture": {"unit": "t", "flows": {"air": 1, "co2": -1}, "variable_opex": 5}},
    )  # fmt: skip
    assert amount(r, "industry", "carbon_price", owner="capture") == pytest.approx(600)
    assert amount(r, "state", "carbon_price") == pytest.approx(-600)


def test_buyers_pay_industry_for_what_is_sold() -> None:
    r = solve(processes={"mill": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 5}},
              sales={"export": {"commodity": "steel", "price": 9, "power_max": 1 / 8760}})  # fmt: skip
    assert amount(r, "buyers", "sale_price") == pytest.approx(-9)
    assert amount(r, "industry", "sale_price") == pytest.approx(9)


def test_demand_that_is_not_met_is_lost_to_consumers_and_nobody_gains() -> None:
    r = solve(demand={"steel": {"amount": 10, "shortfall_cost": 9}})
    assert amount(r, "consumers", "shortfall") == pytest.approx(-90)
    assert amount(r, "lost value", "shortfall") == pytest.approx(90)


def test_a_cap_makes_emitters_pay_holders_of_allowances() -> None:
    plants = {
        "dirty": {"unit": "t", "flows": {"steel": 1, "co2": 2}, "variable_opex": 10},
        "clean": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 50},
    }
    r = solve(commodities=CO2, processes=plants, policies={"emission_cap": 12})
    assert amount(r, "industry", "cap_scarcity", owner="dirty") == pytest.approx(-12 * 20)
    assert amount(r, "state", "cap_scarcity") == pytest.approx(12 * 20)
    both = solve(commodities=CO2, processes=plants, policies={"emission_cap": 12, "carbon_price": 15})
    assert amount(both, "state", "carbon_price") == pytest.approx(12 * 15)
    assert amount(both, "state", "cap_scarcity") == pytest.approx(12 * 5)  # what the price leaves of the scarcity
    taxed = solve(commodities=CO2, processes=plants, policies={"carbon_price": 15})
    assert "cap_scarcity" not in set(taxed.incidence["component"])


def test_a_quota_makes_conventional_makers_pay_green_ones() -> None:
    r = solve(
        processes={
            "grey": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 10},
            "green": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 50},
        },
        policies={"quotas": {"lead": {"commodity": "steel", "share": 0.3, "processes": ["green"]}}},
    )
    # 3 t green, 7 t grey; the premium of 40 costs each unit 12 and gives 40 to green ones
    assert amount(r, "industry", "quota_premium", owner="grey") == pytest.approx(-7 * 12)
    assert amount(r, "industry", "quota_premium", owner="green") == pytest.approx(3 * 28)
    assert amount(r, "consumers", "product_price") == pytest.approx(-10 * 22)


def test_load_pays_firm_capacity() -> None:
    r = solve(
        commodities={"power": {"unit": "MWh", "balance": "hour"}}, time="annual",
        processes={"turbine": {"unit": "MWh", "flows": {"power": 1}, "capex": 100, "lifetime": 10}},
        demand={"power": {"amount": 8760}},
        policies={"capacity_margins": {"firm": {"commodity": "power", "margin": 0.2, "credits": {"turbine": 0.8}}}},
    )  # fmt: skip
    # 1 MW of load asks for 1.2 MW of firm capacity, 1.5 MW of turbines at 10 a year each
    assert amount(r, "consumers", "capacity_price") == pytest.approx(-15)
    assert amount(r, "industry", "capacity_price", owner="turbine") == pytest.approx(15)


def test_sums_are_zero_and_the_saved_file_says_the_same(tmp_path: object) -> None:
    r = everything()
    for _, one in r.incidence.groupby(["component", "kind", "period"]):
        assert abs(one["amount"].sum()) <= 1e-9 * one["amount"].abs().sum()
    again = open_results(r.save(f"{tmp_path}/results.nc"))
    pd.testing.assert_frame_equal(again.incidence, r.incidence)


def test_who_receives_support_is_industry() -> None:
    table = incidence(everything())
    for component in ("free_allocation", "carbon_contract", "grant", "power_compensation"):
        own = table.xs(component, level="component")
        assert (own.loc["industry", 2025:2030] > 0).all()
        np.testing.assert_allclose(own.loc["state"], -own.loc["industry"])
    financing = table.xs("contract_financing", level="component")
    assert (financing.loc["industry"] > 0).all()  # cheaper capital
    assert (financing.loc["investors"] < 0).all()


def test_the_ledger_is_in_it_whole() -> None:
    r = everything()
    f = r.incidence
    for (component, period), own in f[f["kind"] != "price"].groupby(["component", "period"]):
        paid = r.annual_cost.sel(component=component, period=period)
        assert own["amount"].abs().sum() == pytest.approx(2 * float(np.abs(paid).sum()))


def test_the_summary_is_per_unit_of_a_product() -> None:
    r = everything()
    whole, per = incidence(r), incidence(r, "steel")
    np.testing.assert_allclose(per * 1e6, whole)
    total = whole.xs("all", level="component")
    assert list(total.index) == sorted(total.index)
    assert (np.abs(total.sum()) < 1e-6 * np.abs(total).sum()).all()
    with pytest.raises(TransformSimError, match="nobody demands 'coal'"):
        incidence(r, "coal")
    with pytest.raises(TransformSimError, match="not demanded in every year"):
        incidence(r, "stored")


@pytest.mark.parametrize(
    ("view", "damage", "left_out"),
    [
        ("private", "damage", set()),
        ("social", "damage", {"levy", "financing"}),
        ("social", "absent", {"levy", "financing", "carbon_price"}),
    ],
)
def test_the_summary_has_what_counts_in_the_view(view: str, damage: str, left_out: set[str]) -> None:
    mill = {"unit": "t", "flows": {"steel": 1, "co2": 2, "coal": -3}, "capex": 100, "lifetime": 10, "wacc": 0.1}
    policies = {"carbon_price": 30, "social_carbon": damage}
    r = solve(view=view, commodities=CO2 | {"coal": {"unit": "MWh"}}, processes={"mill": mill}, policies=policies,
              supply={"coal": {"price": 7, "levy": 1}})  # fmt: skip
    every = {"levy", "financing", "carbon_price", "investment", "supply_price", "product_price"}
    assert set(r.incidence["component"]) == every
    table = incidence(r)
    assert set(table.index.get_level_values("component")) == every - left_out | {"all"}
    # what industry pays is what the study minimises; consumers give it back in the price of steel
    assert table.loc[("industry", "all"), 2025] == pytest.approx(-r.objective)
    assert table.loc[("consumers", "product_price"), 2025] == pytest.approx(-r.objective)


def test_without_shadow_prices_only_the_ledger_is_told() -> None:
    r = mini("two_routes")
    plain = ts.Results(r.data.drop_vars(["market_income", "market_expense", "limit_rent", "market", "limit"]))
    assert set(plain.incidence["kind"]) == {"resource", "transfer"}
    assert "price" in set(r.incidence["kind"])


def test_flexibility_pays_suppliers_and_loses_value() -> None:
    s = load(demand={"steel": {"amount": 10, "elasticity": -0.5, "reference_price": 5, "elastic_range": [0.5, 2]}},
             supply={"steel": {"price": 8}})  # fmt: skip
    r = ts.solve(s)
    assert amount(r, "lost value", "forgone_demand") > 0
