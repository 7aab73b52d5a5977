"""Carbon by origin: solved by hand, conserved, and never charged twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import load, solve
from transform_sim.errors import ScenarioError
from transform_sim.pipeline import compose

STANDING = {"unit": "t", "existing": 10 * 8760}
AIR = {"co2": {"unit": "t", "kind": "emission"}}
PRICE = {"carbon_price": 100}


def fuel_users(bio: float) -> ts.Results:
    """Heat burns 10 MWh of a fuel, plastic keeps the carbon of another 10; `bio` MWh of the fuel may grow on trees."""
    return solve(
        commodities={"fuel": {"unit": "MWh", "carbon_content": 0.3}, "heat": {"unit": "MWh"},
                     "plastic": {"unit": "t", "carbon_content": 3}, **AIR},
        processes={"boiler": {"unit": "MWh", "existing": 100, "flows": {"heat": 1, "fuel": -1}},
                   "works": {"unit": "t", "existing": 100 * 8760, "flows": {"plastic": 1, "fuel": -10}}},
        supply={"fuel": {"price": 20},
                "wood": {"commodity": "fuel", "price": 30, "origin": "biogenic", "volume_max": bio}},
        demand={"heat": {"amount": 10}, "plastic": {"amount": 1}}, policies=PRICE,
    )  # fmt: skip


def test_scarce_biogenic_carbon_goes_where_carbon_would_be_released() -> None:
    r = fuel_users(4)
    # all four MWh count for the boiler: 10 · 0.3 − 4 · 0.3; their share of the pool, 4/20, would leave 2.4 t
    assert float(r.emissions.sum()) == pytest.approx(1.8)
    released = r.carbon_released.sel(process="boiler").sum(["region", "period"])
    assert float(released.sel(origin="biogenic")) == pytest.approx(1.2)
    assert float(r.embodied_carbon.sel(commodity="plastic", origin="fossil").sum()) == pytest.approx(3.0)


@pytest.mark.parametrize(("bio", "worth"), [(4.0, 20.0), (9.0, 20.0), (10.5, 0.0)])
def test_the_worth_of_more_biogenic_carbon_is_what_it_saves_where_it_counts(bio: float, worth: float) -> None:
    # a tenth of a MWh more costs 1 more and saves 3 of carbon, until the boiler burns nothing else; by its share of the
    # pool it would save (30 · 10/20 − 10) · 0.1 however much there is
    saved = fuel_users(bio).objective - fuel_users(bio + 0.1).objective
    assert saved == pytest.approx(0.1 * worth)


def capture(**changes: Any) -> ts.Results:
    """A kiln on coal and limestone whose CO₂ is caught; methanol is made of it and burnt, or it is stored."""
    return solve(**{
        "commodities": {
            "coal": {"unit": "MWh", "carbon_content": 0.4},
            "limestone": {"unit": "t", "carbon_content": 0.5, "origin": "process"},
            "clinker": {"unit": "t"}, "captured": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True},
            "methanol": {"unit": "t", "carbon_content": 1.4}, "heat": {"unit": "MWh"},
            "stored": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True, "disposal": {"permanent": True}},
            **AIR,
        },
        "processes": {
            "kiln": {**STANDING, "flows": {"clinker": 1, "coal": -1, "limestone": -1, "captured": 0.8}},
            "synthesis": {**STANDING, "flows": {"methanol": 1, "captured": -1.5}},
            "burner": {"unit": "MWh", "existing": 100, "flows": {"heat": 5, "methanol": -1}},
            "injection": {**STANDING, "flows": {"stored": 1, "captured": -1}},
        },
        "supply": {"coal": {"price": 1}, "limestone": {"price": 1}},
        "demand": {"clinker": {"amount": 10}, "heat": {"amount": 20}},
        "policies": PRICE,
    } | changes)  # fmt: skip


def test_fossil_co2_in_use_counts_once_where_it_is_used() -> None:
    r = capture()
    # 9 t go in, 8 are caught: 6 are made into 4 t of methanol and count there, 2 are stored, 1 leaves the stack
    assert float(r.emissions.sum()) == pytest.approx(7)
    by = r.process_emission.sel(emission="co2").sum(["region", "period"])
    assert float(by.sel(process="kiln")) == pytest.approx(1)
    assert float(by.sel(process="synthesis")) == pytest.approx(6)
    assert float(by.sel(process="burner")) == pytest.approx(0)
    assert float(r.carbon_released.sel(process="burner", origin="counted").sum()) == pytest.approx(4 * 1.4)
    assert float(r.carbon_disposed.sum()) == pytest.approx(2)


def test_without_the_rule_fossil_co2_counts_where_it_is_released() -> None:
    r = capture(policies={**PRICE, "charge_co2_use": False})
    by = r.process_emission.sel(emission="co2").sum(["region", "period"])
    assert float(by.sel(process="synthesis")) == pytest.approx(4 * 0.1)  # 1.5 t go in, 1.4 are in methanol
    assert float(by.sel(process="burner")) == pytest.approx(4 * 1.4)
    assert float(r.emissions.sum()) == pytest.approx(7)


def wood_fired(**policies: Any) -> ts.Results:
    return solve(
        commodities={"wood": {"unit": "MWh", "carbon_content": 0.4, "origin": "biogenic"}, "heat": {"unit": "MWh"},
                     "captured": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True,
                                  "disposal": {"permanent": True, "cost": 10}}, **AIR},
        processes={"boiler": {"unit": "MWh", "existing": 100, "flows": {"heat": 1, "wood": -1, "captured": 0.3}}},
        supply={"wood": {"price": 5}}, demand={"heat": {"amount": 10}}, policies={**PRICE, **policies},
    )  # fmt: skip


def test_carbon_of_plants_counts_below_zero_when_stored_and_not_at_all_in_the_air() -> None:
    r = wood_fired()
    assert float(r.emissions.sum()) == pytest.approx(-3)
    assert r.objective == pytest.approx(10 * 5 + 3 * 10 - 3 * 100)
    assert float(r.carbon_released.sel(origin="biogenic").sum()) == pytest.approx(1)


def test_removals_that_are_not_credited_are_only_not_emitted() -> None:
    assert float(wood_fired(credit_removals=False).emissions.sum()) == pytest.approx(0)


def test_carbon_of_the_air_goes_round_without_a_charge() -> None:
    r = solve(
        commodities={"captured": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True},
                     "methanol": {"unit": "t", "carbon_content": 1.4}, "gas": {"unit": "MWh", "carbon_content": 0.2},
                     "heat": {"unit": "MWh"}, **AIR},
        processes={"air_capture": {**STANDING, "flows": {"captured": 1}, "auxiliary_carbon": 1,
                                   "auxiliary_origin": "air", "variable_opex": 100},
                   "synthesis": {**STANDING, "flows": {"methanol": 1, "captured": -1.4}},
                   "burner": {"unit": "MWh", "existing": 100, "flows": {"heat": 5, "methanol": -1}},
                   "gas_burner": {"unit": "MWh", "existing": 100, "flows": {"heat": 1, "gas": -1}}},
        supply={"gas": {"price": 10}}, demand={"heat": {"amount": 10}}, policies={"carbon_price": 200},
    )  # fmt: skip
    # methanol of the air: 140 per 5 MWh; gas 10 + 40 per MWh
    assert r.objective == pytest.approx(2 * 140)
    assert float(r.emissions.sum()) == pytest.approx(0)
    assert float(r.carbon_released.sel(process="burner", origin="air").sum()) == pytest.approx(2.8)


def test_minerals_bind_fossil_co2_without_a_charge_and_that_of_plants_below_zero() -> None:
    def bound(origin: str) -> float:
        r = solve(
            commodities={"gas": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True, "origin": origin},
                         "stone": {"unit": "t", "carbon_content": 0.4}, **AIR},
            processes={"works": {**STANDING, "flows": {"stone": 1, "gas": -0.5}, "permanent": True}},
            supply={"gas": {"price": 1}}, demand={"stone": {"amount": 10}}, policies=PRICE,
        )  # fmt: skip
        return float(r.emissions.sum())

    assert bound("fossil") == pytest.approx(10 * 0.1)  # what does not stay in the stone
    assert bound("biogenic") == pytest.approx(-10 * 0.4)


STONE: dict[str, Any] = {
    "commodities": {"gas": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True, "origin": "air"},
                    "purge": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True,
                              "disposal": {"permanent": True}},
                    "stone": {"unit": "t", "carbon_content": 0.4}, **AIR},
    "processes": {"works": {**STANDING, "flows": {"stone": 1, "gas": -0.9, "purge": 0.5}, "permanent": True}},
    "supply": {"gas": {"price": 1}},
    "demand": {"stone": {"amount": 10}},
    "policies": PRICE,
}  # fmt: skip


def test_co2_beside_minerals_counts_when_it_is_stored_and_not_before() -> None:
    assert float(solve(**STONE).emissions.sum()) == pytest.approx(-9)


@pytest.mark.parametrize(
    ("section", "changes", "why"),
    [
        ("commodities", {"stone": {"unit": "t", "carbon_content": 0.4, "disposal": {"permanent": True}}}, "a disposal"),
        ("processes", {"kiln": {**STANDING, "flows": {"stone": -2.5, "purge": 1}}}, "a process uses it"),
    ],
)
def test_carbon_bound_for_good_can_not_be_set_free(section: str, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        load(**{**STONE, section: STONE[section] | changes})


def test_co2_that_only_goes_through_is_not_used() -> None:
    works = {**STANDING, "flows": {"methanol": 1, "captured": -1.5, "purged": 0.3}}
    r = solve(
        commodities={"captured": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True},
                     "purged": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True,
                                "disposal": {"permanent": True}},
                     "methanol": {"unit": "t", "carbon_content": 1.2}, **AIR},
        processes={"works": works}, supply={"captured": {"price": 0}}, demand={"methanol": {"amount": 10}},
        policies=PRICE,
    )  # fmt: skip
    assert float(r.emissions.sum()) == pytest.approx(12)  # 15 t go in, 3 come out as CO₂ and are stored


def test_an_emission_of_carbon_of_the_air_has_no_price() -> None:
    r = solve(
        commodities={"wood": {"unit": "MWh", "carbon_content": 0.4, "origin": "biogenic"}, "heat": {"unit": "MWh"},
                     "co2_air": {"unit": "t", "kind": "emission", "origin": "air"}, **AIR},
        processes={"boiler": {"unit": "MWh", "existing": 99, "flows": {"heat": 1, "wood": -1}, "emission": "co2_air"}},
        supply={"wood": {"price": 1}}, demand={"heat": {"amount": 10}}, policies=PRICE,
    )  # fmt: skip
    assert float(r.emissions.sel(emission="co2_air").sum()) == pytest.approx(4)
    assert r.objective == pytest.approx(10)


def test_a_mixture_that_is_only_bought_needs_no_pool() -> None:
    scenario = load(
        commodities={"waste": {"unit": "t", "carbon_content": 1, "biogenic_share": {2025: 0.5, 2030: 0.6}},
                     "heat": {"unit": "MWh"}, **AIR},
        processes={"burner": {"unit": "MWh", "existing": 100, "flows": {"heat": 1, "waste": -1}}},
        supply={"waste": {"price": 0}}, demand={"heat": {"amount": 10}},
        horizon={"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0},
    )  # fmt: skip
    _, program = compose(scenario)
    assert not [b for b in program.columns if b.name.startswith("carbon_")]
    assert ts.solve(scenario).emissions.sum(["emission", "node"]).values == pytest.approx([5, 4, 4])


def kept(r: ts.Results) -> np.ndarray:
    """Carbon in less carbon out, by period; t a year."""
    zero = 0.0
    into = r.carbon_bought.sum(["supply", "node", "origin"])
    out = r.carbon_released.sum(["process", "region", "origin"])
    for name in ("embodied_carbon", "carbon_disposed"):
        zero = zero + (getattr(r, name).sum(["commodity", "node", "origin"]) if name in r.data else 0.0)
    return np.asarray(into - out - zero)


@pytest.mark.parametrize("r", [fuel_users(4), capture(), wood_fired()], ids=["fuel", "capture", "wood"])
def test_no_carbon_is_lost(r: ts.Results) -> None:
    assert kept(r) == pytest.approx(0, abs=1e-6)
