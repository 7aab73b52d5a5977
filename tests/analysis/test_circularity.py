"""Recycled content by hand: what an input brings, what is lost, what goes through intermediates, what is on offer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.micro import solve
from transform_sim import analysis
from transform_sim.results import Results

SCRAP = {"unit": "t", "secondary": True}


def steel(scrap_supply: dict[str, Any] | None = None, **sections: Any) -> Results:
    """Half of 10 t of steel from scrap (1.1 t/t), half from ore with 0.15 t/t of scrap."""
    own: dict[str, Any] = {
        "commodities": {"steel": {"unit": "t"}, "scrap": SCRAP, "ore": {"unit": "t"}, "slag": {"unit": "t",
                        "disposal": {"cost": 0}}},
        "processes": {
            "arc": {"unit": "t", "flows": {"steel": 1, "scrap": -1.1}, "capacity_max": 5, "availability": 1},
            "furnace": {"unit": "t", "flows": {"steel": 1, "scrap": -0.15, "ore": -1.5, "slag": 0.3},
                        "variable_opex": 500},
        },
        "supply": {"scrap": {"price": 10, "volume_max": 12.5} | (scrap_supply or {}), "ore": {"price": 10}},
    }  # fmt: skip
    return solve(**own | sections)


def row(table: pd.DataFrame, product: str, period: int = 2025) -> pd.Series:
    return table[(table["product"] == product) & (table["period"] == period)].iloc[0]


def test_a_product_holds_no_more_than_its_own_mass() -> None:
    content = analysis.recycled_content(steel())
    assert list(content["product"]) == ["steel"]  # none of it is in slag
    found = row(content, "steel")
    assert found["secondary"] == pytest.approx(5 * 1.1 + 5 * 0.15)
    assert found["recycled"] == pytest.approx(5 * 1.0 + 5 * 0.15)
    assert found["total"] == pytest.approx(10)
    assert found["share"] == pytest.approx(0.575)
    assert found["unit"] == "t/a"


def test_units_of_mass_are_converted_and_energy_is_left_out() -> None:
    waste = {"unit": "MWh", "kind": "energy", "secondary": True}
    r = steel(
        commodities={"steel": {"unit": "t"}, "scrap": {"unit": "kg", "secondary": True}, "refuse": waste},
        processes={"arc": {"unit": "t", "flows": {"steel": 1, "scrap": -400, "refuse": -3}}},
        supply={"scrap": {"price": 1}, "refuse": {"price": 1}},
    )
    assert row(analysis.recycled_content(r), "steel")["share"] == pytest.approx(0.4)


def chain(bought: float) -> pd.DataFrame:
    """Plastic waste → oil → plastic: oil from waste joins `bought` t of fossil oil of the 15 t that are cracked."""
    r = solve(
        commodities={"waste": SCRAP, "oil": {"unit": "t"}, "plastic": {"unit": "t"}},
        processes={
            "pyrolysis": {"unit": "t", "flows": {"oil": 1, "waste": -1.4}, "capacity_max": 15 - bought,
                          "existing": 15 - bought},
            "cracker": {"unit": "t", "flows": {"plastic": 1, "oil": -1.5}},
        },
        supply={"waste": {"price": 1}, "oil": {"price": 100}}, demand={"plastic": {"amount": 10}},
    )  # fmt: skip
    return analysis.recycled_content(r)


def test_content_goes_through_intermediates_by_the_mean_of_their_pool() -> None:
    table = chain(bought=9)
    assert row(table, "oil")["share"] == pytest.approx(1.0)  # of what plants make
    assert row(table, "plastic")["share"] == pytest.approx(6 / 15)  # losses of the cracker hit both alike
    assert row(table, "plastic")["secondary"] == pytest.approx(6)
    assert row(chain(bought=0), "plastic")["share"] == pytest.approx(1.0)


def test_a_loop_of_plants_settles() -> None:
    r = solve(
        commodities={"scrap": SCRAP, "steel": {"unit": "t"}, "semis": {"unit": "t"}, "runs": {"unit": "MWh"}},
        processes={
            "melt": {"unit": "t", "flows": {"semis": 1, "scrap": -0.5}},
            "roll": {"unit": "t", "flows": {"steel": 1, "semis": -1.2}},
            "return": {"unit": "t", "flows": {"semis": 1, "steel": -1, "runs": 1}},
        },
        supply={"scrap": {"price": 1}}, demand={"steel": {"amount": 10}, "runs": {"amount": 4}},
    )  # fmt: skip
    share = row(analysis.recycled_content(r), "steel")["share"]
    assert share == pytest.approx(0.5)


def test_nothing_is_marked_or_used() -> None:
    plain = steel(commodities={c: {"unit": "t"} for c in ("steel", "scrap", "ore")} | {"slag": {"unit": "t",
                  "disposal": {"cost": 0}}})  # fmt: skip
    assert not len(analysis.recycled_content(plain))
    assert not len(analysis.secondary_use(plain))
    unused = steel({"price": 10_000}, supply={"scrap": {"price": 1, "volume_max": 0}, "ore": {"price": 1}},
                   processes={"furnace": {"unit": "t", "flows": {"steel": 1, "ore": -1}}})  # fmt: skip
    assert not len(analysis.recycled_content(unused))


def test_use_of_what_is_on_offer() -> None:
    use = analysis.secondary_use(steel()).iloc[0]
    assert (use["supply"], use["commodity"], use["unit"]) == ("scrap", "scrap", "t/a")
    assert use["bought"] == pytest.approx(6.25)
    assert use["available"] == pytest.approx(12.5)
    assert use["share"] == pytest.approx(0.5)


def test_limits_have_units_years_and_steps() -> None:
    later = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0}
    table = analysis.secondary_use(steel({"volume_max": {2030: "0.05 kt/a", 2040: "150 t/a"}}, horizon=later))
    np.testing.assert_allclose(table["available"], [np.inf, 50, 100])
    np.testing.assert_allclose(table["share"], [np.nan, 6.25 / 50, 6.25 / 100])
    steps = {"scrap": {"volume_max": 100, "steps": [{"price": 1, "volume_max": 5}, {"price": 2, "volume_max": 20}]},
             "ore": {"price": 10}}  # fmt: skip
    assert analysis.secondary_use(steel(supply=steps))["available"].iloc[0] == pytest.approx(25)
