"""What sectors make for each other: shares of a pool, by-products, places; and what it is worth, solved by hand."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import transform_sim as ts
from tests.micro import HALVES, load
from transform_sim import analysis
from transform_sim.analysis.exchange import main_products
from transform_sim.analysis.exchange_value import exchanged
from transform_sim.errors import InfeasibleError, TransformSimError

UNITS = {"steel": "t", "slag": "t", "power": "MWh", "heat": "MWh", "hydrogen": "MWh", "gas": "m3"}


def works(**sections: Any) -> ts.Scenario:
    """A steel works whose slag may replace clinker: 100 t of steel bring 30 t, 40 t of cement take up to 20 t of it."""
    base: dict[str, Any] = {
        "commodities": {
            "steel": {"unit": "t"}, "slag": {"unit": "t", "disposal": {"cost": 0}}, "cement": {"unit": "t"},
            "clinker": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"},
        },
        "processes": {
            "furnace": {"unit": "t", "sector": "steel", "flows": {"steel": 1, "slag": 0.3}, "variable_opex": 100},
            "kiln": {"unit": "t", "sector": "cement", "flows": {"clinker": 1, "co2": 0.8}, "variable_opex": 60},
            "slag_mill": {"unit": "t", "sector": "cement", "flows": {"cement": 1, "slag": -0.5, "clinker": -0.5}},
            "pure_mill": {"unit": "t", "sector": "cement", "flows": {"cement": 1, "clinker": -1}},
        },
        "demand": {"steel": {"amount": 100}, "cement": {"amount": 40}},
    }  # fmt: skip
    return load(**{key: base.get(key, {}) | sections.get(key, {}) for key in (*base, *sections)})


@cache
def value() -> pd.DataFrame:
    return analysis.exchange_value(works(), progress=False)


def test_what_activity_counts_is_the_main_product() -> None:
    assert main_products({"steel": 1.0, "slag": 1.4}, "t", UNITS) == {"steel"}
    assert main_products({"power": 1.0, "heat": 1.0}, "MWh", UNITS) == {"power", "heat"}
    assert main_products({"steel": 1.0, "heat": 1.0}, "t", UNITS) == {"steel"}
    assert main_products({"heat": 1.0, "slag": 0.3}, "t", UNITS) == {"heat"}


def test_where_activity_counts_an_input_the_largest_of_its_kind_is_the_main_product() -> None:
    assert main_products({"hydrogen": 0.62, "heat": 0.2, "slag": 5.0}, "MWh", UNITS) == {"hydrogen"}
    assert main_products({"hydrogen": 0.62}, "t", UNITS) == {"hydrogen"}
    assert main_products({"hydrogen": 0.6, "heat": 0.2}, "t", UNITS) == {"hydrogen", "heat"}  # nothing to tell by


def test_a_by_product_is_told_from_what_a_plant_is_run_for() -> None:
    table = analysis.exchange(ts.solve(works()))
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["commodity"], row["from_process"], row["to_process"]) == ("slag", "furnace", "slag_mill")
    assert (row["from_sector"], row["to_sector"], row["unit"], row["period"]) == ("steel", "cement", "t/a", 2025)
    assert row["amount"] == pytest.approx(20)
    assert row["by_product"]
    assert row["value"] == pytest.approx(0)  # more is made than is taken


def pool(**sections: Any) -> pd.DataFrame:
    """Two makers (10 and 30 MWh) and 40 MWh bought; used by two others (16 and 48) and demanded (16)."""
    own: dict[str, Any] = {
        "commodities": {"heat": {"unit": "MWh", "kind": "energy"}, "a": {"unit": "t"}, "b": {"unit": "t"},
                        "x": {"unit": "t"}, "y": {"unit": "t"}},
        "processes": {
            "mill": {"unit": "t", "sector": "mills", "flows": {"a": 1, "heat": 1}},
            "oven": {"unit": "t", "sector": "ovens", "flows": {"b": 1, "heat": 3}},
            "dryer": {"unit": "t", "sector": "dryers", "flows": {"x": 1, "heat": -1.6}},
            "bath": {"unit": "t", "sector": "ovens", "flows": {"y": 1, "heat": -4.8}},
        },
        "supply": {"heat": {"price": 30}},
        "demand": {c: {"amount": 10} for c in "abxy"} | {"heat": {"amount": 16}},
    }  # fmt: skip
    return analysis.exchange(ts.solve(load(**own | sections)))


def test_of_a_pool_each_user_takes_from_each_maker_in_proportion() -> None:
    table = pool().set_index(["from_process", "to_process"])
    assert table.loc[("mill", "dryer"), "amount"] == pytest.approx(10 * 16 / 80)
    assert table.loc[("mill", "bath"), "amount"] == pytest.approx(10 * 48 / 80)
    assert table.loc[("oven", "dryer"), "amount"] == pytest.approx(30 * 16 / 80)
    assert ("oven", "bath") not in table.index  # the same sector
    np.testing.assert_allclose(table["value"], 30 * table["amount"])


def test_places_without_a_link_exchange_nothing() -> None:
    regions = {"regions": {"north": {}, "south": {}}}
    apart = {"processes": {
        "mill": {"unit": "t", "sector": "mills", "flows": {"a": 1, "heat": 1}, "regions": ["north"]},
        "dryer": {"unit": "t", "sector": "dryers", "flows": {"x": 1, "heat": -1}, "regions": ["south"]},
    }, "demand": {"a": {"amount": {"north": 10}}, "x": {"amount": {"south": 10}}}}  # fmt: skip
    heat: dict[str, Any] = {"unit": "MWh", "kind": "energy", "disposal": {"cost": 0}}
    goods = {"a": {"unit": "t"}, "x": {"unit": "t"}}
    assert not len(pool(**regions, **apart, commodities=goods | {"heat": heat}))
    assert pool(**regions, **apart, commodities=goods | {"heat": heat | {"area": "all"}})["amount"].sum() == 10
    pipe = {"links": {"pipe": {"commodity": "heat", "from": "north", "to": "south", "capex": 0}}}
    assert pool(**regions, **apart, commodities=goods | {"heat": heat}, **pipe)["amount"].sum() == pytest.approx(10)


def test_gain_is_the_cost_of_doing_without() -> None:
    table = value().set_index("commodity")
    assert list(table.index) == ["all", "slag"]
    for name in table.index:
        assert table.loc[name, "gain"] == pytest.approx(20 * 60)  # 20 t more clinker
        assert table.loc[name, "annual_gain"] == pytest.approx(20 * 60)
        assert table.loc[name, "co2"] == pytest.approx(20 * 0.8)
        assert table.loc[name, "finding"] == "saves"
    assert table.loc["slag", "exchanged"] == pytest.approx(20)
    assert table.loc["slag", "unit"] == "t/a"
    assert np.isnan(table.loc["all", "exchanged"])


def test_what_can_be_bought_instead_is_worth_its_price() -> None:
    scenario = works(supply={"slag": {"price": 20}})
    assert analysis.exchange_value(scenario, progress=False)["gain"].to_numpy() == pytest.approx([400, 400])


def test_a_sale_is_no_exchange() -> None:
    scenario = works(sales={"slag": {"price": 10}})
    # with: 20 t used, 10 t sold; without: 30 t sold and 20 t more clinker
    assert analysis.exchange_value(scenario, progress=False)["gain"].iloc[0] == pytest.approx(20 * 60 - 20 * 10)


def test_demand_may_still_be_served() -> None:
    scenario = works(demand={"slag": {"amount": 5}}, commodities={"slag": {"unit": "t"}})
    scenario = scenario.with_({"demand.cement.amount": 50, "processes.furnace.flows.slag": 0.3})
    table = analysis.exchange_value(scenario, progress=False)
    assert set(table["finding"]) == {"no solution without"}  # 25 t have nowhere to go
    way_out = scenario.with_({"commodities.slag.disposal": {"cost": 1}})
    assert analysis.exchange_value(way_out, progress=False)["gain"].iloc[0] == pytest.approx(25 * 60 + 25)


def test_a_study_that_needs_the_exchange_says_so_and_raises_nothing() -> None:
    scenario = works().with_({"processes.kiln.capacity_max": 25, "processes.pure_mill.capacity_max": 0})
    table = analysis.exchange_value(scenario, progress=False)
    assert np.isinf(table["gain"]).all()
    assert table[["annual_gain", "co2", "accuracy"]].isna().all(axis=None)
    assert set(table["finding"]) == {"no solution without"}


def test_use_in_the_sector_itself_goes_on() -> None:
    own = {"roadworks": {"unit": "t", "sector": "steel", "flows": {"road": 1, "slag": -1}},
           "gravel": {"unit": "t", "sector": "steel", "flows": {"road": 1}, "variable_opex": 7}}  # fmt: skip
    scenario = works(processes=own, commodities={"road": {"unit": "t"}}, demand={"road": {"amount": 30}})
    # slag is worth 60 in cement and 7 on roads: with, 20 t to cement and 10 t to roads; without, 30 t to roads
    assert analysis.exchange_value(scenario, progress=False)["gain"].iloc[0] == pytest.approx(20 * 60 - 20 * 7)


def test_by_product_users_may_turn_to_plants_that_are_run_for_it() -> None:
    maker = {"granulator": {"unit": "t", "sector": "minerals", "flows": {"slag": 1}, "variable_opex": 15}}
    scenario = works(processes=maker)
    assert analysis.exchange_value(scenario, progress=False)["gain"].iloc[0] == pytest.approx(20 * 15)


def test_a_named_main_product_stays_in_its_sector_whole() -> None:
    processes = {"kiln": {"unit": "t", "sector": "minerals", "flows": {"clinker": 1}, "variable_opex": 60}}
    scenario = works(processes=processes, supply={"clinker": {"price": 75}})
    assert exchanged(scenario) == ["slag"]
    table = analysis.exchange_value(scenario, ["clinker"], progress=False)
    assert table.set_index("commodity").loc["clinker", "gain"] == pytest.approx(20 * 15)
    assert table.set_index("commodity").loc["clinker", "exchanged"] == pytest.approx(20)


def test_links_let_a_sector_use_its_by_product_elsewhere() -> None:
    rail = {"commodity": "slag", "from": "ruhr", "to": "south"}
    two = works(regions={"ruhr": {}, "south": {}}, links={"rail": rail}).with_({
        "demand.steel.amount": {"ruhr": 100}, "demand.cement.amount": {"south": 40},
        "processes.furnace.regions": ["ruhr"], "processes.kiln.regions": ["south"],
    })  # fmt: skip
    table = analysis.exchange_value(two, progress=False).set_index("commodity")
    assert table.loc["slag", "gain"] == pytest.approx(1200)
    assert table.loc["slag", "exchanged"] == pytest.approx(20)


def test_what_is_lost_on_the_way_within_a_sector_is_no_exchange() -> None:
    def worth(loss: float) -> float:
        two = load(
            regions={"ruhr": {}, "south": {}},
            commodities={"gas": {"unit": "MWh", "disposal": {"cost": 500}},
                         **{c: {"unit": "t", "area": "all"} for c in ("iron", "steel", "glass")}},
            processes={
                "furnace": {"unit": "t", "sector": "steel", "regions": ["ruhr"], "flows": {"iron": 1, "gas": 2}},
                "mill": {"unit": "t", "sector": "steel", "regions": ["south"], "flows": {"steel": 1, "gas": -1}},
                "glassworks": {"unit": "t", "sector": "glass", "regions": ["south"], "flows": {"glass": 1, "gas": -1}},
            },
            links={"pipe": {"commodity": "gas", "from": "ruhr", "to": "south", "loss": loss}},
            supply={"gas": {"price": 30}},
            demand={"iron": {"amount": 10}, "steel": {"amount": 19}, "glass": {"amount": 1}},
        )  # fmt: skip
        return float(analysis.exchange_value(two, progress=False).set_index("commodity").loc["gas", "gain"])

    # the mill takes 19 of 20 MWh; the last one goes to the glassworks, or is got rid of and bought there
    assert worth(0.0) == pytest.approx(500 + 30)
    # 19 of 20 MWh arrive and the mill takes them: the glassworks buys, with exchange and without
    assert worth(0.05) == pytest.approx(0.0, abs=1e-4)


def test_storing_carbon_dioxide_is_no_exchange_but_making_something_of_it_is() -> None:
    gas = {"unit": "t", "carbon_dioxide": True, "carbon_content": 1}
    goods = {"gas": gas, "stored": gas | {"disposal": {"permanent": True}}, "methanol": {"unit": "t"},
             "lime": {"unit": "t"}}  # fmt: skip
    ways = {
        "catcher": {"unit": "t", "sector": "lime", "flows": {"lime": 1, "gas": 0.8}, "auxiliary_carbon": 0.8},
        "pipeline": {"unit": "t", "sector": "co2", "flows": {"gas": -1, "stored": 1}},
    }
    use = {"synthesis": {"unit": "t", "sector": "methanol", "flows": {"gas": -1.4, "methanol": 1}}}
    stored = works(commodities=goods, processes=ways, demand={"lime": {"amount": 1}})
    assert exchanged(stored) == ["slag"]
    assert set(analysis.exchange(ts.solve(stored))["commodity"]) == {"slag"}
    assert exchanged(works(commodities=goods, processes=ways | use, demand={"lime": {"amount": 1}})) == ["slag", "gas"]


def test_own_constraints_hold_with_and_without() -> None:
    def little_slag(lp: ts.LinearProgram, data: Any) -> None:
        mill = ts.Entities.of(asset=[data.assets.code("slag_mill")])
        lp.add_rows("little", ts.SINGLE, "year", terms=[ts.Term(1, "activity", over=mill)], upper=10 / 8760)

    table = analysis.exchange_value(works(), progress=False, constraints=[little_slag])
    assert table["gain"].iloc[0] == pytest.approx(5 * 60)


def test_what_cannot_be_compared_is_told() -> None:
    with pytest.raises(TransformSimError, match="there is no commodity 'ash' — choose from steel, slag"):
        analysis.exchange_value(works(), ["ash"], progress=False)
    with pytest.raises(TransformSimError, match="no sector uses steel of another — choose from slag"):
        analysis.exchange_value(works(), ["steel"], progress=False)
    alone = works().with_({"processes.slag_mill.sector": "steel"})
    with pytest.raises(TransformSimError, match="no sector uses a by-product of another"):
        analysis.exchange_value(alone, progress=False)


def test_a_study_without_solution_raises() -> None:
    with pytest.raises(InfeasibleError):
        analysis.exchange_value(works().with_({"processes.kiln.capacity_max": 1}), progress=False)


def test_a_bar_shows_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    analysis.exchange_value(works(), progress=True)
    assert capsys.readouterr().out == ""


def test_by_the_hour_a_sector_keeps_what_it_makes_over_the_year() -> None:
    hourly = {"unit": "MWh", "kind": "energy", "balance": "hour"}
    r = {
        "time": HALVES, "profiles": {"warm": {"summer": 0.0, "winter": 2.0}},
        "commodities": {"steel": {"unit": "t"}, "heat": hourly | {"disposal": {"cost": 0}}, "warmth": hourly},
        "processes": {
            "furnace": {"unit": "t", "sector": "steel", "flows": {"steel": 1, "heat": 1}},
            "network": {"unit": "MWh", "sector": "homes", "flows": {"warmth": 1, "heat": -1}, "variable_opex": 5},
            "boiler": {"unit": "MWh", "sector": "homes", "flows": {"warmth": 1}, "variable_opex": 40},
        },
        "demand": {"steel": {"amount": 8760}, "warmth": {"amount": 8760, "profile": "warm"}},
    }  # fmt: skip
    # steel brings 1 MW all year; in winter 2 MW are needed, so half of them come from steel
    table = analysis.exchange_value(load(**r), progress=False).set_index("commodity")
    assert table.loc["heat", "gain"] == pytest.approx(4380 * 35)
    assert table.loc["heat", "exchanged"] == pytest.approx(4380)
