"""Demand that is not met, at a price, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import HALVES, objective, solve
from transform_sim.errors import InfeasibleError

ELASTIC = {"amount": 100, "elasticity": -0.5, "reference_price": 100, "elastic_steps": 4, "elastic_range": [0.5, 2.5]}
PRICES = [50, 100, 150, 200, 250]
QUANTITIES = [100 * (p / 100) ** -0.5 for p in PRICES]


def served(price: float, **changes: Any) -> float:
    r = solve(demand={"steel": ELASTIC | changes}, supply={"steel": {"price": price}})
    return float(r.served_demand.sum())


@pytest.mark.parametrize(
    ("price", "expected"),
    [(10, 0), (74, 0), (76, 1), (124, 1), (126, 2), (174, 2), (176, 3), (224, 3), (226, 4), (249, 4)],
)
def test_the_demand_curve_in_steps(price: float, expected: int) -> None:
    """Between the middles of two steps the quantity is that of the price between them."""
    assert served(price) == pytest.approx(QUANTITIES[expected])


def test_beyond_the_choke_price_nothing_is_demanded_unless_shortfall_has_a_price() -> None:
    assert served(251) == pytest.approx(0)
    assert served(251, shortfall_cost=400) == pytest.approx(QUANTITIES[4])
    assert served(401, shortfall_cost=400) == pytest.approx(0)


def test_the_cost_of_what_is_forgone_is_the_area_under_the_curve() -> None:
    r = solve(demand={"steel": ELASTIC}, supply={"steel": {"price": 160}})
    forgone = (QUANTITIES[0] - QUANTITIES[1]) * 75 + (QUANTITIES[1] - QUANTITIES[2]) * 125
    assert r.objective == pytest.approx(forgone + QUANTITIES[2] * 160, rel=1e-12)
    # the integral of (q/100)^−2 · 100 between both quantities
    exact = 1e6 * (1 / QUANTITIES[2] - 1 / QUANTITIES[0])
    assert exact < forgone < 1.05 * exact  # chords lie above a convex curve


def test_more_steps_come_nearer_to_the_curve() -> None:
    error = [abs(served(130, elastic_steps=n) - 100 * 1.3**-0.5) for n in (4, 16, 64)]
    assert error[0] > error[1] > error[2]


def test_shortfall_is_limited_to_the_demand_of_each_step() -> None:
    commodities = {"power": {"unit": "MWh", "balance": "hour"}}
    demand = {"power": {"amount": 8760, "profile": "load", "shortfall_cost": 60}}
    sections = {"commodities": commodities, "time": HALVES, "demand": demand,
                "profiles": {"load": {"summer": 1, "winter": 3}, "spot": {"summer": 9, "winter": 1}}}  # fmt: skip
    supply = {"power": {"price": 50, "price_profile": "spot"}}
    # 90 in summer: shed 0.5 MW at 60; 10 in winter: buy 1.5 MW. No more may be shed than is demanded
    r = solve(supply=supply, **sections)
    assert r.objective == pytest.approx(4380 * (0.5 * 60 + 1.5 * 10), rel=1e-12)
    assert r.unserved.values == pytest.approx(2190)


def test_without_a_price_demand_must_be_met() -> None:
    supply = {"steel": {"price": 1, "volume_max": 9.5}}
    with pytest.raises(InfeasibleError):
        solve(supply=supply)
    assert objective(supply=supply, demand={"steel": {"amount": 10, "shortfall_cost": 8}}) == pytest.approx(9.5 + 4)


def test_several_demands_for_one_commodity_give_up_in_order_of_their_price() -> None:
    demand = {
        "cars": {"commodity": "steel", "amount": 6, "shortfall_cost": 900},
        "cans": {"commodity": "steel", "amount": 4, "shortfall_cost": 300},
    }
    r = solve(demand=demand, supply={"steel": {"price": 10, "volume_max": 7}})
    assert r.objective == pytest.approx(70 + 3 * 300)
    assert r.served_demand.squeeze().to_series().to_dict() == pytest.approx({"cars": 6, "cans": 1})
    assert float(r.shadow_price.squeeze()) == pytest.approx(300)
