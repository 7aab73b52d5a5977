"""Random plants by the hour: the package against the oracle, and what can never help."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import transform_sim as ts
from tests.oracle.operation_strategies import curves, hourly_systems
from tests.oracle.oracle import solve
from tests.oracle.strategies import as_yaml
from tests.oracle.test_oracle import agree

few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def cost(data: dict[str, Any], **limits: Any) -> tuple[float, float]:
    """Least cost with other limits of the plant (None takes one out), and how far rounding may move it."""
    plant = {k: v for k, v in (data["processes"]["electrolyser"] | limits).items() if v is not None}
    r = ts.solve(ts.loads(as_yaml(data | {"processes": {"electrolyser": plant}})))
    return r.objective, 1e-8 * (1 + float(abs(r.cost).sum()))


@given(hourly_systems())
@few
def test_the_oracle_finds_the_same_cost(data: dict[str, Any]) -> None:
    agree(ts.solve(ts.loads(as_yaml(data))).objective, solve(data))


@given(hourly_systems(), st.sampled_from(["ramp_up", "ramp_down"]))
@few
def test_a_ramp_limit_never_helps(data: dict[str, Any], ramp: str) -> None:
    costs = [cost(data, **{ramp: rate}) for rate in (None, 0.2, 0.0)]
    for (before, _), (after, rounding) in pairwise(costs):
        assert after >= before - rounding


@given(hourly_systems())
@few
def test_a_minimum_load_never_helps(data: dict[str, Any]) -> None:
    costs = [cost(data, minimum_load=share, part_load=None) for share in (None, 0.2, 0.8)]
    for (before, _), (after, rounding) in pairwise(costs):
        assert after >= before - rounding


@given(hourly_systems(), curves(), st.sets(st.sampled_from(["45 %", "70 %"])))
@few
def test_more_points_of_a_curve_never_cost_more(data: dict[str, Any], curve: dict[str, float], left: set[str]) -> None:
    coarse = {load: factor for load, factor in curve.items() if load not in left}
    fine, rounding = cost(data, minimum_load=0.2, part_load={"power": curve})
    assert fine <= cost(data, minimum_load=0.2, part_load={"power": coarse})[0] + rounding


@given(hourly_systems(), st.sampled_from([0.3, 0.5, 0.8]))
@few
def test_a_point_on_the_line_changes_nothing(data: dict[str, Any], load: float) -> None:
    ends = {"20 %": 1.3, "100 %": 1}
    on_the_line = (0.26 + (load - 0.2) / 0.8 * (1 - 0.26)) / load
    same = {"20 %": 1.3, f"{100 * load:g} %": on_the_line, "100 %": 1}
    one, rounding = cost(data, minimum_load=0.2, part_load={"power": ends})
    assert cost(data, minimum_load=0.2, part_load={"power": same})[0] == pytest.approx(one, abs=rounding)
