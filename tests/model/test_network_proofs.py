"""Network charges against what must agree: slopes, orderings on random systems, a year solved apart, the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

import transform_sim as ts
from tests.micro import load
from tests.oracle.network_strategies import charged_systems
from tests.oracle.oracle import solve as oracle
from tests.oracle.strategies import as_yaml
from transform_sim.timeseries import load_profile

few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def least(data: dict[str, Any]) -> float:
    return ts.solve(ts.loads(as_yaml(data))).objective


def rule(data: dict[str, Any], **charge: Any) -> dict[str, Any]:
    """The system in the private view with its charges under one regulation, prices as they were."""
    prices = ("commodity", "supply", "regions", "energy", "capacity")
    charges = {n: {k: c[k] for k in prices if k in c} | charge for n, c in data["network_charges"].items()}
    return data | {"network_charges": charges, "view": "private"}


def not_above(lower: float, upper: float) -> None:
    assert lower <= upper + 1e-7 * (1 + abs(upper))


@given(charged_systems())
@few
def test_a_charge_never_lowers_cost(data: dict[str, Any]) -> None:
    data = data | {"view": "private"}
    free = {key: value for key, value in data.items() if key != "network_charges"}
    not_above(least(free), least(data))


@given(charged_systems(), st.sampled_from([0.0, 0.2, 1.0]))
@few
def test_atypical_use_costs_no_more_than_the_general_rule(data: dict[str, Any], share: float) -> None:
    assume("window" in data.get("profiles", {}))
    atypical = least(rule(data, regulation="atypical", high_load_window="window", least_share=share))
    general = least(rule(data))
    not_above(atypical, general)
    if share == 1:
        assert atypical == pytest.approx(general, rel=1e-7, abs=1e-3)


@given(charged_systems())
@few
def test_more_hours_of_use_at_one_share_and_a_larger_share_at_the_same_hours_never_cost_less(
    data: dict[str, Any],
) -> None:
    steps = [(7000, 0.1), (8000, 0.1), (8000, 0.2)]
    costs = [least(rule(data, regulation="baseload", hours=hours, share=share)) for hours, share in steps]
    not_above(costs[0], costs[1])
    not_above(costs[1], costs[2])


@pytest.fixture(scope="module")
def plant() -> ts.Scenario:
    """A mill that picks its hours beside homes, in three slices and two periods."""
    return load(
        horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.03},
        time={"slices": {"cheap": {"share": 0.3}, "usual": {"share": 0.5}, "dear": {"share": 0.2}}},
        profiles={"spot": {"cheap": 0.3, "usual": 1, "dear": 2}, "need": {"cheap": 0.7, "usual": 1, "dear": 1.4}},
        commodities={"power": {"unit": "MWh", "balance": "hour"}, "ore": {"unit": "t", "implied_store": True}},
        processes={"mill": {"unit": "t", "flows": {"ore": 1, "power": -1}, "existing": 9e4, "latest": 2000}},
        supply={"grid": {"commodity": "power", "price": {2025: 60, 2030: 80}, "price_profile": "spot"}},
        demand={"ore": {"amount": {2025: 4.1e4, 2030: 4.4e4}},
                "homes": {"commodity": "power", "amount": 2e4, "profile": "need"}},
        network_charges={"fee": {"commodity": "power", "energy": 6, "capacity": {2025: 9e4, 2030: 1.1e5},
                                 "regulation": "baseload", "hours": 7000}},
    )  # fmt: skip


@pytest.mark.parametrize("regulation", ["general", "baseload"])
@pytest.mark.parametrize("year", [2025, 2030])
def test_prices_lie_between_the_slopes(plant: ts.Scenario, regulation: str, year: int) -> None:
    if regulation == "general":
        plant = plant.with_({"network_charges.fee.regulation": "general", "network_charges.fee.hours": None})
    r = ts.solve(plant)
    weight = float(r.data.period_weight.sel(period=year))
    price = float(r.shadow_price.sel(commodity="ore", period=year).squeeze()) * weight
    at, path = {2025: 4.1e4, 2030: 4.4e4}[year], f"demand.ore.amount.{year}"
    low, high = (ts.solve(plant.with_({path: at + d})).objective for d in (-5.0, 5.0))
    slack = 1e-9 * r.objective
    assert (r.objective - low) / 5 - slack <= price <= (high - r.objective) / 5 + slack
    # the slope in the price of peaks is the peak that is charged, between those on either side
    path, at = f"network_charges.fee.capacity.{year}", {2025: 9e4, 2030: 1.1e5}[year]
    low, high = (ts.solve(plant.with_({path: at + d})).objective for d in (-100.0, 100.0))
    peak = float(r.charged_peak.sel(period=year).squeeze()) * weight * (0.2 if regulation == "baseload" else 1)
    assert (high - r.objective) / 100 - slack <= peak <= (r.objective - low) / 100 + slack


WINTER_EVENINGS = np.array([float((d < 59 or d >= 334) and 17 <= h < 20) for d in range(365) for h in range(24)])


@pytest.mark.parametrize("atypical", [False, True])
def test_a_full_year_with_a_store_is_as_solved_apart(atypical: bool) -> None:
    """8,760 hours, a lossy battery, homes; the other program is written with scipy alone."""
    level, rate, eta, fee = 40.0, 0.25, 0.9, 60_000.0
    need = load_profile("package:de_2025/load")
    need = 10 * need / need.mean()
    spot = load_profile("package:de_2025/price")
    price = np.maximum(80 * spot / spot.mean(), 0)
    charge = {"commodity": "power", "energy": 3, "capacity": fee}
    if atypical:
        charge |= {"regulation": "atypical", "high_load_window": "winter", "least_share": 0.2}
    r = ts.solve(
        load(
            time="full_year",
            profiles={"spot": "package:de_2025/price", "load": "package:de_2025/load",
                      "winter": WINTER_EVENINGS.tolist()},
            commodities={"power": {"unit": "MWh", "balance": "hour"}},
            storages={"battery": {"commodity": "power", "cycle": "year", "existing": level, "latest": 2000,
                                  "charge_rate": rate, "charge_efficiency": eta, "discharge_efficiency": eta}},
            supply={"grid": {"commodity": "power", "price": 80, "price_profile": "spot"}},
            demand={"homes": {"commodity": "power", "amount": 87600, "profile": "load"}},
            network_charges={"fee": charge},
        )
    )  # fmt: skip
    n = 8760
    one, zero = sparse.identity(n, format="csr"), sparse.csr_array((n, n))
    before = sparse.csr_array((np.ones(n), (np.arange(n), np.roll(np.arange(n), 1))), shape=(n, n))
    column, none = -np.ones((n, 1)), np.zeros((n, 1))
    # purchases, charged, discharged, level, peak, charged peak
    equal = sparse.vstack([
        sparse.hstack([one, -one, one, zero, none, none]),
        sparse.hstack([zero, eta * one, -one / eta, before - one, none, none]),
    ])  # fmt: skip
    inside = sparse.diags_array(WINTER_EVENINGS if atypical else np.ones(n))
    most = sparse.vstack([
        sparse.hstack([one, zero, zero, zero, column, none]),
        sparse.hstack([inside, zero, zero, zero, none, column]),
        sparse.csr_array(([0.2, -1.0], ([0, 0], [4 * n, 4 * n + 1])), shape=(1, 4 * n + 2)),
    ])  # fmt: skip
    cost = np.concatenate([price + 3, np.zeros(3 * n), [0.0, fee]])
    bounds = [(0, None)] * n + [(0, rate * level)] * n + [(0, None)] * n + [(0, level)] * n + [(0, None)] * 2
    apart = linprog(cost, most, np.zeros(2 * n + 1), equal, np.concatenate([need, np.zeros(n)]), bounds, "highs-ipm")
    assert r.objective == pytest.approx(apart.fun, rel=1e-7)
    assert float(r.charged_peak.squeeze()) == pytest.approx(apart.x[-1], rel=1e-3)
    # prices alone would charge the store beside the highest need, and within the window too
    assert apart.x[-1] < need.max() + (0 if atypical else rate * level) - 1


def test_representative_days_take_the_window_of_their_own_hours() -> None:
    data = {
        "name": "evenings",
        "horizon": {"start": 2025, "end": 2025, "step": 1},
        "time": {"typical_days": {"count": 3}},
        "profiles": {"spot": "package:de_2025/price", "evening": [float(17 <= k % 24 < 20) for k in range(8760)]},
        "regions": {"one": {}},
        "commodities": {"power": {"unit": "MWh", "balance": "hour"}, "ore": {"unit": "t"}},
        "processes": {"mill": {"unit": "t", "flows": {"ore": 1, "power": -1}, "existing": 3e4, "latest": 2000}},
        "storages": {"silo": {"commodity": "ore", "balance": "hour", "existing": 9.0, "latest": 2000}},
        "supply": {"grid": {"commodity": "power", "price": 70, "price_profile": "spot"}},
        "demand": {"ore": {"amount": 1.6e4}},
        "network_charges": {"fee": {"commodity": "power", "energy": 2, "capacity": 2e4, "regulation": "atypical",
                                    "high_load_window": "evening"}},
    }  # fmt: skip
    r = ts.solve(ts.loads(as_yaml(data)))
    assert r.objective == pytest.approx(oracle(data).objective, rel=1e-8)
    assert float(r.charged_peak.squeeze()) < 0.9 * float(r.peak_purchase.squeeze())
