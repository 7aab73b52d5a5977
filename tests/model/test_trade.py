"""Purchases, sales and disposal by hand."""

from __future__ import annotations

import pytest

from tests.micro import HALVES, objective, solve

POWER = {"power": {"unit": "MWh", "balance": "hour"}}


def test_a_supply_curve_is_used_from_below_and_the_last_step_sets_the_price() -> None:
    steps = [{"price": 90}, {"price": 20, "volume_max": 4}, {"price": 50, "power_max": 3 / 8760}]
    r = solve(supply={"steel": {"steps": steps}})
    assert r.objective == pytest.approx(4 * 20 + 3 * 50 + 3 * 90, rel=1e-12)
    assert float(r.shadow_price.squeeze()) == pytest.approx(90)


def test_a_limit_over_all_steps() -> None:
    steps = [{"price": 20, "volume_max": 4}, {"price": 50}]
    demand = {"steel": {"amount": 10, "shortfall_cost": 200}}
    by_year = {"steel": {"steps": steps, "volume_max": 7}}
    assert objective(supply=by_year, demand=demand) == pytest.approx(4 * 20 + 3 * 50 + 3 * 200, rel=1e-12)
    by_hour = {"steel": {"steps": steps, "power_max": 6 / 8760}}
    assert objective(supply=by_hour, demand=demand) == pytest.approx(4 * 20 + 2 * 50 + 4 * 200, rel=1e-12)


def test_power_is_limited_by_node_and_volume_over_all_nodes() -> None:
    regions = {"ruhr": {}, "saar": {}}
    demand = {"steel": {"amount": {"ruhr": 10, "saar": 10}, "shortfall_cost": 100}}
    by_hour = {"steel": {"price": 1, "power_max": {"ruhr": 4 / 8760, "saar": 7 / 8760}}}
    assert objective(regions=regions, supply=by_hour, demand=demand) == pytest.approx(11 + 900, rel=1e-12)
    by_year = {"steel": {"price": 1, "volume_max": 6}}
    assert objective(regions=regions, supply=by_year, demand=demand) == pytest.approx(6 + 1400, rel=1e-12)


def test_levies_are_a_transfer() -> None:
    supply = {"steel": {"price": 100, "levy": 7}}
    r = solve(supply=supply)
    assert r.objective == pytest.approx(1070)
    cost = r.cost.sum("period").to_series()
    assert cost.to_dict() == pytest.approx({"supply_price": 1000, "levy": 70})
    assert r.cost.receiver.sel(component="levy") == "state"
    assert objective(supply=supply, view="social") == pytest.approx(1000)


def test_nothing_before_it_is_available() -> None:
    horizon = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0}
    supply = {"near": {"commodity": "steel", "price": 3},
              "far": {"commodity": "steel", "price": 1, "available_from": 2029}}  # fmt: skip
    assert objective(horizon=horizon, supply=supply) == pytest.approx(5 * 10 * (3 + 1 + 1))


def test_sales_earn_in_falling_steps() -> None:
    mill = {"unit": "t", "flows": {"steel": 1}, "existing": 30, "latest": 2000, "variable_opex": 5}
    steps = [{"price": 9, "volume_max": 6}, {"price": 7, "volume_max": 6}, {"price": 4}]
    r = solve(processes={"mill": mill}, sales={"export": {"commodity": "steel", "steps": steps}})
    assert r.objective == pytest.approx((10 + 12) * 5 - 6 * 9 - 6 * 7, rel=1e-12)
    assert float(r.sale.sum()) == pytest.approx(12)


def test_buying_to_sell_never_pays_below_its_own_price() -> None:
    """No money without a device: what follows a supply stays below it in every hour, also where that is negative."""
    supply = {"grid": {"commodity": "power", "price": 10, "price_profile": "spot", "price_floor": -50, "power_max": 9}}
    sales = {"feed_in": {"commodity": "power", "follows": "grid", "spread": 2}}
    profiles = {"spot": {"summer": -3, "winter": 5}}
    r = solve(commodities=POWER, supply=supply, sales=sales, demand={}, time=HALVES, profiles=profiles)
    assert r.objective == pytest.approx(0, abs=1e-9)


def test_shapes_are_floored_and_plain_negative_prices_are_meant() -> None:
    profiles = {"spot": {"summer": -1, "winter": 3}}
    sections = {"commodities": POWER, "time": HALVES, "profiles": profiles, "demand": {"power": {"amount": 8760}}}
    grid = {"commodity": "power", "price": 10, "price_profile": "spot"}
    assert objective(supply={"grid": grid}, **sections) == pytest.approx(4380 * (0 + 30))
    assert objective(supply={"grid": {**grid, "price_floor": -4}}, **sections) == pytest.approx(4380 * (-4 + 30))
    del sections["profiles"]
    assert objective(supply={"grid": {"commodity": "power", "price": -7}}, **sections) == pytest.approx(-7 * 8760)


def test_disposal_is_limited_and_starts_late() -> None:
    horizon = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0}
    slag = {"unit": "t", "disposal": {"cost": {2025: 2, 2030: 4}, "volume_max": {2030: 2}, "available_from": 2030}}
    mill = {"unit": "t", "flows": {"steel": 1, "slag": 0.5}, "existing": 99, "latest": 2000}
    r = solve(horizon=horizon, commodities={"steel": {"unit": "t"}, "slag": slag}, processes={"mill": mill},
              demand={"steel": {"amount": 10, "shortfall_cost": 100}})  # fmt: skip
    # 2025: no way out, nothing made; 2030: 2 t of slag allow 4 t of steel
    assert r.objective == pytest.approx(5 * (1000 + 600 + 2 * 4), rel=1e-12)


def test_disposal_releases_its_carbon_unless_permanent() -> None:
    commodities = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"},
                   "gas": {"unit": "MWh", "carbon_content": 0.2, "disposal": {"cost": 1}}}  # fmt: skip
    mill = {"unit": "t", "flows": {"steel": 1, "gas": 2}, "auxiliary_carbon": 0.4, "existing": 10, "latest": 2000}
    sections = {"commodities": commodities, "processes": {"mill": mill}, "policies": {"carbon_price": 50}}
    r = solve(**sections)
    assert r.objective == pytest.approx(20 * 1 + 4 * 50)
    assert float(r.emissions.sum()) == pytest.approx(4)
    commodities["gas"]["disposal"]["permanent"] = True  # type: ignore[index]
    assert objective(**sections) == pytest.approx(20)
