"""What plants could pay at most: by hand, and equal to the price where a new plant is the last one that is built."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.micro import load
from transform_sim import solve
from transform_sim.analysis import willingness_to_pay
from transform_sim.errors import TransformSimError
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
