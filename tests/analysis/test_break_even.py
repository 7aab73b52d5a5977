"""Prices at which ways cost the same, against plants solved by hand, and against the ways' own levelised cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.micro import mini, solve
from transform_sim.analysis import break_even, levelised_cost
from transform_sim.errors import TransformSimError
from transform_sim.results import Results

COMMODITIES = {
    "steel": {"unit": "t"}, "coal": {"unit": "MWh", "kind": "energy", "carbon_content": "0.34 t/MWh"},
    "hydrogen": {"unit": "MWh", "kind": "energy"}, "co2": {"unit": "t", "kind": "emission"},
}  # fmt: skip
PLANTS = {
    "furnace": {"unit": "t", "flows": {"steel": 1, "coal": -5}, "variable_opex": 125},
    "shaft": {"unit": "t", "flows": {"steel": 1, "hydrogen": -2}, "variable_opex": 160},
    "dear_furnace": {"unit": "t", "flows": {"steel": 1, "coal": -5}, "variable_opex": 130},
}  # fmt: skip


def steel(**sections: Any) -> Results:
    """Furnace 200 EUR and 1.7 t CO₂; shaft 160 EUR and 2 MWh of hydrogen at 70."""
    own = {
        "commodities": COMMODITIES, "processes": PLANTS, "supply": {"coal": {"price": 15}, "hydrogen": {"price": 70}},
        "policies": {"carbon_price": 20},
    }  # fmt: skip
    return solve(**own | sections)


def one(table: pd.DataFrame, **chosen: Any) -> pd.Series[Any]:
    """The single row with these values."""
    for key, value in chosen.items():
        table = table[table[key] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_two_routes_meet_where_their_file_says() -> None:
    table = break_even(mini("two_routes"), "steel")
    assert set(table["reference"]) == {"furnace"}
    assert set(table["process"]) == {"shaft"}
    assert list(table["period"]) == [2025, 2030, 2035]
    np.testing.assert_allclose(table["price"], 60 / 1.1)  # whatever the carbon price of the period
    assert set(table["cheaper"]) == {"above"}
    assert set(table["unit"]) == {"EUR2020/t"}


def test_prices_of_carbon_and_of_hydrogen_by_hand() -> None:
    r = steel()
    carbon = one(break_even(r, "steel"), process="shaft")
    assert (carbon["price"], carbon["cheaper"]) == (pytest.approx(100 / 1.7), "above")
    hydrogen = one(break_even(r, "steel", "hydrogen"), process="shaft")
    assert hydrogen["price"] == pytest.approx((200 + 1.7 * 20 - 160) / 2)
    assert (hydrogen["cheaper"], hydrogen["unit"]) == ("below", "EUR2020/MWh")
    assert hydrogen["cost"] == pytest.approx(300)
    assert hydrogen["reference_cost"] == pytest.approx(234)


def test_at_the_break_even_price_both_cost_the_same() -> None:
    price = float(one(break_even(steel(), "steel"), process="shaft")["price"])
    frame = levelised_cost(steel(policies={"carbon_price": price}), "steel")
    cost = frame.groupby("process")["value"].sum()
    assert cost["shaft"] == pytest.approx(cost["furnace"])


def test_ways_that_use_as_much_never_meet() -> None:
    row = one(break_even(steel(), "steel"), process="dear_furnace")
    assert np.isnan(row["price"])
    assert row["cheaper"] == "never"
    turned = one(break_even(steel(), "steel", reference="dear_furnace"), process="furnace")
    assert turned["cheaper"] == "always"


def test_amounts_are_known_where_prices_are_zero() -> None:
    r = steel(policies={}, supply={"coal": {"price": 15}, "hydrogen": {"price": 0}})
    assert one(break_even(r, "steel", reference="furnace"), process="shaft")["price"] == pytest.approx(-40 / 1.7)
    row = one(break_even(r, "steel", "hydrogen", reference="furnace"), process="shaft")
    assert row["price"] == pytest.approx(20.0)


def test_free_allocation_of_one_route_moves_the_price() -> None:
    given = {"free": {"commodity": "steel", "processes": ["furnace"], "activity_level": 10, "benchmark": 0.7}}
    r = steel(policies={"carbon_price": 20, "free_allocation": given})
    # the furnace pays for 1 t of 1.7 only
    assert one(break_even(r, "steel"), process="shaft")["price"] == pytest.approx(100 / 1.0)
    without = one(break_even(r, "steel", allocation=False), process="shaft")
    assert without["price"] == pytest.approx(100 / 1.7)


def test_a_contract_does_not_move_the_price() -> None:
    contract = {"round": {"process": "shaft", "strike": 90, "duration": 15, "emission": 0, "reference_emission": 1.7}}
    r = steel(policies={"carbon_price": 20, "carbon_contracts": contract})
    row = one(break_even(r, "steel", reference="furnace"), process="shaft")  # the contract has it built
    assert row["price"] == pytest.approx(100 / 1.7)


def test_the_cheapest_way_of_the_reference_in_the_same_region_counts() -> None:
    r = mini("reline_or_convert")
    row = break_even(r, "steel")
    assert set(row["reference"]) == {"furnace"}
    assert set(row["reference_investment"]) == {"renewed"}
    new = row[(row["process"] == "furnace") & (row["investment"] == "new")]
    assert set(new["cheaper"]) == {"never"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"of": "gas"}, "uses or makes 'gas' — choose from carbon_price, coal, hydrogen"),
        ({"reference": "mill"}, "'mill' does not make 'steel' — choose from furnace, shaft, dear_furnace"),
        ({"commodity": "coal"}, "no process makes 'coal'"),
    ],
)
def test_wrong_names_are_refused_with_the_right_ones(change: dict[str, str], message: str) -> None:
    with pytest.raises(TransformSimError, match=message):
        break_even(steel(), **{"commodity": "steel"} | change)
