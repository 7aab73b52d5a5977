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
        assert float(r.cap_price.squeeze()) >= 240 - 1e-6
    else:
        assert float(r.cap_price.squeeze()) == pytest.approx(price)


def test_a_cap_holds_from_its_first_year_on_and_is_linear_between() -> None:
    r = solve(horizon=FIVES, **routes(policies={"emission_cap": {2028: 20, 2032: 12}}))
    assert r.emissions.values.ravel() == pytest.approx([20, 16, 12])
    # 80/1.5 in each capped year, whatever the discount rate
    assert r.cap_price.values.ravel() == pytest.approx([0, 80 / 1.5, 80 / 1.5])


def test_price_and_cap_add_up() -> None:
    # a price of 50 does not move grey (53.3 would); the cap adds the 3.33 that are missing
    r = solve(**routes(policies={"emission_cap": 11, "carbon_price": 50}))
    assert float(r.cap_price.squeeze()) == pytest.approx(80 / 1.5 - 50)
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
    assert r.cap_price.values.ravel() == pytest.approx(expected)


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


# where disposal and purchases count ---------------------------------------------------------------------------------


def flared(cap: Any, **areas: Any) -> Any:
    """Works with a by-product of carbon that is let go for nothing, or sold at a loss of 5: 1 t CO₂ each per t."""
    return solve(
        regions={"ruhr": {}, "saar": {}, "coast": {}},
        commodities={"co2": {"unit": "t", "kind": "emission", **areas.get("co2", {})}, "steel": {"unit": "t"},
                     "coal": {"unit": "t", "carbon_content": 1, "area": "market"},
                     "gas": {"unit": "t", "carbon_content": 1, "disposal": {}, **areas.get("gas", {})}},
        processes={"works": {"unit": "t", "flows": {"steel": 1, "coal": -1, "gas": 1}, "regions": ["ruhr", "saar"]}},
        supply={"coal": {"price": 1}}, sales={"gas": {"price": -5}},
        demand={"steel": {"amount": {"ruhr": 10, "saar": 10}}}, policies={"emission_cap": cap},
    )  # fmt: skip


INLAND = {"area": {"ruhr": "inland", "saar": "inland"}}


@pytest.mark.parametrize(
    "gas", [{}, INLAND, {"area": {"ruhr": "both", "saar": "both"}}], ids=["region", "same", "other"]
)
def test_a_cap_by_place_holds_for_disposal_at_the_place_of_its_emission(gas: dict[str, Any]) -> None:
    r = flared({"inland": 12}, co2=INLAND, gas=gas)
    assert r.objective == pytest.approx(20 * 1 + 8 * 5)
    assert r.emissions.sel(emission="co2", node="inland").values == pytest.approx([12])
    assert float(r.cap_price.sel(node="inland").squeeze()) == pytest.approx(5)


def test_disposal_for_several_places_is_a_place_of_its_own_that_a_cap_must_name() -> None:
    pooled = {"gas": {"area": {"ruhr": "both", "saar": "both"}}}
    assert flared({"both": 12}, **pooled).objective == pytest.approx(20 + 8 * 5)
    assert flared(12, **pooled).objective == pytest.approx(20 + 8 * 5)
    with pytest.raises(ScenarioError, match="nothing is given for 'both', where disposal of 'gas' emits"):
        flared({"coast": 5}, **pooled)
    # also if it bears the name of a region: a cap on the other one would miss it
    with pytest.raises(ScenarioError, match="nothing is given for 'ruhr', where disposal of 'gas' emits"):
        flared({"saar": 5}, gas={"area": {"saar": "ruhr"}})


def test_stored_carbon_of_plants_is_credited_where_its_region_emits() -> None:
    commodities = {"co2": {"unit": "t", "kind": "emission", **INLAND}, "heat": {"unit": "MWh"},
                   "wood": {"unit": "MWh", "carbon_content": 0.4, "origin": "biogenic"},
                   "coal": {"unit": "MWh", "carbon_content": 0.4},
                   "caught": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True,
                              "disposal": {"permanent": True, "cost": 50}}}  # fmt: skip
    boilers = {fuel: {"unit": "MWh", "flows": {"heat": 1, fuel: -1, "caught": 0.36}} for fuel in ("wood", "coal")}
    r = solve(
        regions={"ruhr": {}, "saar": {}}, commodities=commodities, processes=boilers,
        supply={"wood": {"price": 30}, "coal": {"price": 10}}, demand={"heat": {"amount": {"ruhr": 10, "saar": 10}}},
        policies={"emission_cap": {"inland": 0}},
    )  # fmt: skip
    # coal leaves 0.04, wood takes up 0.36: one tenth of all is wood
    assert r.purchase.sel(supply="wood").sum() == pytest.approx(2)
    assert r.emissions.sel(emission="co2").sum("node").values == pytest.approx([0], abs=1e-9)


def test_purchases_count_where_their_region_emits() -> None:
    supply = {"grey": {"commodity": "steel", "price": 1, "emissions": {"co2": 1}},
              "green": {"commodity": "steel", "price": 3}}  # fmt: skip
    commodities = {**COMMODITIES, "co2": {**COMMODITIES["co2"], **INLAND}}
    sections = {"regions": {"ruhr": {}, "saar": {}}, "commodities": commodities, "supply": supply,
                "demand": {"steel": {"amount": 10}}}  # fmt: skip
    assert objective(policies={"emission_cap": {"inland": 6}}, **sections) == pytest.approx(6 + 14 * 3)


def test_the_price_of_a_cap_is_that_of_its_place() -> None:
    sections = {"regions": {"ruhr": {}, "saar": {}, "coast": {}}, "demand": {"steel": {"amount": 10}}}
    r = solve(**sections, **routes(policies={"emission_cap": {"ruhr": 11, "saar": 2}, "emission_budget": 1e9}))
    price = r.cap_price.squeeze("period")
    assert price.sel(node=["ruhr", "saar", "coast"]).values == pytest.approx([80 / 1.5, 120 / 0.5, 0])
    same = solve(**sections, **routes(policies={"emission_cap": 33})).cap_price.squeeze("period")
    assert same.values == pytest.approx([80 / 1.5] * 3)
