"""The oracle against cases solved by hand; unless said, one period of one year without discounting."""

from __future__ import annotations

from typing import Any

import pytest

from .days import rescaled, runs_of
from .oracle import OracleResult, solve
from .reader import read

ONE_YEAR = {"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.0}
HALVES = {"slices": {"summer": {"share": 0.5}, "winter": {"share": 0.5}}}
GAS = {"gas": {"unit": "MWh", "carbon_content": 0.2}, "co2": {"unit": "t", "kind": "emission"}}


def study(**sections: Any) -> dict[str, Any]:
    """One region, steel, one year; the sections given replace or add to this."""
    base: dict[str, Any] = {
        "name": "by-hand",
        "horizon": ONE_YEAR,
        "regions": {"ruhr": {}},
        "commodities": {"steel": {"unit": "t"}},
        "demand": {"steel": {"amount": 10}},
    }
    return base | sections


def best(**sections: Any) -> OracleResult:
    return solve(study(**sections))


def test_capacity_pays_its_annuity_over_its_life() -> None:
    mill = {"unit": "t", "flows": {"steel": 1}, "availability": 0.5, "capex": 100, "lifetime": 2, "fixed_opex": 3,
            "variable_opex": 2}  # fmt: skip
    # 20 t/a for 10 t; 20·100/2 + 20·3 + 10·2
    assert best(processes={"mill": mill}).objective == pytest.approx(1000 + 60 + 20, rel=1e-12)


def test_first_plants_cost_more_whether_built_or_converted_into() -> None:
    mill = {"unit": "t", "flows": {"steel": 1}, "capex": 100, "lifetime": 1, "fixed_opex_share": 0.02,
            "first_of_a_kind": {2020: 0.1, 2030: 0.5}}  # fmt: skip
    # 30 % in 2025, on the investment alone
    assert best(processes={"mill": mill}).objective == pytest.approx(10 * (130 + 2), rel=1e-12)
    horizon = {"start": 2025, "end": 2026, "step": 1, "discount_rate": 0.0}
    old = {"unit": "t", "flows": {"steel": 1}, "existing": {2025: 10}, "lifetime": 1, "latest": 2000,
           "retrofits": {"new": {"capex": 50}}}  # fmt: skip
    new = {"unit": "t", "flows": {"steel": 1}, "lifetime": 1, "latest": 2000, "first_of_a_kind": 0.4}
    assert best(horizon=horizon, processes={"old": old, "new": new}).objective == pytest.approx(10 * 70, rel=1e-12)


def test_discounting_in_the_middle_of_each_year() -> None:
    horizon = {"start": 2025, "end": 2029, "step": 2, "discount_rate": 0.1, "cost_timing": "middle"}
    # 10 t at 1 EUR in each of six years
    expected = sum(10 * 1.1 ** -(k + 0.5) for k in range(6))
    assert best(horizon=horizon, supply={"steel": {"price": 1}}).objective == pytest.approx(expected, rel=1e-12)


def test_prices_are_constant_outside_the_given_years_and_limits_begin_with_the_first() -> None:
    horizon = {"start": 2025, "end": 2028, "step": 1, "discount_rate": 0.0}
    dear = {"commodity": "steel", "price": {2026: 10, 2028: 20}}
    cheap = {"commodity": "steel", "price": 1, "volume_max": {2026: 4, 2027: 6}}
    # 2025: no limit yet; 2026: 4·1 + 6·10; 2027: 6·1 + 4·15; 2028: 6·1 + 4·20
    result = best(horizon=horizon, supply={"dear": dear, "cheap": cheap})
    assert result.objective == pytest.approx(10 + 64 + 66 + 86, rel=1e-12)
    # without the cheap one 10·(10 + 10 + 15 + 20)
    assert best(horizon=horizon, supply={"dear": dear}).objective == pytest.approx(550, rel=1e-12)


def test_weighted_cost_of_capital_is_a_transfer() -> None:
    mill = {"unit": "t", "flows": {"steel": 1}, "capex": 100, "lifetime": 1, "wacc": 0.1}
    # one year: 10 t/a · 100 · 1.1; the discount rate alone (0) gives 1000
    private = best(processes={"mill": mill})
    assert private.cost == pytest.approx({"capex": 1000, "financing": 100}, rel=1e-12)
    assert best(processes={"mill": mill}, view="social").objective == pytest.approx(1000, rel=1e-12)


def test_survival_counts_part_of_a_period() -> None:
    horizon = {"start": 2025, "end": 2029, "step": 4, "discount_rate": 0.0}
    mill = {"unit": "t", "flows": {"steel": 1}, "existing": {2023: 8}, "lifetime": 4, "latest": 2024}
    demand = {"steel": {"amount": 10, "shortfall_cost": 1}}
    # the mill of 2023 stands until 2027: half of [2025, 2029) · 8 = 4 t/a, then none; 4·6 + 4·10 short
    assert best(horizon=horizon, processes={"mill": mill}, demand=demand).objective == pytest.approx(64, rel=1e-12)


def test_growth_from_a_seed() -> None:
    horizon = {"start": 2025, "end": 2029, "step": 2, "discount_rate": 0.0}
    mill = {"unit": "t", "flows": {"steel": 1}, "growth_max": 0.5, "seed_capacity": 1, "earliest": 2026}
    demand = {"steel": {"amount": 100, "shortfall_cost": 1}}
    # 2025: none. 2027: k = min(2, 2) = 2 → 0 + 1·(2.25 − 1)/0.5 = 2.5. 2029: 2.25·2.5 + 2.5 = 8.125
    result = best(horizon=horizon, processes={"mill": mill}, demand=demand)
    assert result.objective == pytest.approx(2 * (100 + 97.5 + 91.875), rel=1e-12)


def test_techniques_change_flows_with_the_year_of_build() -> None:
    horizon = {"start": 2025, "end": 2026, "step": 1, "discount_rate": 0.0}
    techniques = {2025: {"power": -4}, 2026: {"power": -3}}
    mill = {"unit": "t", "flows": {"steel": 1}, "techniques": techniques, "existing": 6, "capex": 2, "lifetime": 1}
    commodities = {"steel": {"unit": "t"}, "power": {"unit": "MWh"}}
    result = best(horizon=horizon, commodities=commodities, processes={"mill": mill}, supply={"power": {"price": 3}})
    # the stock needs 4 MWh (12 EUR/t), a mill of 2025 2 EUR more, a mill of 2026 9 + 2 EUR/t
    assert result.objective == pytest.approx((6 * 12 + 4 * 14) + 10 * 11, rel=1e-12)


def test_modes_share_capacity_and_each_has_its_own_carbon_balance() -> None:
    commodities = {**GAS, "steel": {"unit": "t", "carbon_content": 0.05}, "hydrogen": {"unit": "MWh"}}
    furnace = {"unit": "t", "flows": {"steel": 1, "gas": -0.5}, "auxiliary_carbon": 0.1, "existing": 10, "latest": 2000,
               "modes": {"gas": {"flows": {"gas": -2.5, "co2": 7}},
                         "hydrogen": {"flows": {"hydrogen": -2.5}, "variable_opex": 4}}}  # fmt: skip
    supply = {"gas": {"price": 10}, "hydrogen": {"price": 20, "volume_max": 10}}
    result = best(commodities=commodities, processes={"dri": furnace}, supply=supply, policies={"carbon_price": 100})
    # gas: 3·0.2 + 0.1 − 0.05 = 0.65 t/t, 30 + 65 = 95 EUR/t; hydrogen: 0.1 + 0.1 − 0.05 = 0.15, 5 + 50 + 4 + 15 = 74
    # 10 MWh of hydrogen make 4 t
    assert result.objective == pytest.approx(4 * 74 + 6 * 95, rel=1e-12)
    assert result.emission["co2", "ruhr", 2025] == pytest.approx(4 * 0.15 + 6 * 0.65, rel=1e-12)


def test_a_coarse_balance_is_earned() -> None:
    commodities = {"steel": {"unit": "t"}, "power": {"unit": "MWh", "balance": "hour"}}
    mill = {"unit": "t", "flows": {"steel": 1, "power": -1}}
    power = {"price": 10, "price_profile": "price"}
    sections = {"time": HALVES, "profiles": {"price": {"summer": 1, "winter": 3}}, "supply": {"power": power}}
    # mean-one shape 0.5, 1.5: baseload pays 10 per MWh on average
    assert best(commodities=commodities, processes={"mill": mill}, **sections).objective == pytest.approx(100)
    # drawing twice as much in summer as in winter: shape 4/3, 2/3, mean price (4/3·5 + 2/3·15)/2 = 25/3
    drawing = {"mill": {**mill, "draw_profile": "draw"}}
    sections["profiles"]["draw"] = {"summer": 2, "winter": 1}
    assert best(commodities=commodities, processes=drawing, **sections).objective == pytest.approx(250 / 3)
    # an implied store of steel lets the mill run in summer alone, at 5
    stored = {**commodities, "steel": {"unit": "t", "implied_store": True}}
    assert best(commodities=stored, processes={"mill": mill}, **sections).objective == pytest.approx(50)


def test_a_store_makes_its_commodity_fine_and_shifts_over_the_year() -> None:
    commodities = {"hydrogen": {"unit": "MWh"}}
    cavern = {"commodity": "hydrogen", "balance": "day", "cycle": "year", "capex": 1, "lifetime": 1,
              "charge_efficiency": 0.8, "discharge_efficiency": 0.5}  # fmt: skip
    supply = {"hydrogen": {"price": 10, "price_profile": "price"}}
    sections = {"time": HALVES, "profiles": {"price": {"summer": 0, "winter": 2}}, "supply": supply,
                "demand": {"hydrogen": {"amount": 8760}}}  # fmt: skip
    # winter demand 4380 MWh costs 20 each; from the store: 8760 MWh of level, capex 1 each → 8760 EUR, charging free
    result = best(commodities=commodities, storages={"cavern": cavern}, **sections)
    assert result.objective == pytest.approx(8760, rel=1e-12)
    assert result.capacity["cavern", "ruhr", 2025] == pytest.approx(8760, rel=1e-12)
    assert best(commodities=commodities, **sections).objective == pytest.approx(87600, rel=1e-12)


def test_a_seasonal_store_loses_day_by_day() -> None:
    commodities = {"hydrogen": {"unit": "MWh", "balance": "day"}}
    quarter = {"slices": {"summer": {"share": 1 / 365}, "winter": {"share": 364 / 365}}}
    cavern = {"commodity": "hydrogen", "cycle": "year", "loss": 0.001, "capex": 1, "lifetime": 1}
    supply = {"hydrogen": {"price": 1, "price_profile": "price"}}
    sections = {"time": quarter, "profiles": {"price": {"summer": 0, "winter": 1}}, "supply": supply}
    result = best(
        commodities=commodities, storages={"cavern": cavern}, demand={"hydrogen": {"amount": 365}}, **sections
    )
    # 1 MWh a day. Holding L at the start of winter feeds w MWh a day for 364 days: 0 = A^364·L − w·(1 − A^364)/(1 − A).
    # A = 0.999^24 loses so fast that winter w=1 would need L = 1.4e4·…: too dear against 1 EUR/MWh, so all is bought
    a = 0.999**24
    needed_per_mwh = (1 - a**364) / (1 - a) / a**364 / 364
    assert needed_per_mwh > 1
    assert result.objective == pytest.approx(364 * 365 / 364, rel=1e-12)


def test_a_daily_store_does_not_shift_between_slices() -> None:
    commodities = {"power": {"unit": "MWh", "balance": "hour"}}
    battery = {"commodity": "power", "existing": 1e6}
    supply = {"power": {"price": 10, "price_profile": "price"}}
    sections = {"time": HALVES, "profiles": {"price": {"summer": 0, "winter": 2}}, "supply": supply}
    result = best(
        commodities=commodities, storages={"battery": battery}, demand={"power": {"amount": 8760}}, **sections
    )
    assert result.objective == pytest.approx(87600, rel=1e-12)


def test_rates_limit_a_store_and_power_costs_extra() -> None:
    commodities = {"hydrogen": {"unit": "MWh", "balance": "day"}}
    tank = {"commodity": "hydrogen", "cycle": "year", "capex": 1, "capex_power": 100, "lifetime": 1,
            "fixed_opex_share": 0.5, "discharge_rate": 0.0001}  # fmt: skip
    supply = {"hydrogen": {"price": 100, "price_profile": "price"}}
    sections = {"time": HALVES, "profiles": {"price": {"summer": 0, "winter": 2}}, "supply": supply}
    result = best(commodities=commodities, storages={"tank": tank}, demand={"hydrogen": {"amount": 8760}}, **sections)
    # 1 MW in winter: level 4380 MWh, but the rate asks for 10,000 MWh; each (1 + 100·0.0001)·1.5 = 1.515 EUR
    assert result.objective == pytest.approx(10_000 * 1.515, rel=1e-12)


def test_links_lose_and_charge() -> None:
    regions = {"coast": {}, "ruhr": {}}
    pipe = {"commodity": "steel", "from": "coast", "to": "ruhr", "loss": 0.2, "tariff": 1, "capex": 2, "length": 3,
            "lifetime": 1}  # fmt: skip
    sections = {"regions": regions, "demand": {"steel": {"amount": {"ruhr": 10}}},
                "supply": {"steel": {"price": 1, "regions": ["coast"]}}}  # fmt: skip
    # 12.5 t sent: 12.5·(1 + 1 + 2·3)
    assert best(links={"pipe": pipe}, **sections).objective == pytest.approx(100, rel=1e-12)
    back = {**pipe, "from": "ruhr", "to": "coast", "bidirectional": True}
    assert best(links={"pipe": back}, **sections).objective == pytest.approx(100, rel=1e-12)
    area = {"steel": {"unit": "t", "area": "germany"}}
    assert best(commodities=area, **sections).objective == pytest.approx(10, rel=1e-12)


def test_steps_of_supply_and_what_is_paid_to_the_state() -> None:
    steps = [{"price": 1, "volume_max": 4}, {"price": 2, "power_max": 3 / 8760}, {"price": 5}]
    supply = {"steel": {"steps": steps, "levy": 0.5, "emissions": {"co2": 0.1}}}
    commodities = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission", "warming_potential": 2}}
    sections = {"commodities": commodities, "supply": supply, "policies": {"carbon_price": 10}}
    # 4·1 + 3·2 + 3·5 = 25; levy 5; 1 t of 2 t CO₂e each at 10 = 20
    assert best(**sections).objective == pytest.approx(25 + 5 + 20, rel=1e-12)
    assert best(view="social", **sections).objective == pytest.approx(25 + 20, rel=1e-12)
    sections["policies"] = {"carbon_price": 10, "social_carbon": "absent"}
    assert best(view="social", **sections).objective == pytest.approx(25, rel=1e-12)


def test_prices_have_a_floor_and_sales_follow() -> None:
    commodities = {"power": {"unit": "MWh", "balance": "hour"}}
    sections = {"time": HALVES, "profiles": {"price": {"summer": -1, "winter": 3}}, "demand": {},
                "commodities": commodities}  # fmt: skip
    grid = {"commodity": "power", "price": 10, "price_profile": "price", "power_max": 1}
    wind = {"unit": "MWh", "flows": {"power": 1}, "existing": 2, "latest": 2000}
    feed_in = {"commodity": "power", "follows": "grid", "spread": 4}
    # shape −1, 3 → floored prices 0, 30; sales at −4 and 26: 2 MW over 4380 h of winter, nothing in summer
    result = best(processes={"wind": wind}, supply={"grid": grid}, sales={"feed_in": feed_in}, **sections)
    assert result.objective == pytest.approx(-2 * 4380 * 26, rel=1e-12)
    # a floor of −6 in summer pays 6 for taking 1 MW that is then thrown away at 1
    sections["commodities"] = {"power": {"unit": "MWh", "balance": "hour", "disposal": {"cost": 1}}}
    grid["price_floor"] = -6
    assert best(supply={"grid": grid}, **sections).objective == pytest.approx(-5 * 4380, rel=1e-12)


def test_disposal_emits_its_carbon_unless_permanent() -> None:
    commodities = {**GAS, "steel": {"unit": "t"}}
    mill = {"unit": "t", "flows": {"steel": 1, "gas": 2}, "auxiliary_carbon": 0.4}
    sections = {"processes": {"mill": mill}, "policies": {"carbon_price": 100}}
    commodities["gas"] = {**commodities["gas"], "disposal": {"cost": 3}}
    # the mill emits 0.4 − 0.4 = 0; 20 MWh flared: 60 + 4 t at 100
    assert best(commodities=commodities, **sections).objective == pytest.approx(460, rel=1e-12)
    commodities["gas"] = {**commodities["gas"], "disposal": {"cost": 3, "permanent": True, "volume_max": 20}}
    assert best(commodities=commodities, **sections).objective == pytest.approx(60, rel=1e-12)


def test_elastic_demand_forgoes_what_is_too_dear() -> None:
    demand = {"steel": {"amount": 12, "elasticity": -1, "reference_price": 10, "elastic_steps": 2,
                        "elastic_range": [0.5, 1.5]}}  # fmt: skip

    # prices 5, 10, 15; quantities 24, 12, 8; forgone 12 at 7.5, 4 at 12.5, 8 at 15
    def with_price(price: float, **changes: Any) -> float:
        return best(demand={"steel": demand["steel"] | changes}, supply={"steel": {"price": price}}).objective

    assert with_price(7) == pytest.approx(24 * 7, rel=1e-12)
    assert with_price(11) == pytest.approx(12 * 7.5 + 12 * 11, rel=1e-12)
    assert with_price(20) == pytest.approx(12 * 7.5 + 4 * 12.5 + 8 * 15, rel=1e-12)
    assert with_price(20, shortfall_cost=18) == pytest.approx(12 * 7.5 + 4 * 12.5 + 8 * 18, rel=1e-12)


def test_cap_and_budget() -> None:
    horizon = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0}
    commodities = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}
    supply = {"grey": {"commodity": "steel", "price": 1, "emissions": {"co2": 1}},
              "green": {"commodity": "steel", "price": 3}}  # fmt: skip
    sections = {"horizon": horizon, "commodities": commodities, "supply": supply}
    # the cap falls 8 → 4 from 2030 to 2035: dear tonnes 0, 2, 6 in five years each
    capped = best(policies={"emission_cap": {2030: 8, 2035: 4}}, **sections)
    assert capped.objective == pytest.approx(5 * (30 + 2 * 2 + 2 * 6), rel=1e-12)
    # trapezoid: 2.5, 5, 7.5 years; 150 t in all, 75 allowed. A tonne a year costs 5·2 wherever it is avoided,
    # so the last milestone (7.5 t each) goes first: all 10 of it
    budget = best(policies={"emission_budget": 75}, **sections)
    assert budget.objective == pytest.approx(5 * 30 + 10 * 10, rel=1e-12)


def test_a_bank_carries_allowances_over() -> None:
    horizon = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0}
    commodities = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}
    supply = {"grey": {"commodity": "steel", "price": 1, "emissions": {"co2": 1}},
              "green": {"commodity": "steel", "price": 3, "volume_max": 5}}  # fmt: skip
    demand = {"steel": {"amount": 10, "shortfall_cost": 9}}
    sections = {"horizon": horizon, "commodities": commodities, "supply": supply, "demand": demand}
    cap = {2030: 8, 2035: 4}
    # 2035: 5 green, 4 grey, 1 short. With a bank 2030 takes 3 green instead of 2 and leaves 5 t for five years
    assert best(policies={"emission_cap": cap}, **sections).objective == pytest.approx(5 * (10 + 14 + 28))
    banked = best(policies={"emission_cap": cap, "banking": {}}, **sections)
    assert banked.objective == pytest.approx(5 * (10 + 16 + 20))
    # 5 t at the start are there in 2030, when the cap begins
    started = best(policies={"emission_cap": cap, "banking": {"start": 5}}, **sections)
    assert started.objective == pytest.approx(5 * (10 + 14 + 20))


def test_a_regional_cap_and_a_regional_resource() -> None:
    commodities = {"steel": {"unit": "t", "area": "germany"}, "co2": {"unit": "t", "kind": "emission"}}
    mill = {"unit": "t", "flows": {"steel": 1, "co2": 0.5}, "existing": {"ruhr": 10, "coast": 10}, "latest": 2000}
    sections = {"regions": {"ruhr": {}, "coast": {}}, "commodities": commodities, "processes": {"mill": mill},
                "demand": {"steel": {"amount": 10, "shortfall_cost": 1}}}  # fmt: skip
    assert best(policies={"emission_cap": {"ruhr": 1, "coast": 2}}, **sections).objective == pytest.approx(10 - 2 - 4)
    land = {"unit": "ha", "limit": {"ruhr": 1, "coast": 4}, "capacity": {"mill": 1}}
    water = {"unit": "m", "limit": 3, "activity": {"mill": 0.75}}
    assert best(resources={"land": land}, **sections).objective == pytest.approx(10 - 1 - 4, rel=1e-12)
    assert best(resources={"land": land, "water": water}, **sections).objective == pytest.approx(6, rel=1e-12)


DECADES = {"start": 2025, "end": 2045, "step": 10, "discount_rate": 0.0}
"""Periods of ten years: 2025, 2035, 2045 (until 2055)."""


def test_a_reline_waits_for_the_end_of_the_campaign() -> None:
    furnace = {"unit": "t", "flows": {"steel": 1}, "capex": 100, "lifetime": 20, "existing": {2017: 6},
               "reinvest": {"capex": 40}}  # fmt: skip
    demand = {"steel": {"amount": 6, "shortfall_cost": 1000}}
    result = best(horizon=DECADES, processes={"furnace": furnace}, demand=demand)
    # the campaign ends in 2037 → 2035; relined until 2055: 6·40·(1/20)·20 years
    assert result.objective == pytest.approx(240, rel=1e-12)
    # 2012 would end in 2032 → 2035 as well; 2009 → 2029, nearer to 2025: counts as ending at the second period
    for start in (2012, 2009):
        furnace["existing"] = {start: 6}
        assert best(horizon=DECADES, processes={"furnace": furnace}, demand=demand).objective == pytest.approx(240)
    # 2020 → 2040: a tie goes to the later, 2045; relined then for 20 years, of which 10 are seen
    furnace["existing"] = {2020: 6}
    assert best(horizon=DECADES, processes={"furnace": furnace}, demand=demand).objective == pytest.approx(120)


def test_capacity_given_up_early_loses_its_reline() -> None:
    furnace = {"unit": "t", "flows": {"steel": 1}, "capex": 100, "lifetime": 20, "existing": {2017: 6},
               "reinvest": {"capex": 1}, "capacity_max": {2025: 2, 2045: 10}}  # fmt: skip
    demand = {"steel": {"amount": 6, "shortfall_cost": 1000}}
    result = best(horizon=DECADES, processes={"furnace": furnace}, demand=demand)
    # 2025: at most 2 stand, 4 short for ten years at 1000. In 2035 those 2 are relined, 4 are built anew.
    assert result.objective == pytest.approx(4 * 1000 * 10 + 2 * 1 + 4 * 100, rel=1e-12)


def test_an_end_retrofit_starts_a_campaign_of_its_target() -> None:
    furnace = {"unit": "t", "flows": {"steel": 1, "coal": -1}, "lifetime": 20, "existing": {2015: 6}, "latest": 2000,
               "retrofits": {"dri": {"capex": 30, "ratio": 0.5, "lifetime": 16}}}  # fmt: skip
    dri = {"unit": "t", "flows": {"steel": 1}, "lifetime": 20, "capex": 1000}
    demand = {"steel": {"amount": 6, "shortfall_cost": 10}}
    commodities = {"steel": {"unit": "t"}, "coal": {"unit": "t"}}
    sections = {"horizon": DECADES, "demand": demand, "commodities": commodities, "supply": {"coal": {"price": 5}}}
    result = best(processes={"furnace": furnace, "dri": dri}, **sections)
    # 2025: coal for 6 t in ten years. 2035: 6 become 3 of DRI for 16 → 20 years, until 2055: 6·30.
    # 3 t are missing for 20 years at 10 each: cheaper than a new DRI (1000·(1/20)·20 for 20·10)
    assert result.objective == pytest.approx(6 * 5 * 10 + 6 * 30 + 3 * 10 * 20, rel=1e-12)


def test_a_mid_retrofit_keeps_the_end_of_the_cohort() -> None:
    furnace = {"unit": "t", "flows": {"steel": 1, "coal": -1}, "lifetime": 40, "existing": {2015: 6}, "latest": 2000,
               "retrofits": {"ccs": {"capex": 30, "kind": "mid", "ratio": 0.9, "earliest": 2030}}}  # fmt: skip
    ccs = {"unit": "t", "flows": {"steel": 1}, "lifetime": 20, "capex": 1000}
    demand = {"steel": {"amount": 6, "shortfall_cost": 7}}
    commodities = {"steel": {"unit": "t"}, "coal": {"unit": "t"}}
    sections = {"horizon": DECADES, "demand": demand, "commodities": commodities, "supply": {"coal": {"price": 6}}}
    result = best(processes={"furnace": furnace, "ccs": ccs}, **sections)
    # the cohort lives until 2055. 2025: coal 6·6·10. 2035: converting 1 costs 30/20·20 = 30 and saves 6·0.9 − 1·0.1
    # a year for 20 years: all 6 go; 0.6 t are missing for 20 years
    assert result.objective == pytest.approx(6 * 6 * 10 + 6 * 30 + 0.6 * 7 * 20, rel=1e-12)


def test_representative_days_keep_the_mean_of_the_year() -> None:
    # scaled: mean 2·1 + 4·3 over 4 is 3.5, the year's is 7
    assert rescaled([7.0], [2.0, 4.0], [1.0, 3.0], clip=False) == pytest.approx([4.0, 8.0])
    # shares of capacity: 0.4 and 0.8 with mean 0.8: the second stays at 1, the first rises to 0.6
    assert rescaled([0.8], [0.4, 0.8], [1.0, 1.0], clip=True) == pytest.approx([0.6, 1.0])
    # negative in an hour that was not chosen: mean (−4 + 14)/2 = 5 by a shift of 2
    assert rescaled([-4.0, 14.0], [2.0, 4.0], [1.0, 1.0], clip=False) == pytest.approx([4.0, 6.0])


def test_equal_days_in_a_row_are_one_run() -> None:
    assert runs_of([4, 4, 9, 4, 4, 4]) == [(4, 2), (9, 1), (4, 3)]


def test_the_reader_reads_its_part_of_yaml() -> None:
    text = """
    # a comment
    name: "a # b"        # another
    title: it's: 'fine'
    flows: {steel: 1, gas: -3.2e-1, empty: , list: [a, b c, 2]}
    regions:
      ruhr:
      coast: {}
    steps: [{price: 1, volume_max: {2025: 4}},
            {price: 2}]
    """
    text = text.replace("title: it's: 'fine'", "title: 'it is: fine'")
    assert read(text) == {
        "name": "a # b",
        "title": "it is: fine",
        "flows": {"steel": 1, "gas": -0.32, "empty": None, "list": ["a", "b c", 2]},
        "regions": {"ruhr": None, "coast": {}},
        "steps": [{"price": 1, "volume_max": {2025: 4}}, {"price": 2}],
    }


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: 1\n  b: 2", "just text", "a: {b: 1} c"])
def test_the_reader_refuses_the_rest(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read(text)
