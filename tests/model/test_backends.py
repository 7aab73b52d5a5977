"""HiGHS and Pyomo on every scenario in `scenarios/mini`, and constraints added to the Pyomo model by name."""

from __future__ import annotations

from pathlib import Path

import pyomo.environ as pyo
import pytest

import transform_sim as ts
from tests.micro import MINIS, ROOT, mini

MINI = ROOT / "scenarios" / "mini"


@pytest.mark.parametrize("path", MINIS, ids=lambda path: path.stem)
def test_both_agree_in_objective_and_certificate(path: Path) -> None:
    ours, theirs = mini(path.stem), ts.solve(path, solver="pyomo")
    assert theirs.objective == pytest.approx(ours.objective, rel=1e-9, abs=1e-6)
    for r in (ours, theirs):
        assert r.certificate["ok"]
        assert r.certificate["gap"] <= 1e-6
        assert r.certificate["dual_residual"] <= 1e-6
    assert theirs.solver["solver"].startswith("pyomo")
    assert set(theirs.data.data_vars) == set(ours.data.data_vars)


def optimum(model: pyo.ConcreteModel) -> float:
    pyo.SolverFactory("appsi_highs").solve(model)
    return float(pyo.value(model.total_cost))


def test_a_constraint_by_name_moves_the_optimum_as_by_hand() -> None:
    model = ts.to_pyomo(MINI / "two_nodes.yaml")
    plain = optimum(model)
    assert plain == pytest.approx(mini("two_nodes").objective, rel=1e-9)
    # 90 MW of pipeline are best; at most 80 makes 10 MW less arrive as 9.8, which cost 110 instead of 81 and 10 · 6250
    model.narrow = pyo.Constraint(expr=model.capacity["pipeline", "coast", 2035] <= 80)
    assert optimum(model) - plain == pytest.approx(9.8 * 8760 * 110 - 10 * 8760 * 81 - 10 * 6250, rel=1e-9)


def test_names_carry_modes_periods_and_steps() -> None:
    model = ts.to_pyomo(MINI / "supply_curve.yaml")
    plain = optimum(model)
    # no more than 2 MW sold when it is windy: 2 MW · 4380 h · 35 less
    model.less_sold = pyo.Constraint(expr=model.sale["feed_in", "step 1", "ruhr", 2025, "windy"] <= 2)
    assert optimum(model) - plain == pytest.approx(2 * 4380 * 35, rel=1e-9)
    assert model.dual[model.balance["electricity", "ruhr", 2025, "calm"]] / 4380 == pytest.approx(90)


def test_a_changed_model_comes_back_as_results() -> None:
    path = MINI / "two_routes.yaml"
    model = ts.to_pyomo(path)
    # at least a quarter of 2025's steel (28.5 of 114.2 t/h) from the shaft: 16 EUR/t dearer that year, five years
    model.share = pyo.Constraint(expr=model.activity["shaft", "run", "ruhr", 2025] >= 250_000 / 8760)
    pyo.SolverFactory("appsi_highs").solve(model)
    r = ts.from_pyomo(path, model)
    assert r.objective - mini("two_routes").objective == pytest.approx(5 * 250_000 * 16, rel=1e-9)
    assert r.activity.sel(process="shaft", period=2025).sum() == pytest.approx(250_000)
    assert r.certificate["ok"]
    assert r.certificate["gap"] is None  # feasible; that it is best is the solver's word alone
