"""The Pyomo model: readable names, the same optimum, own constraints."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.opt import TerminationCondition

from transform_sim.errors import (
    CertificateError,
    InfeasibleError,
    ModelError,
    SolveError,
    TimeLimitError,
    UnboundedError,
)
from transform_sim.lp import INF, Entities, Grid, LinearProgram, Periods, Program, Term, period_total
from transform_sim.solvers import Status, prepare, pyomo_solve, solution_from_pyomo, solve_pyomo, to_pyomo

from .programs import dense, transition

# min x + 2y, x + y ≥ 3: x = 3
SMALL = dense([1, 2], [[1, 1]], row_lower=3)


@pytest.fixture(scope="module")
def study() -> Program:
    return transition(2, 3, 1)


def test_names_are_those_of_the_program(study: Program) -> None:
    model = to_pyomo(study)
    for k in range(0, study.shape[1], 97):
        bare = model.transform_sim.columns[k].name.replace("'", "").replace(",", ", ")
        assert bare == study.column_name(k)
    for k in range(0, study.shape[0], 97):
        bare = model.transform_sim.rows[k].name.replace("'", "").replace(",", ", ")
        assert bare == study.row_name(k)
    assert model.new_capacity["electrolyser", "r0", 2030].lb == 0
    assert model.activity["blast_furnace", "r0", 2030].ub is None
    assert model.activity["wind", "r1", 2025, "d0 05:00"].lb == 0
    assert model.power_purchase["power", "r0", 2025, "d0 05:00"].ub == 2000
    assert pyo.value(model.balance["steel", "r0", 2030].lower) == 450
    with pytest.raises(KeyError):
        model.activity["wind", "r1", 2025]


@pytest.mark.parametrize("solver", ["appsi_highs", "highs"])
def test_same_optimum_as_highs(study: Program, solver: str) -> None:
    ours, theirs = prepare(study).solve(), solve_pyomo(study, solver)
    assert theirs.objective == pytest.approx(ours.objective, rel=1e-9)
    assert theirs.certificate.complete
    assert theirs.certificate.ok
    assert (theirs.solver, theirs.method, theirs.status) == (f"pyomo:{solver}", "model as built", Status.OPTIMAL)
    assert theirs.seconds > 0


def test_duals_have_our_sign() -> None:
    solution = solve_pyomo(dense([-1, 5], [[1, 1], [1, 0]], [3, -INF], [INF, 2]))
    np.testing.assert_allclose(solution.x, [2, 1])
    np.testing.assert_allclose(solution.row_dual, [5, -6])  # one more demanded costs 5, one more allowed saves 6


def test_own_constraint_moves_the_optimum_by_the_hand_value() -> None:
    model = to_pyomo(SMALL)
    model.extra = pyo.Constraint(expr=model.x["a1", 2030] >= 1)
    solution = solve_pyomo(SMALL, model=model)
    np.testing.assert_allclose(solution.x, [2, 1])
    assert solution.objective == pytest.approx(4)
    assert not solution.certificate.complete
    assert solution.certificate.ok
    assert solution.method == "model with extra added"
    assert solution.row_dual is not None


def test_model_solved_by_the_user_is_read_back() -> None:
    model = to_pyomo(SMALL)
    with pytest.raises(SolveError, match="carries no solution"):
        solution_from_pyomo(SMALL, model)
    pyo.SolverFactory("appsi_highs").solve(model)
    solution = solution_from_pyomo(SMALL, model)
    assert solution.objective == pytest.approx(3)
    assert solution.certificate.complete


def test_values_that_do_not_fit_are_refused() -> None:
    model = to_pyomo(SMALL)
    for column in model.transform_sim.columns:
        column.value = 0.5
    with pytest.raises(CertificateError, match=r"row\[b0, 2030\]: off by 2"):
        solution_from_pyomo(SMALL, model)


def test_solver_without_duals_proves_feasibility() -> None:
    model = to_pyomo(SMALL)
    for column, value in zip(model.transform_sim.columns, (3.0, 0.0), strict=True):
        column.value = value
    solution = solution_from_pyomo(SMALL, model)
    assert (solution.row_dual, solution.dual_objective, solution.certificate.complete) == (None, None, False)


@pytest.mark.parametrize("change", ["fix", "bound", "objective", "row"])
def test_every_change_is_noticed(change: str) -> None:
    model = to_pyomo(SMALL)
    first, second = model.transform_sim.columns
    if change == "fix":
        second.fix(1.0)
    elif change == "bound":
        second.setlb(1.0)
    elif change == "objective":
        model.total_cost.deactivate()
        model.other = pyo.Objective(expr=first + 0.5 * second)
    else:
        model.row["b0", 2030].deactivate()
        model.instead = pyo.Constraint(expr=first + second >= 4)
    solution = solve_pyomo(SMALL, model=model)
    assert not solution.certificate.complete
    assert solution.method.startswith("model with")
    assert solution.objective > 3


def test_harmless_components_change_nothing() -> None:
    model = to_pyomo(SMALL)
    model.total = pyo.Expression(expr=sum(model.x.values()))
    model.limit = pyo.Param(initialize=3)
    assert solve_pyomo(SMALL, model=model).certificate.complete


def test_ends_without_an_optimum() -> None:
    with pytest.raises(InfeasibleError, match="explain_infeasible"):
        solve_pyomo(dense([1], [[1]], row_lower=3, upper=1))
    with pytest.raises(UnboundedError) as caught:
        solve_pyomo(dense([-1], [[1]], row_lower=3))
    assert caught.value.ray == {"x[a0, 2030]": 1.0}
    with pytest.raises(TimeLimitError):
        solve_pyomo(transition(2, 3, 1), time_limit=1e-4)
    with pytest.raises(SolveError, match="finds no solver 'nonsense'"):
        solve_pyomo(SMALL, "nonsense")


def test_own_constraint_without_solution() -> None:
    model = to_pyomo(SMALL)
    model.extra = pyo.Constraint(expr=model.x["a0", 2030] + model.x["a1", 2030] <= 2)
    with pytest.raises(InfeasibleError) as caught:
        solve_pyomo(SMALL, model=model)
    assert "explain" not in str(caught.value)


def test_options_reach_the_solver() -> None:
    assert solve_pyomo(SMALL, presolve="off").objective == pytest.approx(3)


def test_every_ending_of_pyomo_has_one_of_ours() -> None:
    assert set(pyomo_solve.STATUS) == set(TerminationCondition)


def test_rows_of_every_kind() -> None:
    program = dense(
        [1, -1],
        [[0, 0], [1, 1], [0, 0], [1, -1], [1, 0]],
        [-1, -INF, -INF, 0, -4],
        [2, 9, INF, 0, 7],
        lower=[-INF, -2],
        upper=[INF, 3],
    )
    model = to_pyomo(program)
    assert model.transform_sim.rows[2] is None
    assert solve_pyomo(program).objective == pytest.approx(prepare(program).solve().objective)


def test_names_that_pyomo_or_a_variable_has_taken() -> None:
    lp = LinearProgram(
        {"place": ["a"]},
        Periods((2030, 2035), np.ones(2)),
        {"year": Grid("year", np.ones(1), np.zeros(1, int), ("y",))},
    )
    place = Entities.of(place=[0])
    for name in ("capacity", "type", "dual"):
        lp.add_columns(name, place, "year", lower=1.0)
    lp.add_rows("capacity", place, "year", [(1.0, "capacity")], lower=2.0)
    whole = Entities({})
    lp.add_rows("budget", whole, "year", [Term(1.0, "capacity", period=period_total(2))], upper=9.0, per_period=False)
    lp.add_cost("cost", "capacity", 1.0)
    model = to_pyomo(lp.freeze())
    assert pyo.value(model.capacity_rows["a", 2035].lower) == 2
    assert pyo.value(model.budget.upper if hasattr(model.budget, "upper") else model.budget[None].upper) == 9
    assert model.type_["a", 2030].lb == model.dual_["a", 2030].lb == 1
    assert solve_pyomo(lp.freeze()).objective == pytest.approx(4)


def test_members_with_the_same_labels_are_refused() -> None:
    program = transition(1, 2, 1)
    labels = {**program.labels, "process": tuple("same" for _ in program.labels["process"])}
    with pytest.raises(ModelError, match="two members carry the same labels"):
        to_pyomo(dataclasses.replace(program, labels=labels))
