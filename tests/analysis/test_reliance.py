"""How much of cost and emissions rests on numbers of each quality, against a sum by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import MINIS, mini, solve
from transform_sim.analysis.reliance import ORDER, reliance, worst


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


def test_of_several_numbers_the_least_sure_counts() -> None:
    known = {"a": "opened", "b": "recalled", "c": "computed"}
    assert [worst("ac", known), worst("abc", known), worst("x", known)] == ["computed", "recalled", "unstated"]


@pytest.mark.parametrize("name", [p.stem for p in MINIS])
def test_shares_of_each_column_add_to_one(name: str) -> None:
    total = reliance(mini(name)).sum()
    assert total["cost"] == pytest.approx(1.0)
    assert total["emissions"] == pytest.approx(1.0) or total["emissions"] == 0.0
