"""Sweeps over every study that comes along, and over random ones: each case costs what solving it alone costs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import transform_sim as ts
from tests.micro import MINIS, ROOT
from tests.oracle.strategies import as_yaml, systems
from transform_sim.errors import InfeasibleError, ScenarioError, UnboundedError
from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram
from transform_sim.sweeps import tabulate
from transform_sim.sweeps.axes import Axis, changes, quantities
from transform_sim.sweeps.design import grid
from transform_sim.sweeps.maps import CAPITAL
from transform_sim.sweeps.outputs import indicators
from transform_sim.sweeps.parts import Part, stacked, unpacked
from transform_sim.sweeps.plan import Plan, plan
from transform_sim.sweeps.start import plan_file
from transform_sim.sweeps.work import Worker

from .test_evaluate import axes_of, scale

STUDIES = sorted((ROOT / "scenarios").glob("*.yaml"))
SHIPPED_SWEEPS = sorted((ROOT / "scenarios" / "sweeps").glob("*.yaml"))
DIFFERENT = {"braunschweig_wolfsburg", "nrw_endogenous_power", "nrw_steel"}
"""Studies of which the others are variants."""
FACTORS = (0.6, 1.0, 1.1)
CLOSE, CLOSE_KEPT = 1e-6, 1e-5


def axes(scenario: ts.Scenario) -> Iterator[Axis]:
    """Factors on the carbon price, on the first price of a supply and on the first demand, as far as there are any."""
    numbers = quantities(scenario)
    for part, named in (("policies.carbon_price", ""), ("supply.", "price"), ("demand.", ".amount")):
        path = next((p for p in numbers if p.startswith(part) and named in p), None)
        if path is not None:
            yield scale(path, *FACTORS)


@dataclass(frozen=True)
class Kept:
    """What a sweep keeps of a case."""

    status: str
    objective: float
    parts: dict[str, Part]


def solved(planned: Plan) -> dict[int, Kept]:
    """All cases of a sweep."""
    worker, out = Worker(planned, "indicators"), {}
    for number in range(len(planned.chunks)):
        done = worker.solve(number).arrays
        parts = unpacked(done)
        for k, i in enumerate(done["case"].tolist()):
            own = {n: replace(p, values=p.values[k]) for n, p in parts.items()}
            out[i] = Kept(str(done["status"][k]), float(done["objective"][k]), own)
    return out


def alone(planned: Plan, i: int) -> tuple[str, float]:
    """The same of a case that is loaded, built and solved by itself."""
    try:
        return "optimal", ts.solve(planned.scenario.with_(planned.changes(i))).objective
    except InfeasibleError:
        return "infeasible", np.nan
    except UnboundedError:
        return "unbounded", np.nan
    except ScenarioError:
        return "refused", np.nan


def compare(planned: Plan, chosen: list[int]) -> None:
    """Every chosen case of the sweep ends and costs as it does alone, and so does what is kept of it.

    Several solutions may cost the same: whichever is kept, its payments add up to the optimum.
    """
    found = solved(planned)
    assert sorted(found) == list(range(len(planned.cases)))
    for i in chosen:
        status, objective = alone(planned, i)
        assert found[i].status == status, planned.changes(i)
        assert found[i].objective == pytest.approx(objective, rel=CLOSE, abs=1e-6, nan_ok=True), planned.changes(i)
        if status == "optimal":
            years = planned.full(i)[1].periods
            paid = found[i].parts["annual_cost"]
            at = [years.labels.index(year) for year in paid.labels["period"] if year in years.labels]
            yearly = np.nan_to_num(paid.values.sum(axis=0))[[year in years.labels for year in paid.labels["period"]]]
            assert yearly @ years.weight[at] == pytest.approx(objective, rel=CLOSE, abs=1e-3), planned.changes(i)


def corners(planned: Plan, n: int) -> list[int]:
    """Both ends of the order, where all axes are low and high, and others drawn from the rest."""
    ends = {int(np.argmin(planned.cases.codes.sum(axis=1))), int(np.argmax(planned.cases.codes.sum(axis=1)))}
    rest = [i for i in range(len(planned.cases)) if i not in ends]
    return [*sorted(ends), *random.Random(planned.hash).sample(rest, min(n - len(ends), len(rest)))]


@pytest.mark.parametrize("path", STUDIES, ids=lambda p: p.stem)
def test_each_study_in_annual_balances(path: Path) -> None:
    scenario = ts.load(path).with_({"time": "annual"})
    planned = plan(scenario, grid(tuple(axes(scenario))))
    assert len(planned.cases) == 27
    assert len(planned.groups) == 1, planned
    compare(planned, corners(planned, 3))


def test_the_steel_study_hour_by_hour() -> None:
    scenario = ts.load(ROOT / "scenarios" / "nrw_steel.yaml")
    factors = [scale(axis.paths[0], *FACTORS[:2]) for axis in axes(scenario)]
    planned = plan(scenario, grid(tuple(factors)))
    compare(planned, corners(planned, 3))


@pytest.mark.parametrize("path", MINIS, ids=lambda p: p.stem)
def test_each_small_study(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabulate, "SMALL", 0)  # put together as a large sweep is
    scenario = ts.load(path)
    planned = plan(scenario, grid(tuple(axes(scenario))))
    assert len(planned.cases) >= 9
    compare(planned, corners(planned, 9))


@pytest.mark.parametrize("path", SHIPPED_SWEEPS, ids=lambda p: p.stem)
def test_each_shipped_sweep(path: Path) -> None:
    planned, _ = plan_file(path)
    compare(planned, corners(planned, 3))


def nudged(lp: LinearProgram, data: Inputs) -> None:
    """Up to a hundredth of a EUR on each unit of everything but capital, so that no two solutions cost the same."""
    draw = np.random.default_rng(1)
    for block in lp.freeze().columns:
        if block.name not in CAPITAL:
            cost = draw.uniform(1e-3, 1e-2, (*block.shape[:2], 1))
            lp.add_cost(f"nudge_{block.name}_{block.grid.name}", block.name, cost, over=block.entities)


def with_odd_capital(scenario: ts.Scenario) -> ts.Scenario:
    """The scenario with each capex a little off, so that no two plants cost the same."""
    draw, numbers = random.Random(1), quantities(scenario)
    factors = [(scale(p, draw.uniform(1.0, 1.001)), 0) for p in numbers if p.endswith(".capex")]
    return scenario.with_(changes(scenario, numbers, factors)) if factors else scenario


@pytest.mark.parametrize("path", [*(p for p in STUDIES if p.stem in DIFFERENT), *MINIS], ids=lambda p: p.stem)
def test_where_one_solution_is_best_it_is_kept(path: Path) -> None:
    scenario = ts.load(path)
    if path in STUDIES:
        scenario = scenario.with_({"time": "annual"})
    scenario = with_odd_capital(scenario)
    planned = plan(scenario, grid(tuple(axes(scenario))), [nudged])
    found = solved(planned)
    for i in corners(planned, 3 if path in STUDIES else 5):
        if found[i].status != "optimal":
            continue
        own = indicators(ts.solve(scenario.with_(planned.changes(i)), constraints=[nudged]))
        for name, part in stacked([found[i].parts, own]).items():
            if name != "cap_price":  # prices of a kink in the cost are not unique
                size = np.abs(part.values).max(initial=0.0)
                np.testing.assert_allclose(
                    part.values[0], part.values[1], rtol=CLOSE_KEPT, atol=CLOSE_KEPT * size + 1e-9, err_msg=name
                )


@given(systems(), st.integers(0, 99))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_studies(sections: dict[str, Any], seed: int) -> None:
    scenario, draw = ts.loads(as_yaml(sections)), random.Random(seed)
    planned = plan(scenario, grid(tuple(axes_of(sections, scenario, draw, 3))))
    compare(planned, corners(planned, 6))
