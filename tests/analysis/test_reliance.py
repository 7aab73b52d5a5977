"""How much of cost and emissions rests on numbers of each quality, against a sum by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import MINIS, mini, solve
from transform_sim.analysis.reliance import ORDER, _paths, reliance, worst


def number(value: object, quality: str) -> dict[str, object]:
    return {"value": value, "quality": quality, "source": "A book"}


def study(variable_opex: object) -> Any:
    return solve(
        commodities={"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"},
                     "coal": {"unit": "MWh", "carbon_content": number("0.34 t/MWh", "opened")}},
        processes={"furnace": {"unit": "t", "variable_opex": variable_opex,
                               "flows": {"steel": 1, "coal": number(-5, "computed")}}},
        supply={"coal": {"price": number(15, "opened")}},
        policies={"carbon_price": number(50, "recalled")},
    )  # fmt: skip


@pytest.mark.parametrize(("opex", "own"), [(number(105, "recalled"), "recalled"), (105, "unstated")])
def test_shares_are_those_of_a_sum_by_hand(opex: object, own: str) -> None:
    frame = reliance(study(opex))
    # 10 t of steel: operation 1,050; coal 10 · 5 · 15 = 750; carbon 10 · 5 · 0.34 · 50 = 850
    expected = dict.fromkeys(ORDER, 0.0) | {"opened": 750 / 2650}
    expected[own] += 1050 / 2650
    expected["recalled"] += 850 / 2650
    assert frame["cost"].to_dict() == pytest.approx(expected)
    # a content that was opened, but a use that was computed
    assert frame["emissions"].to_dict() == pytest.approx(dict.fromkeys(ORDER, 0.0) | {"computed": 1.0})


def sellers(price: object) -> Any:
    """Power bought for 40 from one and sold on to others, at a price of their own or that of the purchase less 1."""
    return solve(
        commodities={"steel": {"unit": "t"}, "power": {"unit": "MWh"}},
        processes={"solar": {"unit": "MWh", "flows": {"power": 1}, "existing": 1}},
        supply={"steel": {"price": number(1, "opened")}, "grid": {"commodity": "power", "price": number(40, "computed"),
                                                                 "power_max": 0}},
        sales={"surplus": {"commodity": "power", "power_max": 1} | price},  # type: ignore[operator]
    )  # fmt: skip


@pytest.mark.parametrize(("price", "expected"), [
    ({"price": number(39, "recalled")}, "recalled"),
    ({"price": 39}, "unstated"),
    ({"steps": ({"price": number(39, "recalled")},)}, "recalled"),
    ({"follows": "grid", "spread": number(1, "opened")}, "computed"),
    ({"follows": "grid", "spread": number(1, "recalled")}, "recalled"),
    ({"follows": "grid", "spread": 1}, "unstated"),
])  # fmt: skip
def test_a_sale_rests_on_its_price_or_on_that_of_the_supply_it_follows(price: object, expected: str) -> None:
    # 8,760 MWh sold for 39, beside 10 t of steel for 1
    whole = 8760 * 39 + 10
    shares = dict.fromkeys(ORDER, 0.0) | {"opened": 10 / whole, expected: 8760 * 39 / whole}
    assert reliance(sellers(price))["cost"].to_dict() == pytest.approx(shares)


@pytest.mark.parametrize(("share", "capex", "expected"), [
    ("opened", "recalled", "recalled"), ("recalled", "opened", "recalled"), ("opened", "computed", "computed"),
])  # fmt: skip
def test_operation_as_a_share_of_capex_rests_on_both(share: str, capex: str, expected: str) -> None:
    results = solve(
        processes={"works": {"unit": "t", "flows": {"steel": 1}, "capex": number(100, capex), "lifetime": 5,
                             "fixed_opex_share": number("4 %/a", share)}},
    )  # fmt: skip
    # capital 20 a year, operation 4
    shares = dict.fromkeys(ORDER, 0.0) | {capex: 20 / 24}
    shares[expected] += 4 / 24
    assert reliance(results)["cost"].to_dict() == pytest.approx(shares)


def test_a_renewal_does_not_rest_on_what_a_new_plant_costs() -> None:
    known = {"processes.old.capex": "opened", "processes.old.reinvest.capex": "recalled",
             "processes.old.retrofits.new.capex": "computed", "processes.new.capex": "opened"}  # fmt: skip
    assert _paths("investment", "processes", "old", known) == ["processes.old.capex"]
    assert _paths("reinvestment", "processes", "old", known) == ["processes.old.reinvest.capex"]
    assert _paths("reinvestment", "processes", "new", known) == ["processes.old.retrofits.new.capex"]


def test_the_premium_of_first_plants_counts_for_capital_and_not_for_operation_by_share() -> None:
    premium = "processes.new.first_of_a_kind"
    known = {"processes.new.capex": "opened", premium: "recalled", "processes.new.fixed_opex_share": "opened",
             "processes.new.reinvest.capex": "opened", "processes.old.retrofits.new.capex": "opened"}  # fmt: skip
    for component in ("investment", "financing", "reinvestment"):
        assert worst(_paths(component, "processes", "new", known), known) == "recalled", component
    assert worst(_paths("fixed_opex", "processes", "new", known), known) == "opened"
    assert premium not in _paths("reinvestment", "processes", "old", known)


def test_of_several_numbers_the_least_sure_counts() -> None:
    known = {"a": "opened", "b": "recalled", "c": "computed"}
    assert [worst("ac", known), worst("abc", known), worst("x", known)] == ["computed", "recalled", "unstated"]


@pytest.mark.parametrize("name", [p.stem for p in MINIS])
def test_shares_of_each_column_add_to_one(name: str) -> None:
    total = reliance(mini(name)).sum()
    assert total["cost"] == pytest.approx(1.0)
    assert total["emissions"] == pytest.approx(1.0) or total["emissions"] == 0.0
