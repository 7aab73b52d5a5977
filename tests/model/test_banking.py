"""Banking of allowances by hand: when it pays, when it does not, and what allowances are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import load, solve
from transform_sim.errors import ScenarioError

TENS = {"start": 2025, "end": 2045, "step": 10, "discount_rate": 0.04}
WEIGHT = [sum(1.04 ** -(10 * i + k) for k in range(10)) for i in range(3)]
"""N_y: 10 years each, paid at the start of the year."""
GREY, BLUE, GREEN = 100.0, 180.0, 300.0
TO_BLUE, TO_GREEN = (BLUE - GREY) / 1.5, (GREEN - BLUE) / 0.5
"""Cost of a tonne avoided: 53.3 by blue instead of grey steel, 240 by green instead of blue."""


def routes(**sections: Any) -> dict[str, Any]:
    """10 t of steel a year: grey with 2 t CO₂, blue with 0.5, green with none."""
    supply = {
        "grey": {"commodity": "steel", "price": GREY, "emissions": {"co2": 2}},
        "blue": {"commodity": "steel", "price": BLUE, "emissions": {"co2": 0.5}},
        "green": {"commodity": "steel", "price": GREEN},
    }
    commodities = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}
    return {"horizon": TENS, "commodities": commodities, "supply": supply, **sections}


def capped(cap: Any, **banking: Any) -> dict[str, Any]:
    return {"policies": {"emission_cap": cap, "banking": banking}}


def cost(*steel: tuple[float, float, float]) -> float:
    """Present value of tonnes of grey, blue and green steel a year in each period."""
    return sum(n * (g * GREY + b * BLUE + e * GREEN) for n, (g, b, e) in zip(WEIGHT, steel, strict=True))


FALLING = {2025: 20, 2035: 11, 2045: 2}
"""Without a bank: all grey; 4 grey and 6 blue; 4 blue and 6 green."""


def test_allowances_are_saved_for_the_year_in_which_they_are_dear() -> None:
    alone = solve(**routes(policies={"emission_cap": FALLING}))
    assert alone.objective == pytest.approx(cost((10, 0, 0), (4, 6, 0), (0, 4, 6)), rel=1e-9)
    r = solve(**routes(**capped(FALLING)))
    # 3 t a year more let 2045 do without green, which costs 240 a tonne; blue instead of grey saves them at 53.3,
    # which is less in present value in 2035 than in 2025
    assert r.emissions.values.ravel() == pytest.approx([20, 8, 5])
    assert r.bank.values == pytest.approx([0, 30, 0], abs=1e-6)
    assert r.bank.dims == ("period",)
    assert r.objective == pytest.approx(cost((10, 0, 0), (2, 8, 0), (0, 10, 0)), rel=1e-9)
    price = r.cap_price.squeeze("node").values
    assert price[1:] == pytest.approx([TO_BLUE, TO_BLUE * WEIGHT[1] / WEIGHT[2]])
    # in 2025 a tonne is worth what it is worth when kept, and no more than it costs to avoid
    assert TO_BLUE * WEIGHT[1] / WEIGHT[0] - 1e-6 <= price[0] <= TO_BLUE + 1e-6


def test_an_interior_bank_makes_discounted_prices_equal() -> None:
    """With a bank at the end of y above zero, price·N/n is the same in y and in the period that follows (Hotelling)."""
    r = solve(**routes(**capped({2025: 18, 2035: 9, 2045: 0}, start=5)))
    worth = r.cap_price.squeeze("node").values * r.data.period_weight.values / 10
    for k, kept in enumerate(r.bank.values[:-1]):
        if kept > 1e-6:
            assert worth[k] == pytest.approx(worth[k + 1], rel=1e-9)
        assert worth[k] >= worth[k + 1] - 1e-9  # what could be kept is never worth more later
    assert (r.bank.values[:-1] > 1e-6).any()
    assert worth.min() > 0
    used = float(r.emissions.sum()) * 10
    assert used == pytest.approx(10 * (18 + 9) + 5, rel=1e-9)  # all is used in the end


@pytest.mark.parametrize("caps", [{2025: 2, 2035: 2, 2045: 2}, {2025: 5, 2035: 5, 2045: 20}])
def test_nothing_is_saved_where_later_years_cost_no_more(caps: dict[int, float]) -> None:
    banked, alone = solve(**routes(**capped(caps))), solve(**routes(policies={"emission_cap": caps}))
    assert banked.objective == pytest.approx(alone.objective, rel=1e-9)
    assert banked.emissions.values.ravel() == pytest.approx(alone.emissions.values.ravel())
    assert banked.bank.values[:-1] == pytest.approx([0, 0], abs=1e-6)


def test_nothing_is_borrowed() -> None:
    # the last period has plenty; 2025 must still avoid at 240
    r = solve(**routes(**capped({2025: 2, 2035: 40, 2045: 40})))
    assert r.emissions.values.ravel() == pytest.approx([2, 20, 20])
    assert r.bank.values == pytest.approx([0, 200, 400])  # what nobody needs stays there
    assert r.cap_price.values.ravel() == pytest.approx([TO_GREEN, 0, 0])


def test_a_bank_begins_with_its_cap_and_with_its_start() -> None:
    r = solve(**routes(**capped({2035: 2, 2045: 5}, start=30)))
    assert r.emissions.values.ravel() == pytest.approx([20, 5, 5])  # 2025 is not limited, nor can it save
    assert r.bank.values == pytest.approx([0, 0, 0], abs=1e-6)
    assert r.data["emission_cap"].values == pytest.approx([np.nan, 2, 5], nan_ok=True)
    assert float(r.cap_price[0, 0]) == 0


def test_a_bank_that_is_not_active_is_none() -> None:
    r = solve(**routes(**capped(FALLING, active=False, start=1e6)))
    assert r.objective == pytest.approx(solve(**routes(policies={"emission_cap": FALLING})).objective, rel=1e-12)
    assert "bank" not in r.data


def test_each_capped_place_has_a_bank_of_its_own() -> None:
    caps = {"ruhr": FALLING, "saar": {2025: 20, 2035: 20, 2045: 20}}
    both = {"regions": {"ruhr": {}, "saar": {}, "coast": {}}, "demand": {"steel": {"amount": 10}}}
    r = solve(**routes(**both, **capped(caps)))
    assert r.emissions.sel(emission="co2", node="ruhr").values == pytest.approx([20, 8, 5])
    assert r.emissions.sel(emission="co2", node=["saar", "coast"]).values == pytest.approx(np.full((2, 3), 20))
    assert r.bank.sel(node="ruhr").values == pytest.approx([0, 30, 0], abs=1e-6)
    price = r.cap_price.sel(node="ruhr").values
    assert price[1:] == pytest.approx([TO_BLUE, TO_BLUE * WEIGHT[1] / WEIGHT[2]])
    assert (r.cap_price.sel(node=["saar", "coast"]) == 0).all()


# prices --------------------------------------------------------------------------------------------------------------


PLANTS = {
    f"saver_{k}": {
        "unit": "t", "flows": {"steel": 1, "co2": 2 - 0.4 * k}, "variable_opex": 100 + 7 * k * k, "capex": 60 * k,
        "lifetime": 20, "capacity_max": 4,
    } for k in range(1, 6)
}  # fmt: skip
SLOPES = {2025: 15.3, 2035: 11.2, 2045: 4.1}


def plants(**policies: Any) -> ts.Scenario:
    """Six kinds of plant, each with its own cost of avoiding, in two regions."""
    grey = {"unit": "t", "flows": {"steel": 1, "co2": 2}, "variable_opex": 100, "lifetime": 20}
    return load(**routes(
        regions={"ruhr": {}, "saar": {}}, supply={}, processes={"grey": grey, **PLANTS},
        demand={"steel": {"amount": {"ruhr": {2025: 10, 2045: 11}, "saar": 9}}}, policies=policies,
    ))  # fmt: skip


@pytest.mark.parametrize("place", [None, "ruhr"])
def test_the_price_is_what_a_tonne_less_a_year_costs(place: str | None) -> None:
    cap = {y: v * (1.8 if place is None else 1) for y, v in SLOPES.items()}
    scenario = plants(emission_cap=cap if place is None else {place: cap, "saar": 15}, banking={})
    r = ts.solve(scenario)
    assert (r.bank.values[..., :-1] > 1e-6).any()
    for year, at in cap.items():
        path = f"policies.emission_cap.{year}" if place is None else f"policies.emission_cap.{place}.{year}"
        less, more = (ts.solve(scenario.with_({path: at + d})).objective for d in (-0.01, 0.01))
        worth = float(r.cap_price.sel(node="ruhr", period=year) * r.data.period_weight.sel(period=year))
        left, right = (less - r.objective) / 0.01, (r.objective - more) / 0.01
        slack = 1e-7 * r.objective
        assert right - slack <= worth <= left + slack
        assert worth > 0


@pytest.mark.parametrize("banking", [None, {}], ids=["caps", "bank"])
@pytest.mark.parametrize("by_place", [False, True], ids=["one_cap", "by_place"])
def test_a_price_at_the_dual_gives_the_same_emissions(banking: dict[str, Any] | None, by_place: bool) -> None:
    """Where several emissions cost the same at the dual, a hair above and below it enclose those under the cap."""
    cap = {"ruhr": SLOPES, "saar": {2025: 15.3, 2045: 9}} if by_place else {y: 1.8 * v for y, v in SLOPES.items()}
    policies = {"emission_cap": cap} | ({} if banking is None else {"banking": banking})
    held = ts.solve(plants(**policies))
    total = held.emissions.sel(emission="co2")
    for place in ("ruhr", "saar") if by_place else (None,):
        at = {} if place is None else {"node": place}
        price = held.cap_price.sel(node=place or "ruhr").values
        own = total.sel(at) if place else total.sum("node")
        weight = held.data.period_weight.values

        def paid(factor: float, price: Any = price, weight: Any = weight, at: Any = at) -> tuple[float, float]:
            """Objective, and emissions at the place weighed with the present value of the dual."""
            taxed = ts.solve(plants(carbon_price=dict(zip(SLOPES, (price * factor).tolist(), strict=True))))
            here = taxed.emissions.sel(emission="co2", **at)
            return taxed.objective, float((here if at else here.sum("node")).values @ (price * weight))

        under_cap = float(own.values @ (price * weight))
        assert paid(1 + 1e-5)[1] <= under_cap + 1e-6 * abs(under_cap)
        assert paid(1 - 1e-5)[1] >= under_cap - 1e-6 * abs(under_cap)
        if not place:  # the optimum under the cap is one under the price
            assert paid(1)[0] == pytest.approx(held.objective + under_cap, rel=1e-9)


# what is refused -----------------------------------------------------------------------------------------------------


def test_a_bank_without_a_cap_is_refused() -> None:
    with pytest.raises(ScenarioError, match="banking has no effect without emission_cap"):
        load(**routes(policies={"banking": {}}))
    load(**routes(policies={"banking": {"active": False}}))


def test_a_start_under_caps_of_several_places_is_refused() -> None:
    regions = {"regions": {"ruhr": {}, "saar": {}}, "demand": {"steel": {"amount": 10}}}
    with pytest.raises(ScenarioError, match="nothing says whose allowances these are, since the cap names ruhr, saar"):
        load(**routes(**regions, **capped({"ruhr": 1, "saar": 2}, start=5)))
    load(**routes(**regions, **capped({"ruhr": 1}, start=5)))
