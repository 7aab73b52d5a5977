"""What plants could pay at most: by hand, and equal to the price where a new plant is the last one that is built."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.micro import load
from transform_sim import solve
from transform_sim.analysis import willingness_to_pay
from transform_sim.analysis.technology import plants_of
from transform_sim.analysis.ways import product
from transform_sim.errors import TransformSimError
from transform_sim.inputs import make_inputs
from transform_sim.results import Results

YEARS = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0}


def hydrogen(**sections: Any) -> Results:
    """Steel and ammonia need hydrogen of an electrolyser; steel may come from a furnace. Plants live one period."""
    own = {
        "horizon": YEARS,
        "commodities": {
            "steel": {"unit": "t"}, "ammonia": {"unit": "t"}, "hydrogen": {"unit": "MWh", "kind": "energy"},
            "electricity": {"unit": "MWh", "kind": "energy"}, "co2": {"unit": "t", "kind": "emission"},
            "slag": {"unit": "t"},
        },
        "processes": {
            "furnace": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 200, "auxiliary_carbon": 2},
            "shaft": {"unit": "t", "flows": {"steel": 1, "hydrogen": -2, "slag": 0.5}, "capex": 100, "lifetime": 5,
                      "variable_opex": 150},
            "reactor": {"unit": "t", "flows": {"ammonia": 1, "hydrogen": -5}, "capex": 200, "lifetime": 5,
                        "variable_opex": 30},
            "electrolyser": {"unit": "MWh", "flows": {"hydrogen": 0.5, "electricity": -1}, "capex": 20,
                             "lifetime": 5},
        },
        "supply": {"electricity": {"price": {2025: 20, 2035: 40}}},
        "sales": {"slag": {"price": 10}},
        "demand": {"steel": {"amount": 100}, "ammonia": {"amount": 10}},
        "policies": {"carbon_price": {2025: 0, 2030: 30, 2035: 90}},
    }  # fmt: skip
    return solve(load(**own | sections))


def test_a_shaft_could_pay_what_the_furnace_saves() -> None:
    table = willingness_to_pay(hydrogen(), "hydrogen").set_index(["process", "period"])
    # steel costs 200 + 2 · 30 = 260 in 2030; a shaft has 0.5 t of slag at 10, 100/5 of capital, 150 of other cost
    assert table.loc[("shaft", 2025), "willingness"] == pytest.approx((200 + 5 - 20 - 150) / 2)
    assert table.loc[("shaft", 2030), "willingness"] == pytest.approx((260 + 5 - 20 - 150) / 2)
    assert set(table["unit"]) == {"EUR2020/MWh"}
    assert table.loc[("shaft", 2025), "used"] == pytest.approx(0.0)
    without = willingness_to_pay(hydrogen(), "hydrogen", capital=False).set_index(["process", "period"])
    assert without.loc[("shaft", 2030), "willingness"] == pytest.approx((260 + 5 - 150) / 2)


def test_where_a_new_plant_is_built_it_could_pay_just_the_price() -> None:
    r = hydrogen()
    table = willingness_to_pay(r, "hydrogen").set_index(["process", "period"])
    for year in (2025, 2030, 2035):
        built = table.loc[("reactor", year)]
        assert built["willingness"] == pytest.approx(built["price"])
        assert built["used"] == pytest.approx(50.0)
        assert built["price"] == pytest.approx(float(r.shadow_price.sel(commodity="hydrogen", period=year).squeeze()))
    last = table.loc[("shaft", 2035)]
    assert last["used"] == pytest.approx(200.0)
    assert last["willingness"] == pytest.approx(last["price"])


def test_one_that_stands_gets_no_contract_and_no_grant_but_what_output_earns() -> None:
    bid = {"process": "shaft", "strike": 100, "reference_emission": 2, "duration": 5}
    policies = {
        "carbon_price": 30,
        "free_allocation": {"iron": {"commodity": "steel", "benchmark": 0.5, "activity_level": 1000}},
        "carbon_contracts": {"round": bid},
        "grants": {"first": {"plants": ["shaft"], "share": 0.5}},
    }
    r = hydrogen(policies=policies, view="private")
    new = willingness_to_pay(r, "hydrogen").set_index(["process", "period"])["willingness"]
    old = willingness_to_pay(r, "hydrogen", capital=False).set_index(["process", "period"])["willingness"]
    # 20 of capital, half of it paid by the state; 2 t at 100 less 30
    assert new[("shaft", 2025)] - old[("shaft", 2025)] == pytest.approx((-20 + 10 + 2 * 70) / 2)
    steel = r.shadow_price.sel(commodity="steel", period=2025).item()
    assert old[("shaft", 2025)] == pytest.approx((steel + 5 + 0.5 * 30 - 150) / 2)


def test_a_mode_stands_for_the_first_thing_that_it_makes() -> None:
    modes = {
        "iron": {"flows": {"slag": 0.5, "steel": 1, "hydrogen": -2}},
        "gas": {"flows": {"ammonia": 1, "hydrogen": -1}},
    }
    r = hydrogen(processes={"works": {"unit": "t", "modes": modes}}, supply={"hydrogen": {"price": 15}},
                 sales={"slag": {"price": 10}})  # fmt: skip
    table = willingness_to_pay(r, "hydrogen").drop_duplicates("mode").set_index("mode")
    assert table["product"].to_dict() == {"iron": "slag", "gas": "ammonia"}
    data = make_inputs(plants_of(r))
    assert (product(data, "works"), product(data, "works", "gas")) == ("slag", "ammonia")


def test_emissions_are_no_product_and_some_make_none() -> None:
    plants = {
        "mill": {"unit": "t", "flows": {"co2": 2, "steel": 1}},
        "flare": {"unit": "t", "flows": {"co2": 1, "gas": -1}},
    }
    goods = {"steel": {"unit": "t"}, "gas": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}
    data = make_inputs(load(commodities=goods, processes=plants))
    assert product(data, "mill") == "steel"
    assert product(data, "flare") is None


def test_users_stand_by_period_with_the_highest_first() -> None:
    table = willingness_to_pay(hydrogen(), "hydrogen")
    for _, own in table.groupby("period"):
        assert (np.diff(own["willingness"]) <= 1e-9).all()
    assert set(table["process"]) == {"shaft", "reactor"}


def test_use_is_spread_over_modes_as_they_run() -> None:
    r = hydrogen(processes={
        "shaft": {"unit": "t", "modes": {"much": {"flows": {"steel": 1, "hydrogen": -2}, "variable_opex": 100},
                                         "little": {"flows": {"steel": 1, "hydrogen": -1}, "variable_opex": 120}}},
        "reactor": {"unit": "t", "flows": {"ammonia": 1, "hydrogen": -5}},
    }, supply={"hydrogen": {"price": 15}}, sales={})  # fmt: skip
    table = willingness_to_pay(r, "hydrogen").set_index(["process", "mode", "period"])
    assert table.loc[("shaft", "little", 2030), "used"] == pytest.approx(0.0)
    assert table.loc[("shaft", "much", 2030), "used"] == pytest.approx(200.0)
    # steel costs 130: the other mode could pay 10 for its one MWh
    assert table.loc[("shaft", "much", 2030), "willingness"] == pytest.approx(15.0)
    assert table.loc[("shaft", "little", 2030), "willingness"] == pytest.approx(10.0)


def test_what_nobody_uses_is_refused_with_what_is_used() -> None:
    with pytest.raises(TransformSimError, match="of 'steel' — choose from hydrogen, electricity"):
        willingness_to_pay(hydrogen(), "steel")
