"""Emissions by hand: derived from carbon, bought, disposed of, priced."""

from __future__ import annotations

import pytest

from tests.micro import load, solve
from transform_sim.errors import ScenarioError

COMMODITIES = {
    "steel": {"unit": "t", "carbon_content": 0.02},
    "gas": {"unit": "MWh", "carbon_content": 0.2},
    "captured": {"unit": "t", "carbon_content": 1, "disposal": {"cost": 30, "permanent": True}},
    "co2": {"unit": "t", "kind": "emission"},
    "co2_bio": {"unit": "t", "kind": "emission", "origin": "biogenic"},
    "co2_power": {"unit": "t", "kind": "emission", "scope": 2},
    "methane": {"unit": "t", "kind": "emission", "warming_potential": 28},
}
STANDING = {"unit": "t", "existing": 10, "latest": 2000}
GAS = {"gas": {"price": 10}}


def test_the_stack_is_carbon_in_plus_auxiliary_less_carbon_out() -> None:
    mill = {**STANDING, "flows": {"steel": 1, "gas": -3, "captured": 0.4}, "auxiliary_carbon": 0.05}
    r = solve(commodities=COMMODITIES, processes={"mill": mill}, supply=GAS, policies={"carbon_price": 100})
    # 3 · 0.2 + 0.05 − 0.02 − 0.4 = 0.23 t per t
    assert float(r.emissions.sel(emission="co2").sum()) == pytest.approx(2.3)
    assert r.objective == pytest.approx(10 * 3 * 10 + 4 * 30 + 2.3 * 100, rel=1e-12)
    assert r.process_emission.sel(emission="co2", process="mill").values == pytest.approx(2.3)


def test_a_stated_emission_is_only_a_check() -> None:
    mill = {**STANDING, "flows": {"steel": 1, "gas": -3, "co2": 0.585}}
    r = solve(commodities=COMMODITIES, processes={"mill": mill}, supply=GAS)
    assert float(r.emissions.sel(emission="co2").sum()) == pytest.approx(10 * 0.58)
    mill["flows"] = {"steel": 1, "gas": -3, "co2": 0.65}
    with pytest.raises(ScenarioError, match=r"stated as 0\.65 t per unit, but the carbon of the flows gives 0\.58"):
        load(commodities=COMMODITIES, processes={"mill": mill}, supply=GAS)


def test_without_tracked_carbon_the_stated_emission_holds() -> None:
    commodities = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}
    mill = {**STANDING, "flows": {"steel": 1, "co2": 1.9}}
    r = solve(commodities=commodities, processes={"mill": mill}, policies={"carbon_price": {2020: 50, 2030: 70}})
    assert r.objective == pytest.approx(19 * 60)  # linear between the years given


def test_more_carbon_out_than_in_is_refused_even_if_an_emission_says_so() -> None:
    mill = {**STANDING, "flows": {"steel": 1, "wood": -4, "captured": 1.2, "co2": -1.22}}
    with pytest.raises(ScenarioError, match=r"1\.22 t CO₂ per unit more goes out than comes in"):
        load(
            commodities={**COMMODITIES, "wood": {"unit": "MWh"}},
            processes={"mill": mill},
            supply={"wood": {"price": 5}},
        )


def test_each_mode_has_its_own_balance_and_its_own_auxiliary_carbon() -> None:
    commodities = {"steel": {"unit": "t"}, "gas": {"unit": "MWh", "carbon_content": 0.2}, "hydrogen": {"unit": "MWh"},
                   "co2": {"unit": "t", "kind": "emission"}}  # fmt: skip
    dri = {**STANDING, "flows": {"steel": 1}, "auxiliary_carbon": 0.05,
           "modes": {"gas": {"flows": {"gas": -3}},
                     "hydrogen": {"flows": {"hydrogen": -2}, "auxiliary_carbon": 0.08}}}  # fmt: skip
    supply = {"gas": {"price": 10}, "hydrogen": {"price": 15, "volume_max": 8}}
    r = solve(commodities=commodities, processes={"dri": dri}, supply=supply, policies={"carbon_price": 100})
    # gas 30 + 65, hydrogen 30 + 8 for 4 t
    assert r.objective == pytest.approx(4 * 38 + 6 * 95)
    assert float(r.emissions.sum()) == pytest.approx(4 * 0.08 + 6 * 0.65)


def test_only_scope_one_that_is_not_biogenic_pays_and_by_its_warming() -> None:
    mill = {**STANDING, "flows": {"steel": 1, "methane": 0.1, "co2_bio": 5}, "auxiliary_carbon": 0.02}
    supply = {"power": {"commodity": "gas", "price": 0, "emissions": {"co2_power": 0.4}}}
    r = solve(commodities=COMMODITIES, processes={"mill": mill}, supply=supply, policies={"carbon_price": 10})
    # 1 t of methane at 28 t CO₂e; no fossil carbon (0.02 in, 0.02 in the steel)
    assert r.objective == pytest.approx(280)
    assert r.cost.kind.sel(component="carbon_price") == "transfer"


def test_what_purchases_release_arises_where_they_are_made() -> None:
    regions = {"ruhr": {}, "saar": {}}
    commodities = {"steel": {"unit": "t"}, "co2_power": {"unit": "t", "kind": "emission", "scope": 2}}
    supply = {"steel": {"price": 1, "emissions": {"co2_power": {2025: 0.5, 2035: 0.1}}}}
    r = solve(regions=regions, commodities=commodities, supply=supply,
              demand={"steel": {"amount": {"ruhr": 10, "saar": 4}}})  # fmt: skip
    assert r.emissions.squeeze().to_series().to_dict() == pytest.approx({"ruhr": 5, "saar": 2})


def test_the_social_view_keeps_the_price_as_damage_or_leaves_it_out() -> None:
    commodities = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}
    sections = {"commodities": commodities, "view": "social",
                "supply": {"steel": {"price": 1, "emissions": {"co2": 2}}}}  # fmt: skip
    assert solve(policies={"carbon_price": 30}, **sections).objective == pytest.approx(10 + 600)
    absent = solve(policies={"carbon_price": 30, "social_carbon": "absent"}, **sections)
    assert absent.objective == pytest.approx(10)
    assert float(absent.cost.sel(component="carbon_price").sum()) == pytest.approx(600)  # still in the ledger
    assert absent.carbon_price.values == pytest.approx(0)  # nobody pays it
