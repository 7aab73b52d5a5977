"""Free allocation by hand: what it pays, for which route it decides, and what must not be paid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import HALVES, load, objective, solve
from tests.model.paid import between_slopes, dual, is_no_matter_of_society, policies, swept_is_solved
from tests.model.paid import switched_off_is_absent as off_is_absent

STEEL = {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}
COST = {"furnace": 450.0, "shaft": 635.0}
EMITS = {"furnace": 1.93, "shaft": 0.08}
BENCHMARK = 1.248
LEVEL = (635.0 - 450.0) / (1.93 - 0.08)
"""100 EUR/t CO₂: the furnace at 450 and the shaft at 635 EUR/t draw level."""


def routes(price: float = 100.0, *, allocation: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    """10 t of steel from a furnace or a shaft, with 1.248 allowances per t of it."""
    given = {"commodity": "steel", "benchmark": BENCHMARK, "activity_level": 1000} | (allocation or {})
    return {
        "commodities": STEEL,
        "processes": {
            name: {"unit": "t", "flows": {"steel": 1, "co2": EMITS[name]}, "variable_opex": COST[name],
                   "existing": 1000, "latest": 2000}
            for name in COST
        },
        "policies": {"carbon_price": price, "free_allocation": {"iron": given}},
    } | sections  # fmt: skip


def share_of_shaft(sections: dict[str, Any]) -> float:
    activity = solve(**sections).data.activity.sum(("mode", "region", "period"))
    return float(activity.sel(process="shaft") / activity.sum())


def test_unit_payment() -> None:
    # 10 t · (450 + 100 · 1.93 − 100 · 1.248 · 0.5)
    r = solve(**routes(99, allocation={"factor": 0.5}))
    assert r.objective == pytest.approx(10 * (450 + 99 * 1.93 - 99 * 1.248 * 0.5), rel=1e-12)
    assert float(r.data.cost.sel(component="free_allocation").sum()) == pytest.approx(-10 * 99 * 1.248 * 0.5)


@pytest.mark.parametrize("benchmark", [None, 0.3, BENCHMARK, 3.0])
def test_tied_to_the_product_it_leaves_the_routes_as_they_were(benchmark: float | None) -> None:
    for price, shaft in ((LEVEL - 0.01, 0.0), (LEVEL + 0.01, 1.0)):
        given = {"active": False} if benchmark is None else {"benchmark": benchmark}
        assert share_of_shaft(routes(price, allocation=given)) == pytest.approx(shaft, abs=1e-9)


@pytest.mark.parametrize("benchmark", [0.3, BENCHMARK])
def test_tied_to_one_route_it_moves_the_price_at_which_routes_draw_level(benchmark: float) -> None:
    # ΔLCO = (e_ref − a − e_x) · CO2*
    level = (635.0 - 450.0) / (1.93 - benchmark - 0.08)
    for price, shaft in ((level - 0.01, 0.0), (level + 0.01, 1.0)):
        tied = {"benchmark": benchmark, "processes": ["furnace"]}
        assert share_of_shaft(routes(price, allocation=tied)) == pytest.approx(shaft, abs=1e-9)


def test_what_a_tie_to_the_furnace_is_worth_at_100() -> None:
    # 124.8 EUR per t of iron, as much as 67 EUR/t more on the 1.85 t that the shaft avoids
    shaft_alone = {name: objective(**routes(allocation={"processes": [name]})) for name in COST}
    assert objective(**routes()) == pytest.approx(shaft_alone["furnace"])
    furnace = 10 * (450 + 193 - 124.8)
    assert shaft_alone["furnace"] == pytest.approx(furnace)
    dearer = routes(allocation={"processes": ["furnace"]})
    dearer["processes"]["shaft"]["variable_opex"] = 635.0 - 124.8 - 0.01
    assert share_of_shaft(dearer) == pytest.approx(1)
    dearer["processes"]["shaft"]["variable_opex"] = 635.0 - 124.8 + 0.01
    assert share_of_shaft(dearer) == pytest.approx(0)
    assert pytest.approx(67, abs=0.5) == 124.8 / 1.85


def test_output_counts_up_to_the_activity_level_and_as_far_as_it_is_made_here() -> None:
    plain = 10 * (450 + 193)
    assert objective(**routes(allocation={"activity_level": 4})) == pytest.approx(plain - 4 * 124.8)
    # a dear furnace of 6 t a year: what is imported earns nothing, and the import is worth it no more
    imports = {"supply": {"import": {"commodity": "steel", "price": 600}}}
    r = solve(**routes(**imports))
    assert r.objective == pytest.approx(plain - 10 * 124.8)  # 643 − 124.8 is less than 600
    r = solve(**routes(allocation={"benchmark": 0.4}, **imports))
    assert r.objective == pytest.approx(6000)  # 643 − 40 is not


def test_a_lump_sum_changes_nothing_but_the_objective() -> None:
    imports = {"supply": {"import": {"commodity": "steel", "price": 600}}}
    without = objective(**routes(allocation={"active": False}, **imports))
    lump = solve(**routes(allocation={"by": "lump_sum", "activity_level": 7}, **imports))
    assert without == pytest.approx(6000)
    assert lump.objective == pytest.approx(without - 7 * 124.8)
    assert float(lump.data.activity.sum()) == pytest.approx(0)


def test_only_what_is_served_earns() -> None:
    demand = {"steel": {"amount": 10, "shortfall_cost": 500}}
    # 643 − 124.8 = 518.2 is more than doing without; with all demand in full counted, 10 · 124.8 would be earned
    assert objective(**routes(demand=demand)) == pytest.approx(5000)
    assert objective(**routes(demand={"steel": {"amount": 10, "shortfall_cost": 519}})) == pytest.approx(5182)
    elastic = {"steel": {"amount": 10, "elasticity": -1, "reference_price": 500, "elastic_steps": 2,
                         "elastic_range": [0.8, 1.2]}}  # fmt: skip
    # 12.5 t at 400, 10 at 500, 8.33 at 600: what is worth 450 is forgone, what is worth 550 is served at 518.2
    served = solve(**routes(demand=elastic))
    assert float(served.data.served_demand.sum()) == pytest.approx(10)
    assert served.objective == pytest.approx(2.5 * 450 + 10 * 518.2)


def test_sales_earn_and_what_is_thrown_away_does_not() -> None:
    disposal = STEEL | {"steel": {"unit": "t", "disposal": {}}}
    generous = {"benchmark": 10.0}
    earned = solve(**routes(allocation=generous, commodities=disposal))
    assert earned.objective == pytest.approx(10 * (643 - 1000))
    assert float(earned.data.activity.sum()) == pytest.approx(10)
    sold = {"export": {"commodity": "steel", "price": 1, "volume_max": 5}}
    assert objective(**routes(allocation=generous, sales=sold)) == pytest.approx(15 * (643 - 1000) - 5)


def test_what_is_thrown_away_here_earns_nothing_while_imports_meet_demand_elsewhere() -> None:
    ends = {"here": {}, "there": {}}
    steel = {"steel": {"unit": "t", "disposal": {}}, "co2": {"unit": "t", "kind": "emission"}}
    imported = {"import": {"commodity": "steel", "price": 10, "regions": ["there"]}}
    apart = routes(allocation={"benchmark": 10.0}, regions=ends, commodities=steel, supply=imported,
                   demand={"steel": {"amount": {"there": 10}}})  # fmt: skip
    for process in apart["processes"].values():
        process["regions"] = ["here"]
    assert objective(**apart) == pytest.approx(100)


def test_two_allocations_for_one_product_do_not_pay_for_more_than_is_used() -> None:
    two = routes(commodities=STEEL | {"steel": {"unit": "t", "disposal": {}}})
    each = {"commodity": "steel", "benchmark": 10.0, "activity_level": 1000}
    two["policies"]["free_allocation"] = {name: each | {"processes": [name]} for name in COST}
    assert objective(**two) == pytest.approx(10 * (643 - 1000))


def test_flexible_load_that_is_shed_is_not_served() -> None:
    """One MW of electricity that may be given up for 10 EUR/MWh: making it for 60 to earn 50 is worse than that."""
    power = {
        "commodities": {"electricity": {"unit": "MWh", "balance": "hour", "disposal": {}}},
        "processes": {"plant": {"unit": "MWh", "flows": {"electricity": 1}, "variable_opex": 60, "existing": 5,
                                "latest": 2000}},
        "time": HALVES,
        "demand": {"electricity": {"amount": 8760}},
        "flexible_loads": {"works": {"commodity": "electricity", "load": 1, "method": "none",
                                     "sheds": [{"cost": 5, "share": 1}]}},
        "policies": {"carbon_price": 100, "free_allocation": {"heat": {
            "commodity": "electricity", "benchmark": 0.5, "activity_level": 8760}}},
    }  # fmt: skip
    assert objective(**power) == pytest.approx(8760 * 5)


@pytest.mark.parametrize("also", [True, False])
def test_a_route_whose_benchmark_does_not_cover_the_product_is_a_use_of_it(also: bool) -> None:
    lime = H2 | ({"also_used_by": ["synthesis"]} if also else {})
    cost = 100 * (20 + 0.18 * 1000) - 250 * 1.57 * 100
    sections = chain(allocations={"hydrogen": lime, "ammonia": NH3}, demand={"ammonia": {"amount": 100}})
    del sections["processes"]["cracker"]
    assert objective(**sections) == pytest.approx(cost - 250 * 6.84 * 18 * also)


def chain(*, allocations: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """Hydrogen, ammonia out of it, and a cracker that makes it hydrogen again."""
    units = {c: {"unit": "t"} for c in ("hydrogen", "ammonia")}
    plants = {
        "electrolyser": ({"hydrogen": 1}, 1000), "synthesis": ({"ammonia": 1, "hydrogen": -0.18}, 20),
        "cracker": ({"hydrogen": 0.17, "ammonia": -1}, 10),
    }  # fmt: skip
    processes = {
        name: {"unit": "t", "flows": flows, "variable_opex": opex, "existing": 1e6, "latest": 2000}
        for name, (flows, opex) in plants.items()
    }
    demand = {"ammonia": {"amount": 0}} | sections.pop("demand", {})
    return {"commodities": units, "processes": processes, "demand": demand,
            "policies": {"carbon_price": 250, "free_allocation": allocations}} | sections  # fmt: skip


H2 = {"commodity": "hydrogen", "benchmark": 6.84, "activity_level": 1e5}
NH3 = {"commodity": "ammonia", "benchmark": 1.57, "activity_level": 1e5}


def test_a_circle_of_hydrogen_and_ammonia_earns_nothing() -> None:
    r = solve(**chain(allocations={"hydrogen": H2, "ammonia": NH3}))
    assert r.objective == pytest.approx(0, abs=1e-6)
    assert float(r.data.activity.sum()) == pytest.approx(0, abs=1e-9)


def test_hydrogen_that_goes_into_ammonia_with_an_allocation_earns_none_of_its_own() -> None:
    demand = {"ammonia": {"amount": 100}}
    cost = 100 * (20 + 0.18 * 1000)
    both = objective(**chain(allocations={"hydrogen": H2, "ammonia": NH3}, demand=demand))
    assert both == pytest.approx(cost - 250 * 1.57 * 100)
    # of ammonia for which none is given, the hydrogen earns: no circle, since the cracker is no route that counts
    named = H2 | {"processes": ["electrolyser"]}
    for ammonia in ({}, {"ammonia": NH3 | {"active": False}}, {"ammonia": NH3 | {"by": "lump_sum", "benchmark": 0}}):
        single = objective(**chain(allocations={"hydrogen": named} | ammonia, demand=demand))
        assert single == pytest.approx(cost - 250 * 6.84 * 18)


def years(**allocation: Any) -> dict[str, Any]:
    """Two periods, two slices, discounting, and steel that may be bought, so that amounts are inside."""
    return routes(
        horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.05}, time=HALVES,
        allocation={"benchmark": {2025: 1.3, 2030: 1.2}, "factor": {2025: 1.0, 2030: 0.5}, **allocation},
        demand={"steel": {"amount": 10, "elasticity": -0.5, "reference_price": 540}},
        supply={"import": {"commodity": "steel", "steps": [{"price": 500, "volume_max": 3}, {"price": 660}]}},
    )  # fmt: skip


@pytest.mark.parametrize("by", ["output", "lump_sum"])
def test_switched_off_and_in_the_social_view(by: str) -> None:
    off_is_absent(years(by=by), "free_allocation")
    is_no_matter_of_society(years(by=by), "free_allocation")


def test_rows_have_the_price_of_what_limits_them() -> None:
    # at 10 t output and use both limit what is paid: together they are worth the payment of 100 · 1.3
    scenario = load(**routes(allocation={"benchmark": 1.3}))
    rows = ("free_allocation_use[iron, 2025]", "free_allocation_output[iron, 2025]")
    assert -sum(dual(scenario, row) for row in rows) / 8760 == pytest.approx(130)


def test_duals_lie_between_slopes() -> None:
    scenario = load(**routes(demand={"steel": {"amount": 10}}))
    # a tonne more on the right of the use row is a tonne that need not be demanded to count
    row = "balance[steel, ruhr, 2025]"

    def cost(amount: float) -> float:
        return ts.solve(scenario.with_({"demand.steel.amount": amount})).objective

    both = dual(scenario, row) + dual(scenario, "free_allocation_use[iron, 2025]")
    between_slopes(cost, 10, 0.5, both / 8760)


@pytest.mark.parametrize("axes", [
    {"policies.free_allocation.iron.benchmark.2030": [0.0, 0.9, 1.5], "policies.carbon_price": [20.0, 99.0, 180.0]},
    {"policies.free_allocation.iron.activity_level": [1.0, 6.0, 9.0], "demand.steel.amount": [4.0, 8.0]},
    {"policies.free_allocation.iron.factor.2030": [0.0, 0.3, 1.0], "processes.furnace.flows.steel": [0.9, 1.0]},
])  # fmt: skip
def test_sweeps_give_what_single_solves_give(axes: dict[str, list[float]], tmp_path: Path) -> None:
    swept_is_solved(policies(years()), axes, tmp_path)
