"""Capacity margins by hand: what is firm, what is load, when it changes what is built, and what firm capacity costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import HALVES, load, objective, solve
from tests.model.test_duals import between_slopes
from tests.model.test_quotas import alike
from transform_sim.pipeline import compose

# 0.5 MW in summer and 1.5 MW in winter, bought at 10; a turbine is built for 1000 EUR/MW/a and too dear to run
BASE: dict[str, Any] = {
    "commodities": {"power": {"unit": "MWh", "balance": "hour"}},
    "time": HALVES,
    "profiles": {"need": {"summer": 1, "winter": 3}},
    "demand": {"power": {"amount": 8760, "profile": "need"}},
    "supply": {"power": {"price": 10}},
    "processes": {
        "turbine": {"unit": "MWh", "flows": {"power": 1}, "capex": 1000, "variable_opex": 100, "lifetime": 1}
    },
}


def firm(more: dict[str, Any] | None = None, **margin: Any) -> dict[str, Any]:
    """The sections with one margin, and what else is given."""
    given = {"commodity": "power", "credits": {"turbine": 1}} | margin
    return BASE | {"policies": {"capacity_margins": {"firm": given}}} | (more or {})


def test_a_margin_builds_what_the_market_would_not() -> None:
    assert objective(**BASE) == pytest.approx(87600)
    r = solve(**firm(margin=0.1, credits={"turbine": 0.9}, imports=0.3))
    # 0.9 K + 0.3 = 1.1 · 1.5
    assert r.objective == pytest.approx(87600 + 1500)
    assert float(r.capacity.squeeze()) == pytest.approx(1.5)
    assert float(r.capacity_price.squeeze()) == pytest.approx(1000 / 0.9)
    assert float(r.firm_margin.squeeze()) == pytest.approx(0.1)
    assert r.tables()["capacity_price"]["unit"].tolist() == ["EUR2020/MW/a"]


def test_a_margin_that_is_kept_anyway_changes_nothing() -> None:
    stands = {"processes": {"turbine": BASE["processes"]["turbine"] | {"existing": 5}}}
    r = solve(**firm(stands, margin=0.1, credits={"turbine": 0.9}, imports=0.3))
    assert r.objective == pytest.approx(87600)
    assert float(r.capacity_price.squeeze()) == 0
    assert float(r.firm_margin.squeeze()) >= 0.1


def test_purchases_are_not_firm_and_shortage_is_no_way_out() -> None:
    limited = {"supply": {"power": {"price": 10, "power_max": 50}}}
    assert objective(**firm(limited)) == pytest.approx(87600 + 1500)
    lacking = {"demand": {"power": {"amount": 8760, "profile": "need", "shortfall_cost": 5}}}
    assert objective(**firm(lacking)) == pytest.approx(43800 + 1500)


def test_a_plant_counts_with_its_best_mode_per_unit_of_activity() -> None:
    modes = {"power": {"flows": {"power": 0.5}}, "both": {"flows": {"power": 0.4, "heat": 0.2}},
             "boiler": {"flows": {"heat": 1}}}  # fmt: skip
    plant = {"unit": "t", "modes": modes, "capex": 1, "variable_opex": 100, "lifetime": 1}
    more = {
        "commodities": BASE["commodities"] | {"heat": {"unit": "MWh", "balance": "hour", "disposal": {}}},
        "processes": {"turbine": plant},
    }
    # 3 t/h at 8760 EUR/(t/h) give 1.5 MW
    assert objective(**firm(more)) == pytest.approx(87600 + 3 * 8760)


def test_techniques_count_each_with_its_own_output() -> None:
    plant = {"unit": "MWh", "techniques": {2020: {"power": 0.5}, 2025: {"power": 0.75}}, "capex": 1000, "lifetime": 1,
             "variable_opex": 100, "existing": 1}  # fmt: skip
    # 0.5 MW stand, and 1 MW of 0.75 per unit is built
    assert objective(**firm({"processes": {"turbine": plant}})) == pytest.approx(87600 + 1000 / 0.75)


def test_a_store_counts_with_its_power_and_charging_is_no_load() -> None:
    store = {"commodity": "power", "cycle": "year", "capex": 100, "lifetime": 1, "discharge_rate": 0.25}
    # 0.6 · 0.25 K = 1.5 MW; it moves 1 MW of cheap summer power into winter, too
    spot = {"profiles": BASE["profiles"] | {"spot": {"summer": 0.5, "winter": 1.5}},
            "supply": {"power": {"price": 10, "price_profile": "spot"}}, "storages": {"store": store}}  # fmt: skip
    assert objective(**BASE | spot) == pytest.approx(4380 * (0.5 * 5 + 1.5 * 15))
    r = solve(**firm(spot | {"storages": {"store": store | {"capex": 10}}}, credits={"store": 0.6}))
    assert r.objective == pytest.approx(4380 * (0.5 * 5 + 1.5 * 15) + 10 * 10 - 10 * 10)  # 10 MWh in store save 10 each
    assert float(r.storage_capacity.sum()) >= 10 - 1e-6


@pytest.mark.parametrize(("operation", "peak"), [("flexible", 1.5), ("baseload", 2.0)])
def test_use_by_plants_counts_in_the_step_in_which_they_run(operation: str, peak: float) -> None:
    """Half a MW on the mean; who may stop in winter needs no firm capacity for it."""
    mill = {"unit": "t", "flows": {"ore": 1, "power": -1}, "existing": 8760, "latest": 2000, "operation": operation}
    more = {
        "commodities": BASE["commodities"] | {"ore": {"unit": "t", "implied_store": True}},
        "processes": BASE["processes"] | {"mill": mill},
        "demand": BASE["demand"] | {"ore": {"amount": 4380}},
    }
    assert objective(**firm(more)) == pytest.approx(87600 + 43800 + 1000 * peak)


@pytest.mark.parametrize(("cost", "shed"), [(10.1, 0.2), (10.4, 0.0)])
def test_what_flexible_loads_take_off_needs_no_firm_capacity(cost: float, shed: float) -> None:
    load_ = {"commodity": "power", "load": {"ruhr": 1}, "method": "none", "sheds": [{"cost": cost, "share": 0.2}]}
    # 1 MW less for 4380 h costs 438 or 1752 more than it saves in power, against 1000 of capacity
    expected = 87600 + shed * 4380 * (cost - 10) + 1000 * (1.5 - shed)
    assert objective(**firm({"flexible_loads": {"homes": load_}})) == pytest.approx(expected)


def test_what_elastic_demand_forgoes_is_no_load() -> None:
    elastic = {"power": {"amount": 8760, "elasticity": -1, "reference_price": 10, "elastic_steps": 2,
                         "elastic_range": [0.5, 2], "shortfall_cost": 30}}  # fmt: skip
    # of 2 MW 1.2 are forgone at 8.75 and 0.3 at 16.25; the last 0.5 at 30
    assert objective(**BASE | {"demand": elastic}) == pytest.approx(8760 * (1.2 * 8.75 + 0.8 * 10))
    for capex, served in ((50000, 0.8), (60000, 0.5)):  # 5.71 or 6.85 on top of a price of 10
        plant = {"processes": {"turbine": BASE["processes"]["turbine"] | {"capex": capex}}}
        expected = 8760 * (1.2 * 8.75 + (0.8 - served) * 16.25 + served * 10) + served * capex
        assert objective(**firm(plant | {"demand": elastic})) == pytest.approx(expected)


def test_each_node_keeps_its_own_margin() -> None:
    places = {
        "regions": {"ruhr": {}, "saar": {}},
        "demand": {"power": {"amount": {"ruhr": 8760, "saar": 17520}, "profile": "need"}},
    }
    r = solve(**firm(places, imports={"saar": {2025: 2}}))
    assert r.objective == pytest.approx(3 * 87600 + 1000 * (1.5 + 1))
    assert r.capacity.sel(process="turbine").squeeze().to_series().to_dict() == pytest.approx({"ruhr": 1.5, "saar": 1})
    assert r.capacity_price.values.ravel() == pytest.approx([1000, 1000])
    # regions that share a node share its load
    joined = {"commodities": {"power": {"unit": "MWh", "balance": "hour", "area": "west"}}}
    r = solve(**firm(places | joined, imports=2))
    assert r.objective == pytest.approx(3 * 87600 + 1000 * 2.5)
    assert float(r.capacity_price.sel(node="west").squeeze()) == pytest.approx(1000)


def test_the_price_adds_up_over_steps_that_are_equally_tight() -> None:
    even = {"demand": {"power": {"amount": 8760}}}
    assert float(solve(**firm(even)).capacity_price.squeeze()) == pytest.approx(1000)


@pytest.mark.parametrize("imports", [0.2, 0.5, 0.9])
def test_the_price_is_what_firm_supply_would_save(imports: float) -> None:
    """At 0.5 the turbine may no longer be built: two plants of different cost meet there."""
    horizon = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.05}
    plants = {"cheap": BASE["processes"]["turbine"] | {"capacity_max": 1, "lifetime": 5, "capex": 2000},
              "dear": BASE["processes"]["turbine"] | {"lifetime": 5, "capex": 5000}}  # fmt: skip
    s = load(**firm({"horizon": horizon, "processes": plants}, credits={"cheap": 1, "dear": 1},
                    imports={2025: 0.1, 2030: imports, 2035: 0.1}))  # fmt: skip
    r = ts.solve(s)
    worth = float(r.capacity_price.sel(period=2030).squeeze() * r.data.period_weight.sel(period=2030))
    between_slopes(s, "policies.capacity_margins.firm.imports.2030", imports, 0.01, -worth)
    assert worth > 0


@pytest.mark.parametrize("view", ["private", "social"])
def test_a_margin_holds_in_both_views(view: str) -> None:
    assert objective(**firm({"view": view})) == pytest.approx(87600 + 1500)


def test_switched_off_it_is_as_if_it_were_not_there() -> None:
    off = load(**firm(active=False, margin=0.2))
    assert alike(compose(off)[1], compose(load(**BASE))[1])
    assert "capacity_price" not in ts.solve(off).data


def test_a_store_that_does_not_take_part_has_no_credit() -> None:
    store = {"commodity": "power", "capex": 1, "lifetime": 1, "discharge_rate": 1, "flexibility": "potential"}
    more = {"storages": {"store": store}, "flexibility": "today"}
    assert objective(**firm(more, credits={"turbine": 1, "store": 1})) == pytest.approx(87600 + 1500)


def test_a_load_of_one_step_is_told_to_be_no_peak() -> None:
    annual = {"time": "annual", "profiles": {}, "demand": {"power": {"amount": 8760}}}
    assert solve(**firm(annual)).warnings == (
        "capacity margin firm: the load is the mean of the year, since power has one step",
    )


def test_margin_credits_and_imports_are_swept(tmp_path: Path) -> None:
    scenario, at = load(**firm(margin=0.1, imports=0.2)), "policies.capacity_margins.firm"
    axes = {f"{at}.margin": [0.0, 0.1, 0.3], f"{at}.credits.turbine": [0.5, 1.0], f"{at}.imports": [0.0, 0.4]}
    sweep = ts.sweep(scenario, axes, out=tmp_path / "sweep", progress=False)
    for margin in axes[f"{at}.margin"]:
        for credit in axes[f"{at}.credits.turbine"]:
            for imports in axes[f"{at}.imports"]:
                case = {f"{at}.margin": margin, f"{at}.credits.turbine": credit, f"{at}.imports": imports}
                expected = 87600 + 1000 * ((1 + margin) * 1.5 - imports) / credit
                assert float(sweep.objective.sel(case)) == pytest.approx(expected, rel=1e-6)
                assert ts.solve(scenario.with_(case)).objective == pytest.approx(expected, rel=1e-6)
