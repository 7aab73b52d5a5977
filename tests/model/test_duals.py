"""Published prices against what re-solving says: each lies between the left and the right finite difference.

Shadow prices are not unique: at a corner any value between the two slopes is right, so that is what is asserted.
"""

from __future__ import annotations

from typing import Any

import pytest

import transform_sim as ts
from tests.micro import load

PERIODS = (2025, 2030, 2035)
FIVES = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.04, "cost_timing": "middle"}


@pytest.fixture(scope="module")
def scenario() -> ts.Scenario:
    """Steel by three routes under a cap or a budget, hydrogen in two slices, limits of capacity, two regions."""
    return load(
        horizon=FIVES,
        time={"slices": {"low": {"share": 0.7}, "high": {"share": 0.3}}},
        profiles={"spot": {"low": 0.8, "high": 1.5}},
        regions={"ruhr": {}, "saar": {}},
        commodities={"steel": {"unit": "t", "area": "germany"},
                     "power": {"unit": "MWh", "balance": "day", "area": "germany"},
                     "hydrogen": {"unit": "MWh", "balance": "day"}, "co2": {"unit": "t", "kind": "emission"},
                     "coal": {"unit": "MWh", "carbon_content": 0.34, "area": "germany"}},
        processes={
            "furnace": {"unit": "t", "flows": {"steel": 1, "coal": -5}, "capex": 700, "lifetime": 20,
                        "existing": {"ruhr": {2012: 4e4, 2020: 6e4}, "saar": {2015: 3e4}}, "variable_opex": 110,
                        "reinvest": {"capex": 220}, "retrofits": {"dri": {"capex": 480}}},
            "dri": {"unit": "t", "flows": {"steel": 1, "hydrogen": -1.8, "power": -0.8}, "capex": 720, "lifetime": 20,
                    "variable_opex": 130, "capacity_max": {"ruhr": {2025: 2e4, 2030: 5e4, 2035: 7e4}, "saar": 2e4}},
            "electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 0.7}, "capex": 5e5, "lifetime": 15,
                             "operation": "flexible"},
        },
        storages={"cavern": {"commodity": "hydrogen", "cycle": "year", "capex": 200, "lifetime": 30,
                             "regions": ["ruhr"]}},
        links={"pipe": {"commodity": "hydrogen", "from": "ruhr", "to": "saar", "capex": 4e5, "lifetime": 30,
                        "loss": 0.01}},
        supply={"coal": {"price": 14}, "power": {"price": 60, "price_profile": "spot"},
                "import": {"commodity": "steel", "steps": [{"price": 500, "volume_max": 2.5e4}, {"price": 620}]}},
        demand={"steel": {"amount": {"ruhr": {2025: 1.1e5, 2030: 1.2e5, 2035: 1.15e5}}},
                "buses": {"commodity": "hydrogen", "amount": {"saar": {2025: 1e3, 2030: 9e3, 2035: 2e4}}}},
        policies={"emission_cap": {2025: 1.7e5, 2030: 1.4e5, 2035: 8e4}},
    )  # fmt: skip


@pytest.fixture(scope="module")
def solved(scenario: ts.Scenario) -> ts.Results:
    return ts.solve(scenario)


def value(scenario: ts.Scenario, changes: dict[str, Any]) -> float:
    return ts.solve(scenario.with_(changes)).objective


def between_slopes(scenario: ts.Scenario, path: str, at: float, step: float, price: float) -> None:
    """`price` lies between the slopes of the optimum to the left and to the right of `at`."""
    centre = value(scenario, {path: at})
    left = (centre - value(scenario, {path: at - step})) / step
    right = (value(scenario, {path: at + step}) - centre) / step
    slack = 1e-9 * abs(centre) / step + 1e-6 * abs(price)
    assert left - slack <= price <= right + slack
    assert left <= right + slack  # the optimum is convex in what it must deliver


@pytest.mark.parametrize("year", PERIODS)
@pytest.mark.parametrize(
    ("path", "commodity", "node", "step"),
    [("demand.steel.amount.ruhr", "steel", "germany", 20.0), ("demand.buses.amount.saar", "hydrogen", "saar", 5.0)],
)
def test_balances(
    scenario: ts.Scenario, solved: ts.Results, path: str, commodity: str, node: str, step: float, year: int
) -> None:
    price = float(solved.shadow_price.sel(commodity=commodity, node=node, period=year))
    quantity = scenario.demand["steel" if commodity == "steel" else "buses"].amount.points
    at = float(next(iter(quantity.values()))[year])
    worth = price * float(solved.data.period_weight.sel(period=year))
    between_slopes(scenario, f"{path}.{year}", at, step, worth)
    assert price > 0  # more demand costs more


@pytest.mark.parametrize("year", PERIODS)
def test_caps(scenario: ts.Scenario, solved: ts.Results, year: int) -> None:
    at = float(scenario.policies.emission_cap.points[None][year])  # type: ignore[union-attr]
    worth = -float(solved.cap_price.sel(node="ruhr", period=year) * solved.data.period_weight.sel(period=year))
    assert worth < 0
    between_slopes(scenario, f"policies.emission_cap.{year}", at, 20.0, worth)


def test_budgets(scenario: ts.Scenario) -> None:
    budget = scenario.with_({"policies.emission_cap": None, "policies.emission_budget": 1.8e6})
    r = ts.solve(budget)
    # the same tonne in each period: price ÷ trapezoid weight × N_y
    worth = r.cap_price.sel(node="ruhr").values * r.data.period_weight.values / [2.5, 5.0, 7.5]
    assert worth == pytest.approx([worth[0]] * 3)
    assert worth[0] > 0
    between_slopes(budget, "policies.emission_budget", 1.8e6, 200.0, -float(worth[0]))


@pytest.mark.parametrize("year", PERIODS)
def test_limits_of_capacity(scenario: ts.Scenario, year: int) -> None:
    study = ts.prepare(scenario)
    solution = study.session.solve()
    names = [study.program.row_name(i) for i in range(study.program.shape[0])]
    dual = float(solution.row_dual[names.index(f"capacity_max[dri, ruhr, {year}]")])
    at = {2025: 2e4, 2030: 5e4, 2035: 7e4}[year]
    # rows are in t/h, the limit in t/a
    between_slopes(scenario, f"processes.dri.capacity_max.ruhr.{year}", at, 10.0, dual / 8760)
