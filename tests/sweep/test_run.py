"""Running a plan: every case as if solved alone, the same bytes whoever works, no failure that ends the others."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import load
from transform_sim.errors import CertificateError, ScenarioError, TimeLimitError, TransformSimError
from transform_sim.solvers import Session
from transform_sim.solvers.case import Case
from transform_sim.sweeps import work
from transform_sim.sweeps.opened import open_sweep
from transform_sim.sweeps.plan import Group, Plan
from transform_sim.sweeps.progress import described
from transform_sim.sweeps.record import Done, Tally
from transform_sim.sweeps.run import manifest, run
from transform_sim.sweeps.start import sweep
from transform_sim.sweeps.work import Worker

from .small import AXES, TWO_ROUTES, as_kind, planned, stored


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned()


@pytest.fixture(scope="module")
def serial(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serial")
    run(plan, folder)
    return folder


def test_each_case_is_what_solving_it_alone_gives(plan: Plan, serial: Path) -> None:
    opened, scenario = open_sweep(serial), ts.load(TWO_ROUTES)
    for i in range(len(plan.cases)):
        alone = ts.solve(scenario.with_(plan.changes(i)))
        row = opened.cases.loc[i]
        assert row["status"] == "optimal"
        assert row["objective"] == pytest.approx(alone.objective, rel=1e-9)
        point = {name: row[name] for name in AXES}
        activity = opened.activity.sel(point)
        np.testing.assert_allclose(activity, alone.activity.sum(["mode", "region"]), rtol=1e-9, atol=1e-6)


def test_a_grid_has_the_axes_as_dimensions(serial: Path) -> None:
    opened = open_sweep(serial)
    assert opened.data["objective"].dims == tuple(AXES)
    assert opened.data["steel"].values.tolist() == ["0.5 Mt/a", "1 Mt/a"]
    assert opened.complete
    assert (opened.gap <= 1e-8).all()
    # twice the steel costs twice as much, whatever else
    np.testing.assert_allclose(opened.objective.sel(steel="1 Mt/a"), 2 * opened.objective.sel(steel="0.5 Mt/a"))
    assert opened.annual_cost.attrs["units"] == "EUR2020/a"
    assert opened.activity.process_unit.values.tolist() == ["t", "t"]
    assert "12: 12 optimal" in repr(opened)
    assert "<table>" in opened._repr_html_()


def test_two_workers_store_the_same_bytes(plan: Plan, serial: Path, tmp_path: Path) -> None:
    run(plan, tmp_path, workers=2)
    assert stored(tmp_path) == stored(serial)


def test_an_executor_of_somebody_else_stores_the_same_bytes(plan: Plan, serial: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as executor:
        run(plan, tmp_path, executor=executor)
    assert stored(tmp_path) == stored(serial)


def test_warm_starts_stay_inside_a_chunk(plan: Plan, serial: Path) -> None:
    last = len(plan.chunks) - 1
    arrays = Worker(plan, "indicators").solve(last).arrays
    with np.load(serial / "chunks" / f"{last:05}.npz") as there:
        assert set(there) == set(arrays)
        for name, values in arrays.items():
            np.testing.assert_array_equal(values, there[name])
    assert arrays["method"][0] == "simplex"
    assert set(arrays["method"][1:]) == {"simplex, warm"}


def test_finished_chunks_are_not_solved_again(
    plan: Plan, serial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(plan, tmp_path)
    for number in (1, 2):
        (tmp_path / "chunks" / f"{number:05}.npz").unlink()
    opened = open_sweep(tmp_path)
    waits = opened.data["status"] == "waiting"
    assert int(waits.sum()) == len(plan.chunks[1]) + len(plan.chunks[2])
    assert np.isnan(opened.objective.values[waits.values]).all()
    assert np.isnan(opened.activity.values[waits.values]).all()
    assert not opened.complete
    assert opened.failed().empty
    solved, solve = [], Worker.solve

    def noted(self: Worker, number: int) -> Done:
        solved.append(number)
        return solve(self, number)

    monkeypatch.setattr(Worker, "solve", noted)
    seen: list[tuple[int, int, Tally]] = []
    run(plan, tmp_path, watch=lambda total, before, tally, _: seen.append((total, before, tally)))
    assert solved == [1, 2]
    assert seen[0] == (12, 6, Tally(6, certified=6))
    assert seen[-1] == (12, 6, Tally(12, certified=12))
    assert stored(tmp_path) == stored(serial)


def tight(**supply: Any) -> ts.Scenario:
    """What a sweep of a study of 10 t of steel gives for several limits of its supply."""
    return load(commodities={"steel": {"unit": "t"}}, supply={"steel": {"price": 100, **supply}})


def test_a_chunk_in_the_place_of_another_is_not_taken_for_it(plan: Plan, serial: Path, tmp_path: Path) -> None:
    shutil.copytree(serial, tmp_path / "out")
    first, second = sorted((tmp_path / "out" / "chunks").glob("*.npz"))[:2]
    second.write_bytes(first.read_bytes())
    run(plan, tmp_path / "out")
    assert stored(tmp_path / "out") == stored(serial)


def test_cases_without_solution_say_what_would_have_to_give(tmp_path: Path) -> None:
    axes = {"supply.steel.volume_max": [4, 20], "supply.steel.price": [50, 100]}
    run(planned(axes, tight(volume_max=20)), tmp_path)
    opened = open_sweep(tmp_path)
    assert opened.cases["status"].tolist() == ["infeasible", "infeasible", "optimal", "optimal"]
    assert opened.cases["objective"].tolist()[2:] == pytest.approx([500, 1000])
    failed = opened.failed()
    assert failed.index.tolist() == [0, 1]
    assert "supply_volume_limit[steel, 2025] exceeds its upper limit by" in failed["message"][0]
    assert np.isnan(opened.purchase.values[0]).all()


def test_a_case_that_costs_less_than_nothing_is_unbounded(tmp_path: Path) -> None:
    scenario = load(supply={"steel": {"price": 100}}, sales={"steel": {"price": 50}})
    run(planned({"sales.steel.price": [50, 150]}, scenario), tmp_path)
    opened = open_sweep(tmp_path)
    assert opened.cases["status"].tolist() == ["optimal", "unbounded"]
    assert opened.cases["message"][1]


class Faulty(Plan):
    """A plan with a case that raises, and a case that ends the process that asks for it."""

    def case(self, i: int) -> tuple[Group, Case]:
        if i == 5 and os.environ.get("FAULT") == "raise":
            raise ZeroDivisionError("by chance")
        if i == 5 and os.environ.get("FAULT") == "refuse":
            raise ScenarioError("small.yaml: 1 problem\n  :6  supply.steel.price: 'dear' is no number")
        if i == 5 and os.environ.get("FAULT") == "die":
            os._exit(9)
        return super().case(i)


@pytest.mark.parametrize(
    ("fault", "status", "message"),
    [
        ("raise", "failed", "ZeroDivisionError: by chance"),
        ("refuse", "refused", "small.yaml: 1 problem\n  :6  supply.steel.price: 'dear' is no number"),
    ],
)
def test_a_fault_in_one_case_leaves_the_others(
    plan: Plan, serial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, status: str, message: str
) -> None:
    monkeypatch.setenv("FAULT", fault)
    run(as_kind(Faulty, plan), tmp_path)
    opened, whole = open_sweep(tmp_path), open_sweep(serial)
    assert opened.failed()[["status", "message"]].to_dict("index") == {5: {"status": status, "message": message}}
    others = opened.cases.index != 5
    np.testing.assert_allclose(opened.cases["objective"][others], whole.cases["objective"][others], rtol=1e-12)


def test_a_worker_that_dies_twice_loses_its_chunk_and_no_other(
    plan: Plan, serial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAULT", "die")
    faulty = as_kind(Faulty, plan)
    run(faulty, tmp_path, workers=2)
    lost = next(n for n, chunk in enumerate(plan.chunks) if 5 in chunk)
    opened = open_sweep(tmp_path)
    assert sorted(opened.failed().index) == sorted(plan.chunks[lost].tolist())
    assert set(opened.failed()["status"]) == {"lost"}
    assert set(opened.failed()["message"]) == {"a worker process died, twice"}
    monkeypatch.delenv("FAULT")
    run(faulty, tmp_path)
    assert stored(tmp_path) == stored(serial)


class Broken(Executor):
    """An executor that fails at every task."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:  # type: ignore[override]
        future: Future[Any] = Future()
        future.set_exception(ConnectionError("no such node"))
        return future


def test_an_executor_that_cannot_work_loses_all_chunks(plan: Plan, tmp_path: Path) -> None:
    run(plan, tmp_path, executor=Broken())
    assert set(open_sweep(tmp_path).cases["message"]) == {"ConnectionError: no such node"}


def test_ctrl_c_keeps_what_is_finished(plan: Plan, serial: Path, tmp_path: Path) -> None:
    def interrupt(_: int, __: int, tally: Tally, ___: float) -> None:
        if tally.cases >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(plan, tmp_path, watch=interrupt)
    assert len(stored(tmp_path)) == 1 + 2
    run(plan, tmp_path)
    assert stored(tmp_path) == stored(serial)


def test_some_warm_solutions_are_checked_cold(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "CHECKED", 1)
    arrays = Worker(plan, "indicators").solve(0).arrays
    warm = arrays["method"] == "simplex, warm"
    assert warm.sum() == 2
    assert (arrays["deviation"][warm] < 1e-9).all()
    assert np.isnan(arrays["deviation"][~warm]).all()


def test_one_case_in_a_hundred_is_checked() -> None:
    chosen = [work.is_checked("some plan", i) for i in range(20_000)]
    assert 150 < sum(chosen) < 250
    assert chosen != [work.is_checked("another plan", i) for i in range(20_000)]


def test_a_warm_start_that_fails_is_handed_to_a_cold_one(
    plan: Plan, serial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve, calls = Session.solve, []

    def sulking(self: Session, *given: Any) -> Any:
        calls.append(self)
        if len(calls) == 2:
            raise CertificateError("not proved")
        return solve(self, *given)

    monkeypatch.setattr(Session, "solve", sulking)
    arrays = Worker(plan, "indicators").solve(0).arrays
    assert arrays["handed_over"].tolist() == [False, True, False]
    assert arrays["method"].tolist() == ["simplex", "simplex", "simplex, warm"]
    assert calls[0] is calls[1] is not calls[2]
    with np.load(serial / "chunks" / "00000.npz") as there:
        np.testing.assert_allclose(arrays["objective"], there["objective"], rtol=1e-12)


def test_a_case_that_reaches_the_limit_tells_no_time(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(self: Session, *_: Any) -> Any:
        raise TimeLimitError("Stopped after 1.23 s")

    monkeypatch.setattr(Session, "solve", stopped)
    arrays = Worker(plan, "indicators").solve(0).arrays
    assert set(arrays["status"]) == {"iteration limit"}
    assert set(arrays["message"]) == {"the limit of iterations was reached without a proved optimum"}


def test_what_decides_the_content_decides_the_hash(plan: Plan) -> None:
    same, kept = manifest(plan, "indicators"), manifest(plan, "everything")
    cut = manifest(replace(plan, chunks=(plan.order,)), "indicators")
    assert same["hash"] == manifest(plan, "indicators")["hash"]
    assert len({same["hash"], kept["hash"], cut["hash"]}) == 3


def test_a_design_that_is_no_grid_has_one_dimension(tmp_path: Path) -> None:
    opened = sweep(TWO_ROUTES, AXES, "one_at_a_time", out=tmp_path, progress=False)
    assert opened.objective.dims == ("case",)
    assert opened.data["steel"].values.tolist()[:2] == ["as in the scenario"] * 2
    assert np.isnan(opened.data["carbon"].values[0])
    assert opened.objective.values[0] == pytest.approx(ts.solve(TWO_ROUTES).objective)


def test_an_axis_may_be_called_like_a_quantity(tmp_path: Path) -> None:
    axes = {"activity": {"set": "supply.coal.price", "values": [10, 15]}}
    opened = sweep(TWO_ROUTES, axes, out=tmp_path, progress=False)
    assert opened.objective.dims == ("activity_axis",)


def test_a_plan_that_cannot_travel_is_told(plan: Plan, tmp_path: Path) -> None:
    own = planned()
    own.evaluator.constraints = [lambda lp, data: None]
    with pytest.raises(TransformSimError, match="workers=1"):
        run(own, tmp_path, workers=2)


def test_progress_in_words() -> None:
    tally = Tally(1200, certified=1199, handed_over=3, failed=1)
    said = described(10_000, 200, tally, 100.0)
    assert said == "1,200 of 10,000 cases, 1,199 certified, 3 handed over, 1 failed, 600/min, 15 min left"
    assert described(5, 5, Tally(5, 5), 0.0) == "5 of 5 cases, 5 certified, 0 handed over, 0 failed"
