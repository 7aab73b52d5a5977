"""Cases of a chunk start from one another, past those without solution; what is stored knows no clock."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import ROOT
from transform_sim.solvers import engine
from transform_sim.sweeps.plan import Plan
from transform_sim.sweeps.run import run
from transform_sim.sweeps.work import Worker

from .small import planned, stored

AXES = {
    "gas": {"scale": "supply.natural_gas.price", "values": [0.8, 1.2]},
    "cap": {"scale": "policies.emission_cap", "values": [0.0, 1.0]},
    "steel": {"scale": "demand.crude_steel.amount", "values": [0.8, 0.9, 1.0]},
}
"""Half of the cases have no solution: steel without any emission."""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned(AXES, ts.load(ROOT / "scenarios" / "nrw_steel_annual.yaml"), size=12)


def test_a_case_without_solution_does_not_break_the_chain(plan: Plan) -> None:
    arrays = Worker(plan, "indicators").solve(0).arrays
    optimal = arrays["status"] == "optimal"
    assert optimal.sum() == (arrays["status"] == "infeasible").sum() == 6
    # only what comes before the first optimum has nothing to start from
    assert (arrays["method"] == "simplex").sum() == 1
    assert (arrays["method"] == "simplex, warm").sum() == 5
    assert not arrays["handed_over"].any()
    for i, objective in zip(arrays["case"][optimal], arrays["objective"][optimal], strict=True):
        alone = ts.solve(plan.scenario.with_(plan.changes(int(i)))).objective
        assert objective == pytest.approx(alone, rel=1e-9)


def test_what_is_stored_knows_no_clock(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which every run of the solver takes hours stores the same bytes."""
    run(plan, tmp_path / "fast")
    clock = iter(np.arange(0.0, 1e12, 1e4))
    limits: list[float] = []
    started = engine.Engine.run

    def slow(self: engine.Engine, options: engine.Options, *, cold: bool = True) -> engine.Outcome:
        limits.append(float(options.get("time_limit", np.inf)))
        return started(self, options, cold=cold)

    monkeypatch.setattr(engine.Engine, "run", slow)
    monkeypatch.setattr("time.perf_counter", lambda: float(next(clock)))
    run(plan, tmp_path / "slow")
    monkeypatch.undo()
    assert set(limits) == {np.inf}
    assert stored(tmp_path / "slow") == stored(tmp_path / "fast")
    assert any("falls short" in m for m in Worker(plan, "indicators").solve(0).arrays["message"])
