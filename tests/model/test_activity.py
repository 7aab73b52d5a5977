"""How processes run, by hand: available capacity, modes, coarse processes, variable cost."""

from __future__ import annotations

import pytest

from tests.micro import HALVES, objective, solve

POWER = {"power": {"unit": "MWh", "balance": "hour"}}
SHORT = {"power": {"amount": 8760, "shortfall_cost": 100}}


def test_availability_and_its_profile_limit_activity_step_by_step() -> None:
    wind = {"unit": "MWh", "flows": {"power": 1}, "existing": 2, "latest": 2000, "availability": 0.75,
            "availability_profile": "wind"}  # fmt: skip
    r = solve(commodities=POWER, processes={"wind": wind}, demand=SHORT, time=HALVES,
              profiles={"wind": {"summer": 0.2, "winter": 0.6}})  # fmt: skip
    # 2 MW · 0.75 · 0.2 = 0.3 MW in summer, 0.9 MW in winter; 0.7 and 0.1 MW are missing over 4380 h each
    assert r.objective == pytest.approx((0.7 + 0.1) * 4380 * 100, rel=1e-12)
    assert r.activity_hour.values.ravel() == pytest.approx([0.3, 0.9])
    assert r.activity.values == pytest.approx(1.2 * 4380)


def test_availability_by_place_and_year() -> None:
    horizon = {"start": 2025, "end": 2035, "step": 10, "discount_rate": 0.0}
    mill = {"unit": "t", "flows": {"steel": 1}, "existing": {"ruhr": 10, "saar": 10}, "latest": 2000,
            "availability": {"ruhr": {2025: 0.8, 2035: 0.4}, "saar": 0.5}}  # fmt: skip
    demand = {"steel": {"amount": 10, "shortfall_cost": 1}}
    commodities = {"steel": {"unit": "t"}}
    sections = {"regions": {"ruhr": {}, "saar": {}}, "horizon": horizon, "commodities": commodities}
    # ruhr misses 2, then 6; saar always 5; ten years each
    assert objective(processes={"mill": mill}, demand=demand, **sections) == pytest.approx(10 * (2 + 5 + 6 + 5))


def test_a_coarse_process_takes_the_mean_of_its_availability() -> None:
    mill = {"unit": "t", "flows": {"steel": 1}, "existing": 10, "latest": 2000, "availability_profile": "open"}
    demand = {"steel": {"amount": 10, "shortfall_cost": 1}}
    # open 0.9 of the long half and 0.1 of the short one: 0.25 · 0.1 + 0.75 · 0.9 = 0.7
    time = {"slices": {"winter": {"share": 0.25}, "rest": {"share": 0.75}}}
    r = solve(processes={"mill": mill}, demand=demand, time=time, profiles={"open": {"winter": 0.1, "rest": 0.9}})
    assert r.objective == pytest.approx(10 - 7, rel=1e-12)
    assert "activity_hour" not in r.data  # it has one step


def test_modes_share_one_capacity_and_pay_their_own_cost() -> None:
    commodities = {"steel": {"unit": "t"}, "gas": {"unit": "MWh"}, "hydrogen": {"unit": "MWh"}}
    dri = {"unit": "t", "flows": {"steel": 1}, "existing": 8, "latest": 2000, "variable_opex": 5,
           "modes": {"gas": {"flows": {"gas": -3}},
                     "hydrogen": {"flows": {"hydrogen": -2}, "variable_opex": 1}}}  # fmt: skip
    supply = {"gas": {"price": 10}, "hydrogen": {"price": 15, "volume_max": 6}}
    r = solve(commodities=commodities, processes={"dri": dri}, supply=supply,
              demand={"steel": {"amount": 10, "shortfall_cost": 100}})  # fmt: skip
    # hydrogen 2 · 15 + 1 = 31 for 3 t (6 MWh), gas 3 · 10 + 5 = 35 for the 5 t left of the capacity; 2 t short
    assert r.objective == pytest.approx(3 * 31 + 5 * 35 + 2 * 100, rel=1e-12)
    assert r.activity.sel(process="dri").squeeze().to_series().to_dict() == pytest.approx({"gas": 5, "hydrogen": 3})
    assert float(r.cost.sel(component="variable_opex").sum()) == pytest.approx(3 * 1 + 5 * 5)


def test_flows_of_modes_add_to_common_flows() -> None:
    commodities = {"steel": {"unit": "t"}, "gas": {"unit": "MWh"}}
    dri = {"unit": "t", "flows": {"steel": 1, "gas": -0.5}, "existing": 10, "latest": 2000,
           "modes": {"plain": {}, "warm": {"flows": {"gas": {2025: -0.1, 2035: -0.2}}}}}  # fmt: skip
    r = solve(commodities=commodities, processes={"dri": dri}, supply={"gas": {"price": 2}},
              resources={"slag": {"unit": "t", "limit": 10, "activity": {"dri": 1}}})  # fmt: skip
    assert r.objective == pytest.approx(10 * 0.5 * 2, rel=1e-12)
    assert r.flow.sel(commodity="gas").values == pytest.approx(-5)
    assert r.activity.sel(mode="plain").values == pytest.approx(10)
