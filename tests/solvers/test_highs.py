"""HiGHS on programs solved by hand, and the road from a failed certificate to a proved one."""

from __future__ import annotations

import os
import signal
import threading

import highspy
import numpy as np
import pytest

from transform_sim.errors import (
    CertificateError,
    InfeasibleError,
    MissingExtraError,
    ModelError,
    SolveError,
    TimeLimitError,
    UnboundedError,
)
from transform_sim.lp import INF
from transform_sim.solvers import Bounds, Status, engine, highs, methods, prepare
from transform_sim.solvers.case import Case
from transform_sim.solvers.engine import Outcome
from transform_sim.solvers.kkt import Ruler, excludes

from .programs import dense, transition

METHODS = ["simplex", "hipo", "ipx"]

# name: (program, x, row duals, objective)
BY_HAND = {
    # cheapest of two sources covers 3
    "one row": (dense([1, 2], [[1, 1]], row_lower=3), [3, 0], [1], 3),
    # 2x+y ≤ 4 and x+2y ≤ 4 meet at (4/3, 4/3); -x-y: y1 = y2 = -1/3
    "corner": (dense([-1, -1], [[2, 1], [1, 2]], row_upper=4), [4 / 3, 4 / 3], [-1 / 3, -1 / 3], -8 / 3),
    # the cheap source ends at 2, the dear one sets the price
    "capacity": (dense([1, 5], [[1, 1]], row_lower=3, upper=[2, INF]), [2, 1], [5], 7),
    # free emission E = 2 x, priced 10, x ≥ 4: dual of the definition is +10 (one more unit on its side costs 10)
    "free variable": (
        dense([1, 10], [[-2, 1], [1, 0]], row_lower=[0, 4], row_upper=[0, INF], lower=[0, -INF]),
        [4, 8],
        [10, 21],
        84,
    ),
    # x fixed at 3, y takes the rest of 5
    "fixed column": (
        dense([7, 2], [[1, 1]], row_lower=5, row_upper=5, lower=[3, 0], upper=[3, 9]),
        [3, 2],
        [2],
        25,
    ),
    # -4 ≤ x + y ≤ 7 binds above when both earn; y ≤ 2
    "ranged row": (dense([-1, -3], [[1, 1]], row_lower=-4, row_upper=7, upper=[INF, 2]), [5, 2], [-1], -11),
    # negative lower bounds: both fall to them
    "negative bounds": (dense([1, 1], [[1, 0]], row_lower=-INF, lower=[-5, -1]), [-5, -1], [0], -6),
    "no rows": (dense([1, -1], np.zeros((0, 2)), lower=[2, 0], upper=[9, 4]), [2, 4], [], -2),
    "no costs": (dense([0], [[1]], row_lower=2, row_upper=2), [2], [0], 0),
    "empty row": (dense([1], [[0], [1]], row_lower=[-1, 2], row_upper=[0, INF]), [2], [0, 1], 2),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", BY_HAND)
def test_solved_by_hand(case: str, method: str) -> None:
    program, x, dual, objective = BY_HAND[case]
    solution = prepare(program, method=method).solve()
    np.testing.assert_allclose(solution.x, x, atol=1e-6)
    np.testing.assert_allclose(solution.row_dual, dual, atol=1e-6)
    assert solution.objective == pytest.approx(objective, abs=1e-6)
    assert solution.dual_objective == pytest.approx(objective, abs=1e-6)
    assert solution.status is Status.OPTIMAL
    assert solution.certificate.ok
    assert (solution.solver, solution.method) == ("highs", method)


def test_program_without_columns() -> None:
    solution = prepare(dense([], np.zeros((0, 0)))).solve()
    assert (solution.objective, len(solution.x), solution.certificate.ok) == (0.0, 0, True)


def test_degenerate_vertex_is_proved() -> None:
    # five rows meet in (1, 1): its duals are not unique, its proof is
    matrix = [[1, 0], [0, 1], [1, 1], [2, 1], [1, 2]]
    solution = prepare(dense([-1, -1], matrix, row_upper=[1, 1, 2, 3, 3])).solve()
    np.testing.assert_allclose(solution.x, [1, 1])
    assert solution.certificate.ok


def test_infeasible() -> None:
    with pytest.raises(InfeasibleError, match="explain_infeasible"):
        prepare(dense([1, 1], [[1, 1]], row_lower=3, upper=1)).solve()


@pytest.mark.parametrize("method", METHODS)
def test_large_infeasible_programs_are_seen_before_the_interior_point(method: str) -> None:
    program = transition(1, 2, 1)
    cap = next(b for b in program.rows if b.name == "emission_cap")
    sides = program.row_upper.copy()
    sides[cap.span] = 1.0
    with pytest.raises(InfeasibleError):
        prepare(program, method=method).solve(bounds=Bounds(row_upper=sides))


@pytest.mark.parametrize("method", [*METHODS, "pdlp"])
def test_unbounded_names_the_loop(method: str) -> None:
    # x0 − x1 ≥ 3 with x0 earning 1: both can grow, but x0 alone is enough
    with pytest.raises(UnboundedError, match=r"x\[a0, 2030\] by \+1") as caught:
        prepare(dense([-1, 2], [[1, -1]], row_lower=3), method=method).solve()
    assert caught.value.ray == {"x[a0, 2030]": 1.0}


def test_unbounded_loop_of_several_columns() -> None:
    # buying (1) at 2 feeds selling (0) at 3 through balance x1 = x0; column 2 has no part
    program = dense([-3, 2, 1], [[-1, 1, 0]], row_lower=0, row_upper=0)
    with pytest.raises(UnboundedError) as caught:
        prepare(program).solve()
    assert caught.value.ray == pytest.approx({"x[a0, 2030]": 1.0, "x[a1, 2030]": 1.0})


def test_unbounded_or_infeasible_is_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Outcome(Status.INFEASIBLE_OR_UNBOUNDED, None, None, 0, 0.0)
    monkeypatch.setattr(highs, "Engine", _scripted([ended]))
    with pytest.raises(UnboundedError):
        prepare(dense([-1], [[1]], row_lower=3)).solve()
    with pytest.raises(InfeasibleError):
        prepare(dense([-1], [[1]], row_lower=3, upper=1)).solve()


@pytest.mark.parametrize("method", METHODS)
def test_unbounded_program_that_presolve_calls_infeasible(method: str) -> None:
    # x = 0 satisfies all; x1 = −x2 growing lowers cost for ever. HiGHS 1.15.1 with presolve ends as "infeasible"
    matrix = np.zeros((5, 4))
    matrix[1] = matrix[2] = [1, 1, 1, 0]
    program = dense(
        [0, 0, 1, 0], matrix, [0, 0, -INF, 0, 0], [0, INF, 1, 0, 0], lower=[-INF, 0, -INF, 0], upper=[0, INF, 0, 0]
    )
    with pytest.raises(UnboundedError) as caught:
        prepare(program, method=method).solve()
    assert caught.value.ray == pytest.approx({"x[a1, 2030]": 1.0, "x[a2, 2030]": -1.0})


def test_time_limit_tells_what_is_known() -> None:
    with pytest.raises(TimeLimitError, match="time limit") as caught:
        prepare(transition(2, 3, 1), time_limit=1e-4).solve()
    assert caught.value.bound is None or caught.value.bound < 1e11


def test_iteration_limit_gives_bound_and_incumbent() -> None:
    program = transition(2, 3, 1)
    best = prepare(program).solve().objective
    with pytest.raises(TimeLimitError, match="iteration limit") as caught:
        prepare(program, method="ipx", iteration_limit=20).solve()
    assert caught.value.incumbent is None or caught.value.incumbent >= best
    with pytest.raises(TimeLimitError) as caught:
        prepare(program, method="simplex", iteration_limit=1500).solve()
    assert caught.value.bound is not None
    assert 0 < caught.value.bound <= best * (1 + 1e-6)


def test_feasible_point_is_the_incumbent_of_an_interior_run(monkeypatch: pytest.MonkeyPatch) -> None:
    point = Outcome(Status.OPTIMAL, np.array([4.0, 0.0]), np.zeros(1), 1, 0.0)
    stopped = Outcome(Status.TIME_LIMIT, None, None, 5, 1.0)
    dual = Outcome(Status.TIME_LIMIT, np.zeros(2), np.array([1.0]), 3, 0.1)
    monkeypatch.setattr(highs, "Engine", _scripted([point, stopped, dual]))
    with pytest.raises(TimeLimitError, match="costs 4, none can cost less than 3") as caught:
        prepare(dense([1, 2], [[1, 1]], row_lower=3), method="ipx").solve()
    assert (caught.value.bound, caught.value.incumbent) == (3.0, 4.0)


def test_time_limit_is_per_solve_though_highs_adds_up_its_clock() -> None:
    program = transition(1, 2, 1)
    session, spent = prepare(program, method="ipx", time_limit=0.6), 0.0
    while spent < 0.7:
        spent += session.solve().seconds


@pytest.mark.parametrize("seed", range(3))
def test_warm_equals_cold(seed: int) -> None:
    program = transition(1, 2, 1, seed)
    session, rng = prepare(program, method="simplex"), np.random.default_rng(seed)
    for k in range(4):
        cost = program.cost * rng.uniform(0.8, 1.2, program.shape[1]) if k % 2 else None
        rise = rng.uniform(0.9, 1.1)
        bounds = None if k == 1 else Bounds(row_lower=program.row_lower * rise, row_upper=program.row_upper * rise)
        warm = session.solve(cost, bounds)
        cold = prepare(program, method="simplex").solve(cost, bounds)
        assert warm.objective == pytest.approx(cold.objective, rel=1e-9)
        assert warm.method == ("simplex, warm" if k else "simplex")
        assert warm.certificate.tolerance == methods.VERTEX_TOLERANCE


def test_what_is_not_given_is_the_programs_own_again() -> None:
    session = prepare(dense([1, 2], [[1, 1]], row_lower=3))
    assert session.solve(cost=[5, 2], bounds=Bounds(upper=2)).objective == 2 * 2 + 5
    assert session.solve().objective == 3


def test_interior_equals_vertex() -> None:
    program = transition(2, 3, 1)
    vertex = prepare(program, method="simplex").solve()
    for method in ("hipo", "ipx"):
        interior = prepare(program, method=method).solve()
        assert interior.objective == pytest.approx(vertex.objective, rel=1e-8)
        assert interior.method == method
        assert interior.certificate.tolerance == methods.INTERIOR_TOLERANCE
        assert np.all(interior.x >= program.lower)


def test_duals_lie_between_finite_differences() -> None:
    program, step = transition(1, 2, 1), 1e-3
    session = prepare(program)
    dual = session.solve().row_dual
    assert dual is not None
    balance = next(b for b in program.rows if b.name == "balance" and b.grid.name == "year")
    rows = [k for k in range(balance.span.start, balance.span.stop) if program.row_lower[k] > 0]
    assert len(rows) >= 6
    for row in rows:
        left, middle, right = (
            session.solve(bounds=_shifted(program.row_lower, program.row_upper, row, s)).objective
            for s in (-step, 0, step)
        )
        slack = 1e-6 * abs(dual[row])
        assert (middle - left) / step - slack <= dual[row] <= (right - middle) / step + slack


def test_costs_of_any_size() -> None:
    for factor in (1e-6, 1.0, 1e9):
        solution = prepare(dense([factor, 2 * factor], [[1, 1]], row_lower=3)).solve()
        assert solution.objective == pytest.approx(3 * factor, rel=1e-12)
        np.testing.assert_allclose(solution.row_dual, [factor], rtol=1e-12)


def test_auto_goes_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    program = dense([1, 2], [[1, 1]], row_lower=3)
    assert prepare(program).method == "simplex"
    monkeypatch.setattr(methods, "LARGE", 2)
    assert prepare(program).method == "hipo"
    monkeypatch.setattr(methods, "has_hipo", lambda: False)
    assert prepare(program).method == "ipx"
    assert prepare(program).solve().objective == pytest.approx(3)
    with pytest.raises(MissingExtraError, match="pip install highspy-extras"):
        prepare(program, method="hipo")
    with pytest.raises(ModelError, match="'newton' is unknown"):
        prepare(program, method="newton")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cost", "bounds", "message"),
    [
        ([1, 2, 3], None, r"cost has shape \(3,\); the program needs \(2,\)"),
        ([1, np.nan], None, r"cost\[1\] is nan"),
        ([1, np.inf], None, r"cost\[1\] is inf"),
        (None, Bounds(lower=[np.inf, 0]), r"lower\[0\] is inf; give a finite number or -inf"),
        (None, Bounds(row_upper=[-np.inf]), r"row_upper\[0\] is -inf; give a finite number or inf"),
    ],
)
def test_costs_and_bounds_that_make_no_sense(cost: list[float] | None, bounds: Bounds | None, message: str) -> None:
    session = prepare(dense([1, 2], [[1, 1]], row_lower=3))
    with pytest.raises(ModelError, match=message):
        session.solve(cost, bounds)
    assert session.solve().objective == 3


def test_every_status_of_highs_has_one_of_ours() -> None:
    assert set(engine.STATUS) == set(highspy.HighsModelStatus.__members__)
    assert {engine.STATUS[name] for name in ("kOptimal", "kModelEmpty")} == {Status.OPTIMAL}
    assert set(engine.STATUS.values()) == set(Status)


@pytest.mark.parametrize("status", [Status.MEMORY_LIMIT, Status.INTERRUPTED])
def test_other_ends_are_named(status: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "Engine", _scripted([Outcome(status, None, None, 0, 0.0)]))
    with pytest.raises(SolveError, match=f"ended early: {status}"):
        prepare(dense([1, 2], [[1, 1]], row_lower=3)).solve()


def test_wrong_optimal_answers_are_solved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Outcome(Status.OPTIMAL, np.array([0.0, 3.0]), np.array([1.0]), 7, 0.5)
    right = Outcome(Status.OPTIMAL, np.array([3.0, 0.0]), np.array([1.0]), 2, 0.25)
    program = dense([1, 2], [[1, 1]], row_lower=3)
    monkeypatch.setattr(highs, "Engine", _scripted([right, *[wrong] * 4, right]))
    session = prepare(program)
    assert session.solve().method == "simplex"
    solution = session.solve()
    assert (solution.method, solution.iterations, solution.seconds) == ("hipo with crossover", 30, 2.25)
    monkeypatch.setattr(highs, "Engine", _scripted([wrong, wrong]))
    with pytest.raises(CertificateError, match=r"tried simplex, hipo with crossover.*x\[a1, 2030\]") as caught:
        prepare(program).solve()
    assert not caught.value.certificate.ok


def test_a_vertex_with_rounding_is_factorised_anew_first(monkeypatch: pytest.MonkeyPatch) -> None:
    rounded = Outcome(Status.OPTIMAL, np.array([3.0 - 1e-5, 0.0]), np.array([1.0]), 7, 0.5)
    right = Outcome(Status.OPTIMAL, np.array([3.0, 0.0]), np.array([1.0]), 0, 0.0)
    monkeypatch.setattr(highs, "Engine", _scripted([rounded, right, rounded, right]))
    session = prepare(dense([1, 2], [[1, 1]], row_lower=3))
    assert [session.solve().method for _ in range(2)] == ["simplex", "simplex, warm"]


def test_a_warm_claim_of_infeasibility_is_checked_cold(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Outcome(Status.OPTIMAL, np.array([3.0, 0.0]), np.array([1.0]), 2, 0.25)
    claim = Outcome(Status.INFEASIBLE, None, None, 2, 0.25)
    monkeypatch.setattr(highs, "Engine", _scripted([right, claim, right]))
    session = prepare(dense([1, 2], [[1, 1]], row_lower=3))
    session.solve()
    assert session.solve().method == "simplex"


def test_a_session_goes_on_from_the_vertex_before_a_case_without_solution() -> None:
    program = transition(2, 2, 1)
    session, demand = prepare(program), program.row_lower.copy()
    first = session.solve()
    for bounds, cost, error in (
        (Bounds(upper=np.where(program.upper > 0, 1e-3, program.upper)), None, InfeasibleError),
        (None, np.where(np.isinf(program.upper), -1e3, program.cost), UnboundedError),
    ):
        with pytest.raises(error):
            session.solve(cost, bounds)
        again = session.solve()
        assert (again.method, again.iterations) == ("simplex, warm", 0)
        assert again.objective == pytest.approx(first.objective, rel=1e-12)
        np.testing.assert_array_equal(session.program.row_lower, demand)


def test_a_warm_proof_of_infeasibility_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    program = dense([1, 2], [[1, 1], [1, -1]], row_lower=[3, -INF], row_upper=[INF, 1], upper=[4, 4])
    session, runs, run = prepare(program), [], engine.Engine.run
    session.solve()

    def noted(self: engine.Engine, options: engine.Options, *, cold: bool = True) -> Outcome:
        runs.append(cold)
        return run(self, options, cold=cold)

    monkeypatch.setattr(engine.Engine, "run", noted)
    with pytest.raises(InfeasibleError):
        session.solve(bounds=Bounds(row_lower=[9, -INF]))
    assert runs == [False]
    assert session.solve().objective == pytest.approx(4)


@pytest.mark.parametrize(
    ("ray", "row_lower", "proved"),
    [
        ([1, 0], [9, -INF], True),  # x + y ≥ 9, but no more than 4 each
        ([-1, 0], [9, -INF], True),  # either sign
        ([1, 0], [8, -INF], False),  # 8 can be had
        ([1, 0], [8 * (1 + 1e-7), -INF], False),  # too close to tell
        ([0, 1], [9, -INF], False),  # the other row excludes nothing
        ([1, 1e-13], [9, -INF], True),
        ([np.nan, 0], [9, -INF], False),
    ],
)
def test_only_a_combination_that_excludes_every_point_is_a_proof(
    ray: list[float], row_lower: list[float], proved: bool
) -> None:
    program = dense([1, 2], [[1, 1], [1, -1]], row_upper=[INF, 1], upper=[4, 4])
    case = Case.of(program, bounds=Bounds(row_lower=row_lower))
    assert excludes(Ruler.of(program), case, np.array(ray)) is proved


def test_columns_without_end_leave_no_proof_but_rounding() -> None:
    # x − x of two rows cancels but for rounding; y has no end
    program = dense([1, 1], [[1, 0.1], [-1, -0.1]], row_lower=[3, -2])
    case = Case.of(program)
    assert excludes(Ruler.of(program), case, np.array([1.0, 1.0]))
    assert not excludes(Ruler.of(program), case, np.array([1.0, 0.9]))


def test_where_iterations_are_limited_no_clock_ends_the_look_for_a_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, run = [], engine.Engine.run

    def noted(self: engine.Engine, options: engine.Options, *, cold: bool = True) -> Outcome:
        seen.append(options)
        return run(self, options, cold=cold)

    monkeypatch.setattr(engine.Engine, "run", noted)
    prepare(transition(2, 2, 1), method="ipx", iteration_limit=100_000, threads=1).solve()
    assert len(seen) > 1
    assert all(options["time_limit"] == np.inf for options in seen)
    assert seen[0]["simplex_iteration_limit"] == highs.FEASIBILITY_ITERATIONS


def test_a_vertex_just_short_of_its_tolerance_counts_as_interior(monkeypatch: pytest.MonkeyPatch) -> None:
    near = Outcome(Status.UNKNOWN, np.array([3.0 - 2e-6, 0.0]), np.array([1.0]), 1, 0.0)
    program = dense([1, 2], [[1, 1]], row_lower=3)
    monkeypatch.setattr(highs, "Engine", _scripted([near, near]))
    assert prepare(program).solve().certificate.tolerance == methods.INTERIOR_TOLERANCE
    monkeypatch.setattr(highs, "Engine", _scripted([near, near]))
    with pytest.raises(CertificateError):
        prepare(program, tolerance=1e-8).solve()


def test_errors_without_a_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "Engine", _scripted([Outcome(Status.ERROR, None, None, 0, 0.0)] * 2))
    with pytest.raises(SolveError, match=r"without a solution \(error, error\)"):
        prepare(dense([1], [[1]], row_lower=3)).solve()


def test_log_receives_what_highs_writes() -> None:
    lines: list[str] = []
    prepare(dense([1, 2], [[1, 1]], row_lower=3), log=lines.append).solve()
    assert any("optimal" in line.lower() for line in lines)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    prepare(dense([1, 2], [[1, 1]], row_lower=3)).solve()
    prepare(transition(1, 2, 1), method="hipo").solve()
    assert capfd.readouterr() == ("", "")


def test_numbers_of_threads_may_differ() -> None:
    program = transition(1, 2, 1)
    objectives = {prepare(program, method="hipo", threads=n).solve().objective for n in (1, 2, None, 1)}
    np.testing.assert_allclose(list(objectives), next(iter(objectives)), rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_ctrl_c_stops_the_solver(method: str) -> None:
    program = transition(4, 6, 2)
    timer = threading.Timer(0.4, lambda: os.kill(os.getpid(), signal.SIGINT))
    session = prepare(program, method=method)
    handler = signal.getsignal(signal.SIGINT)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        session.solve()
    assert signal.getsignal(signal.SIGINT) is handler


def test_solving_in_other_threads() -> None:
    program, found = transition(1, 2, 1), []
    threads = [threading.Thread(target=lambda: found.append(prepare(program).solve().objective)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]


def _shifted(lower: np.ndarray, upper: np.ndarray, row: int, by: float) -> Bounds:
    low, high = lower.copy(), upper.copy()
    low[row] += by
    high[row] += by
    return Bounds(row_lower=low, row_upper=high)


def _scripted(outcomes: list[Outcome]) -> type:
    """An engine that ends as written, in turn."""
    left = list(outcomes)

    class Scripted:
        def __init__(self, *_: object) -> None:
            pass

        def update(self, _: object) -> tuple[bool, bool]:
            return False, False

        def run(self, *_: object, **__: object) -> Outcome:
            return left.pop(0) if len(left) > 1 else left[0]

        def basis(self) -> str:
            return "a vertex"

        def restore(self, _: str) -> None:
            pass

        def ray(self) -> None:
            return None

    return Scripted
