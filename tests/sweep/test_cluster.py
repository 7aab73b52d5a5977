"""A sweep on a Dask cluster: the same bytes as in one process, also if a worker dies or the scheduler goes away."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.cli.studies import call
from tests.cli.studies import scenario as study
from transform_sim.errors import MissingExtraError, TransformSimError
from transform_sim.sweeps import cluster as module
from transform_sim.sweeps.cluster import ClusterError, connected, run_on
from transform_sim.sweeps.opened import open_sweep
from transform_sim.sweeps.plan import Plan
from transform_sim.sweeps.record import Tally
from transform_sim.sweeps.run import run
from transform_sim.sweeps.start import sweep
from transform_sim.sweeps.together import batch

from .small import AXES, TWO_ROUTES, as_kind, planned, stored

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two processes, started anew on every system."""
    with distributed.LocalCluster(
        processes=True, n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Twelve cases in twelve chunks."""
    return planned(size=1)


@pytest.fixture(scope="module")
def serial(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serial")
    run(plan, folder)
    return folder


class Waiting(Plan):
    """A plan whose case 5 stops the process that asks for it first, for good, and says which it is."""

    def case(self, i: int) -> Any:
        note = Path(os.environ.get("NOTE", ""))
        if i == 5 and os.environ.get("NOTE") and not note.exists():
            note.write_text(str(os.getpid()))
            while True:
                signal.pause()
        return super().case(i)


class Deadly(Plan):
    """A plan whose case 5 ends every worker that asks for it."""

    def case(self, i: int) -> Any:
        if i == 5 and multiprocessing.parent_process() is not None:
            os._exit(9)
        return super().case(i)


def on_workers(cluster: Any, **environment: str) -> None:
    """Set the environment of all workers."""
    with distributed.Client(cluster, set_as_default=False) as client:
        client.run(set_all, environment)


def set_all(environment: dict[str, str]) -> None:
    os.environ.update(environment)


def test_a_cluster_stores_the_same_bytes(cluster: Any, plan: Plan, serial: Path, tmp_path: Path) -> None:
    run_on(cluster.scheduler_address, plan, tmp_path)
    assert stored(tmp_path) == stored(serial)


def test_a_cluster_solves_a_batch_into_the_same_bytes(cluster: Any, tmp_path: Path) -> None:
    files = [TWO_ROUTES, TWO_ROUTES.with_name("retrofit_midway.yaml")]
    for out, where in ((tmp_path / "here", None), (tmp_path / "there", cluster.scheduler_address)):
        opened = batch(files, out=out, scheduler=where, progress=False)
        assert opened.failed().empty
    assert stored(tmp_path / "here" / "batch") == stored(tmp_path / "there" / "batch")
    assert (tmp_path / "there" / "two-routes" / "results.nc").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_worker_that_is_killed_loses_nothing(cluster: Any, plan: Plan, serial: Path, tmp_path: Path) -> None:
    note, out = tmp_path / "note", tmp_path / "out"
    on_workers(cluster, NOTE=str(note))
    seen: list[int] = []
    killed: list[int] = []

    def kill(_: int, __: int, tally: Tally, ___: float) -> None:
        seen.append(tally.cases)
        if tally.cases >= 6 and note.exists() and not killed:
            killed.append(int(note.read_text()))
            os.kill(killed[0], signal.SIGKILL)

    run_on(cluster.scheduler_address, as_kind(Waiting, plan), out, watch=kill)
    assert killed
    assert killed[0] != os.getpid()
    assert seen == list(range(13))
    opened = open_sweep(out)
    assert opened.complete
    assert opened.failed().empty
    assert stored(out) == stored(serial)


def test_a_chunk_that_kills_its_workers_is_given_up_and_no_other(
    cluster: Any, plan: Plan, serial: Path, tmp_path: Path
) -> None:
    cluster.scheduler.allowed_failures = 0  # two attempts in all
    run_on(cluster.scheduler_address, as_kind(Deadly, plan), tmp_path)
    failed = open_sweep(tmp_path).failed()
    assert failed["status"].to_dict() == {5: "lost"}
    assert "all those workers died while running it" in failed["message"][5]
    run(plan, tmp_path)
    assert stored(tmp_path) == stored(serial)


def test_the_call_and_the_command_take_a_scheduler(cluster: Any, tmp_path: Path) -> None:
    address = cluster.scheduler_address
    opened = sweep(TWO_ROUTES, AXES, out=tmp_path / "call", scheduler=address, progress=False)
    assert (opened.complete, opened.failed().empty) == (True, True)
    study(tmp_path, "good.yaml")
    text = "name: prices\nscenario: good.yaml\naxes:\n  price: {set: supply.steel.price, values: [100, 200]}\n"
    (tmp_path / "sweep.yaml").write_text(text, encoding="utf-8")
    found = call("sweep", tmp_path / "sweep.yaml", "--out", tmp_path / "command", "--scheduler", address)
    assert found.exit_code == 0, found.output
    assert "2 of 2 cases, 2 certified" in found.stderr


def test_workers_with_other_versions_take_no_part(
    cluster: Any, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {**module._versions(), "numpy": "1.0"}
    monkeypatch.setattr(module, "_versions", lambda: others)
    with pytest.raises(ClusterError, match=r"cannot take part: .* has numpy .*, not 1\.0\. The scheduler and all"):
        run_on(cluster.scheduler_address, plan, tmp_path)


def test_a_scheduler_that_goes_away_leaves_what_is_finished(plan: Plan, serial: Path, tmp_path: Path) -> None:
    options = {"dashboard_address": ":0", "silence_logs": logging.CRITICAL}
    with distributed.LocalCluster(processes=True, n_workers=1, threads_per_worker=1, **options) as brief:
        address = brief.scheduler_address

        def leave(_: int, __: int, tally: Tally, ___: float) -> None:
            if tally.cases == 1:
                brief.close()

        with pytest.raises(TransformSimError, match="the same call goes on"):
            run_on(address, plan, tmp_path, watch=leave)
    assert (open_sweep(tmp_path).cases["status"] == "optimal").any()
    run(plan, tmp_path)
    assert stored(tmp_path) == stored(serial)


def test_nobody_at_the_address_is_told() -> None:
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"),
        connected("tcp://127.0.0.1:9"),
    ):
        pass


def test_without_the_package_the_line_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(MissingExtraError, match=r'pip install "transform-sim\[cluster\]"'),
        connected("tcp://127.0.0.1:9"),
    ):
        pass


def test_an_executor_and_a_scheduler_are_one_too_many(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as executor, pytest.raises(TypeError, match="not both"):
        sweep(TWO_ROUTES, AXES, out=tmp_path, executor=executor, scheduler="tcp://127.0.0.1:9")
