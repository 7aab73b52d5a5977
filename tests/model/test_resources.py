"""Limits over several plants and trades by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import HALVES, objective, solve

SHORT = {"steel": {"amount": 10, "shortfall_cost": 1}}
MILL = {"unit": "t", "flows": {"steel": 1}, "existing": 10, "latest": 2000, "availability": 0.5}


def resource(limit: Any, **uses: Any) -> dict[str, Any]:
    return {"land": {"unit": "ha", "limit": limit, **uses}}


def test_use_by_capacity_and_by_activity() -> None:
    # 10 t/a of capacity give 5 t; 6 ha allow 6 t/a of capacity at 1 ha each, so 3 t
    assert objective(processes={"mill": MILL}, demand=SHORT, resources=resource(6, capacity={"mill": 1})) == (
        pytest.approx(7)
    )
    assert objective(processes={"mill": MILL}, demand=SHORT, resources=resource(6, activity={"mill": 2})) == (
        pytest.approx(7)
    )
    # both count together: 2 · 0.5 + 1 · 1 = 2 ha per t
    both = resource(6, capacity={"mill": 0.5}, activity={"mill": 1})
    assert objective(processes={"mill": MILL}, demand=SHORT, resources=both) == pytest.approx(7)


def test_use_by_purchases_of_several_supplies() -> None:
    supply = {"near": {"commodity": "steel", "price": 0.1}, "far": {"commodity": "steel", "price": 0.2}}
    lorries = resource(12, purchases={"near": 2, "far": 1})
    # 1 EUR saved per t: 0.9 for 2 lorries, 0.8 for one: far first (10 lorries); the 2 left swap 2 t of far for near
    r = solve(supply=supply, demand=SHORT, resources=lorries)
    assert r.purchase.squeeze().to_series().to_dict() == pytest.approx({"near": 2, "far": 8})
    assert r.objective == pytest.approx(0.2 + 1.6)


def test_use_is_counted_over_the_hours_of_the_year() -> None:
    wind = {"unit": "MWh", "flows": {"power": 1}, "existing": 2, "latest": 2000, "availability_profile": "wind"}
    r = solve(commodities={"power": {"unit": "MWh", "balance": "hour"}}, processes={"wind": wind}, time=HALVES,
              profiles={"wind": {"summer": 0.5, "winter": 1}}, resources=resource(5000, activity={"wind": 1}),
              demand={"power": {"amount": 8760 * 5, "shortfall_cost": 1}})  # fmt: skip
    assert r.activity.values == pytest.approx(5000)


def test_limits_begin_with_their_first_year() -> None:
    horizon = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0}
    limited = resource({2030: 4, 2035: 2}, activity={"mill": 1})
    cost = objective(horizon=horizon, processes={"mill": MILL}, demand=SHORT, resources=limited)
    assert cost == pytest.approx(5 * (5 + 6 + 8))


def test_limits_by_region_and_in_all_may_stand_together() -> None:
    regions = {"ruhr": {}, "saar": {}}
    resources = {
        "land": {"unit": "ha", "limit": {"ruhr": 2, "saar": 9}, "activity": {"mill": 1}},
        "scrap": {"unit": "t", "limit": 6, "activity": {"mill": 1}},
    }
    # 2 in the ruhr, 4 in the saar; 20 t wanted
    mill = MILL | {"existing": {"ruhr": 10, "saar": 10}}
    cost = objective(regions=regions, processes={"mill": mill}, resources=resources,
                     demand={"steel": {"amount": {"ruhr": 10, "saar": 10}, "shortfall_cost": 1}})  # fmt: skip
    assert cost == pytest.approx(14)


def test_storages_and_links_use_resources_too() -> None:
    store = {"commodity": "hydrogen", "cycle": "year", "capex": 1, "lifetime": 1}
    land = resource(2, capacity={"cavern": 0.001})
    r = solve(commodities={"hydrogen": {"unit": "MWh", "balance": "day"}}, storages={"cavern": store}, time=HALVES,
              supply={"hydrogen": {"price": 100, "price_profile": "price"}}, demand={"hydrogen": {"amount": 8760}},
              profiles={"price": {"summer": 0, "winter": 2}}, resources=land)  # fmt: skip
    assert r.storage_capacity.values == pytest.approx(2000)
    assert r.objective == pytest.approx((4380 - 2000) * 200 + 2000)
