"""Loops that earn money while nothing is demanded, each made by hand; and that what is shipped has none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import transform_sim as ts
from tests.micro import HALVES, MINIS, ROOT, load
from tests.oracle.carbon_strategies import carbon_systems
from tests.oracle.strategies import as_yaml, systems
from transform_sim.analysis.loops import MoneyPump
from transform_sim.errors import UnboundedError
from transform_sim.inputs import Inputs
from transform_sim.lp import Entities, LinearProgram

CO2 = {"unit": "t", "kind": "emission"}


def ammonia(**sections: Any) -> ts.Scenario:
    """Ammonia from hydrogen, and a cracker that gives 0.17 t of the 0.18 t back; 160 EUR/t of free allocation."""
    return load(**({
        "commodities": {"h2": {"unit": "t"}, "nh3": {"unit": "t"}, "co2": CO2},
        "supply": {"h2": {"price": 2000}},
        "demand": {"nh3": {"amount": 100}},
        "processes": {
            "synthesis": {"unit": "t", "flows": {"h2": -0.18, "nh3": 1}, "existing": 1000, "latest": 2000},
            "cracker": {
                "unit": "t", "flows": {"nh3": -1, "h2": 0.17}, "existing": 500, "latest": 2000, "variable_opex": 10,
            },
        },
        "policies": {
            "carbon_price": 100,
            "free_allocation": {"nh3": {"commodity": "nh3", "activity_level": 800, "benchmark": 1.6}},
        },
    } | sections))  # fmt: skip


def one(pumps: tuple[MoneyPump, ...]) -> MoneyPump:
    assert len(pumps) == 1, "\n".join(map(str, pumps))
    return pumps[0]


def amounts(pump: MoneyPump) -> dict[str, float]:
    return {member.name: member.amount for member in pump.loop}


def test_an_allocation_that_is_paid_in_a_circle() -> None:
    # the cracker limits it: 500 t at 160 EUR, less 10 EUR to crack and 0.01 t of hydrogen at 2,000 EUR/t
    pump = one(ts.analysis.money_pumps(ammonia()))
    assert (pump.kind, pump.endless) == ("money pump", False)
    assert pump.earns == pytest.approx({2025: 500 * (160 - 10 - 20)})
    assert pump.split == pytest.approx({"free_allocation": -80e3, "variable_opex": 5e3, "supply_price": 10e3})
    assert amounts(pump) == pytest.approx({
        "activity[synthesis, ruhr]": 500, "activity[cracker, ruhr]": 500, "allocated_output[nh3]": 500,
        "purchase[h2, step 1, ruhr]": 5,
    })  # fmt: skip
    assert "money pump in 2025: 65,000 EUR2020/a in 2025 (free_allocation +80,000" in str(pump)
    assert "activity[cracker, ruhr] 500 t/a" in str(pump)


@pytest.mark.parametrize(
    "change",
    [
        {"supply.h2.price": 16_000},
        {"policies.free_allocation.nh3.factor": 0.1},
        {"policies.free_allocation.nh3.by": "lump_sum"},
        {"policies.free_allocation.nh3.active": False},
        # the cracker is paid for its hydrogen, so what it takes earns nothing
        {"policies.free_allocation.h2": {"commodity": "h2", "activity_level": 800, "benchmark": 1e-3}},
    ],
    ids=["dear loss", "low factor", "lump sum", "switched off", "no double allocation"],
)
def test_no_pump_where_the_loop_does_not_pay(change: dict[str, Any]) -> None:
    assert ts.analysis.money_pumps(ammonia().with_(change)) == ()


def test_a_study_in_the_social_view_is_looked_at_in_the_private_one() -> None:
    assert one(ts.analysis.money_pumps(ammonia().with_({"view": "social"}))).earns[2025] == pytest.approx(65e3)


def test_each_period_has_its_own_account() -> None:
    horizon = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.05}
    price = {2025: 0, 2030: 100, 2035: 200}
    pump = one(ts.analysis.money_pumps(ammonia(horizon=horizon).with_({"policies.carbon_price": price})))
    assert pump.earns == pytest.approx({2025: 0, 2030: 500 * 130, 2035: 500 * 290}, abs=1e-6)
    assert pump.year == 2035
    assert str(pump).startswith("money pump in 2030, 2035: 145,000 EUR2020/a in 2035")


def test_plants_are_built_for_a_loop_that_pays_for_them() -> None:
    new = {"lifetime": 10, "economic_lifetime": 10}
    processes = {
        "synthesis": {"unit": "t", "flows": {"h2": -0.18, "nh3": 1}, "capex": 400, **new},
        "cracker": {"unit": "t", "flows": {"nh3": -1, "h2": 0.17}, "capex": 100, **new},
    }
    # without discounting a tenth of 500 EUR per year; the allocation ends at 800 t
    pump = one(ts.analysis.money_pumps(ammonia(processes=processes)))
    assert pump.earns == pytest.approx({2025: 800 * (160 - 20 - 50)})
    assert pump.split["investment"] == pytest.approx(800 * 50)
    assert amounts(pump)["new_capacity[cracker, ruhr]"] == pytest.approx(800)
    dear = {**processes, "cracker": {**processes["cracker"], "capex": 1100}}
    assert ts.analysis.money_pumps(ammonia(processes=dear)) == ()


def remelting(lp: LinearProgram, data: Inputs) -> None:
    """30 EUR for each tonne that any plant makes."""
    lp.add_cost("bonus", "activity", -30.0, payer="state", receiver="industry", kind="transfer")


def test_a_loop_without_limit_is_told_per_unit() -> None:
    plant = {"unit": "t", "capex": 50, "lifetime": 10}
    processes = {
        "smelter": {**plant, "flows": {"scrap": -1, "steel": 1}},
        "shredder": {**plant, "flows": {"steel": -1, "scrap": 1}},
    }
    scenario = load(
        commodities={"steel": {"unit": "t"}, "scrap": {"unit": "t"}}, supply={"steel": {"price": 500}},
        processes=processes,
    )  # fmt: skip
    assert ts.analysis.money_pumps(scenario) == ()
    pump = one(ts.analysis.money_pumps(scenario, constraints=[remelting]))
    assert pump.endless
    # two plants earn 30 EUR each and cost a tenth of 50 EUR a year
    assert pump.earns == pytest.approx({2025: 2 * (30 - 5)})
    assert list(amounts(pump).values()) == pytest.approx([1] * 4)
    assert "without limit, 50 EUR2020 for 1 t/a of" in str(pump)


def test_a_store_that_is_paid_for_what_it_holds() -> None:
    def held(lp: LinearProgram, data: Inputs) -> None:
        lp.add_cost("rent", "level", -1.0, payer="state", receiver="industry", kind="transfer")

    scenario = load(
        commodities={"power": {"unit": "MWh", "balance": "day"}},
        time=HALVES,
        supply={"power": {"price": 50}},
        demand={"power": {"amount": 10}},
        storages={"cavern": {"commodity": "power", "existing": 2, "latest": 2000, "cycle": "year"}},
    )
    assert ts.analysis.money_pumps(scenario) == ()
    pump = one(ts.analysis.money_pumps(scenario, constraints=[held]))
    # full all year: nothing is lost, so nothing need be bought; it is paid for at the ends of two runs of equal days
    assert pump.split == pytest.approx({"rent": -2 * 2})
    assert amounts(pump) == pytest.approx({"capacity[cavern, ruhr]": 2})


def test_a_contract_whose_product_is_undone_again() -> None:
    # 1.8 t avoided at 110 − 50 EUR/t, less a tenth of 100 EUR and 25 EUR to run; idle plants earn nothing
    processes = {
        "route": {"unit": "t", "flows": {"ore": -1, "steel": 1}, "capex": 100, "lifetime": 10, "variable_opex": 20},
        "undo": {
            "unit": "t", "flows": {"steel": -1, "ore": 1}, "existing": 100, "latest": 2000, "variable_opex": 5,
        },
    }  # fmt: skip
    contract = {"process": "route", "strike": 110, "reference_emission": 1.9, "emission": 0.1}
    scenario = load(
        commodities={"steel": {"unit": "t"}, "ore": {"unit": "t"}, "co2": CO2}, supply={"steel": {"price": 500}},
        processes=processes, policies={"carbon_price": 50, "carbon_contracts": {"first": contract}},
    )  # fmt: skip
    pump = one(ts.analysis.money_pumps(scenario))
    assert pump.earns == pytest.approx({2025: 100 * (108 - 10 - 25)})
    assert "contracted_output[first, ruhr] 100 t/a" in str(pump)
    assert ts.analysis.money_pumps(scenario.with_({"processes.undo": None})) == ()
    limited = scenario.with_(
        {"policies.budgets": {"b": {"limit": 1080}}, "policies.carbon_contracts.first.budget": "b"}
    )
    assert one(ts.analysis.money_pumps(limited)).earns == pytest.approx({2025: 10 * (108 - 10 - 25)})


def test_two_loops_with_incomes_of_their_own_are_both_told() -> None:
    def bonus(lp: LinearProgram, data: Inputs) -> None:
        for name, plant, money in (("first", "a", -5.0), ("second", "c", -7.0)):
            table = Entities.of(asset=[data.assets.code(plant)])
            lp.add_cost(name, "activity", np.full((1, 1, 1), money), over=table, payer="state", kind="transfer")

    old = {"unit": "t", "existing": 10, "latest": 2000}
    names = ["steel", "w", "x", "y", "z"]
    ways = {"a": ("w", "x"), "b": ("x", "w"), "c": ("y", "z"), "d": ("z", "y")}
    scenario = load(
        commodities={name: {"unit": "t"} for name in names}, supply={"steel": {"price": 1}},
        processes={p: {**old, "flows": {taken: -1, made: 1}} for p, (taken, made) in ways.items()},
    )  # fmt: skip
    pumps = ts.analysis.money_pumps(scenario, constraints=[bonus])
    assert [pump.split for pump in pumps] == [pytest.approx({"second": -70}), pytest.approx({"first": -50})]
    assert [set(amounts(pump)) for pump in pumps] == [
        {"activity[c, ruhr]", "activity[d, ruhr]"}, {"activity[a, ruhr]", "activity[b, ruhr]"}
    ]  # fmt: skip


def air_capture(price: float, **policies: Any) -> ts.Scenario:
    """Carbon dioxide of the air for 100 EUR/t, stored for good for 50 EUR/t."""
    stored = {"cost": 50, "permanent": True}
    return load(
        commodities={
            "steel": {"unit": "t"}, "co2": CO2,
            "captured": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True, "disposal": stored},
        },
        supply={"steel": {"price": 1}, "air": {"commodity": "captured", "price": 100, "origin": "air"}},
        policies={"carbon_price": price, **policies},
    )  # fmt: skip


def test_a_removal_that_the_carbon_price_pays_for_is_no_pump() -> None:
    found = one(ts.analysis.money_pumps(air_capture(200)))
    assert (found.kind, found.endless) == ("removal", True)
    assert found.split == pytest.approx({"carbon_price": -200, "supply_price": 100, "disposal": 50})
    assert ts.analysis.money_pumps(air_capture(140)) == ()
    assert ts.analysis.money_pumps(air_capture(200, credit_removals=False)) == ()


def test_what_is_paid_for_at_a_price_below_zero_is_no_pump() -> None:
    scenario = load(
        commodities={"steel": {"unit": "t"}, "waste": {"unit": "t", "disposal": {"cost": 5}}},
        supply={"steel": {"price": 1}, "waste": {"price": -20, "volume_max": 3}},
    )
    found = one(ts.analysis.money_pumps(scenario))
    assert found.kind == "negative price"
    assert found.earns == pytest.approx({2025: 3 * (20 - 5)})


def test_buying_only_to_sell() -> None:
    scenario = load(supply={"steel": {"price": 100}}, sales={"steel": {"price": 120, "volume_max": 7}})
    assert one(ts.analysis.money_pumps(scenario)).earns == pytest.approx({2025: 7 * 20})
    assert ts.analysis.money_pumps(scenario.with_({"supply.steel.levy": 25})) == ()


def test_what_is_made_and_sold_to_the_outside_is_no_loop() -> None:
    mill = {"unit": "t", "flows": {"steel": 1}, "existing": 50, "latest": 2000, "variable_opex": 10}
    assert ts.analysis.money_pumps(load(processes={"mill": mill}, sales={"steel": {"price": 120}})) == ()


def test_a_cap_below_zero_is_no_reason_to_run() -> None:
    assert ts.analysis.money_pumps(air_capture(100, emission_cap=-1000)) == ()


@pytest.mark.parametrize("path", MINIS, ids=lambda path: path.stem)
def test_the_mini_scenarios_have_no_loop_that_earns(path: Any) -> None:
    assert ts.analysis.money_pumps(ts.load(path)) == ()


STUDIES = ["nrw_steel_annual", "nrw_reference", "nrw_policies", "nrw_endogenous_power", "nrw/kn45_mix"]


@pytest.mark.parametrize("name", STUDIES)
def test_the_shipped_studies_have_no_money_pump(name: str) -> None:
    root = ROOT / "scenarios"
    variant = None if name.endswith("annual") else "annual"
    found = ts.analysis.money_pumps(ts.load(root / f"{name}.yaml", variant=variant, root=root))
    assert {loop.kind for loop in found} <= {"removal"}, "\n".join(map(str, found))


SEARCH = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MONEY = st.integers(0, 40).map(lambda k: 5.0 * k)


def by_plants(found: tuple[MoneyPump, ...]) -> list[MoneyPump]:
    """The pumps that do not live on buying to sell, which random prices allow."""
    sold = [loop for loop in found if any(member.name.startswith("sale[") for member in loop.loop)]
    return [loop for loop in found if loop.kind == "money pump" and loop not in sold]


@SEARCH
@given(systems())
def test_random_systems_earn_nothing_by_themselves(data: dict[str, Any]) -> None:
    assert by_plants(ts.analysis.money_pumps(ts.loads(as_yaml(data)))) == []


@SEARCH
@given(carbon_systems())
def test_random_systems_of_carbon_earn_only_by_removals(data: dict[str, Any]) -> None:
    assert by_plants(ts.analysis.money_pumps(ts.loads(as_yaml(data)))) == []


@SEARCH
@given(systems(), MONEY)
def test_a_loop_is_found_where_the_optimum_without_demand_is_below_zero(data: dict[str, Any], bonus: float) -> None:
    def paid(lp: LinearProgram, _: Inputs) -> None:
        lp.add_cost("bonus", "activity", -bonus, payer="state", receiver="industry", kind="transfer")

    # without what earns outside, and without loads that must be part of what is demanded
    data = {key: value for key, value in data.items() if key not in ("sales", "flexible_loads")}
    found = ts.analysis.money_pumps(ts.loads(as_yaml(data)), constraints=[paid])
    idle = {name: {**demand, "amount": 0} for name, demand in data["demand"].items()}
    nothing = ts.loads(as_yaml({**data, "view": "private", "demand": idle}))
    try:
        results = ts.solve(nothing, constraints=[paid])
    except UnboundedError:
        assert found
        return
    turnover = float(np.abs(results.cost.where(results.data["counts"], 0.0)).sum())
    assert bool(found) == (results.objective < -1e-6 * turnover - 1e-3)
