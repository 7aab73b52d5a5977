"""Random programs: HiGHS in all methods, SciPy and Pyomo agree, and every optimum proves itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from transform_sim.errors import InfeasibleError, SolveError, UnboundedError
from transform_sim.lp import INF, Program
from transform_sim.solvers import certify, explain_infeasible, prepare, solve_pyomo

from .programs import dense

NUMBERS = st.integers(-6, 6).map(float)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Small programs with every kind of side and bound; feasible, infeasible and unbounded ones."""
    n_rows, n_columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))

    def numbers(n: int) -> np.ndarray:
        return np.array(draw(st.lists(NUMBERS, min_size=n, max_size=n)))

    def sides(n: int) -> tuple[np.ndarray, np.ndarray]:
        low, width = numbers(n), np.abs(numbers(n))
        kind = np.array(draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
        return np.where(np.isin(kind, [1, 4]), -INF, low), np.where(
            np.isin(kind, [2, 4]), INF, low + np.where(kind == 3, 0, width)
        )

    row_lower, row_upper = sides(n_rows)
    lower, upper = sides(n_columns)
    matrix = numbers(n_rows * n_columns).reshape(n_rows, n_columns)
    return dense(numbers(n_columns), matrix, row_lower, row_upper, lower, upper)


def outcome(solve: object) -> tuple[str, float]:
    try:
        return "optimal", solve().objective  # type: ignore[operator]
    except InfeasibleError:
        return "infeasible", 0.0
    except UnboundedError:
        return "unbounded", 0.0


def scipy_outcome(program: Program) -> tuple[str, float]:
    matrix = program.matrix.toarray()
    upper, lower = np.isfinite(program.row_upper), np.isfinite(program.row_lower)
    result = linprog(
        program.cost,
        np.vstack([matrix[upper], -matrix[lower]]),
        np.concatenate([program.row_upper[upper], -program.row_lower[lower]]),
        bounds=np.column_stack([program.lower, program.upper]),
        method="highs-ds",
        options={"presolve": False},
    )
    return {0: "optimal", 2: "infeasible", 3: "unbounded"}[result.status], float(result.fun or 0.0)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(program=programs())
def test_methods_and_scipy_agree(program: Program) -> None:
    status, value = scipy_outcome(program)
    for method in ("simplex", "hipo", "ipx"):
        ours, objective = outcome(prepare(program, method=method).solve)
        assert ours == status, method
        if status == "optimal":
            assert objective == pytest.approx(value, rel=1e-6, abs=1e-6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(program=programs())
def test_pyomo_agrees(program: Program) -> None:
    # Pyomo's HiGHS has no answer where nothing is to be decided
    limited = np.isfinite(program.row_lower) | np.isfinite(program.row_upper)
    assume(limited.any() or program.cost.any())
    ours, objective = outcome(prepare(program).solve)
    theirs, value = outcome(lambda: solve_pyomo(program))
    assert (theirs, value) == (ours, pytest.approx(objective, rel=1e-8, abs=1e-8))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(program=programs())
def test_infeasible_programs_are_explained_and_no_others(program: Program) -> None:
    status, _ = outcome(prepare(program).solve)
    if status != "infeasible":
        with pytest.raises(SolveError, match="nothing to explain"):
            explain_infeasible(program)
        return
    explanation = explain_infeasible(program)
    assert explanation.finished
    assert explanation.conflict
    assert explanation.gives


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(program=programs(), at=st.integers(0, 4), by=st.sampled_from([-0.5, 0.5]))
def test_no_other_point_proves_itself_against_the_optimal_duals(program: Program, at: int, by: float) -> None:
    try:
        solution = prepare(program).solve()
    except (InfeasibleError, UnboundedError):
        return
    x = solution.x.copy()
    x[at % len(x)] += by
    moved = certify(program, x, solution.row_dual)
    # it may be another optimum; it is never a dearer one
    assert not moved.ok or moved.objective == pytest.approx(solution.objective, rel=1e-5, abs=1e-5)
