"""Random systems: capacity never grows out of nothing, and what must not matter does not."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import transform_sim as ts
from tests.micro import load
from tests.oracle.strategies import as_yaml, systems
from tests.test_identities import scaled
from transform_sim.names import CAPACITY, COHORT_CAPACITY, FORGONE_DEMAND, NEW_CAPACITY, UNSERVED
from transform_sim.solvers.case import Bounds

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@st.composite
def campaigns(draw: st.DrawFn) -> dict[str, Any]:
    """Three processes with stock of any age, relines and retrofits between them one for one; nothing ties them down."""
    start, step = 2025, draw(st.sampled_from([3, 5, 10]))
    periods = draw(st.integers(2, 5))
    names = ["furnace", "capture", "direct"]
    processes: dict[str, Any] = {}
    for name in names:
        process: dict[str, Any] = {
            "unit": "t",
            "flows": {"steel": 1},
            "lifetime": draw(st.sampled_from([6, 12, 20, 31])),
        }
        stock = draw(st.dictionaries(st.integers(start - 30, start), st.integers(1, 50), max_size=3))
        if stock:
            process["existing"] = {"ruhr": stock}
        if draw(st.booleans()):
            process["reinvest"] = {"capex": 1, "lifetime": draw(st.sampled_from([4, 10, 18]))}
        targets = draw(st.sets(st.sampled_from([n for n in names if n != name])))
        arcs = {t: {"capex": 1, "kind": draw(st.sampled_from(["end", "mid"]))} for t in sorted(targets)}
        for arc in arcs.values():
            if draw(st.booleans()):
                arc["lifetime"] = draw(st.sampled_from([5, 15, 40]))
        if arcs:
            process["retrofits"] = arcs
        processes[name] = process
    return {
        "horizon": {"start": start, "end": start + step * (periods - 1), "step": step, "discount_rate": 0.0},
        "processes": processes,
        "demand": {"steel": {"amount": 0}},
    }


@given(campaigns(), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_no_capacity_out_of_nothing(sections: dict[str, Any], at: int) -> None:
    """The most capacity that any plan can have in a period is what stood at the start and what was built new."""
    study = ts.prepare(load(**sections))
    program, assets = study.program, study.inputs.assets
    year = at % len(program.periods)
    cost = np.zeros(program.shape[1])
    for block in program.columns:
        view = cost[block.span].reshape(block.shape)
        if block.name == CAPACITY:
            view[:, year] = -1
        if block.name == NEW_CAPACITY:
            view[:, : year + 1] = 1
    best = -study.session.solve(cost=cost).objective
    cohorts = study.inputs.cohorts
    stock = 0.0 if cohorts is None else float(cohorts.stock.sum())
    stock += float(assets.existing[~assets.by_cohort][:, year].sum())
    assert best <= stock + 1e-9 * (1 + stock)
    # and whatever is sought, no campaign holds capacity outside its life
    for block in (b for b in program.columns if b.name == COHORT_CAPACITY and cohorts is not None):
        assert (program.upper[block.span].reshape(block.shape)[:, :, 0][cohorts.alive == 0] == 0).all()


def objective(data: dict[str, Any]) -> tuple[float, float]:
    """Least cost, and the money that changes hands: where much is paid and earned, the sum itself says little."""
    r = ts.solve(ts.loads(as_yaml(data)))
    return r.objective, float(abs(r.cost).sum())


@given(systems(), st.integers(0, 999))
@few
def test_the_order_of_names_does_not_matter(data: dict[str, Any], seed: int) -> None:
    def shuffled(value: Any, depth: int = 0) -> Any:
        if not isinstance(value, dict):
            return value
        items = list(value.items())
        random.Random(seed).shuffle(items)
        return {k: v if k == "time" else shuffled(v, depth + 1) for k, v in items}

    cost, turnover = objective(data)
    assert abs(objective(shuffled(data))[0] - cost) <= 1e-8 * (1 + turnover)


@given(systems(), st.sampled_from([0.001, 7.0, 1000.0]))
@few
def test_costs_times_k_scale_the_objective(data: dict[str, Any], factor: float) -> None:
    cost, turnover = objective(data)
    assert abs(objective(scaled(data, factor))[0] - factor * cost) <= 1e-8 * factor * (1 + turnover)


@given(systems(), st.floats(0.0, 1.0))
@few
def test_a_tighter_limit_never_lowers_cost(data: dict[str, Any], share: float) -> None:
    """Less may be built, bought or sold: never cheaper."""
    study = ts.prepare(ts.loads(as_yaml(data)))
    program, free = study.program, study.session.solve()
    tighter = np.where(np.isfinite(program.upper), program.upper * (0.5 + share / 2), program.upper)
    # demands come with a priced shortfall, whose bound is demand itself: leave those columns alone
    for block in program.columns:
        if block.name in (UNSERVED, FORGONE_DEMAND):
            tighter[block.span] = program.upper[block.span]
    bounded = study.session.solve(bounds=Bounds(upper=tighter)).objective
    turnover = float(np.abs(program.cost) @ np.abs(free.x))
    assert bounded >= free.objective - 1e-8 * (1 + turnover)
