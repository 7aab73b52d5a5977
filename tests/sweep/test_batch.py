"""Batches of whole scenarios: as if each were solved alone, the same bytes whoever works, going on after anything."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.cli.studies import BROKEN, GOOD, INFEASIBLE, call, scenario
from transform_sim.errors import ModelError, TransformSimError
from transform_sim.files import write_whole
from transform_sim.inputs import Inputs
from transform_sim.sweeps.batch import Batch, Step, UnwrittenError
from transform_sim.sweeps.entries import Entry, gathered
from transform_sim.sweeps.lock import only_writer
from transform_sim.sweeps.parts import Notes, Part, joined
from transform_sim.sweeps.pools import HopelessError
from transform_sim.sweeps.progress import scenarios
from transform_sim.sweeps.record import Tally
from transform_sim.sweeps.store import StoreError
from transform_sim.sweeps.together import Folders, carry_out

from .small import AXES, TWO_ROUTES, stored

NAMES = ["a", "b", "c", "d"]


def study(folder: Path, names: list[str] = NAMES) -> list[Path]:
    """Scenarios that cost 1,000, 2,000, 3,000 … EUR, as their names go through the alphabet."""
    folder.mkdir(exist_ok=True)
    return [priced(folder, name, 100 * (1 + ord(name) - ord("a"))) for name in names]


def priced(folder: Path, name: str, price: int) -> Path:
    return scenario(folder, f"{name}.yaml", GOOD.replace("price: 100,", f"price: {price},"))


def batch(given: Any, out: Path, **options: Any) -> ts.Sweep:
    return ts.batch(given, out=out, progress=False, **options)


@pytest.mark.parametrize("given", [5, [5], [None, "a.yaml"], {3: "b.yaml"}])
def test_what_is_no_scenario_is_told_with_what_would_be(given: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"scenarios, files and folders, one or several; \S+ is none of them"):
        batch(given, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three good scenarios, one without solution and one that cannot be read."""
    folder = tmp_path_factory.mktemp("mixed")
    study(folder, ["a", "b", "e"])
    scenario(folder, "c.yaml", INFEASIBLE)
    scenario(folder, "d.yaml", BROKEN)
    return folder


@pytest.fixture(scope="module")
def serial(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("serial")
    batch(mixed, out)
    return out


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the scenarios that are built in this process."""
    names = []

    def noted(study: ts.Scenario, **options: Any) -> Any:
        names.append(study.name)
        return ts.prepare(study, **options)

    monkeypatch.setattr("transform_sim.sweeps.batch.prepare", noted)
    return names


def test_each_scenario_is_what_solving_it_alone_gives(tmp_path: Path) -> None:
    files = [TWO_ROUTES, TWO_ROUTES.with_name("reline_or_convert.yaml"), TWO_ROUTES.with_name("retrofit_midway.yaml")]
    opened = batch(files, tmp_path)
    assert opened.data.scenario.values.tolist() == ["two-routes", "reline-or-convert", "retrofit-midway"]
    for file, name in zip(files, opened.data.scenario.values, strict=True):
        alone, here = ts.solve(file), opened.data.sel(scenario=name)
        assert float(here.objective) == pytest.approx(alone.objective, rel=1e-12)
        assert float(here.gap) <= 1e-8
        activity = alone.activity.sum(["mode", "region"])
        np.testing.assert_allclose(here.activity.sel(process=activity.process, period=activity.period), activity)
        whole = ts.open_results(tmp_path / name)
        assert whole.objective == float(here.objective)
        assert whole.data.attrs["scenario_hash"] == ts.load(file).hash


def test_the_store_has_scenarios_as_a_dimension(mixed: Path, serial: Path) -> None:
    opened = ts.open_sweep(serial)
    assert opened.folder == serial / "batch"
    assert opened.objective.dims == ("scenario",)
    assert opened.data.file.values.tolist() == [str(mixed / f"{name}.yaml") for name in "abcde"]
    assert opened.emissions.dims[0] == "scenario"
    assert opened.purchase.sel(scenario="e", supply="steel", period=2025) == pytest.approx(10)
    assert "5: 3 optimal, 1 infeasible, 1 refused" in repr(opened)
    assert opened.cases["file"].tolist() == opened.data.file.values.tolist()
    assert opened.complete


def test_what_fails_is_labelled_and_disturbs_nobody(serial: Path) -> None:
    opened = ts.open_sweep(serial)
    assert opened.cases["status"].tolist() == ["optimal", "optimal", "infeasible", "refused", "optimal"]
    failed = opened.failed().set_index("scenario")["message"]
    assert "c has no solution" in failed["c"]
    assert "unknown key 'demnad'" in failed["d"]
    assert sorted(p.parent.name for p in serial.glob("*/results.nc")) == ["a", "b", "e"]


def test_two_workers_store_the_same_bytes(mixed: Path, serial: Path, tmp_path: Path) -> None:
    batch(mixed, tmp_path, workers=2)
    assert stored(tmp_path / "batch") == stored(serial / "batch")


def test_an_executor_of_somebody_else_stores_the_same_bytes(mixed: Path, serial: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as executor:
        batch(mixed, tmp_path, executor=executor)
    assert stored(tmp_path / "batch") == stored(serial / "batch")


def test_the_same_call_solves_nothing_again(mixed: Path, serial: Path, solved: list[str]) -> None:
    before = stored(serial / "batch")
    batch(mixed, serial)
    assert solved == []
    assert stored(serial / "batch") == before
    batch(mixed, serial, resume=False)
    assert solved == ["a", "b", "c", "e"]
    assert stored(serial / "batch") == before


def test_variants_objects_and_folders_together_get_names_of_their_own(tmp_path: Path) -> None:
    files = study(tmp_path / "files", ["a", "b"])
    given = [ts.load(files[0]), tmp_path / "files", files[1]]
    opened = batch(given, tmp_path / "out", all_variants=True)
    assert opened.data.scenario.values.tolist() == ["a", "a-2", "a-dear", "b", "b-dear"]
    assert opened.data.variant.values.tolist() == ["", "", "dear", "", "dear"]
    assert opened.objective.values.tolist() == pytest.approx([1000, 1000, 3000, 2000, 3000])


def test_a_broken_file_takes_no_name_from_others_and_none_takes_that_of_the_store(tmp_path: Path) -> None:
    scenario(tmp_path, "a.yaml", BROKEN)
    scenario(tmp_path, "b.yaml", name="a")
    scenario(tmp_path, "c.yaml", name="Batch")
    opened = batch(tmp_path, tmp_path / "out")
    assert opened.cases[["scenario", "status"]].to_numpy().tolist() == [
        ["a-2", "refused"], ["a", "optimal"], ["Batch-2", "optimal"],
    ]  # fmt: skip


def test_nothing_to_solve_is_told(tmp_path: Path) -> None:
    with pytest.raises(TransformSimError, match="there is no scenario in what was given"):
        batch(tmp_path, tmp_path / "out")


def deadly(_: Any, data: Inputs) -> None:
    """Ends the process that builds scenario b, if the environment says so."""
    if data.scenario.name == "b" and os.environ.get("FAULT") == "die":
        os._exit(9)


def dearer(lp: Any, data: Inputs) -> None:
    """A constraint that changes nothing but is one."""


def test_a_worker_that_dies_twice_loses_its_scenario_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = study(tmp_path / "files")
    batch(files, tmp_path / "whole", constraints=[deadly])
    monkeypatch.setenv("FAULT", "die")
    opened = batch(files, tmp_path / "out", constraints=[deadly], workers=2)
    failed = opened.failed()
    assert failed[["scenario", "status"]].to_numpy().tolist() == [["b", "lost"]]
    assert failed["message"].tolist() == ["a worker process died, twice"]
    monkeypatch.delenv("FAULT")
    batch(files, tmp_path / "out", constraints=[deadly])
    assert stored(tmp_path / "out" / "batch") == stored(tmp_path / "whole" / "batch")


def test_other_constraints_make_other_results(tmp_path: Path, solved: list[str]) -> None:
    files = study(tmp_path / "files", ["a"])
    for constraints, built in (([], 1), ([dearer], 2), ([dearer], 2), ([], 3)):
        batch(files, tmp_path / "out", constraints=constraints)
        assert len(solved) == built


@pytest.mark.parametrize("names", [["b", "a", "d", "c"], ["b", "d"], ["z", *NAMES], NAMES])
def test_what_is_still_true_is_carried_over_to_another_batch(
    tmp_path: Path, solved: list[str], names: list[str]
) -> None:
    files = tmp_path / "files"
    study(files)
    batch([files / f"{n}.yaml" for n in NAMES], tmp_path / "out")
    priced(files, "c", 150)
    priced(files, "z", 50)
    solved.clear()
    chosen = [files / f"{n}.yaml" for n in names]
    opened = batch(chosen, tmp_path / "out")
    assert solved == [n for n in names if n in ("c", "z")]
    cost = {"z": 500, "a": 1000, "b": 2000, "c": 1500, "d": 4000}
    assert dict(zip(opened.data.scenario.values, opened.objective.values, strict=True)) == {n: cost[n] for n in names}
    batch(chosen, tmp_path / "fresh")
    assert stored(tmp_path / "out" / "batch") == stored(tmp_path / "fresh" / "batch")


def test_results_that_are_gone_or_damaged_are_made_again(tmp_path: Path, solved: list[str]) -> None:
    files, out = study(tmp_path / "files"), tmp_path / "out"
    batch(files, out)
    before = stored(out / "batch")
    (out / "b" / "results.nc").unlink()
    (out / "c" / "results.nc").write_bytes((out / "c" / "results.nc").read_bytes()[:3000])
    (out / "batch" / "chunks" / "00003.npz").unlink()
    solved.clear()
    batch(files, out)
    assert solved == ["b", "c"]  # the chunk of d is made from its results
    assert stored(out / "batch") == before
    assert ts.open_results(out / "c").objective == pytest.approx(3000)


def test_a_limit_of_time_is_tried_again(tmp_path: Path, solved: list[str]) -> None:
    files = [TWO_ROUTES]
    assert batch(files, tmp_path, time_limit=0.0).cases["status"].tolist() == ["time limit"]
    assert batch(files, tmp_path).cases["status"].tolist() == ["optimal"]


class StoppedError(BaseException):
    """As if the process ended here."""


def stopping(call: Callable[..., Any], last: int, calls: list[int]) -> Callable[..., Any]:
    def at(*given: Any, **options: Any) -> Any:
        calls.append(0)
        if len(calls) == last:
            raise StoppedError
        return call(*given, **options)

    return at


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with scenarios a and b, and `out`, where they are solved."""
    folder = tmp_path_factory.mktemp("pair")
    batch(study(folder, ["a", "b"]), folder / "out")
    return folder


@pytest.mark.parametrize("last", range(1, 8))  # two chunks go, the manifest comes, two chunks come, without a note each
def test_stopped_at_any_change_of_the_folder_no_scenario_is_taken_for_another(
    pair: Path, tmp_path: Path, last: int
) -> None:
    out, turned, calls = tmp_path / "out", [pair / "b.yaml", pair / "a.yaml"], list[int]()
    shutil.copytree(pair / "out", out)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", stopping(Path.unlink, last, calls))
        patch.setattr("transform_sim.sweeps.store.write_whole", stopping(write_whole, last, calls))
        with pytest.raises(StoppedError):
            batch(turned, out)
    opened = ts.open_sweep(out)
    for name, cost in zip(opened.data.scenario.values, opened.objective.values, strict=True):
        assert np.isnan(cost) or cost == {"a": 1000, "b": 2000}[name]
    assert batch(turned, out).objective.values.tolist() == [2000, 1000]
    there, before = stored(out / "batch"), stored(pair / "out" / "batch")
    assert there.keys() == before.keys()
    batch([pair / "a.yaml", pair / "b.yaml"], out)
    assert stored(out / "batch") == before


RUN = """\
import sys
from pathlib import Path
from transform_sim.sweeps.batch import Batch
from transform_sim.sweeps.entries import gathered
from transform_sim.sweeps.together import Folders, carry_out

if __name__ == "__main__":
    files, out, workers = map(Path, sys.argv[1:])
    batch = Batch(gathered([files], False, None), Folders(out))
    carry_out(batch, out, workers=int(str(workers)), each=lambda _: print("one", flush=True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("workers", [1, 2])
def test_killed_while_it_solves(tmp_path: Path, workers: int) -> None:
    files = tmp_path / "files"
    study(files, list("abcdefgh"))
    batch(files, tmp_path / "whole")
    killed = tmp_path / "killed"
    command = [sys.executable, "-c", RUN, str(files), str(killed), str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline() == "one\n"
        process.kill()
        process.stdout.read()  # to the end: no worker holds it open any more
    assert 3 <= (ts.open_sweep(killed).cases["status"] == "optimal").sum() < 8
    opened = batch(files, killed, workers=3 - workers)
    assert opened.objective.values.tolist() == pytest.approx([1000.0 * n for n in range(1, 9)])
    assert stored(killed / "batch") == stored(tmp_path / "whole" / "batch")
    assert len(list(killed.glob("*/results.nc"))) == 8


def test_a_full_disk_ends_the_batch_and_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, save = study(tmp_path / "files"), ts.Results.save

    def full(results: ts.Results, path: Path) -> Path:
        if results.name == "c":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return save(results, path)

    monkeypatch.setattr(ts.Results, "save", full)
    with pytest.raises(TransformSimError, match=r"c cannot be written: .*No space left"):
        batch(files, tmp_path / "out")
    assert ts.open_sweep(tmp_path / "out").cases["status"].tolist() == ["optimal", "optimal", "waiting", "waiting"]


class Full(Folders):
    """A disk that is full when c comes."""

    def keep(self, entry: Entry, results: ts.Results, fresh: bool, step: Step) -> None:
        if entry.name == "c":
            raise UnwrittenError("no room for c", hopeless=True)
        super().keep(entry, results, fresh, step)


def test_a_full_disk_ends_the_batch_of_several_workers_too(tmp_path: Path) -> None:
    files, out = study(tmp_path / "files", list("abcdefgh")), tmp_path / "out"
    work = Batch(gathered(files, False, None), Full(out))
    with pytest.raises(HopelessError, match="no room for c") as found:
        carry_out(work, out, workers=2)
    assert found.value.number == 2
    status = ts.open_sweep(out).cases["status"]
    assert status[2] == status[7] == "waiting"


def test_a_folder_that_cannot_be_made_is_the_fault_of_one_scenario(tmp_path: Path) -> None:
    files, out = study(tmp_path / "files"), tmp_path / "out"
    out.mkdir()
    (out / "b").touch()
    opened = batch(files, out)
    assert opened.cases["status"].tolist() == ["optimal", "not written", "optimal", "optimal"]
    assert "b cannot be written" in opened.failed()["message"].iloc[0]
    (out / "b").unlink()
    assert batch(files, out).failed().empty


def test_a_sweep_is_no_batch_and_a_batch_no_sweep(tmp_path: Path) -> None:
    ts.sweep(TWO_ROUTES, {"supply.coal.price": AXES["supply.coal.price"]}, out=tmp_path / "batch", progress=False)
    with pytest.raises(StoreError, match="holds a sweep and no batch"):
        batch(TWO_ROUTES, tmp_path)
    opened = batch(TWO_ROUTES, tmp_path / "other")
    with pytest.raises(StoreError, match="holds another sweep"):
        ts.sweep(TWO_ROUTES, {"supply.coal.price": [10]}, out=tmp_path / "other" / "batch", progress=False)
    with pytest.raises(ModelError, match="open_results"):
        opened.solve(0)


def test_units_that_differ_are_both_named() -> None:
    def part(unit: str, weight: float) -> Part:
        notes: Notes = {"supply_unit": ("supply", (unit,)), "weight": ("supply", (weight,))}
        return Part(np.ones((1, 1)), {"supply": ("gas",)}, {"units": f"{unit}/a"}, notes)

    chunks = [
        (np.array([i]), {"purchase": part(unit, w)}) for i, (unit, w) in enumerate([("t", 5), ("MWh", 5), ("t", 5)])
    ]
    found = joined(chunks, 3)["purchase"]
    assert found.attrs == {"units": "t/a or MWh/a"}
    assert found.notes == {"supply_unit": ("supply", ("t or MWh",)), "weight": ("supply", (5,))}
    other = joined([*chunks, (np.array([3]), {"purchase": part("t", 10)})], 4)["purchase"]
    assert np.isnan(other.notes["weight"][1][0])


def test_progress_in_words() -> None:
    said = scenarios(120, 10, Tally(30, certified=28, failed=2), 100.0)
    assert said == "30 of 120 scenarios, 28 solved, 2 failed, 12/min, 8 min left"


def test_only_one_writes(tmp_path: Path) -> None:
    files, out = study(tmp_path / "files", ["a", "b"]), tmp_path / "out"
    batch(files, out)
    before = (out / "batch").stat().st_mtime_ns
    with only_writer(out / "batch" / "lock"):
        found = call("run", *files, "--out", out, "--no-figures")
    assert found.exit_code == 6
    assert "is being written by process" in found.stderr
    assert (out / "batch").stat().st_mtime_ns == before
