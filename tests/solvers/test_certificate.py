"""The certificate accepts what is right and names what is wrong."""

from __future__ import annotations

import dataclasses
import tracemalloc

import numpy as np
import pytest

from transform_sim.errors import ModelError
from transform_sim.lp import INF, Program
from transform_sim.solvers import Bounds, Certificate, Solution, certify, prepare

from .programs import dense, transition

# min x + 5y, x + y ≥ 3, x ≤ 2: x = 2, y = 1, price 5; reduced cost of x: 1 − 5 = −4, excused by its upper bound
SMALL = dense([1, 5], [[1, 1]], row_lower=3, upper=[2, INF])


@pytest.fixture(scope="module", params=["simplex", "hipo"])
def solved(request: pytest.FixtureRequest) -> tuple[Program, Solution]:
    program = transition(2, 3, 1)
    return program, prepare(program, method=request.param).solve()


def test_figures_by_hand() -> None:
    proof = certify(SMALL, [2, 1], [5], tolerance=1e-9)
    assert proof.ok
    assert (proof.objective, proof.dual_objective, proof.gap) == (7, 5 * 3 - 4 * 2, 0)
    assert (proof.primal_residual, proof.dual_residual, proof.profit_left, proof.row_residual) == (0, 0, 0, 0)
    assert proof.complete
    assert proof.shows_prices
    assert proof.failures == ()


def test_short_row() -> None:
    # 0.3 short: residual 0.3 ÷ (1 + 3), 0.3 ÷ largest term 2; allowed 100·1e-6·(1e-3 + 2 + 0.7)
    proof = certify(SMALL, [2, 0.7], [5])
    assert not proof.ok
    assert proof.worst_row is not None
    assert proof.worst_row.name == "row[b0, 2030]"
    assert proof.worst_row.violation == pytest.approx(0.3)
    assert proof.worst_row.allowed == pytest.approx(1e-4 * 2.701)
    assert proof.primal_residual == pytest.approx(0.3 / 4)
    assert proof.row_residual == pytest.approx(0.3 / 2.001)
    # |5.5 − 7| ÷ (1 + 5.5 + 7)
    assert proof.gap == pytest.approx(1.5 / 13.5)
    assert "row[b0, 2030]: off by 0.3, allowed 0.00027" in str(proof)
    assert proof.failures[0] == "row[b0, 2030]: off by 0.3, allowed 0.00027"


def test_column_beyond_its_bound() -> None:
    proof = certify(SMALL, [2.01, 0.99], [5])
    assert proof.worst_column is not None
    assert proof.worst_column.name == "x[a0, 2030]"
    assert "beyond its bound by 0.01" in str(proof.worst_column)


def test_price_that_leaves_a_profit() -> None:
    # at price 6 each unit of y earns 1; money that meets in y: 5 + 6
    proof = certify(SMALL, [2, 1], [6])
    assert proof.worst_column is not None
    assert proof.worst_column.name == "x[a1, 2030]"
    assert proof.worst_column.violation == proof.profit_left == 1
    assert proof.worst_column.allowed == pytest.approx(1e-4 * 11.001)
    assert proof.dual_residual == pytest.approx(1 / (1 + np.sqrt(26)))
    assert not proof.shows_prices


def test_price_that_is_too_low_shows_in_the_column_it_does_not_pay() -> None:
    proof = certify(SMALL, [2, 1], [4])
    assert proof.worst_column is not None
    assert proof.worst_column.name == "x[a1, 2030]"
    assert proof.dual_residual == 0  # the lower bound of y excuses the sign; only that y is not there does not


def test_price_of_the_wrong_sign() -> None:
    proof = certify(SMALL, [2, 1], [-5])
    assert not proof.ok
    assert proof.dual_objective == 0  # the row has no upper side to be paid at


def test_profit_excused_by_a_bound_only_where_the_column_is() -> None:
    # x0 earns 1 up to 9; at 5 the rest is profit left. The other column keeps the gap small.
    program = dense([-1, 1e9], np.zeros((0, 2)), lower=[0, 1], upper=[9, 1])
    assert certify(program, [9, 1], []).ok
    proof = certify(program, [5, 1], [])
    assert proof.gap is not None
    assert proof.gap < 1e-6
    assert proof.worst_column is not None
    assert proof.worst_column.name == "x[a0, 2030]"
    assert not proof.ok


def test_slack_that_is_paid_for() -> None:
    # min K, a ≤ K, a = 5: K = 5.05 is feasible and its cost drowns beside 1e9
    program = dense([0, 1, 1e9], [[1, -1, 0], [1, 0, 0], [0, 0, 1]], row_lower=[-INF, 5, 1], row_upper=[0, 5, 1])
    assert certify(program, [5, 5, 1], [-1, 1, 1e9]).ok
    proof = certify(program, [5, 5.05, 1], [-1, 1, 1e9])
    assert proof.gap is not None
    assert proof.gap < 1e-6
    assert proof.worst_row is not None
    assert proof.worst_row.name == "row[b0, 2030]"
    assert "slack" in proof.worst_row.what


def test_weights_turn_profit_into_money_per_unit() -> None:
    program = transition(1, 2, 1)
    solution = prepare(program).solve()
    assert solution.row_dual is not None
    purchase = next(b for b in program.columns if b.name == "power_purchase")
    cost = program.cost.copy()
    # one purchase becomes so cheap that it earns 500 EUR/MWh, in money of the objective × W_h N_y
    cost[purchase.offset] -= 500.0 * program.column_scale[purchase.offset]
    proof = certify(program, solution.x, solution.row_dual, cost=cost)
    assert proof.worst_column is not None
    assert proof.worst_column.name == program.column_name(purchase.offset)
    assert 300 < proof.worst_column.violation <= 500


def test_primal_side_alone() -> None:
    proof = certify(SMALL, [0, 3])
    assert proof.ok
    assert not proof.complete
    assert (proof.gap, proof.dual_residual, proof.dual_objective, proof.profit_left) == (None, None, None, None)
    assert not proof.shows_prices
    assert proof.summary() == "proved feasible at 1e-06, primal residual 0.0e+00"
    assert not certify(SMALL, [0, 2]).ok


def test_other_costs_and_bounds() -> None:
    assert not certify(SMALL, [2, 1], [5], cost=[9, 5]).ok
    assert certify(SMALL, [0, 3], [5], cost=[9, 5]).ok
    assert certify(SMALL, [2, 2], [5], bounds=Bounds(row_lower=4)).ok
    assert not certify(SMALL, [2, 1], [5], bounds=Bounds(row_lower=4)).ok


@pytest.mark.parametrize(
    ("x", "dual"),
    [([np.nan, 1], [5]), ([np.inf, 1], [5]), ([2, 1], [np.nan]), ([2, 1], [np.inf]), ([-np.inf, np.nan], [np.nan])],
)
def test_nonsense_never_passes(x: list[float], dual: list[float]) -> None:
    proof = certify(SMALL, x, dual)
    assert not proof.ok
    assert proof.failures
    assert isinstance(str(proof), str)


def test_programs_without_rows_or_columns() -> None:
    assert certify(dense([1], np.zeros((0, 1))), [0], []).ok
    nothing = certify(dense([], np.zeros((0, 0))), [], [])
    assert nothing.ok
    assert (nothing.worst_row, nothing.worst_column) == (None, None)


def test_shapes() -> None:
    with pytest.raises(ValueError, match=r"x has shape \(3,\); the program needs \(2,\)"):
        certify(SMALL, [1, 2, 3], [5])
    with pytest.raises(ValueError, match=r"row_dual has shape \(2,\); the program needs \(1,\)"):
        certify(SMALL, [2, 1], [5, 5])
    with pytest.raises(ModelError, match="cost has shape"):
        certify(SMALL, [2, 1], [5], cost=[1])


def test_one_entry_off_by_a_hundredth_is_named(solved: tuple[Program, Solution]) -> None:
    """At a vertex each entry counts; at 1e-6 those that are two hundredths of some row."""
    program, solution = solved
    sizes, rng = np.abs(solution.x), np.random.default_rng(0)
    counts = sizes > 1e-6 * sizes.max()
    if solution.method != "simplex":
        counts &= _share(program, solution.x) > 0.02
    for where in rng.choice(np.flatnonzero(counts), 200, replace=False):
        x = solution.x.copy()
        x[where] *= rng.choice([0.99, 1.01])
        proof = certify(program, x, solution.row_dual, tolerance=solution.certificate.tolerance)
        assert not proof.ok, program.column_name(int(where))
        rows = program.matrix.indices[program.matrix.indptr[where] : program.matrix.indptr[where + 1]]
        touching = {program.column_name(int(where)), *(program.row_name(int(k)) for k in rows)}
        assert touching & {f.name for f in (proof.worst_row, proof.worst_column) if f is not None and f.ratio > 1}


@pytest.mark.parametrize("factor", [0.99, 1.01])
def test_one_tonne_in_a_thousand_beside_ten_million(factor: float) -> None:
    # 1e7 t of the one good; of the other 1000 t, 1 t from the cheap plant that can make no more
    program = dense([50, 60, 40], [[1, 0, 0], [0, 1, 1]], [1e7, 1000], [1e7, 1000], upper=[INF, INF, 1])
    assert certify(program, [1e7, 999, 1], [50, 60], tolerance=1e-8).ok
    proof = certify(program, [1e7, 999, factor], [50, 60], tolerance=1e-8)
    assert proof.gap is not None
    assert proof.gap < 1e-8
    assert proof.primal_residual < 1e-8  # gap and norm alone would have let it pass
    assert proof.worst_row is not None
    assert (proof.worst_row.name, proof.worst_row.ratio > 1) == ("row[b1, 2030]", True)
    assert not proof.ok


def test_solutions_carry_the_same_certificate(solved: tuple[Program, Solution]) -> None:
    program, solution = solved
    again = certify(program, solution.x, solution.row_dual, tolerance=solution.certificate.tolerance)
    assert again == solution.certificate
    assert solution.certificate.shows_prices


def test_certificate_is_frozen() -> None:
    proof = certify(SMALL, [2, 1], [5])
    assert isinstance(proof, Certificate)
    with pytest.raises(dataclasses.FrozenInstanceError):
        proof.gap = 0.0  # type: ignore[misc]


def test_memory_is_proportional_to_the_non_zeros() -> None:
    program = transition(4, 6, 2)
    x, dual = np.ones(program.shape[1]), np.ones(program.shape[0])
    _ = program.column_scale
    tracemalloc.start()
    certify(program, x, dual)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * (program.matrix.nnz + sum(program.shape))


def _share(program: Program, x: np.ndarray) -> np.ndarray:
    """Largest share of each entry in one of its rows."""
    sizes = abs(program.matrix)
    through = sizes @ np.abs(x) + 1e-3
    return np.asarray((sizes.multiply(1 / through[:, None])).max(axis=0).todense()).ravel() * np.abs(x)
