"""What the state pays, against the oracle on random systems, and what must hold of it in each of them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import transform_sim as ts

from .oracle import solve
from .strategies import as_yaml
from .test_oracle import agree
from .transfer_strategies import supported_systems

CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
few = settings(max_examples=8, deadline=None, suppress_health_check=CHECKS)
PAYING = ("free_allocation", "power_compensation", "carbon_contracts", "grants")


def least(data: dict[str, Any]) -> float:
    return ts.solve(ts.loads(as_yaml(data))).objective


@given(supported_systems())
@settings(max_examples=25, deadline=None, suppress_health_check=CHECKS)
def test_random_transfers(data: dict[str, Any]) -> None:
    agree(least(data), solve(data))


def without(data: dict[str, Any], *sections: str) -> dict[str, Any]:
    return data | {"policies": {key: policy for key, policy in data["policies"].items() if key not in sections}}


@given(supported_systems())
@few
def test_what_is_offered_never_raises_cost_and_what_is_taken_never_lowers_it(data: dict[str, Any]) -> None:
    plain = without(data, *PAYING, "border_adjustment", "budgets")
    offered = deepcopy(without(data, "border_adjustment"))
    for budget in offered["policies"]["budgets"].values():
        budget["active"] = False
    cost = [least(study) for study in (offered, without(data, "border_adjustment"), plain)]
    slack = 1e-7 * (1 + sum(map(abs, cost)))
    assert cost[0] <= cost[1] + slack  # a budget takes something away
    assert cost[1] <= cost[2] + slack
    border = deepcopy(without(data, *PAYING, "budgets"))
    for policy in border["policies"]["border_adjustment"].values():
        policy.pop("allocation", None)
    assert least(border) >= cost[2] - slack


@given(supported_systems())
@few
def test_where_nothing_is_wanted_and_nothing_can_be_thrown_away_nothing_is_earned(data: dict[str, Any]) -> None:
    """Losses of links and stores are a way to throw away, and from hydrogen to power and back is a circle."""
    idle = deepcopy(data) | {"view": "private", "storages": {}, "links": {}}
    for section in ("sales", "flexible_loads", "flexibility", "resources"):
        idle.pop(section, None)
    for demand in idle["demand"].values():
        demand["amount"] = 0
    idle["commodities"]["power"].pop("disposal", None)
    idle["supply"].get("grid", {}).pop("price_floor", None)
    if "turbine" in idle["processes"]:
        idle["processes"]["turbine"]["flows"] = {"power": 1e-9, "hydrogen": -1e9}
    policies: dict[str, Any] = {"carbon_price": data["policies"]["carbon_price"]}
    for section in PAYING:
        policies[section] = deepcopy(data["policies"][section])
        for policy in policies[section].values():
            policy.pop("budget", None)
            policy.pop("by", None)
            known = [*idle["processes"]]
            if "plants" in policy:
                policy["plants"] = [p for p in policy["plants"] if p in known]
    policies["grants"] = {name: grant for name, grant in policies["grants"].items() if grant["plants"]}
    assert least(idle | {"policies": policies}) == pytest.approx(0, abs=1e-3)
