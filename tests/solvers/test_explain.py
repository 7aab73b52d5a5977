"""Infeasible programs are explained by name: what must give, by how much, what conflicts."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest

import transform_sim as ts
from transform_sim.errors import InfeasibleError, SolveError
from transform_sim.lp import INF, Entities, Grid, LinearProgram, Periods, Program
from transform_sim.solvers import Bounds, explain_infeasible, prepare, what_must_give
from transform_sim.solvers.engine import Engine, Options, Outcome

from .programs import dense, transition


def capped(cap: float) -> Program:
    """A transition study whose last emission cap is out of reach: chemicals alone need some 7.1 Mt/a."""
    program = transition(2, 3, 1)
    sides = program.row_upper.copy()
    sides[next(b for b in program.rows if b.name == "emission_cap").span.stop - 1] = cap
    return dataclasses.replace(program, row_upper=sides)


def test_demand_beyond_capacity() -> None:
    # two plants of 1 each, 3 demanded: a third of the demand must give
    explanation = explain_infeasible(dense([1, 1], [[1, 1], [1, -1]], [3, -9], [INF, 9], upper=1))
    (give,) = explanation.gives
    assert (give.name, give.above, give.steps) == ("row[b0, 2030]", False, 1)
    assert (give.largest, give.annual) == pytest.approx((1, 1))
    assert give.share == pytest.approx(1 / 3)
    assert explanation.conflict == ("row[b0, 2030]", "x[a0, 2030]", "x[a1, 2030]")
    assert explanation.smallest
    assert explanation.finished
    assert str(explanation) == (
        "The program has no solution.\n"
        "It would have one if these gave (least change in all):\n"
        "  row[b0, 2030] falls short by 1 (0.33 of its side)\n"
        "Smallest conflicting set: row[b0, 2030], x[a0, 2030], x[a1, 2030]. Relax one of them."
    )


def test_upper_bound_of_a_column_gives_where_that_is_less() -> None:
    # 30 demanded, at most 29 can be bought: relative to its side the bound gives less than the demand … by a hair
    explanation = explain_infeasible(dense([1], [[1]], row_lower=29, row_upper=30, upper=28))
    assert explanation.gives[0].largest == pytest.approx(1)
    assert set(explanation.conflict) == {"row[b0, 2030]", "x[a0, 2030]"}


def test_lower_bound_of_a_column_may_give() -> None:
    # x ≥ 5 against x ≤ 4 of a row: 0.2 of the bound, 0.25 of the row
    explanation = explain_infeasible(dense([1], [[1]], row_upper=4, lower=5))
    assert [(g.name, g.above) for g in explanation.gives] == [("x[a0, 2030]", False)]
    assert explanation.gives[0].largest == pytest.approx(1)


def test_definitions_do_not_give() -> None:
    # E = 2x, E ≤ 4, x ≥ 3: the definition (side 0) could give at 2, but nobody set it
    program = dense([0, 0], [[-2, 1], [0, 1], [1, 0]], [0, -INF, 3], [0, 4, INF], lower=[0, -INF])
    explanation = explain_infeasible(program)
    assert {g.name for g in explanation.gives} <= {"row[b1, 2030]", "row[b2, 2030]"}
    assert set(explanation.conflict) == {"row[b0, 2030]", "row[b1, 2030]", "row[b2, 2030]"}
    assert explanation.conflict[-1] == "row[b0, 2030]"  # what was set comes before what follows


def test_sides_of_zero_that_a_scenario_path_sets_may_give() -> None:
    lp = LinearProgram(
        {}, Periods((2030,), np.ones(1)), {"year": Grid("year", np.array([8760.0]), np.zeros(1, int), ("y",))}
    )
    single = Entities({})
    lp.add_columns("emission", single, "year", lower=-INF)
    lp.add_rows("made", single, "year", [(1.0, "emission")], lower=100.0)
    lp.add_rows("cap", single, "year", [(1.0, "emission")], upper=0.0, reads=("policies.emission_cap",))
    lp.add_rows("logic", single, "year", [(1.0, "emission")], upper=99.0)
    explanation = explain_infeasible(lp.freeze())
    assert {g.name for g in explanation.gives} == {"made[2030]"}
    # 100 t/h short over 8,760 h
    assert explanation.gives[0].annual == pytest.approx(876_000)


def test_rates_become_annual_amounts_and_steps_are_gathered() -> None:
    program = transition(2, 3, 1)
    upper = program.upper.copy()
    for block in program.columns:
        if block.name in ("power_purchase", "new_capacity"):
            upper[block.span] = 10.0
    explanation = explain_infeasible(program, bounds=Bounds(upper=upper))
    heat = next(g for g in explanation.gives if g.name == "balance[heat, r0, 2025]")
    assert heat.steps == 24
    assert heat.annual == pytest.approx(8760 * heat.largest, rel=0.3)
    assert f"{heat.annual:.4g} a year" in str(heat)
    assert "in 24 steps" in str(heat)
    assert "and" in explanation.text
    assert len(explanation.text.splitlines()) < 20


def test_cap_out_of_reach() -> None:
    program = capped(3e6)
    explanation = explain_infeasible(program)
    (give,) = explanation.gives
    assert (give.name, give.above) == ("emission_cap[2035]", True)
    # chemicals by the electric cracker: 310 t/h × 11 MWh/t × 0.2 t/MWh × 8,760 h, and 418 MW·h of gas heat at least
    assert give.largest == pytest.approx(310 * 11 * 0.2 * 8760 + 0.2 * 0 - 3e6, rel=0.5)
    assert explanation.conflict[0] == "emission_cap[2035]"
    assert any(name.startswith("balance[chemicals") for name in explanation.conflict)
    relaxed = program.row_upper.copy()
    relaxed[program.row_upper == 3e6] += give.largest * (1 + 1e-9)
    assert prepare(program).solve(bounds=Bounds(row_upper=relaxed)).certificate.ok


def test_the_conflict_is_one_and_smallest() -> None:
    program = capped(3e6)
    explanation = explain_infeasible(program)
    assert explanation.smallest
    # without any single one of its rows the rest has a solution
    for name in explanation.conflict:
        row = next(k for k in range(program.shape[0]) if program.row_name(k) == name)
        lower, upper = program.row_lower.copy(), program.row_upper.copy()
        lower[row], upper[row] = -INF, INF
        rest = [k for k in range(program.shape[0]) if program.row_name(k) in explanation.conflict and k != row]
        free = np.ones(program.shape[0], dtype=bool)
        free[rest] = False
        bounds = Bounds(row_lower=np.where(free, -INF, lower), row_upper=np.where(free, INF, upper))
        prepare(program).solve(np.zeros(program.shape[1]), bounds)


def test_bounds_that_exclude_each_other() -> None:
    explanation = explain_infeasible(dense([1], [[1]], row_lower=3, row_upper=2, lower=4, upper=1))
    assert explanation.conflict == (
        "row[b0, 2030] must be at least 3 and at most 2",
        "x[a0, 2030] must be at least 4 and at most 1",
    )


def test_empty_row_that_asks_for_something() -> None:
    explanation = explain_infeasible(dense([1], [[0]], row_lower=3))
    assert explanation.conflict == ("row[b0, 2030]",)
    assert explanation.gives[0].largest == pytest.approx(3)


def test_feasible_program() -> None:
    with pytest.raises(SolveError, match="nothing to explain"):
        explain_infeasible(dense([1], [[1]], row_lower=3))


def test_time_limit_is_kept() -> None:
    start = time.perf_counter()
    explanation = explain_infeasible(capped(3e6), time_limit=1e-3)
    assert time.perf_counter() - start < 20
    assert not explanation.finished
    assert "A limit was reached" in explanation.text


def test_what_must_give_knows_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    program, seen, run = capped(3e6), [], Engine.run

    def slow(self: Engine, options: Options, *, cold: bool = True) -> Outcome:
        seen.append(options)
        return dataclasses.replace(run(self, options, cold=cold), seconds=1e9)

    clock = iter(range(0, 10**9, 10**6))
    monkeypatch.setattr(Engine, "run", slow)
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(clock)))
    explanation = what_must_give(program, iteration_limit=100_000)
    monkeypatch.undo()
    assert [str(g) for g in explanation.gives] == [str(g) for g in explain_infeasible(program).gives]
    assert explanation.conflict == ()
    assert [options.get("time_limit") for options in seen] == [None]
    assert seen[0]["simplex_iteration_limit"] == 100_000


def test_what_must_give_stops_at_its_iterations() -> None:
    explanation = what_must_give(capped(3e6), iteration_limit=5)
    assert not explanation.finished
    assert "A limit was reached" in explanation.text


def test_what_misses_a_solution_by_a_hair_is_infeasible_too() -> None:
    """The plant makes 10 g of a million tonnes too little: less than what counts as a violation."""
    scenario = ts.loads("""
name: hair
horizon: {start: 2025, end: 2025, step: 1, discount_rate: 0 %/a}
regions: {coast: {}}
commodities: {steel: {unit: t}, ore: {unit: t}}
processes:
  mill: {unit: t, flows: {steel: 1, ore: -1}, availability: 0.9, existing: 1111111.1111 t/a, latest: 2024}
supply: {ore: {price: 1}}
demand: {steel: {amount: 1000000 t/a}}
""")
    with pytest.raises(InfeasibleError, match=r"^hair has no solution, by next to nothing"):
        ts.solve(scenario)
