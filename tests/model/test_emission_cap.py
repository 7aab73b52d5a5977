"""Caps and budgets by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import objective, solve
from transform_sim.errors import ScenarioError

FIVES = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.04}
COMMODITIES = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}


def routes(**sections: Any) -> dict[str, Any]:
    """Grey steel at 100 with 2 t CO₂, blue at 180 with 0.5, green at 300 with none."""
    supply = {
        "grey": {"commodity": "steel", "price": 100, "emissions": {"co2": 2}},
        "blue": {"commodity": "steel", "price": 180, "emissions": {"co2": 0.5}},
        "green": {"commodity": "steel", "price": 300},
    }
    return {"commodities": COMMODITIES, "supply": supply, **sections}


@pytest.mark.parametrize(
    ("cap", "cost", "price"),
    [
        (25, 1000, 0.0),  # all grey: 20 t
        (11, 4 * 100 + 6 * 180, 80 / 1.5),  # each blue t saves 1.5 t: 6 of them
        (2, 4 * 180 + 6 * 300, 120 / 0.5),  # all blue emit 5: 6 green ones save 3 more
        (0, 3000, None),  # between what the last tonne saved costs and infinity
    ],
)
def test_the_cap_is_met_by_the_cheapest_route_and_priced_by_the_marginal_one(
    cap: float, cost: float, price: float | None
) -> None:
    r = solve(**routes(policies={"emission_cap": cap}))
    assert r.objective == pytest.approx(cost, rel=1e-9)
    if price is None:
        assert float(r.cap_price[0]) >= 240 - 1e-6
    else:
        assert float(r.cap_price[0]) == pytest.approx(price)


def test_a_cap_holds_from_its_first_year_on_and_is_linear_between() -> None:
    r = solve(horizon=FIVES, **routes(policies={"emission_cap": {2028: 20, 2032: 12}}))
    assert r.emissions.values.ravel() == pytest.approx([20, 16, 12])
    # 80/1.5 in each capped year, whatever the discount rate
    assert r.cap_price.values == pytest.approx([0, 80 / 1.5, 80 / 1.5])


def test_price_and_cap_add_up() -> None:
    # a price of 50 does not move grey (53.3 would); the cap adds the 3.33 that are missing
    r = solve(**routes(policies={"emission_cap": 11, "carbon_price": 50}))
    assert float(r.cap_price[0]) == pytest.approx(80 / 1.5 - 50)
    assert float(r.carbon_price[0]) == pytest.approx(50)


def test_a_budget_is_spent_where_avoiding_is_dearest_today() -> None:
    # present values at 4 %: avoiding later is cheaper, but 2035 stands for 7.5 years of emissions and five of cost
    r = solve(horizon=FIVES, **routes(policies={"emission_budget": 200}))
    weight = [sum(1.04 ** -(5 * i + k) for k in range(5)) for i in range(3)]
    # 20 t in 2.5 + 5 + 7.5 years are 300 t; all blue in 2035 saves 15 · 7.5 = 112.5 t, at the least cost per t
    per_tonne = [80 / 1.5 * w / b for w, b in zip(weight, (2.5, 5, 7.5), strict=True)]
    assert per_tonne[2] < per_tonne[1] < per_tonne[0]
    blue = 100 / (1.5 * 7.5)
    assert r.emissions.values.ravel() == pytest.approx([20, 20, 20 - 1.5 * blue])
    assert r.objective == pytest.approx(1000 * sum(weight) + 80 * blue * weight[2], rel=1e-12)
    # what a tonne a year less of the budget's price is worth in each period, in money of that year
    dual = per_tonne[2]
    expected = [dual * b / w for b, w in zip((2.5, 5, 7.5), weight, strict=True)]
    assert r.cap_price.values == pytest.approx(expected)


def test_caps_by_region_and_what_is_not_counted() -> None:
    commodities = {**COMMODITIES, "co2_bio": {"unit": "t", "kind": "emission", "origin": "biogenic"},
                   "co2_power": {"unit": "t", "kind": "emission", "scope": 2},
                   "n2o": {"unit": "t", "kind": "emission", "warming_potential": 265, "origin": "process"}}  # fmt: skip
    supply = {
        "grey": {"commodity": "steel", "price": 1, "emissions": {"co2": 1, "n2o": 0.01}},  # 3.65 t CO₂e
        "wood": {"commodity": "steel", "price": 3, "emissions": {"co2_bio": 9, "co2_power": 9}},
    }
    sections = {"regions": {"ruhr": {}, "saar": {}}, "commodities": commodities, "supply": supply,
                "demand": {"steel": {"amount": {"ruhr": 10, "saar": 10}}}}  # fmt: skip
    assert objective(policies={"emission_cap": {"ruhr": 7.3}}, **sections) == pytest.approx(2 + 8 * 3 + 10)
    assert objective(policies={"emission_cap": 7.3}, **sections) == pytest.approx(2 + 18 * 3)


@pytest.mark.parametrize("origin", ["biogenic", "fossil"])
def test_a_place_that_only_binds_carbon_of_plants_may_have_a_cap(origin: str) -> None:
    def bound() -> float:
        r = solve(
            regions={"ruhr": {}, "south": {}},
            commodities={"gas": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True, "origin": origin},
                         "stone": {"unit": "t", "carbon_content": 0.4}, "coal": {"unit": "MWh", "carbon_content": 0.4},
                         "heat": {"unit": "MWh"}, "co2": {"unit": "t", "kind": "emission"}},
            processes={"boiler": {"unit": "MWh", "regions": ["ruhr"], "flows": {"heat": 1, "coal": -1}},
                       "works": {"unit": "t", "regions": ["south"], "flows": {"stone": 1, "gas": -0.4},
                                 "permanent": True}},
            supply={"gas": {"price": 1}, "coal": {"price": 5}},
            demand={"heat": {"amount": {"ruhr": 10}}, "stone": {"amount": {"south": 10}}},
            policies={"emission_cap": {"ruhr": 4, "south": -4}},
        )  # fmt: skip
        return float(r.emissions.sum())

    if origin == "biogenic":
        assert bound() == pytest.approx(4 - 4)
    else:
        with pytest.raises(ScenarioError, match="no counted emission arises in 'south'"):
            bound()
